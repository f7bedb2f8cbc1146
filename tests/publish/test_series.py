"""The real series: what the packages' files hold, read another way."""

import csv
import gzip
from importlib.resources import files

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from lecture_code.publish.series import co2, credit, sp500, sunspots

SERIES = pytest.mark.parametrize("load", [sunspots, co2, sp500])


def rows(package, name):
    data = files(package).joinpath(name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
    return list(csv.DictReader(text.splitlines()))


@SERIES
def test_a_series_has_no_gap_and_goes_forward(load):
    series = load()
    assert series.values.shape == series.times.shape and series.values.dtype == "float64"
    assert np.isfinite(series.values).all()
    assert (np.diff(series.times) > 0).all()


@SERIES
def test_source_and_licence_are_named(load):
    series = load()
    assert series.name and series.unit
    assert series.source in credit(series) and series.licence in credit(series)


def test_the_sunspots_are_the_files():
    expected = [
        float(row["SUNACTIVITY"]) for row in rows("statsmodels.datasets.sunspots", "sunspots.csv")
    ]
    series = sunspots()
    assert_array_equal(series.values, expected)
    assert (series.times[0], series.times[-1], len(expected)) == (1700, 2008, 309)


def test_the_gaps_of_the_co2_lie_on_straight_lines():
    read = [row["co2"] for row in rows("statsmodels.datasets.co2", "co2.csv")]
    measured = np.array([float(value) if value else np.nan for value in read])
    known, weeks = np.isfinite(measured), np.arange(len(measured))
    expected = np.interp(weeks, weeks[known], measured[known])
    np.testing.assert_allclose(co2().values, expected, rtol=0, atol=1e-9)
    assert 0 < (~known).sum() < 100


def test_the_index_is_the_files():
    expected = rows("arch.data.sp500", "sp500.csv.gz")
    series = sp500()
    assert_array_equal(series.values, [float(row["Adj Close"]) for row in expected])
    assert 1999 < series.times[0] < 1999.02 and 2018.99 < series.times[-1] < 2019
