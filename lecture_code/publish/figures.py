"""Pictures: matrices as coloured tables, curves as SVG. Both read in light and in dark."""

import io
import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from markupsafe import Markup, escape

from lecture_code.publish.cache import cached
from lecture_code.publish.elements import arrow, arrow_tip, figure, table_head
from lecture_code.support.extras import needs_extra

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# matplotlib writes these colours; the page's own take their place, so that one file serves both
# colour schemes.
_INK = "#010203"
_SERIES = ("#0000f1", "#0000f2", "#0000f3", "#0000f4", "#0000f5")
_DASHES = ("solid", "dashed", "dotted", "dashdot", (0, (5, 1, 1, 1, 1, 1)))


class Matrix(NamedTuple):
    """A matrix to be shown.

    Attributes:
        name: its name, above it: text or `Markup`.
        array: array of one or two axes.
        rows: labels of the rows, likewise.
        columns: labels of the columns, likewise.
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
) -> Markup:
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
    row = Markup('<div class="matrix-row{}" role="group" aria-label="{}">{}</div>').format(
        " matrix-formula" * any(isinstance(part, str) for part in parts),
        ", ".join(_words(part.name) for part in arrays),
        Markup().join(
            _matrix(largest, digits, part)
            if isinstance(part, Matrix)
            else Markup('<span class="matrix-sign">{}</span>').format(part)
            for part in shown
        ),
    )
    return figure(row, caption, kind="matrices")


def _words(name: str) -> str:
    """A name without its tags, for an attribute."""
    return escape(name).striptags()


def _matrix(largest: float, digits: int, part: Matrix) -> Markup:
    name, array, rows, columns, role = part
    array = np.atleast_2d(np.asarray(array, "float64"))
    rounded = np.round(array, digits)
    exact = np.array_equal(rounded, array)
    corner = Markup("<td></td>") if rows else ""
    labels = [*map(Markup('<th scope="row">{}</th>').format, rows)] or [Markup()] * len(array)
    body = (
        Markup("<tr>{}{}</tr>").format(label, entries(row, largest, digits, exact))
        for label, row in zip(labels, array, strict=True)
    )
    # Small whole numbers stand in square cells, so that a picture looks like one.
    small = exact and max(len(f"{value:g}") for value in rounded.flat) <= 2
    return Markup(
        '<table class="matrix{small}" data-name="{words}"{role}>'
        "<caption>{name} <small>{shape}</small></caption>{head}<tbody>{body}</tbody></table>"
    ).format(
        small=" matrix-small" * bool(small),
        words=_words(name),
        role=Markup(' data-role="{}"').format(role) if role else "",
        name=name,
        shape=" × ".join(map(str, array.shape)),
        head=table_head(columns, corner) if columns else "",
        body=Markup().join(body),
    )


def entries(values: np.ndarray, largest: float, digits: int, exact: bool = False) -> Markup:
    """Show numbers of a matrix side by side, each coloured by its sign and size.

    Args:
        values: the numbers.
        largest: the absolute value that has the full colour.
        digits: digits after the point.
        exact: whether the numbers have no more digits than they need.

    Returns:
        HTML: cells of a table of class `matrix`.
    """
    rounded = np.round(values, digits) + 0.0  # + 0.0 turns -0 into 0
    return Markup().join(_entry(value, largest, digits, exact) for value in rounded)


def _entry(value: float, largest: float, digits: int, exact: bool) -> Markup:
    # Rounded numbers keep their zeros, so that columns stand in line; exact ones need none.
    text = f"{value:g}" if exact else f"{value:.{digits}f}"
    return Markup('<td class="{}" style="--size: {:.2f}">{}</td>').format(
        "negative" if value < 0 else "positive",
        min(1, abs(value) / largest),
        text.replace("-", "−"),
    )


Numbers = Sequence[float] | np.ndarray


def curves(
    x: Numbers,
    series: Mapping[str, Numbers],
    *,
    xlabel: str,
    ylabel: str,
    description: str,
    log: str = "",
    markers: bool = False,
) -> Markup:
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
    return figure(svg, description)


def _draw(
    x: np.ndarray,
    lines: tuple[tuple[str, np.ndarray], ...],
    xlabel: str,
    ylabel: str,
    description: str,
    log: str,
    markers: bool,
) -> Markup:
    # Here, because a build that finds all its pictures does not need it.
    with needs_extra():
        import matplotlib
        from matplotlib.figure import Figure

    with matplotlib.rc_context(_style(description)):
        drawn = Figure(figsize=(4.4, 2.9), layout="constrained")
        axes = drawn.add_subplot()
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
            drawn.legend(loc="outside upper center", ncols=max(1, columns))
        return _svg(drawn, f"{ylabel} against {xlabel}")


# A picture takes matplotlib a sixth of a second, and is the same for the same numbers.
_drawn = cached(_draw, logging.DEBUG)


def _style(salt: str) -> dict[Any, Any]:
    """The look of all plots; the same salt gives the same bytes in every build.

    Its keys are those that matplotlib lists in a type of its own.
    """
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


def _svg(drawn: "Figure", label: str) -> Markup:
    file = io.StringIO()
    drawn.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :].replace(_INK, "currentColor")
    for number, colour in enumerate(_SERIES, start=1):
        svg = svg.replace(colour, f"var(--curve-{number})")
    begin = Markup('<svg role="img" aria-label="{}"').format(label)
    return Markup(_without_idle_ids(svg)).replace("<svg", begin, 1)


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
) -> Markup:
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
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert size  # matplotlib has written it
    width, height = map(float, size.groups())
    left, bottom, right, top = _PLACE
    from_left, to_right = left * width, right * width
    from_bottom, to_top = (1 - bottom) * height, (1 - top) * height
    axes = {
        "x": {"pixels": [from_left, to_right], "limits": x[1:3], "log": x.log},
        "y": {"pixels": [from_bottom, to_top], "limits": y[1:3], "log": y.log},
    }
    curve = Markup('<path data-line="{}" {}/>')
    dot = Markup('<circle class="plot-dot" data-dot="{}" r="4.5" style="fill: var({})"/>')
    drawn = Markup(
        '<clipPath id="inside-{name}"><rect x="{x}" y="{y}" width="{width}" height="{height}"/>'
        '</clipPath><g clip-path="url(#inside-{name})">{curves}</g>{dots}</svg>'
    ).format(
        name=name,
        x=from_left,
        y=to_top,
        width=to_right - from_left,
        height=from_bottom - to_top,
        curves=Markup().join(curve.format(line, stroke(look)) for line, look in lines.items()),
        dots=Markup().join(map(dot.format, dots, dots.values())),
    )
    begin = Markup('<svg data-plot="{}" data-axes="{}"').format(name, json.dumps(axes))
    return svg.replace("<svg", begin, 1).replace("</svg>", drawn)


def stroke(look: str) -> Markup:
    """Write how a curve is drawn as attributes of its path.

    Args:
        look: a colour, and perhaps a word after it, as in `frame`.

    Returns:
        Attributes of SVG.
    """
    colour, *kind = look.split()
    return Markup('class="{}" style="stroke: var({})"').format(
        " ".join(["plot-line", *kind]), colour
    )


# Left, bottom, right and top of the axes, as shares of the picture.
_PLACE = (0.14, 0.17, 0.97, 0.96)


def _frame(name: str, x: Axis, y: Axis) -> Markup:
    with needs_extra():
        import matplotlib
        from matplotlib.figure import Figure

    with matplotlib.rc_context(_style(name)):
        drawn = Figure(figsize=(4.4, 2.7))
        left, bottom, right, top = _PLACE
        axes = drawn.add_axes((left, bottom, right - left, top - bottom))
        axes.set(xlabel=x.label, ylabel=y.label)
        axes.set(xscale="log" if x.log else "linear", yscale="log" if y.log else "linear")
        axes.set(xlim=x[1:3], ylim=y[1:3])
        return _svg(drawn, f"{y.label} against {x.label}")


_framed = cached(_frame, logging.DEBUG)


def unrolled(steps: int = 3) -> Markup:
    """Draw a recurrent cell as a loop, and unrolled into a chain: the same cell at every step.

    Args:
        steps: how many steps of the chain to draw.

    Returns:
        HTML: a figure with an SVG.
    """
    chain = [_cell(160 + 90 * t, f"{t}", first=t == 1) for t in range(1, steps + 1)]
    svg = Markup(
        '<svg role="img" aria-label="One cell with a loop equals a chain of {steps} cells" '
        'viewBox="0 0 {width} 150" fill="none" stroke="currentColor" stroke-width="1.5">'
        "{parts}</svg>"
    ).format(
        steps=steps,
        width=160 + 90 * steps + 72,
        parts=Markup().join(
            (
                arrow_tip("tip"),
                _cell(58, "t", out=False),
                # The loop leaves the cell on the right, and comes back into it on the left.
                arrow("M82 75 h16 v-42 h-74 v42 h10"),
                text(58, 22, "h", "t", "state"),
                text(140, 80, "="),
                *chain,
            )
        ),
    )
    return figure(
        svg,
        "On the left the cell as a loop: its state goes back into it. On the right the same loop, "
        "unrolled over time. Every box has the same weights; what travels along the arrows between "
        "them is the state.",
    )


def _cell(x: int, time: str, first: bool = False, out: bool = True) -> Markup:
    """A box around (x, 75) with its input from below and, in a chain, its state to the right."""
    parts = [
        Markup('<rect x="{}" y="58" width="48" height="34" rx="5"/>').format(x - 24),
        text(x, 80, "RNN"),
        arrow(f"M{x} 124 V94"),
        text(x, 142, "X", time, "input"),
    ]
    if first:
        parts += [arrow(f"M{x - 62} 75 H{x - 26}"), text(x - 48, 66, "h", "0", "state")]
    if out:
        parts += [arrow(f"M{x + 24} 75 H{x + 64}"), text(x + 44, 66, "h", time, "state")]
    return Markup().join(parts)


def there_and_back() -> Markup:
    """Draw two steps of a recurrent network, forward to the loss and backward from it.

    Returns:
        HTML: a figure with an SVG.
    """
    boxes = [_box(90, "RNN", "1"), _box(230, "RNN", "2"), _box(370, "loss")]
    forward = [
        text(150, 48, "h", "1", "state") + arrow("M116 64 H202"),
        text(290, 48, "h", "2", "state") + arrow("M256 64 H342"),
    ]
    back = [
        text(160, 118, "∂L/∂h", "1", "output") + arrow("M204 92 H118"),
        text(300, 118, "∂L/∂h", "2", "output") + arrow("M344 92 H258"),
    ]
    start = text(24, 60, "h", "0", "state") + arrow("M36 64 H62")
    svg = Markup(
        '<svg role="img" aria-label="Two steps forward to the loss, and two steps back" '
        'viewBox="0 0 420 180" fill="none" stroke="currentColor" stroke-width="1.5">{}{}'
        '<g stroke-dasharray="5 3">{}</g></svg>'
    ).format(arrow_tip("tip"), Markup().join([start, *boxes, *forward]), Markup().join(back))
    return figure(
        svg,
        "Forward, the states go to the right, and the loss is at the end. Backward, the gradients "
        "go the same way to the left. Both boxes have the same weights.",
    )


def _box(x: int, name: str, time: str = "") -> Markup:
    """A box around (x, 78), with an input from below where it is a step of a network."""
    box = Markup('<rect x="{}" y="50" width="52" height="56" rx="5"/>').format(x - 26)
    if not time:
        return box + text(x, 83, name)
    return box + text(x, 83, name) + arrow(f"M{x} 146 V108") + text(x, 164, "X", time, "input")


def text(x: int, y: int, words: str, index: str = "", role: str = "") -> Markup:
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
    small = Markup('<tspan dy="4" font-size="10">{}</tspan>').format(index) if index else ""
    return Markup(
        '<text x="{}" y="{}" text-anchor="middle" font-size="14" fill="{}" stroke="none">'
        "{}{}</text>"
    ).format(x, y, f"var(--{role})" if role else "currentColor", words, small)
