"""Settings for all tests: one thread, and the same random examples in every run."""

import torch
from hypothesis import settings

torch.set_num_threads(1)

settings.register_profile("repeatable", derandomize=True, deadline=None)
# Other examples in every run: pytest --hypothesis-profile=search
settings.register_profile("search", derandomize=False, deadline=None)
settings.load_profile("repeatable")
