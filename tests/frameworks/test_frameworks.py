"""Keras and Flax as judges of their own conventions: `make test-all`."""

import importlib

import pytest
from conftest import needs
from test_conventions import judged

from lecture_code.frameworks.convert import parameters
from lecture_code.oracles.owners import FRAMEWORKS

pytestmark = pytest.mark.frameworks


@pytest.mark.parametrize(
    "cell, name", FRAMEWORKS, ids=[f"{cell}, {name}" for cell, name in FRAMEWORKS]
)
@pytest.mark.parametrize("sizes", [(5, 2, 3, 4), (3, 1, 4, 2), (2, 3, 1, 1)], ids=str)
def test_the_owner_computes_what_its_convention_says(cell, name, sizes):
    needs(name.split("-")[0], "test-all")
    for owner in FRAMEWORKS[cell, name]:
        judged(cell, name, owner, sizes)


@pytest.mark.parametrize(
    "cell, name, make",
    [
        ("gru", "keras", lambda keras: keras.layers.GRU(4, reset_after=False)),
        ("gru", "keras-reset-after", lambda keras: keras.layers.GRU(4)),
        ("lstm", "keras", lambda keras: keras.layers.LSTM(4)),
        ("rnn", "keras", lambda keras: keras.layers.SimpleRNN(4)),
    ],
)
def test_parameters_are_counted_as_keras_does(monkeypatch, cell, name, make):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    needs("keras", "test-all")
    layer = make(importlib.import_module("keras"))
    layer.build((1, 5, 3))
    assert sum(term.count for term in parameters(name, 3, 4, cell)) == layer.count_params()
