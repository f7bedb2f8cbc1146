"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import numpy as np


def copies_the_last(y, y_hat):
    """The correlation with the value before is high for every slow series."""
    return bool(np.corrcoef(y_hat[1:], y[:-1])[0, 1] > 0.9)
