"""Mistakes made on purpose: every single change of a list, in every function and every equation.

Each is tried alone, and has to be noticed: `python -m lecture_code.evidence.mutations`.
"""
