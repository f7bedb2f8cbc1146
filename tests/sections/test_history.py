"""Hopfield's network: what it stores, what it gives back, and the time line that it stands on."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.linalg import hadamard

from lecture_code.publish.timeline import EVENTS, timeline
from lecture_code.sections.history import kept, recall, store

# What the slide of the history says, year by year.
ON_THE_SLIDE = [1982, 1995, 1999, 2009, 2013, 2014, 2017, 2017, 2017]


def random_patterns(number=3, units=10, seed=0):
    return np.random.default_rng(seed).choice([-1.0, 1.0], size=(number, units))


def orthogonal_patterns(number, units=16, seed=0):
    """Rows of a Hadamard matrix, any of them, with any of their units turned over together."""
    random = np.random.default_rng(seed)
    rows = random.permutation(hadamard(units).astype("float64"))[:number]
    return rows * random.choice([-1.0, 1.0], size=units)


def energy(h, W):
    return -h @ W @ h / 2


# --- storing


def test_two_patterns_of_three_units_by_hand():
    X = np.array([[1.0, 1.0, -1.0], [1.0, -1.0, -1.0]])
    assert_allclose(store(X), np.array([[2, 0, -2], [0, 2, 0], [-2, 0, 2]]) / 3, rtol=0, atol=1e-16)


@given(st.integers(1, 8), st.integers(1, 20), st.integers(0, 99))
def test_storing_is_a_sum_of_outer_products(number, units, seed):
    X = random_patterns(number, units, seed)
    outer = sum(np.outer(pattern, pattern) for pattern in X) / units
    assert_allclose(store(X), outer, rtol=0, atol=1e-14)
    assert_allclose(store(X), np.einsum("pi,pj->ij", X, X) / units, rtol=0, atol=1e-14)


def test_two_units_are_tied_as_strongly_one_way_as_the_other():
    W = store(random_patterns(5, 12))
    assert_array_equal(W, W.T)
    assert_allclose(np.diag(W), 5 / 12, rtol=0, atol=1e-15)


def test_the_order_of_the_patterns_is_lost():
    X = random_patterns(5)
    assert_allclose(store(X[::-1]), store(X), rtol=0, atol=1e-15)


# --- recalling


def test_one_step_by_hand():
    W = np.array([[0.0, 2.0, -1.0], [2.0, 0.0, 0.5], [-1.0, 0.5, 0.0]])
    # 2 + 1 = 3, 2 - 0.5 = 1.5, -1 + 0.5 = -0.5
    assert_array_equal(recall(np.array([1.0, 1.0, -1.0]), W), [1, 1, -1])
    # -2 - 1 = -3, 2 + 0.5 = 2.5, -1 - 0.5 = -1.5
    assert_array_equal(recall(np.array([1.0, -1.0, 1.0]), W), [-1, 1, -1])


@pytest.mark.parametrize("batch", [(), (4,), (2, 3)], ids=str)
def test_one_step_is_torchs_linear_layer_and_sign(batch):
    random = np.random.default_rng(1)
    h, W = random.choice([-1.0, 1.0], size=(*batch, 6)), random.normal(size=(6, 6))
    layer = torch.nn.Linear(6, 6, bias=False, dtype=torch.float64)
    layer.weight.data = torch.tensor(W)
    assert_array_equal(recall(h, W), torch.sign(layer(torch.tensor(h))).detach().numpy())


@given(st.integers(1, 16), st.integers(0, 99))
def test_orthogonal_patterns_and_their_negatives_stand_still(number, seed):
    X = orthogonal_patterns(number, seed=seed)
    assert_array_equal(recall(X, store(X)), X)
    assert_array_equal(recall(-X, store(X)), -X)


@given(st.integers(1, 7), st.integers(0, 15), st.integers(0, 99))
def test_one_turned_unit_is_mended_in_one_step(number, unit, seed):
    """Of 16 units, 14 vote for the pattern, and each other one has 2 votes: fewer than 8 lose."""
    X = orthogonal_patterns(number, seed=seed)
    damaged = X.copy()
    damaged[:, unit] *= -1
    assert_array_equal(recall(damaged, store(X)), X)


def test_with_as_many_patterns_as_units_nothing_is_mended():
    X = orthogonal_patterns(16)
    damaged = X.copy()
    damaged[:, 3] *= -1
    assert_array_equal(recall(damaged, store(X)), damaged)


def test_an_odd_mixture_of_patterns_is_remembered_too():
    X = orthogonal_patterns(3)
    mixture = np.sign(X.sum(0))
    assert_array_equal(recall(mixture, store(X)), mixture)
    assert (mixture != X).any(1).all() and (mixture != -X).any(1).all()


@given(st.integers(1, 6), st.integers(1, 14), st.integers(0, 999))
def test_the_energy_never_rises_when_units_change_one_by_one(number, units, seed):
    random = np.random.default_rng(seed)
    W = store(random_patterns(number, units, seed))
    h = random.choice([-1.0, 1.0], size=units)
    for unit in random.integers(0, units, size=40):
        before = energy(h, W)
        h[unit] = recall(h, W)[unit]
        assert energy(h, W) <= before + 1e-12


def test_the_energy_can_rise_when_all_units_change_at_once():
    W, h = np.array([[0.0, -1.0], [-1.0, 0.0]]), np.array([1.0, -1.0])
    flipping = np.array([1.0, 1.0])
    assert energy(recall(flipping, W), W) == energy(flipping, W) > energy(h, W)
    assert_array_equal(recall(recall(flipping, W), W), flipping)


def test_a_unit_with_as_many_votes_for_as_against_becomes_0():
    X = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, -1.0, -1.0]])
    undecided = recall(np.array([1.0, -1.0, 1.0, -1.0]), store(X))
    assert_array_equal(undecided, [0, 0, 0, 0])
    assert_array_equal(recall(undecided, store(X)), undecided)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_torch_computes_what_numpy_computes(dtype):
    X = random_patterns(2, 9).astype(dtype)
    W = store(X)
    theirs = store(torch.tensor(X))
    assert W.dtype == dtype and str(theirs.dtype) == f"torch.{dtype}"
    assert_allclose(theirs, W, rtol=0, atol=np.finfo(dtype).eps)
    # Two patterns and nine units: no vote is close enough to 0 for its sign to be a rounding error.
    assert_array_equal(recall(torch.tensor(X), theirs), recall(X, W))
    assert recall(X, W).dtype == dtype


def test_a_state_of_another_size_is_named():
    with pytest.raises(ValueError, match=r"takes arrays of shape \(\.\.\., 4\).*got \(5,\)"):
        recall(np.ones(5), np.eye(4))


# --- the time line


def test_the_dates_are_in_order():
    years = [event.year for event in EVENTS]
    assert years == sorted(years)


def test_every_date_of_the_slide_is_there_once():
    years = [int(event.slide[:4]) for event in EVENTS if event.slide]
    assert years == ON_THE_SLIDE


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event.year} {event.who}")
def test_every_date_has_its_source(event):
    assert event.sources and event.who and event.what
    for words, link in event.sources:
        assert words and re.fullmatch(r"https://[\w.-]+/\S+", link)


@pytest.mark.parametrize(
    "event", [event for event in EVENTS if event.slide], ids=lambda event: event.slide
)
def test_where_the_slides_have_another_year_it_is_said(event):
    if int(event.slide[:4]) != event.year:
        assert event.differs


def test_the_time_line_has_each_event_once_and_links_to_its_source():
    page = timeline()
    assert page.count("<li ") == len(EVENTS)
    links = [link for event in EVENTS for _, link in event.sources]
    assert re.findall(r'<a href="(.*?)">', page) == links
    assert len(set(links)) == len(links)
    shown = [int(year) for year in re.findall(r'"timeline-year">(\d{4})<', page)]
    assert shown == [event.year for event in EVENTS]
    for event in EVENTS:
        assert page.count(event.what) == 1
    assert page.count('class="on-slides"') == len(ON_THE_SLIDE)


def test_the_distance_between_two_events_is_in_years():
    gaps = [int(gap) for gap in re.findall(r"--years: (\d+)", timeline())]
    assert gaps[0] == 0
    assert sum(gaps) == EVENTS[-1].year - EVENTS[0].year
    assert gaps[2] == EVENTS[2].year - EVENTS[1].year


def test_an_events_words_are_text_and_no_html():
    event = EVENTS[0]._replace(what="a < b", who="A & B", slide="1972, <x>", differs="c > d")
    page = timeline((event,))
    for escaped in ("a &lt; b", "A &amp; B", "&lt;x&gt;", "c &gt; d"):
        assert escaped in page


def test_events_out_of_order_are_refused():
    with pytest.raises(ValueError, match=r"events: expected the order of time, got .*1974, 1972"):
        timeline((EVENTS[1], EVENTS[0]))


def test_few_patterns_are_mended_and_many_are_damaged():
    assert kept(1, 50, trials=3) == 1
    assert kept(40, 50, trials=3) < 0.9
