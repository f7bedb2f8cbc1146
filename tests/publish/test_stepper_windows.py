"""The travelling window: what the browser computes is what `sections.windowing` computes."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose
from steppers import STEPPERS, Live

from lecture_code.publish.series import co2
from lecture_code.publish.steppers import windows_stepper
from lecture_code.sections.windowing import split_in_time, standardize, windows

SERIES = co2()
X, TIMES = SERIES.values[-312:], SERIES.times[-312:]
WORDS = {"title": "t", "unit": "ppm", "step": "weeks"}
FIRST = {"window": 20, "horizon": 10, "share": 70, "position": 1, "leak": False}
WINDOWS, HORIZONS, SHARES = range(4, 29, 4), range(2, 13, 2), range(50, 86, 5)


def settings():
    """Every position of every slider with the others as they stand at first, and random ones."""
    for leak in (False, True):
        for name, values in (
            ("window", WINDOWS),
            ("horizon", HORIZONS),
            ("share", SHARES),
            ("position", range(1, 25)),
        ):
            yield from (FIRST | {name: value, "leak": leak} for value in values)
        yield {"window": 28, "horizon": 12, "share": 85, "position": 24, "leak": leak}
    random = np.random.default_rng(7)
    for _ in range(40):
        ranges = {"window": WINDOWS, "horizon": HORIZONS, "share": SHARES}
        yield {
            **{name: int(random.choice(values)) for name, values in ranges.items()},
            "position": int(random.integers(1, 25)),
            "leak": bool(random.integers(2)),
        }


def expected(window, horizon, share, position, leak):
    share = share / 100
    known = len(split_in_time(X, share)[0])
    T = len(X) if leak else known
    cut = [windows(part, window, horizon) for part in split_in_time(standardize(X, T), share)]
    counts = [len(pairs.inputs) for pairs in cut]
    place = round((position - 1) / 23 * (sum(counts) - 1))
    in_test = place >= counts[0]
    number = place - counts[0] if in_test else place
    raised = X.copy()
    raised[known:] += 100
    training = split_in_time(standardize(raised, T), share)[0]
    return {
        "part": "test" if in_test else "training",
        "number": number,
        "start": known + number if in_test else number,
        "pairs": {"training": counts[0], "test": counts[1]},
        "known": known,
        "used": T,
        "inputs": cut[in_test].inputs[number],
        "targets": cut[in_test].targets[number],
        "scaling": {"mean": X[:T].mean(), "deviation": X[:T].std()},
        "own": {"mean": X[:known].mean(), "deviation": X[:known].std()},
        "change": abs(windows(training, window, horizon).inputs - cut[0].inputs).max(),
    }


@pytest.fixture(scope="module")
def live(site, browser):
    page = browser.new_page()
    page.goto(f"{site}{STEPPERS['windows']}/")
    yield Live(page, "windows")
    page.close()


def test_pairs_scaling_and_leak_are_pythons(live):
    for setting in settings():
        values, python = live.set(**setting), expected(**setting)
        for name in ("part", "number", "start", "pairs", "known", "used"):
            assert values[name] == python[name], (setting, name)
        for name in ("inputs", "targets", "change"):
            assert_allclose(values[name], python[name], rtol=0, atol=1e-12)
        for name in ("scaling", "own"):
            for moment, value in python[name].items():
                assert_allclose(values[name][moment], value, rtol=0, atol=1e-12)
        inputs = np.array(values["inputs"] + values["targets"])
        back = inputs * values["scaling"]["deviation"] + values["scaling"]["mean"]
        own = (back - values["own"]["mean"]) / values["own"]["deviation"]
        assert_allclose(values["honest"], own, rtol=0, atol=1e-12)


def test_without_the_leak_the_future_moves_nothing_at_all(live):
    for share in SHARES:
        assert live.set(**FIRST | {"share": share})["change"] == 0
        assert live.set(**FIRST | {"share": share, "leak": True})["change"] > 1


def test_the_sentence_has_the_numbers(live):
    for leak in (False, True):
        setting = FIRST | {"position": 20, "leak": leak}
        live.set(**setting)
        python = expected(**setting)
        off = [python["scaling"][name] - python["own"][name] for name in ("mean", "deviation")]
        distance = "off by {:.2f} and {:.2f}".format(*off) if leak else "the training part's own"
        moved = f"training inputs by up to {python['change']:.2f}" if leak else "no training input"
        assert live.element.locator("[role=status]").inner_text() == (
            f"Pair {python['number'] + 1} of 65 for test (for training: 189). "
            f"Mean {python['scaling']['mean']:.2f} ppm, deviation "
            f"{python['scaling']['deviation']:.2f}: {distance}. "
            f"A future 100 ppm higher would move {moved}."
        )


def path(live, plot, line):
    """The points of a line, in the numbers of its axes."""
    d, axes = live.element.locator(f"[data-plot={plot}] [data-line={line}]").evaluate(
        "line => [line.getAttribute('d'), JSON.parse(line.ownerSVGElement.dataset.axes)]"
    )
    points = np.array(re.findall(r"[ML]([-\d.]+) ([-\d.]+)", d), float)
    for column, axis in zip(points.T, (axes["x"], axes["y"]), strict=True):
        (start, end), (low, high) = axis["pixels"], axis["limits"]
        column[:] = low + (column - start) / (end - start) * (high - low)
    return points.T


def test_the_lines_stand_where_the_numbers_are(live):
    for setting in (FIRST, FIRST | {"position": 18, "leak": True, "share": 60, "window": 8}):
        live.set(**setting)
        python = expected(**setting)
        start, known, T = python["start"], python["known"], python["used"]
        now, end = start + setting["window"], start + setting["window"] + setting["horizon"]
        for line, inside in (
            ("training", slice(0, known)),
            ("test", slice(known, None)),
            ("window", slice(start, now)),
            ("horizon", slice(now, end)),
        ):
            times, values = path(live, "series", line)
            assert_allclose(values, X[inside], rtol=0, atol=0.02)
            # A year is 52 weeks and a day, or two: the picture has its weeks at equal distances.
            assert_allclose(times, TIMES[inside], rtol=0, atol=0.02)
        mean, deviation = python["scaling"].values()
        assert_allclose(path(live, "series", "mean")[1], mean, rtol=0, atol=0.02)
        times, values = path(live, "series", "band")
        low, high = mean - deviation, mean + deviation
        assert_allclose(values, [low, low, high, high], rtol=0, atol=0.02)
        assert_allclose(times, TIMES[[0, T - 1, T - 1, 0]], rtol=0, atol=0.02)
        split = path(live, "series", "split")[0]
        assert TIMES[known - 1] - 0.02 < split[0] == split[1] < TIMES[known] + 0.02
        weeks, values = path(live, "pair", "window")
        assert_allclose(weeks, np.arange(1 - setting["window"], 1), rtol=0, atol=0.1)
        assert_allclose(values, python["inputs"], rtol=0, atol=0.03)
        weeks, values = path(live, "pair", "horizon")
        assert_allclose(weeks, np.arange(1, setting["horizon"] + 1), rtol=0, atol=0.1)
        assert_allclose(values, python["targets"], rtol=0, atol=0.03)
        assert_allclose(path(live, "pair", "honest")[0][0], 1 - setting["window"], atol=0.1)


def test_no_position_leaves_the_plots(live):
    for setting in list(settings())[::4]:
        live.set(**setting)
        for line in ("window", "horizon", "honest"):
            _, values = path(live, "pair", line)
            assert -3 <= values.min() and values.max() <= 4


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_when_the_words_change(site, browser, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{site}{STEPPERS['windows']}/")
    live, heights = Live(page, "windows"), set()
    for setting in list(settings())[::6]:
        live.set(**setting)
        heights.add(live.element.bounding_box()["height"])
    assert len(heights) == 1
    page.close()


def test_the_smaller_the_training_part_the_further_off_is_the_mean():
    off = [X.mean() - split_in_time(X, share / 100)[0].mean() for share in SHARES]
    assert off == sorted(off, reverse=True) and off[-1] > 0


def test_the_plain_figure_has_both_ways():
    plain = windows_stepper(X, TIMES, **WORDS).split('class="stepper-plain"')[1]
    cells = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>", plain)
    honest, leaky = (expected(**FIRST | {"leak": leak}) for leak in (False, True))
    known = honest["known"]

    def row(found):
        scaled = standardize(X, found["used"])
        numbers = (
            *found["scaling"].values(),
            scaled[:known].mean(),
            scaled[known:].mean(),
            found["change"],
        )
        counts = (str(count) for count in found["pairs"].values())
        return [*(f"{round(n, 2) + 0:.2f}".replace("-", "−") for n in numbers), *counts]

    assert [cell[1] for cell in cells] == row(honest)
    assert [cell[2] for cell in cells] == row(leaky)
    assert plain.count("<svg") == 1


def test_a_series_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match=r"x: expected at least 40 time steps in the last 15 %"):
        windows_stepper(X[:260], TIMES[:260], **WORDS)
