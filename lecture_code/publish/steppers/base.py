"""What all steppers share: a small interactive figure, and the plain one in its place.

A stepper is a custom element. Python writes all of its HTML while the page is built, with the first
position in place, so nothing moves when the script starts; the script then fills in numbers. Where
scripts are off, and on paper, the plain figure stands there instead: all steps at once.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

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
) -> Markup:
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
    controls = Markup('<div class="stepper-controls">{}</div>').format(controls)
    above, below = (controls, "") if controls_first else ("", controls)
    return Markup(
        '<link rel="stylesheet" href="{folder}/stepper.css">'
        '<section class="stepper" aria-label="Try it: {title}">'
        '<header class="stepper-head"><strong>{title}</strong></header>'
        "<lecture-{name}>"
        '<script type="application/json">{numbers}</script>'
        '<div class="stepper-live">{above}<div class="stepper-stage">{stage}</div>'
        '<p class="stepper-says" role="status"></p>{below}</div></lecture-{name}>'
        '<div class="stepper-plain">{plain}</div></section>'
        '<script type="module" src="{folder}/{name}.js"></script>'
    ).format(
        folder=f"{root}assets/steppers",
        title=title,
        name=name,
        numbers=Markup(numbers),
        above=above,
        stage=stage,
        below=below,
        plain=plain,
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
) -> Markup:
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
    return Markup(
        '<label class="stepper-control"><span>{label}</span>'
        '<input type="range" name="{name}" min="{low}" max="{high}" step="{step}" '
        'value="{start}" autocomplete="off"><output>{says}</output></label>'
    ).format(label=label, name=name, low=low, high=high, step=step, start=start, says=says or start)


def steps(name: str, label: str, count: int) -> Markup:
    """A slider over steps, with buttons that go back, forth, and through all of them.

    Args:
        name: what the script calls it.
        label: what a step is.
        count: how many steps there are; they count from 1.

    Returns:
        HTML.
    """
    button = Markup('<button type="button" data-{}="{}" aria-label="{}">{}</button>')
    return Markup('<div class="stepper-steps">{}{}{}{}</div>').format(
        button.format("back", name, "Step back", "‹"),
        button.format("play", name, "Play", "▶"),
        button.format("next", name, "Next step", "›"),
        slider(name, label, 1, count, 1),
    )


def choice(name: str, label: str, options: Mapping[str, str] | Sequence[str]) -> Markup:
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
    option = Markup('<option value="{}">{}</option>').format
    return Markup(
        '<label class="stepper-control"><span>{}</span>'
        '<select name="{}" autocomplete="off">{}</select></label>'
    ).format(label, name, Markup().join(map(option, options, options.values())))


def switch(name: str, label: str) -> Markup:
    """Something that is off, and can be switched on.

    Args:
        name: what the script calls it.
        label: what is so when it is on.

    Returns:
        HTML.
    """
    return Markup(
        '<label class="stepper-control stepper-switch">'
        '<input type="checkbox" name="{}" autocomplete="off"><span>{}</span></label>'
    ).format(name, label)


def turns(parts: Mapping[str, str]) -> Markup:
    """Parts that stand in one place in turn, of which the first is seen at first.

    Args:
        parts: HTML of each part, by the name with which the script shows it.

    Returns:
        HTML.
    """
    return Markup().join(
        Markup('<div class="stepper-turn" data-turn="{}"{}>{}</div>').format(
            name, " hidden" * bool(place), part
        )
        for place, (name, part) in enumerate(parts.items())
    )


def legend(lines: Mapping[str, str]) -> Markup:
    """What the curves of a plot are.

    Args:
        lines: how a curve is drawn, as `frame` has it, by what it is.

    Returns:
        HTML.
    """
    chips = Markup().join(
        Markup(
            '<li><svg viewBox="0 0 26 8" aria-hidden="true"><path d="{}" {}/></svg>{}</li>'
        ).format(_sample(look), stroke(look), words)
        for words, look in lines.items()
    )
    return Markup('<ul class="stepper-legend">{}</ul>').format(chips)


def _sample(look: str) -> str:
    return "M4 4h0M13 4h0M22 4h0" if look.endswith("points") else "M1 4H25"


def _plain(value: Any) -> Any:
    """An array as lists of Python's numbers, each with all of its digits."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"data: expected numbers, words and arrays, got {type(value).__name__}")
