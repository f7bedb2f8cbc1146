"""Weights of one convention as another one has them, or the reason why it has no place for them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from markupsafe import Markup

from lecture_code.core.ops import Array
from lecture_code.course.cells import Cell
from lecture_code.frameworks.convert import ConversionError, convert, draw
from lecture_code.frameworks.table import CONVENTIONS
from lecture_code.publish.conventions import refusal
from lecture_code.publish.elements import table_row
from lecture_code.publish.steppers.base import choice, stepper

INPUT, HIDDEN = 1, 2
"""The sizes of the cell that is converted."""


def rosetta_stepper(
    cell: Cell, title: str, first: str, second: str, *, root: str = "../"
) -> Markup:
    """Every convention of a cell turned into every other, with small round numbers.

    Args:
        cell: the lecture's GRU, LSTM or RNN; each has a script in `docs/assets/steppers/`.
        title: its heading.
        first: the convention that is shown at first.
        second: the one that it is turned into at first.
        root: the way from the page to the site's root.

    Returns:
        HTML.
    """
    names = [first, *(name for name in CONVENTIONS[cell.name] if name != first)]
    targets = [second, *(name for name in CONVENTIONS[cell.name] if name != second)]
    titles = {name: CONVENTIONS[cell.name][name].title for name in names}
    weights = {name: round_weights(cell, name) for name in names}
    pairs = {
        source: {target: _pair(cell, weights[source], source, target) for target in names}
        for source in names
    }
    shown = {name: _shown(arrays) for name, arrays in weights.items()}
    return stepper(
        "rosetta" if cell.name == "gru" else f"rosetta-{cell.name}",
        title,
        {"titles": titles, "weights": shown, "pairs": pairs},
        stage=Markup('<div class="rosetta-sides">{}{}</div>').format(
            _side("from", "Given", shown[first]),
            _side("to", "Converted", pairs[first][second].get("to", {})),
        ),
        controls=choice("source", "From", titles)
        + choice("target", "To", {name: titles[name] for name in targets}),
        plain=_plain(titles[first], shown[first], _converted(pairs[first], titles)),
        controls_first=True,
        root=root,
    )


def round_weights(cell: Cell, name: str) -> dict[str, Array]:
    """Weights of a convention that are small round numbers, all of them different.

    Args:
        cell: the lecture's GRU, LSTM or RNN.
        name: the convention.

    Returns:
        Arrays by the owner's names: tenths that count up, for input size 1 and hidden size 2.
    """
    count, weights = 0, {}
    for key, array in draw(name, INPUT, HIDDEN, seed=1, cell=cell.name).items():
        numbers = np.arange(count + 1, count + array.size + 1) / 10
        weights[key], count = numbers.reshape(array.shape), count + array.size
    return weights


def _pair(cell: Cell, weights: Mapping[str, Array], source: str, target: str) -> dict[str, Any]:
    try:
        moved = convert(weights, source, target, cell.name)
    except ConversionError:
        return {"refused": refusal(cell, source, target)}
    arrays = moved._asdict() if hasattr(moved, "_asdict") else moved
    return {"to": _shown(arrays), "note": _note(cell, source, target)}


def _note(cell: Cell, source: str, target: str) -> str:
    """What happens to the numbers beside being put in other places."""
    given, wanted = CONVENTIONS[cell.name][source], CONVENTIONS[cell.name][target]
    said = []
    if given.update != wanted.update:
        gate = cell.gates[cell.mixes]
        said.append(f"The {gate} means the opposite: its weights change their sign.")
    for gate, words in cell.gates.items():
        if more := given.adds(gate) - wanted.adds(gate):
            said.append(
                f"The {words}'s bias changes by {more:+g}, which one of the two adds itself."
            )
    if given.biases and given.biases > wanted.biases:
        said.append("Two biases become their sum.")
    if wanted.biases > given.biases:
        said.append("The second bias is 0.")
    return " ".join(said) or "Every number keeps its value, and finds another place."


def _shown(arrays: Mapping[str, Array]) -> dict[str, dict[str, Any]]:
    """Arrays as rows of numbers: axes of length 1 in front are left out of the picture."""
    return {
        name: {"shape": list(array.shape), "rows": np.reshape(array, (-1, array.shape[-1]))}
        for name, array in arrays.items()
    }


def _side(name: str, words: str, arrays: Mapping[str, Mapping]) -> Markup:
    return Markup(
        '<div class="rosetta-side"><strong>{}</strong>'
        '<div class="rosetta-arrays" data-arrays="{}">{}</div></div>'
    ).format(words, name, _tables(arrays))


def _tables(arrays: Mapping[str, Mapping]) -> Markup:
    return Markup().join(
        Markup(
            '<table class="rosetta-array"><caption><code>{}</code> ({})</caption>'
            "<tbody>{}</tbody></table>"
        ).format(
            name,
            ", ".join(map(str, array["shape"])),
            Markup().join(table_row(map(_number, row)) for row in array["rows"]),
        )
        for name, array in arrays.items()
    )


def _number(value: float) -> str:
    return f"{value + 0.0:.1f}".replace("-", "−")


def _converted(pairs: Mapping[str, Mapping], titles: Mapping[str, str]) -> dict[str, Mapping]:
    return {titles[target]: pair["to"] for target, pair in pairs.items() if "to" in pair}


def _plain(title: str, given: Mapping, converted: Mapping[str, Mapping]) -> Markup:
    """The first convention and everything that it can be turned into."""
    parts = [
        (title, given),
        *((name, arrays) for name, arrays in converted.items() if name != title),
    ]
    return Markup().join(
        Markup(
            '<div class="rosetta-side"><strong>{}</strong>'
            '<div class="rosetta-arrays">{}</div></div>'
        ).format(name, _tables(arrays))
        for name, arrays in parts
    )
