"""The history of recurrent networks as data, and the time line that is drawn from it."""

from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup


class Event(NamedTuple):
    """One date of the history.

    Attributes:
        year: the year in which it first appeared: as a report, at a conference, as a preprint.
        what: what happened.
        who: whose work it is.
        sources: where the date is from, and where to read more: words and an address each.
        slide: what the slides say about it; nothing if it is not on them.
        differs: where the slides' words and the source part.
    """

    year: int
    what: str
    who: str
    sources: tuple[tuple[str, str], ...]
    slide: str = ""
    differs: str = ""


EVENTS = (
    Event(
        1972,
        "A network whose units feed back into each other learns patterns, and sequences of them",
        "Amari",
        (("IEEE Transactions on Computers C-21(11)", "https://doi.org/10.1109/T-C.1972.223477"),),
    ),
    Event(
        1974,
        "Persistent states in a network of neurons, with the mathematics of magnets",
        "Little",
        (("Mathematical Biosciences 19", "https://doi.org/10.1016/0025-5564(74)90031-5"),),
    ),
    Event(
        1982,
        "A recurrent network as an associative memory: it completes what it is shown",
        "Hopfield",
        (("PNAS 79(8)", "https://doi.org/10.1073/pnas.79.8.2554"),),
        "1982, Hopfield",
        "Not the first recurrent network, and not yet one that is trained on sequences.",
    ),
    Event(
        1986,
        "A simple recurrent network, trained: its output is fed back",
        "Jordan",
        (("Institute for Cognitive Science, report 8604", "https://eric.ed.gov/?id=ED276754"),),
    ),
    Event(
        1990,
        "A simple recurrent network, trained: its hidden state is fed back, as on these pages",
        "Elman",
        (("Cognitive Science 14(2)", "https://doi.org/10.1207/s15516709cog1402_1"),),
    ),
    Event(
        1995,
        "The LSTM, with input and output gates",
        "Hochreiter and Schmidhuber",
        (
            (
                "report FKI-207-95, as announced",
                "https://mailman.srv.cs.cmu.edu/pipermail/connectionists/1995-August/016564.html",
            ),
            (
                "article of 1997, Neural Computation 9(8)",
                "https://doi.org/10.1162/neco.1997.9.8.1735",
            ),
        ),
        "1995, LSTM",
    ),
    Event(
        1999,
        "Forget gates for the LSTM",
        "Gers, Schmidhuber and Cummins",
        (
            ("conference paper, ICANN", "https://doi.org/10.1049/cp:19991218"),
            (
                "article of 2000, Neural Computation 12(10)",
                "https://doi.org/10.1162/089976600300015015",
            ),
        ),
        "1999, forget gates",
    ),
    Event(
        2009,
        "LSTM networks win competitions in reading handwriting, at ICDAR",
        "Graves and Schmidhuber",
        (
            ("told in Schmidhuber's overview of 2014", "https://arxiv.org/abs/1404.7828"),
            ("the networks, TPAMI 31(5)", "https://doi.org/10.1109/TPAMI.2008.137"),
        ),
        "2009, handwriting",
    ),
    Event(
        2013,
        "Deep LSTMs recognise the phonemes of TIMIT with 17.7 percent of errors, the best then",
        "Graves, Mohamed and Hinton",
        (("arXiv 1303.5778", "https://arxiv.org/abs/1303.5778"),),
        "2013, speech",
        "Phonemes of sentences read aloud, not yet free speech.",
    ),
    Event(
        2014,
        "The GRU, which gets its name half a year later",
        "Cho and others; Chung and others",
        (
            ("arXiv 1406.1078", "https://arxiv.org/abs/1406.1078"),
            ("arXiv 1412.3555", "https://arxiv.org/abs/1412.3555"),
        ),
        "2014, GRU",
    ),
    Event(
        2017,
        "DeepAR: an RNN that forecasts a probability distribution",
        "Salinas, Flunkert and Gasthaus",
        (("arXiv 1704.04110", "https://arxiv.org/abs/1704.04110"),),
        "2017, DeepAR",
    ),
    Event(
        2017,
        "MQRNN: an RNN that forecasts quantiles for the whole horizon",
        "Wen and others",
        (("arXiv 1711.11053", "https://arxiv.org/abs/1711.11053"),),
        "2017, MQRNN",
    ),
    Event(
        2019,
        "The Temporal Fusion Transformer: LSTMs, attention and quantiles",
        "Lim and others",
        (
            ("arXiv 1912.09363", "https://arxiv.org/abs/1912.09363"),
            (
                "article of 2021, International Journal of Forecasting 37(4)",
                "https://doi.org/10.1016/j.ijforecast.2021.03.012",
            ),
        ),
        "2017, TFT",
        "The preprint is of December 2019.",
    ),
)
"""Every date of the slides, and those before and between that they leave out; in order of time."""


def timeline(events: tuple[Event, ...] = EVENTS) -> Markup:
    """Draw events on a line, the distance between two in proportion to the years.

    Args:
        events: the events, in order of time.

    Returns:
        HTML: a list that reads as one where styles are off.

    Raises:
        ValueError: if the events are not in order of time.
    """
    years = [event.year for event in events]
    if years != sorted(years):
        raise ValueError(f"events: expected the order of time, got the years {years}")
    gaps = [0, *(after - before for before, after in pairwise(years))]
    entries = Markup().join(map(_entry, events, gaps))
    return Markup('<ol class="timeline">{}</ol>').format(entries)


def _entry(event: Event, gap: int) -> Markup:
    slide = differs = ""
    if event.slide:
        slide = Markup('<span class="timeline-slide">Slides: {}</span>').format(event.slide)
    if event.differs:
        differs = Markup('<span class="timeline-differs">{}</span>').format(event.differs)
    return Markup(
        '<li class="{kind}" style="--years: {gap}">'
        '<span class="timeline-year">{event.year}</span> {event.what}. '
        '<span class="timeline-who">{event.who}: {sources}</span>{slide}{differs}</li>'
    ).format(
        kind="on-slides" if event.slide else "added",
        gap=gap,
        event=event,
        sources=Markup("; ").join(
            Markup('<a href="{}">{}</a>').format(link, words) for words, link in event.sources
        ),
        slide=slide,
        differs=differs,
    )
