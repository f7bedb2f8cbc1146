"""The lecture: a module for each section of the slides, and nothing else."""
