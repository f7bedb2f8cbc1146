"""Real series for the pages. They ship inside packages: nothing is downloaded."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from markupsafe import Markup

from lecture_code.support.extras import needs_extra

if TYPE_CHECKING:
    import pandas


class Series(NamedTuple):
    """A series of numbers over time, and where it is from.

    Attributes:
        name: what it is.
        values: the numbers, shape `(time,)`, without gaps.
        times: when, in years and fractions of a year, shape `(time,)`.
        unit: the unit of the values.
        source: who measured it, and which package it ships in.
        licence: under which terms.
    """

    name: str
    values: np.ndarray
    times: np.ndarray
    unit: str
    source: str
    licence: str


def sunspots() -> Series:
    """Sunspot numbers, one for each year from 1700 to 2008.

    Returns:
        The series.
    """
    with needs_extra():
        from statsmodels.datasets import sunspots as dataset

    data = dataset.load_pandas().data
    return Series(
        "Sunspots",
        data["SUNACTIVITY"].to_numpy("float64"),
        data["YEAR"].to_numpy("float64"),
        "sunspot number, mean of the year",
        "NOAA National Geophysical Data Center, in the package statsmodels",
        "public domain",
    )


def co2() -> Series:
    """Carbon dioxide in the air at Mauna Loa, one value for each week from 1958 to 2001.

    Weeks without a measurement get the value on the straight line between their neighbours.

    Returns:
        The series.
    """
    with needs_extra():
        from statsmodels.datasets import co2 as dataset

    data = dataset.load_pandas().data["co2"].interpolate()
    return Series(
        "Carbon dioxide at Mauna Loa",
        data.to_numpy("float64"),
        _years(data.index),
        "parts per million",
        "Keeling and Whorf (2004), Carbon Dioxide Information Analysis Center, in the package "
        "statsmodels; gaps filled by straight lines",
        "public domain",
    )


def sp500() -> Series:
    """The S&P 500 stock index at the end of each trading day from 1999 to 2018.

    Returns:
        The series.
    """
    with needs_extra():
        from arch.data import sp500 as dataset

    data = dataset.load()["Adj Close"]
    return Series(
        "S&P 500",
        data.to_numpy("float64"),
        _years(data.index),
        "index points",
        "example data of the package arch, which names no other source",
        "that of the package: University of Illinois/NCSA Open Source License",
    )


def credit(*series: Series) -> Markup:
    """Name source and licence of series, for the foot of a page that uses them.

    Args:
        *series: the series.

    Returns:
        HTML.
    """
    rows = Markup().join(
        Markup("<li><strong>{}</strong>: {}. Licence: {}.</li>").format(
            one.name, one.source, one.licence
        )
        for one in series
    )
    return Markup('<div class="credit"><p>Data on this page:</p><ul>{}</ul></div>').format(rows)


def _years(index: "pandas.DatetimeIndex") -> np.ndarray:
    return (index.year + (index.day_of_year - 1) / (365 + index.is_leap_year)).to_numpy("float64")
