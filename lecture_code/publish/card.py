"""The equation card: each line of an equation beside the line of code that computes it."""

import re
from collections.abc import Callable, Sequence

from markupsafe import Markup

from lecture_code.course.notation import Quantity
from lecture_code.course.sections import SECTIONS
from lecture_code.equations import to_mathml_marked
from lecture_code.equations.mathml import attributes
from lecture_code.evidence.measure import Evidence, evidence
from lecture_code.pairing.functions import Line, pair_lines, source_of
from lecture_code.pairing.words import in_words
from lecture_code.publish.diagram import diagram
from lecture_code.publish.elements import figure
from lecture_code.publish.marks import marks
from lecture_code.support.extras import needs_extra

with needs_extra():
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer
    from pygments.token import STANDARD_TYPES, Token

HINT = "Point at a symbol, tap it, or reach it with Tab and the arrow keys."
ROLES = ("input", "state", "gate", "candidate", "output", "weight")


def card(function: Callable, title: str, root: str = "../../", picture: bool = False) -> Markup:
    """Make the equation card of a function, with its evidence measured now.

    Args:
        function: a lecture function with an equation in its docstring.
        title: the card's heading.
        root: the way from the page to the site's root.
        picture: whether to draw the data flow below the lines.

    Returns:
        HTML.

    Raises:
        MismatchError: if the code does not follow the equation line for line.
        EvidenceError: if a measured distance is above its tolerance.
    """
    lines, path = pair_lines(function), f"{function.__module__}.{function.__name__}"
    measured = evidence(
        function
    )  # before anything is drawn: a difference is the first thing to say
    return Markup(
        '<section class="card" aria-label="Equation and code: {title}">'
        '<header class="card-head"><strong>{title}</strong>'
        '<a href="{root}reference/{reference}/#{path}"><code>{name}</code></a></header>'
        '<ol class="card-lines">{lines}</ol>{picture}'
        '<div class="card-meaning"><span class="card-hint">{hint}</span>'
        '<span class="card-says" aria-live="polite"></span>{roles}</div>'
        '<ul class="card-evidence" aria-label="Measured while this page was built">{items}</ul>'
        "<details><summary>In words</summary><ol>{words}</ol></details>"
        "<details><summary>The whole function</summary>{listing}</details></section>"
    ).format(
        reference=_reference(function),
        title=title,
        root=root,
        path=path,
        name=breakable(path),
        lines=Markup().join(map(_line, lines)),
        picture=figure(diagram(function), kind="card-picture") if picture else "",
        hint=HINT,
        roles=_roles(lines),
        items=Markup().join(map(_item, measured)),
        words=Markup().join(map(_sentence, lines)),
        listing=listing(function),
    )


def _reference(function: Callable) -> str:
    """The page of the reference that shows a function's module."""
    stem = function.__module__.rpartition(".")[2]
    return next((one.reference for one in SECTIONS if one.stem == stem), "lecture")


def breakable(name: str) -> Markup:
    """Let a long name be broken where its words end.

    Args:
        name: a name of Python, or of a file.

    Returns:
        HTML.
    """
    return Markup("<wbr>").join(re.split(r"(?<=[._])(?=[^._])", name))


def number(value: float) -> str:
    """Write a difference: two digits, and 0 as what it is.

    Args:
        value: a number of any size.

    Returns:
        For example `2.2e-16`, `0.21`, or `0` where nothing differs.
    """
    if value == 0:
        return "0"
    return f"{value:#.2g}" if value >= 1e-3 else f"{value:.1e}"


def _line(line: Line) -> Markup:
    mathml = to_mathml_marked(line.equation, lambda symbol: _reached(line.quantities[symbol.name]))
    return Markup(
        '<li class="card-line"><div class="card-equation">{}</div>'
        '<div class="card-code highlight"><code>{}</code></div></li>'
    ).format(mathml, _code(line))


def _code(line: Line) -> Markup:
    by_variable = {row.variable: row for row in line.quantities.values()}
    parts = []
    for kind, text in PythonLexer(ensurenl=False).get_tokens(line.code):
        if text in by_variable:
            values = _reached(by_variable[text])
        elif kind in Token.Text or not STANDARD_TYPES[kind]:
            values = {}
        else:
            values = {"class": STANDARD_TYPES[kind]}
        parts.append(
            Markup("<span{}>{}</span>").format(attributes(values), text) if values else text
        )
    return Markup().join(parts)


def _reached(found: Quantity) -> dict[str, str]:
    """The marks of what the arrow keys reach."""
    return {**marks(found), "tabindex": "-1"}


def _roles(lines: Sequence[Line]) -> Markup:
    """The colours of the card and what they stand for."""
    present = {row.role for line in lines for row in line.quantities.values()}
    entries = Markup().join(
        Markup('<li data-role="{role}">{role}</li>').format(role=role)
        for role in ROLES
        if role in present
    )
    return Markup('<ul class="card-roles" aria-label="Colours">{}</ul>').format(entries)


def _sentence(line: Line) -> Markup:
    return Markup("<li>{}</li>").format(in_words(line.equation, line.quantities))


def _item(item: Evidence) -> Markup:
    kind, sign, word = ("agrees", "✓", "with") if item.agrees else ("differs", "≠", "from")
    return Markup(
        '<li class="{kind}">'
        '<span class="card-sign" role="img" aria-label="{kind} {word}">{sign}</span> '
        "{name} <strong>{value}</strong>{dtype}{note}</li>"
    ).format(
        kind=kind,
        word=word,
        sign=sign,
        name=item.name,
        value="exactly" if item.error == 0 else number(item.error),
        dtype=Markup(" <small>float32</small>") if item.dtype == "float32" else "",
        note=Markup(" <span>{}</span>").format(item.note) if item.note else "",
    )


def listing(*functions: Callable) -> Markup:
    """Show the code of functions, as it stands in the package and as it runs on the page.

    Args:
        *functions: functions of the package, of one module.

    Returns:
        HTML: where they stand, and their code without docstrings.
    """
    module = functions[0].__module__.replace(".", "/")
    source = "\n\n\n".join(map(source_of, functions))
    code = highlight(source, PythonLexer(), HtmlFormatter(cssclass="highlight", wrapcode=True))
    return Markup('<p class="listing">From <code>{}.py</code>:</p>{}').format(module, Markup(code))
