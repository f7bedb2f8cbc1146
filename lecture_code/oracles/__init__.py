"""The judges: other programs that compute the lecture's equations, given the lecture's own weights.

A judge is handed weights, inputs and state as numpy arrays and answers with numpy arrays. It copies
the weights into its own layout itself, so that it shares no mistake with the rest of the package.
"""
