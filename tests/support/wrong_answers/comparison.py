"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import math


def units(budget, features, maps):
    """Without the biases."""
    return math.floor((math.sqrt(features**2 + 4 * budget / maps) - features) / 2)
