"""For each test that the page's exercises give: an answer that is plausible, and wrong."""


def parameters(channels, kernels, side):
    """A bias for every channel of every kernel."""
    return kernels * channels * (side**2 + 1)
