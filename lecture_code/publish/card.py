"""The equation card: each line of an equation beside the line of code that computes it."""

import html
import inspect
import re
from collections.abc import Callable, Sequence

from lecture_code.course.notation import Quantity
from lecture_code.equations import to_mathml_marked
from lecture_code.evidence.measure import Evidence, evidence
from lecture_code.pairing.functions import Line, pair_lines, source_of
from lecture_code.pairing.words import in_words
from lecture_code.publish.diagram import diagram
from lecture_code.publish.marks import attributes, marks
from lecture_code.support.extras import needs_extra

with needs_extra():
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer
    from pygments.token import STANDARD_TYPES, Token

HINT = "Point at a symbol, tap it, or reach it with Tab and the arrow keys."
ROLES = ("input", "state", "gate", "candidate", "output", "weight")


def card(function: Callable, title: str, root: str = "../../", picture: bool = False) -> str:
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
    rows = "".join(f'<li class="card-line">{_equation(line)}{_code(line)}</li>' for line in lines)
    return (
        f'<section class="card" aria-label="Equation and code: {html.escape(title)}">'
        f'<header class="card-head"><strong>{html.escape(title)}</strong>'
        f'<a href="{root}reference/lecture/#{path}"><code>{breakable(path)}</code></a></header>'
        f'<ol class="card-lines">{rows}</ol>'
        f"{_picture(function) if picture else ''}"
        f'<div class="card-meaning"><span class="card-hint">{HINT}</span>'
        f'<span class="card-says" aria-live="polite"></span>{_roles(lines)}</div>'
        f'<ul class="card-evidence" aria-label="Measured while this page was built">'
        f"{''.join(map(_item, measured))}</ul>"
        f"{_words(lines)}"
        f"<details><summary>The whole function</summary>{listing(function)}</details>"
        "</section>"
    )


def breakable(name: str) -> str:
    """Let a long name be broken where its words end.

    Args:
        name: a name of Python, or of a file.

    Returns:
        HTML.
    """
    return re.sub(r"(?<=[._])(?=[^._])", "<wbr>", html.escape(name))


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


def _equation(line: Line) -> str:
    mathml = to_mathml_marked(line.equation, lambda symbol: _reached(line.quantities[symbol.name]))
    return f'<div class="card-equation">{mathml}</div>'


def _code(line: Line) -> str:
    by_variable = {row.variable: row for row in line.quantities.values()}
    parts = []
    for kind, text in PythonLexer(ensurenl=False).get_tokens(line.code):
        escaped = html.escape(text)
        if text in by_variable:
            parts.append(f"<span{attributes(_reached(by_variable[text]))}>{escaped}</span>")
        elif kind in Token.Text or not STANDARD_TYPES[kind]:
            parts.append(escaped)
        else:
            parts.append(f'<span class="{STANDARD_TYPES[kind]}">{escaped}</span>')
    return f'<div class="card-code highlight"><code>{"".join(parts)}</code></div>'


def _reached(found: Quantity) -> dict[str, str]:
    """The marks of what the arrow keys reach."""
    return {**marks(found), "tabindex": "-1"}


def _picture(function: Callable) -> str:
    return f'<figure class="card-picture">{diagram(function)}</figure>'


def _roles(lines: Sequence[Line]) -> str:
    """The colours of the card and what they stand for."""
    present = {row.role for line in lines for row in line.quantities.values()}
    entries = "".join(f'<li data-role="{role}">{role}</li>' for role in ROLES if role in present)
    return f'<ul class="card-roles" aria-label="Colours">{entries}</ul>'


def _words(lines: Sequence[Line]) -> str:
    said = "".join(f"<li>{in_words(line.equation, line.quantities)}</li>" for line in lines)
    return f"<details><summary>In words</summary><ol>{said}</ol></details>"


def _item(item: Evidence) -> str:
    sign, word = ("✓", "agrees with") if item.agrees else ("≠", "differs from")
    value = "exactly" if item.error == 0 else number(item.error)
    note = f" <span>{html.escape(item.note)}</span>" if item.note else ""
    return (
        f'<li class="{"agrees" if item.agrees else "differs"}">'
        f'<span class="card-sign" role="img" aria-label="{word}">{sign}</span> '
        f"{html.escape(item.name)} <strong>{value}</strong>"
        f"{' <small>float32</small>' if item.dtype == 'float32' else ''}{note}</li>"
    )


def listing(*functions: Callable) -> str:
    """Show the code of functions, as it stands in the package and as it runs on the page.

    Args:
        *functions: functions of the package, of one module.

    Returns:
        HTML: where they stand, and their code without docstrings.
    """
    module = inspect.getmodule(functions[0]).__name__.replace(".", "/")
    source = "\n\n\n".join(map(source_of, functions))
    code = highlight(source, PythonLexer(), HtmlFormatter(cssclass="highlight", wrapcode=True))
    return f'<p class="listing">From <code>{module}.py</code>:</p>{code}'
