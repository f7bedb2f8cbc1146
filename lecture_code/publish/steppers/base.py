"""What all steppers share: a small interactive figure, and the plain one in its place.

A stepper is a custom element. Python writes all of its HTML while the page is built, with the first
position in place, so nothing moves when the script starts; the script then fills in numbers. Where
scripts are off, and on paper, the plain figure stands there instead: all steps at once.
"""

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lecture_code.publish.figures import stroke


def stepper(
    name: str,
    title: str,
    data: Mapping[str, Any],
    *,
    stage: str,
    controls: str,
    plain: str,
    controls_first: bool = False,
    root: str = "../../",
) -> str:
    """Put a stepper together.

    Args:
        name: the name of its script in `docs/assets/steppers/`, and of its element after
            `lecture-`.
        title: its heading.
        data: what the script is fed with: numbers, words, arrays, and lists or dictionaries of
            them.
        stage: HTML of what moves, as it looks before the first move.
        controls: HTML from `slider`, `choice`, `switch` and `steps`.
        plain: HTML of the figure that says the same without a script, and on paper.
        controls_first: whether the controls stand above the stage, because it has more of them.
        root: the way from the page to the site's root.

    Returns:
        HTML.
    """
    # A script element ends at the first "</script", wherever that stands.
    numbers = json.dumps(data, default=_plain).replace("<", "\\u003c")
    folder, words = f"{root}assets/steppers", html.escape(title)
    controls = f'<div class="stepper-controls">{controls}</div>'
    above, below = (controls, "") if controls_first else ("", controls)
    return (
        f'<link rel="stylesheet" href="{folder}/stepper.css">'
        f'<section class="stepper" aria-label="Try it: {words}">'
        f'<header class="stepper-head"><strong>{words}</strong></header>'
        f"<lecture-{name}>"
        f'<script type="application/json">{numbers}</script>'
        f'<div class="stepper-live">{above}<div class="stepper-stage">{stage}</div>'
        f'<p class="stepper-says" role="status"></p>{below}</div></lecture-{name}>'
        f'<div class="stepper-plain">{plain}</div></section>'
        f'<script type="module" src="{folder}/{name}.js"></script>'
    )


def slider(
    name: str,
    label: str,
    low: float,
    high: float,
    start: float,
    *,
    step: float = 1,
    says: str = "",
) -> str:
    """A number that a reader sets.

    Args:
        name: what the script calls it.
        label: what it is, with its unit.
        low: its least value.
        high: its largest value.
        start: where it stands at first.
        step: how far apart two values are.
        says: what stands beside it at first, if that is not the number.

    Returns:
        HTML.
    """
    return (
        f'<label class="stepper-control"><span>{label}</span>'
        f'<input type="range" name="{name}" min="{low}" max="{high}" step="{step}" '
        f'value="{start}" autocomplete="off"><output>{says or start}</output></label>'
    )


def steps(name: str, label: str, count: int) -> str:
    """A slider over steps, with buttons that go back, forth, and through all of them.

    Args:
        name: what the script calls it.
        label: what a step is.
        count: how many steps there are; they count from 1.

    Returns:
        HTML.
    """
    buttons = "".join(
        f'<button type="button" data-{does}="{name}" aria-label="{says}">{sign}</button>'
        for does, says, sign in (
            ("back", "Step back", "‹"),
            ("play", "Play", "▶"),
            ("next", "Next step", "›"),
        )
    )
    return f'<div class="stepper-steps">{buttons}{slider(name, label, 1, count, 1)}</div>'


def choice(name: str, label: str, options: Mapping[str, str] | Sequence[str]) -> str:
    """One of several things, of which the first is chosen at first.

    Args:
        name: what the script calls it.
        label: what is chosen.
        options: words by the value that the script gets, or words that are the values.

    Returns:
        HTML.
    """
    if not isinstance(options, Mapping):
        options = {option: option for option in options}
    chosen = "".join(
        f'<option value="{html.escape(value)}">{html.escape(words)}</option>'
        for value, words in options.items()
    )
    return (
        f'<label class="stepper-control"><span>{label}</span>'
        f'<select name="{name}" autocomplete="off">{chosen}</select></label>'
    )


def switch(name: str, label: str) -> str:
    """Something that is off, and can be switched on.

    Args:
        name: what the script calls it.
        label: what is so when it is on.

    Returns:
        HTML.
    """
    return (
        '<label class="stepper-control stepper-switch">'
        f'<input type="checkbox" name="{name}" autocomplete="off"><span>{label}</span></label>'
    )


def turns(parts: Mapping[str, str]) -> str:
    """Parts that stand in one place in turn, of which the first is seen at first.

    Args:
        parts: HTML of each part, by the name with which the script shows it.

    Returns:
        HTML.
    """
    return "".join(
        f'<div class="stepper-turn" data-turn="{html.escape(name)}"{" hidden" * bool(place)}>'
        f"{part}</div>"
        for place, (name, part) in enumerate(parts.items())
    )


def legend(lines: Mapping[str, str]) -> str:
    """What the curves of a plot are.

    Args:
        lines: how a curve is drawn, as `frame` has it, by what it is.

    Returns:
        HTML.
    """
    chips = "".join(
        f'<li><svg viewBox="0 0 26 8" aria-hidden="true">'
        f'<path d="{_sample(look)}" {stroke(look)}/></svg>{words}</li>'
        for words, look in lines.items()
    )
    return f'<ul class="stepper-legend">{chips}</ul>'


def _sample(look: str) -> str:
    return "M4 4h0M13 4h0M22 4h0" if look.endswith("points") else "M1 4H25"


def _plain(value: Any) -> Any:
    """An array as lists of Python's numbers, each with all of its digits."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"data: expected numbers, words and arrays, got {type(value).__name__}")
