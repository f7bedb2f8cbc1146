"""What the sections share: operations, weights, checks, unrolling and training."""
