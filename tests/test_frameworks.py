"""Keras and Flax as judges of their own conventions: `make test-all`."""

import importlib.util
import os

import pytest
from test_conventions import judged

from lecture_code.oracles.owners import FRAMEWORKS

pytestmark = pytest.mark.frameworks


@pytest.mark.parametrize(
    "cell, name", FRAMEWORKS, ids=[f"{cell}, {name}" for cell, name in FRAMEWORKS]
)
@pytest.mark.parametrize("sizes", [(5, 2, 3, 4), (3, 1, 4, 2), (2, 3, 1, 1)], ids=str)
def test_the_owner_computes_what_its_convention_says(cell, name, sizes):
    package = name.split("-")[0]
    if not importlib.util.find_spec(package) and not os.environ.get("CI"):
        pytest.skip(f"{package} is not installed: make test-all")
    for owner in FRAMEWORKS[cell, name]:
        judged(cell, name, owner, sizes)
