"""Text beside code: each function of the lecture with the equation in its docstring."""
