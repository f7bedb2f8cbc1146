"""The loop that trains."""

from typing import NamedTuple

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from lecture_code.core.training import fit


class Line(NamedTuple):
    w: np.ndarray
    b: np.ndarray


X = torch.linspace(-1, 1, 21, dtype=torch.float64)
START = Line(np.array(0.0), np.array(0.0))


def distance(line, step):
    """From the line 3 x - 2."""
    return (line.w * X + line.b - (3 * X - 2)).square().mean()


def test_it_finds_a_line():
    (w, b), losses = fit(START, distance, steps=300, learning_rate=0.1)
    assert abs(w - 3) < 1e-3 and abs(b + 2) < 1e-3
    assert losses.shape == (300,) and losses[-1] < 1e-6 < losses[0]


def test_its_first_loss_is_that_of_the_given_weights():
    losses = fit(START, distance, steps=2, learning_rate=0.1).losses
    assert losses[0] == (3 * X - 2).square().mean().item()


def test_the_given_weights_stay_as_they_are():
    fit(START, distance, steps=3, learning_rate=0.1)
    assert START == Line(np.array(0.0), np.array(0.0))


def test_the_steps_are_adams_with_a_shortened_gradient():
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam((w, b), lr=0.1)
    for step in range(5):
        adam.zero_grad()
        distance(Line(w, b), step).backward()
        norm = torch.stack((w.grad, b.grad)).norm()
        for leaf in (w, b):
            leaf.grad *= min(1.0, 0.5 / (norm + 1e-6))
        adam.step()
    ours = fit(START, distance, steps=5, learning_rate=0.1, clip=0.5).weights
    assert abs(ours.w - w.item()) < 1e-12 and abs(ours.b - b.item()) < 1e-12


def test_the_loss_is_told_the_step():
    seen = []
    fit(START, lambda line, step: seen.append(step) or distance(line, step), 4, 0.1)
    assert seen == [0, 1, 2, 3]


def test_a_tuple_of_weights_keeps_its_classes_and_dtypes():
    start = (Line(np.zeros(2, "float32"), np.zeros(3, "float32")), START)

    def loss(weights, step):
        one, two = weights
        return one.w.sum() + one.b.square().sum() + distance(two, step).float()

    one, two = fit(start, loss, steps=2, learning_rate=0.1).weights
    assert isinstance(one, Line) and isinstance(two, Line)
    assert one.w.dtype == "float32" and two.w.dtype == "float64"
    assert isinstance(one.b, np.ndarray) and one.b.shape == (3,)


def test_the_same_again_is_the_same_to_the_last_bit():
    one, two = (fit(START, distance, steps=50, learning_rate=0.1) for _ in range(2))
    assert_array_equal(one.losses, two.losses)
    assert one.weights == two.weights


@pytest.mark.parametrize("fails", [False, True])
def test_it_runs_on_one_thread_and_gives_the_others_back(fails):
    before, seen = torch.get_num_threads(), []
    torch.set_num_threads(2)

    def loss(line, step):
        seen.append(torch.get_num_threads())
        if fails:
            raise RuntimeError("stop")
        return distance(line, step)

    try:
        if fails:
            with pytest.raises(RuntimeError, match="stop"):
                fit(START, loss, steps=1, learning_rate=0.1)
        else:
            fit(START, loss, steps=1, learning_rate=0.1)
        assert seen == [1] and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_no_step_is_refused():
    with pytest.raises(ValueError, match="steps: expected at least 1, got 0"):
        fit(START, distance, steps=0, learning_rate=0.1)


def test_a_loss_that_is_no_number_any_more_ends_the_training():
    def broken(line, step):
        return distance(line, step) * (float("nan") if step == 2 else 1)

    with pytest.raises(FloatingPointError, match="loss: nan at step 2"):
        fit(START, broken, steps=5, learning_rate=0.1)
