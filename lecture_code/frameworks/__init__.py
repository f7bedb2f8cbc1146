"""What other frameworks do otherwise: their conventions, and the bridge to PyTorch."""
