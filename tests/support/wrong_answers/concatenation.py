"""For each test that the page's exercises give: an answer that is plausible, and wrong."""


def turned(W, inputs):
    """All columns in the opposite order."""
    return W[:, ::-1]
