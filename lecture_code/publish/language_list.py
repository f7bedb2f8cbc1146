"""What the equations can say, as lists: each row is evaluated, and compared with numpy."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from markupsafe import Markup

from lecture_code.equations import EquationSyntaxError, canonical, evaluate, parse, to_mathml
from lecture_code.evidence.measure import EvidenceError
from lecture_code.publish.language_rows import GIVEN, REFUSED, ROWS, Refusal, Row
from lecture_code.publish.tables import inline


class Read(NamedTuple):
    """A row that was evaluated.

    Attributes:
        row: the row.
        lines: the LaTeX of each line.
        given: the values that it has, by their LaTeX, as Python has them.
        results: what came out, by the LaTeX of the left.
        arrays: all values, by the names that numpy's code has for them.
    """

    row: Row
    lines: tuple[str, ...]
    given: Mapping[str, str]
    results: Mapping[str, Any]
    arrays: Mapping[str, Any]


def language_list(part: str) -> Markup:
    """The rows of a part of the page, each evaluated and compared with numpy's value.

    Args:
        part: a key of `ROWS`.

    Returns:
        HTML.

    Raises:
        EvidenceError: if a row, or another way to write it, has not the value that numpy has.
    """
    return _list(_item(_formula(one.lines, one.row), _says(one)) for one in map(read, ROWS[part]))


def refused_list() -> Markup:
    """What is refused, each with the message that was raised just now, and with what works.

    Returns:
        HTML.

    Raises:
        EvidenceError: if something has a value, or another error than it should.
    """
    return _list(_item(_formula((one.latex,)), _refused(one, raised(one))) for one in REFUSED)


# WHAT COMES OUT


@cache
def _known(latex: str, given: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The values that lines need, by LaTeX: those of their own, and of `GIVEN` what they use."""
    own = dict(given)
    names = [canonical(key) for key in (*GIVEN, *own)]
    used: set[str] = set()
    defined: set[str] = set()
    for line in parse(latex, names=names):
        sides = (line.right, *line.others)
        used |= {symbol.name for side in sides for symbol in side.symbols} - defined
        defined |= {symbol.name for symbol in line.left}
        defined |= {part.name for symbol in line.left for part in getattr(symbol, "arguments", ())}
    taken = {canonical(key) for key in own}
    shared = {name: GIVEN[name] for name in GIVEN if name in used - taken}
    return shared | own


def read(row: Row) -> Read:
    """Evaluate a row, and compare it with numpy.

    Args:
        row: the row.

    Returns:
        The row with its values.

    Raises:
        EvidenceError: if it has not the value that numpy has, in each way to write it.
    """
    given = _known(row.latex, tuple(row.given.items()))
    values = {key: python(source) for key, source in given.items()}
    arrays = {identifier(key): value for key, value in values.items()}
    expected = python(row.numpy, arrays)
    results = evaluate(row.latex, values, row.roles)
    _compare(row.latex, results, expected)
    for latex, keys in spelled(row, given):
        _compare(latex, evaluate(latex, {k: values[old] for k, old in keys}, row.roles), expected)
    lines = tuple(line.latex for line in parse(row.latex, row.roles, map(canonical, given)))
    made = {identifier(key): value for key, value in results.items() if not callable(value)}
    return Read(row, lines, given, results, arrays | made)


def spelled(row: Row, given: Mapping[str, str]) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """The other ways to write a row.

    Args:
        row: the row.
        given: its values.

    Yields:
        The LaTeX, and the keys of its values there with those that they have in the row.
    """
    if not row.also:
        return
    old, *others = row.also
    if old not in row.latex:
        raise EvidenceError(f"{row.latex}: there is no {old} in it")
    for new in others:
        yield row.latex.replace(old, new), [(key.replace(old, new), key) for key in given]


def identifier(latex: str) -> str:
    r"""A symbol's name in numpy's code.

    Args:
        latex: the symbol, such as `\hat{y}_t`.

    Returns:
        Its canonical name without what Python does not take, such as `hat_y_t`.
    """
    return re.sub(r"[\W_]+", "_", canonical(latex)).strip("_")


def python(source: str, names: Mapping[str, Any] | None = None) -> Any:
    """What a row has as Python: a value, or numpy's way to the result.

    Args:
        source: an expression.
        names: the values of its names.

    Returns:
        An array of floats for a list, and anything else as it is.
    """
    found = eval(source, {"np": np, **(names or {})})
    return np.array(found, dtype="float64") if isinstance(found, list) else found


def _compare(latex: str, results: Mapping[str, Any], expected: Any) -> None:
    wanted = expected if isinstance(expected, tuple) else (expected,)
    found = list(results.values())[-len(wanted) :]
    for value, right in zip(found, wanted, strict=True):
        if np.shape(value) != np.shape(right):
            raise EvidenceError(f"{latex}: shape {np.shape(value)}, and of numpy {np.shape(right)}")
        if not np.max(np.abs(np.subtract(value, right)), initial=0) <= 1e-12:
            raise EvidenceError(f"{latex} is {value}, and of numpy {right}")


def raised(refusal: Refusal) -> Exception:
    """What is raised where an equation is refused.

    Args:
        refusal: the equation, and what it is refused for.

    Returns:
        The error.

    Raises:
        EvidenceError: if there is none, or another one.
    """
    try:
        given = _known(refusal.latex, tuple(refusal.given.items()))
    except EquationSyntaxError:
        given = {**GIVEN, **refusal.given}
    values = {key: python(source) for key, source in given.items()}
    try:
        found = evaluate(refusal.latex, values, refusal.roles)
    except Exception as error:
        if type(error) is refusal.error and refusal.says in str(error):
            return error
        raise EvidenceError(
            f"{refusal.latex}: expected {refusal.error.__name__} with `{refusal.says}`, got "
            f"{type(error).__name__}: {error}"
        ) from error
    raise EvidenceError(f"{refusal.latex}: is not refused, but has the value {found}")


# HOW IT IS SHOWN


def _list(items: Iterable[Markup]) -> Markup:
    return Markup('<ul class="reads" role="list">{}</ul>').format(Markup().join(items))


_item = Markup(
    '<li><div class="reads-formula">{}</div><div class="reads-says">{}</div></li>'
).format
_code = Markup("<code>{}</code>").format


def _formula(lines: Iterable[str], row: Row | None = None) -> Markup:
    """What a reader sees in a text, and its source."""
    shown = Markup().join(
        Markup('<div class="equation">{}</div>').format(to_mathml(line)) for line in lines
    )
    source = row.latex if row else "".join(lines)
    also = Markup()
    if row and len(row.also) > 1:
        old, *others = row.also
        also = Markup("<p>in place of {} also {}</p>").format(
            _code(old.strip()), Markup(" ").join(_code(other.strip()) for other in others)
        )
    return Markup('{}<code class="reads-source">{}</code>{}').format(shown, source, also)


def _says(one: Read) -> Markup:
    meaning = Markup("<p>{}</p>").format(_words(one.row.means)) if one.row.means else ""
    drawn = Markup()
    if one.row.drawn:
        drawn = Markup('<div class="equation">{}</div>').format(to_mathml(_drawn(one)))
    return Markup('<div class="reads-row"><div>{}{}</div>{}</div>').format(
        meaning, drawn, _values(one)
    )


def _values(one: Read) -> Markup:
    """What goes in, what comes out, and the same in numpy."""
    results = [
        _code(f"{key} {shown(value)}") for key, value in one.results.items() if not callable(value)
    ]
    facts = _inputs(one.given, one.row.roles) | {
        "gives": Markup(" ").join(Markup("<strong>{}</strong>").format(one) for one in results),
        "numpy": _code(one.row.numpy),
    }
    return _facts(facts)


def _inputs(given: Mapping[str, str], roles: Mapping[str, str]) -> dict[str, Markup]:
    values = [_code(f"{key} = {source}") for key, source in given.items()]
    return {
        "with": Markup(" ").join(values),
        "roles": _code(_roles(roles)) if roles else Markup(),
    }


def _facts(facts: Mapping[str, Markup]) -> Markup:
    return Markup('<dl class="reads-values">{}</dl>').format(
        Markup().join(
            Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, fact)
            for name, fact in facts.items()
            if fact
        )
    )


def _refused(refusal: Refusal, error: Exception) -> Markup:
    message, *picture = str(error).split("\n")
    parts = [
        Markup("<p>{}</p>").format(_words(refusal.because)),
        Markup('<p class="reads-error"><code><strong>{}</strong>: {}</code></p>').format(
            type(error).__name__, message
        ),
    ]
    if picture:
        parts.append(
            Markup('<pre class="equation">{}</pre>').format(
                "\n".join(line.removeprefix("    ") for line in picture)
            )
        )
    if refusal.given or refusal.roles:
        parts.insert(1, _facts(_inputs(refusal.given, refusal.roles)))
    if refusal.instead:
        one = read(refusal.instead)
        parts += [Markup("<p>{}</p>").format(_advice(refusal, one.row)), _values(one)]
    return Markup().join(parts)


def _advice(refusal: Refusal, row: Row) -> Markup:
    if row.latex != refusal.latex:
        return Markup("Write instead: {}").format(_code(row.latex))
    return Markup("Say what they hold:" if row.roles else "Give it as a value:")


def _roles(roles: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'"{symbol}": "{role}"' for symbol, role in roles.items()) + "}"


def _words(text: str) -> Markup:
    """A text with mathematics between dollar signs and code between backticks."""
    parts = text.split("`")
    return Markup().join(_code(part) if n % 2 else inline(part) for n, part in enumerate(parts))


def _drawn(one: Read) -> str:
    """The arrays of a row as LaTeX lays them out; a vector is a line, or with a | a column."""

    def laid_out(found: re.Match) -> str:
        value = np.asarray(one.arrays[found[1]])
        if not value.ndim:
            return written(value)
        lines = value[:, None] if found[2] else np.atleast_2d(value)
        entries = r" \\ ".join(" & ".join(map(written, line)) for line in lines)
        return rf"\begin{{pmatrix}} {entries} \end{{pmatrix}}"

    return re.sub(r"<(\w+)(\|?)>", laid_out, one.row.drawn)


def shown(value: Any) -> str:
    """A result, behind the sign that says whether all of its digits are shown.

    Args:
        value: an array or a number.

    Returns:
        For example `= [17, 39]`, or `≈ 0.6667`.
    """
    array = np.asarray(value, dtype="float64")
    rounded = np.vectorize(lambda one: float(written(one)))(array)
    # What rounding in the last digits has left is none of the result's.
    sign = "=" if np.allclose(rounded, array, rtol=1e-12, atol=1e-12) else "≈"
    return f"{sign} {_nested(array)}"


def _nested(array: np.ndarray) -> str:
    if not array.ndim:
        return written(array)
    return f"[{', '.join(map(_nested, array))}]"


def written(number: Any) -> str:
    """A number with four digits, and without those that say nothing.

    Args:
        number: a number.

    Returns:
        For example `17`, `0.5` or `0.6667`.
    """
    return f"{float(number) + 0.0:.4g}"
