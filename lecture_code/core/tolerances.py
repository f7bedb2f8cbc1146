"""How far two ways to compute the same may be apart."""

TOLERANCES = {"float64": 1e-12, "float32": 2e-5}
"""The largest absolute difference between the lecture and another program, by the dtype.

Absolute, because the largest relative differences occur where an output is near zero. Both allow
for the rounding that accumulates over a few hundred time steps.
"""
