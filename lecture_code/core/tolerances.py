"""How far two ways to compute the same may be apart."""

TOLERANCES = {"float64": 1e-12, "float32": 2e-5}
"""The largest absolute difference between the lecture and another program, by the dtype.

Absolute, since the largest relative differences stand where an output is near zero. Both leave room
for a few hundred time steps, over which rounding accumulates.
"""
