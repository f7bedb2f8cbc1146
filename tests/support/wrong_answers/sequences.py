"""For each test that the page's exercises give: an answer that is plausible, and wrong."""


def bag_of_pairs(X):
    """Row and column exchanged: how often a word comes before."""
    return X[1:].T @ X[:-1]
