"""Rules on trees: what makes one equation of another, wherever its place is."""
