"""For each test that the page's exercises give: an answer that is plausible, and wrong."""

import numpy as np

from lecture_code import OneGateGRUWeights

# The gate the other way round, as Chung et al. have it.
latch = OneGateGRUWeights(
    W_g=np.array([[80.0, 0.0, 0.0]]),
    b_g=np.array([-40.0]),
    W_h=np.array([[0.0, 1.0, 0.0]]),
    b_h=np.array([0.0]),
)
