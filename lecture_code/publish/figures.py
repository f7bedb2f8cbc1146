"""Pictures: matrices as coloured tables, curves as SVG. Both read in light and in dark."""

import html
import io
import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from lecture_code.publish.cache import cached
from lecture_code.support.extras import needs_extra

# matplotlib writes these colours; the page's own take their place, so that one file serves both
# colour schemes.
_INK = "#010203"
_SERIES = ("#0000f1", "#0000f2", "#0000f3", "#0000f4", "#0000f5")
_DASHES = ("solid", "dashed", "dotted", "dashdot", (0, (5, 1, 1, 1, 1, 1)))


class Matrix(NamedTuple):
    """A matrix to be shown.

    Attributes:
        name: its name, above it; may hold HTML.
        array: array of one or two axes.
        rows: labels of the rows.
        columns: labels of the columns.
        role: a role of the notation, whose colour it has: `input`, `state`, `gate`, `candidate`,
            `output` or `weight`; without one, positive entries are blue and negative ones brown.
    """

    name: str
    array: Any
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    role: str = ""


def matrices(
    *parts: str | tuple, caption: str = "", digits: int = 3, largest: float | None = None
) -> str:
    """Show matrices side by side, with signs between them: `("X", X), "⊗", ("Γ", gate)`.

    Args:
        *parts: a sign, or a `Matrix`, which may be written as a tuple of what it begins with.
        caption: what to see, below the row.
        digits: digits after the point, at most.
        largest: the absolute value that has the full colour; by default the largest entry of all
            the matrices.

    Returns:
        HTML: a figure with one table for each matrix, each entry coloured by sign and size.
    """
    shown = [part if isinstance(part, str) else Matrix(*part) for part in parts]
    arrays = [part for part in shown if isinstance(part, Matrix)]
    if largest is None:
        largest = float(max(np.abs(part.array).max() for part in arrays)) or 1.0
    row = "".join(
        _matrix(largest, digits, part)
        if isinstance(part, Matrix)
        else f'<span class="matrix-sign">{html.escape(part)}</span>'
        for part in shown
    )
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    label = ", ".join(_words(part.name) for part in arrays)
    classes = "matrix-row" + " matrix-formula" * any(isinstance(part, str) for part in parts)
    return (
        f'<figure class="matrices"><div class="{classes}" role="group" '
        f'aria-label="{label}">{row}</div>{below}</figure>'
    )


def _words(name: str) -> str:
    """A name without its tags, for an attribute."""
    return html.escape(html.unescape(re.sub("<[^>]+>", "", name)))


def _matrix(largest: float, digits: int, part: Matrix) -> str:
    name, array, rows, columns, role = part
    array = np.atleast_2d(np.asarray(array, "float64"))
    rounded = np.round(array, digits) + 0.0  # + 0.0 turns -0 into 0
    exact = np.array_equal(rounded, array)
    head = "".join(f'<th scope="col">{label}</th>' for label in columns)
    if head:
        head = f"<thead><tr>{'<td></td>' if rows else ''}{head}</tr></thead>"
    labels = [f'<th scope="row">{label}</th>' for label in rows] or [""] * len(array)
    body = "".join(
        f"<tr>{label}{''.join(entry(value, largest, digits, exact) for value in row)}</tr>"
        for label, row in zip(labels, rounded, strict=True)
    )
    shape = " × ".join(str(length) for length in array.shape)
    # Small whole numbers stand in square cells, so that a picture looks like one.
    small = " matrix-small" * bool(exact and max(len(f"{value:g}") for value in rounded.flat) <= 2)
    coloured = f' data-role="{role}"' if role else ""
    return (
        f'<table class="matrix{small}" data-name="{_words(name)}"{coloured}>'
        f"<caption>{name} <small>{shape}</small></caption>"
        f"{head}<tbody>{body}</tbody></table>"
    )


def entry(value: float, largest: float, digits: int, exact: bool = False) -> str:
    """Show one number of a matrix, coloured by its sign and size.

    Args:
        value: the number.
        largest: the absolute value that has the full colour.
        digits: digits after the point.
        exact: whether the number has no more digits than it needs.

    Returns:
        HTML: a cell of a table of class `matrix`.
    """
    # Rounded numbers keep their zeros, so that columns stand in line; exact ones need none.
    text = f"{value:g}" if exact else f"{value:.{digits}f}"
    sign = "negative" if value < 0 else "positive"
    size = f"{min(1, abs(value) / largest):.2f}"
    return f'<td class="{sign}" style="--size: {size}">{text.replace("-", "−")}</td>'


def curves(
    x: Sequence[float],
    series: Mapping[str, Sequence[float]],
    *,
    xlabel: str,
    ylabel: str,
    description: str,
    log: str = "",
    markers: bool = False,
) -> str:
    """Draw curves over one axis, each with its own colour and dash.

    Args:
        x: places on the horizontal axis.
        series: values for each curve's label, at most five.
        xlabel: the horizontal axis, with its unit.
        ylabel: the vertical axis, with its unit.
        description: what the picture shows, for readers who cannot see it; it stands below as well.
        log: the axes that are logarithmic: "", "x", "y" or "xy".
        markers: whether to mark each point.

    Returns:
        HTML: a figure with an SVG whose text and colours are the page's own.
    """
    if len(series) > len(_SERIES):
        raise ValueError(f"series: expected at most {len(_SERIES)} curves, got {len(series)}")
    lines = tuple((label, np.asarray(values, "float64")) for label, values in series.items())
    svg = _drawn(np.asarray(x, "float64"), lines, xlabel, ylabel, description, log, markers)
    return (
        f'<figure class="curves">{svg}<figcaption>{html.escape(description)}</figcaption></figure>'
    )


def _draw(
    x: np.ndarray,
    lines: tuple[tuple[str, np.ndarray], ...],
    xlabel: str,
    ylabel: str,
    description: str,
    log: str,
    markers: bool,
) -> str:
    # Here, because a build that finds all its pictures does not need it.
    with needs_extra():
        import matplotlib
        from matplotlib.figure import Figure

    with matplotlib.rc_context(_style(description)):
        figure = Figure(figsize=(4.4, 2.9), layout="constrained")
        axes = figure.add_subplot()
        for (label, values), colour, dash in zip(lines, _SERIES, _DASHES, strict=False):
            marker = "o" if markers else None
            axes.plot(
                x, values, label=label, color=colour, linestyle=dash, marker=marker, markersize=4
            )
        axes.set(xlabel=xlabel, ylabel=ylabel)
        if "x" in log:
            axes.set_xscale("log")
        if "y" in log:
            axes.set_yscale("log")
        if len(lines) > 1:
            # As many labels beside each other as the width has room for.
            room = 50 // (max(len(label) for label, _ in lines) + 7)
            columns = min(room, 2 if len(lines) in (2, 4) else 3)
            figure.legend(loc="outside upper center", ncols=max(1, columns))
        return _svg(figure, f"{ylabel} against {xlabel}")


# A picture takes matplotlib a sixth of a second, and is the same for the same numbers.
_drawn = cached(_draw, logging.DEBUG)


def _style(salt: str) -> dict[str, Any]:
    """The look of all plots; the same salt gives the same bytes in every build."""
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": salt,
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "text.color": _INK,
        "axes.labelcolor": _INK,
        "axes.edgecolor": _INK,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "grid.color": _INK,
        "grid.alpha": 0.15,
        "axes.grid": True,
        "legend.frameon": False,
    }


def _svg(figure: "matplotlib.figure.Figure", label: str) -> str:  # noqa: F821 (imported late)
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :].replace(_INK, "currentColor")
    for number, colour in enumerate(_SERIES, start=1):
        svg = svg.replace(colour, f"var(--curve-{number})")
    svg = _without_idle_ids(svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{html.escape(label)}"', 1)


def _without_idle_ids(svg: str) -> str:
    """Drop the ids that nothing refers to: matplotlib gives the same ones to every figure."""
    used = set(re.findall(r"#([\w.-]+)", svg))
    return re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", svg)


class Axis(NamedTuple):
    """One axis of a plot that a stepper fills.

    Attributes:
        label: what it shows, with its unit.
        low: where it begins.
        high: where it ends.
        log: whether it is logarithmic.
    """

    label: str
    low: float
    high: float
    log: bool = False


def frame(
    name: str, x: Axis, y: Axis, *, lines: Mapping[str, str], dots: Mapping[str, str] = {}
) -> str:
    """Draw the axes of a plot whose curves a stepper draws.

    Args:
        name: what the stepper calls the plot.
        x: the horizontal axis.
        y: the vertical axis.
        lines: how each curve is drawn, by the name that the stepper gives it: the colour as a
            custom property of the style sheet, such as `--curve-1` or `--gate`, and after it
            `dashed`, `dotted`, `faint`, `thick`, `wide` or `points`, if it is not a solid line.
        dots: the colour of single points, by their names.

    Returns:
        SVG, with the places of its axes for the script and an empty path for each curve. What of
        a curve lies beyond the axes is cut off.
    """
    svg = _framed(name, x, y)
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    left, bottom, right, top = _PLACE
    axes = {
        "x": {"pixels": [left * width, right * width], "limits": x[1:3], "log": x.log},
        "y": {
            "pixels": [(1 - bottom) * height, (1 - top) * height],
            "limits": y[1:3],
            "log": y.log,
        },
    }
    (from_left, to_right), (from_bottom, to_top) = (axes[axis]["pixels"] for axis in "xy")
    drawn = (
        f'<clipPath id="inside-{name}"><rect x="{from_left}" y="{to_top}" '
        f'width="{to_right - from_left}" height="{from_bottom - to_top}"/></clipPath>'
        f'<g clip-path="url(#inside-{name})">'
        + "".join(f'<path data-line="{line}" {stroke(look)}/>' for line, look in lines.items())
        + "</g>"
        + "".join(
            f'<circle class="plot-dot" data-dot="{dot}" r="4.5" style="fill: var({colour})"/>'
            for dot, colour in dots.items()
        )
    )
    data = f'<svg data-plot="{name}" data-axes="{html.escape(json.dumps(axes))}"'
    return svg.replace("<svg", data, 1).replace("</svg>", f"{drawn}</svg>")


def stroke(look: str) -> str:
    """Write how a curve is drawn as attributes of its path.

    Args:
        look: a colour, and perhaps a word after it, as in `frame`.

    Returns:
        Attributes of SVG.
    """
    colour, *kind = look.split()
    return f'class="{" ".join(["plot-line", *kind])}" style="stroke: var({colour})"'


# Left, bottom, right and top of the axes, as shares of the picture.
_PLACE = (0.14, 0.17, 0.97, 0.96)


def _frame(name: str, x: Axis, y: Axis) -> str:
    with needs_extra():
        import matplotlib
        from matplotlib.figure import Figure

    with matplotlib.rc_context(_style(name)):
        figure = Figure(figsize=(4.4, 2.7))
        left, bottom, right, top = _PLACE
        axes = figure.add_axes((left, bottom, right - left, top - bottom))
        axes.set(xlabel=x.label, ylabel=y.label)
        axes.set(xscale="log" if x.log else "linear", yscale="log" if y.log else "linear")
        axes.set(xlim=x[1:3], ylim=y[1:3])
        return _svg(figure, f"{y.label} against {x.label}")


_framed = cached(_frame, logging.DEBUG)


def unrolled(steps: int = 3) -> str:
    """Draw a recurrent cell as a loop, and unrolled into a chain: the same cell at every step.

    Args:
        steps: how many steps of the chain to draw.

    Returns:
        HTML: a figure with an SVG.
    """
    chain = [_cell(160 + 90 * t, f"{t}", first=t == 1) for t in range(1, steps + 1)]
    # The loop leaves the cell on the right, and comes back into it on the left.
    loop = '<path d="M82 75 h16 v-42 h-74 v42 h10" marker-end="url(#tip)"/>'
    width = 160 + 90 * steps + 72
    label = f"One cell with a loop equals a chain of {steps} cells"
    return (
        f'<figure class="curves"><svg role="img" aria-label="{label}" viewBox="0 0 {width} 150" '
        'fill="none" stroke="currentColor" stroke-width="1.5">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="currentColor" '
        'stroke="none"/></marker></defs>'
        f"{_cell(58, 't', out=False)}{loop}{text(58, 22, 'h', 't', 'state')}{text(140, 80, '=')}"
        f"{''.join(chain)}</svg><figcaption>On the left the cell as a loop: its state goes back "
        "into it. On the right the same loop, unrolled over time. Every box has the same weights; "
        "what travels along the arrows between them is the state.</figcaption></figure>"
    )


def _cell(x: int, time: str, first: bool = False, out: bool = True) -> str:
    """A box around (x, 75) with its input from below and, in a chain, its state to the right."""
    parts = [
        f'<rect x="{x - 24}" y="58" width="48" height="34" rx="5"/>{text(x, 80, "RNN")}',
        f'<path d="M{x} 124 V94" marker-end="url(#tip)"/>{text(x, 142, "X", time, "input")}',
    ]
    if first:
        parts.append(
            f'<path d="M{x - 62} 75 H{x - 26}" marker-end="url(#tip)"/>'
            f"{text(x - 48, 66, 'h', '0', 'state')}"
        )
    if out:
        parts.append(
            f'<path d="M{x + 24} 75 H{x + 64}" marker-end="url(#tip)"/>'
            f"{text(x + 44, 66, 'h', time, 'state')}"
        )
    return "".join(parts)


def text(x: int, y: int, words: str, index: str = "", role: str = "") -> str:
    """Set words in an SVG, around a place.

    Args:
        x: the middle of the words.
        y: the line that they stand on.
        words: the words.
        index: what stands below the line after them.
        role: a role of the notation, whose colour they have.

    Returns:
        SVG.
    """
    fill = f"var(--{role})" if role else "currentColor"
    small = f'<tspan dy="4" font-size="10">{index}</tspan>' if index else ""
    return (
        f'<text x="{x}" y="{y}" text-anchor="middle" font-size="14" fill="{fill}" '
        f'stroke="none">{words}{small}</text>'
    )
