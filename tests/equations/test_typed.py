r"""Random equations with a meaning: the engine gives the value that is meant, or refuses them.

With all roles declared it refuses none. Some have to be declared where nothing can tell: one number
for each sample, a matrix under a lower-case letter, and a batch of column vectors that is
transposed under an upper-case one. Other sizes and more examples: `--hypothesis-profile=search`.
"""

import re

import numpy as np
import pytest
from counted import Counter
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from typed import DIFFERENT, EQUAL, Writer, as_array

from lecture_code.equations import evaluate

RANDOM = st.randoms(use_true_random=False)
SIZES = pytest.mark.parametrize("sizes", [DIFFERENT, EQUAL], ids=["different", "equal"])


def written(random, sizes):
    """Lines, their values, their roles, those that must be declared, and the value of y."""
    writer = Writer(random, sizes)
    node = writer.equation(random.randrange(1, 5))
    return r" \\ ".join(writer.lines), writer.values, writer.roles, writer.must, as_array(node)


def check(latex, values, roles, wanted):
    with np.errstate(all="ignore"):
        found = evaluate(latex, values, roles)["y"]
    assert np.shape(found) == np.shape(wanted), latex
    assert_allclose(found, wanted, rtol=1e-7, atol=1e-9, err_msg=latex)


@SIZES
@given(RANDOM)
@settings(max_examples=200)
def test_with_all_roles_declared_the_value_is_the_one_that_is_meant(sizes, random):
    latex, values, roles, _, wanted = written(random, sizes)
    check(latex, values, roles, wanted)


@SIZES
@pytest.mark.parametrize("share", [0, 1, 2, 3])
@given(RANDOM)
@settings(max_examples=60)
def test_with_fewer_roles_it_is_that_one_or_none(sizes, share, random):
    latex, values, roles, must, wanted = written(random, sizes)
    declared = {
        name: role for name, role in roles.items() if name in must or random.randrange(4) < share
    }
    try:
        check(latex, values, declared, wanted)
    except (ValueError, TypeError) as refusal:
        assert str(refusal)


@SIZES
@given(RANDOM)
@settings(max_examples=200)
def test_sums_over_indices(sizes, random):
    writer = Counter(random, list(sizes.values())[2:])
    latex, wanted = writer.line(random.randrange(1, 5))
    try:
        [found] = evaluate(latex, writer.values).values()
    except ValueError as refusal:
        assert re.search(NOT_READ, str(refusal)), f"{latex}: {refusal}"
        return
    assert np.shape(found) == np.shape(wanted), latex
    assert_allclose(found, wanted, rtol=1e-7, atol=1e-9, err_msg=latex)


NOT_READ = (
    r"unknown symbol `[^`]*_\{(ij|ji|ik|ki|jk|kj)\}`|has limits in one sum and none in another"
)
"""Two letters side by side are a name where nothing else counts one of them; and a letter has
limits in all sums over it, or in none."""
