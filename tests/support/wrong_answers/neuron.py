"""For each test that the page's exercises give: an answer that is plausible, and wrong."""


def through(x_1, y_1, x_2, y_2):
    """A straight line through the points: the bend was forgotten."""
    w = (y_2 - y_1) / (x_2 - x_1)
    return w, y_1 - w * x_1


# Four neurons that all rise: none of them was subtracted.
hills = [(1, 8, 36), (1, 8, 12), (1, 8, -12), (1, 8, -36)]
