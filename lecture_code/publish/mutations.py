"""What the tests would notice: the counts of the mutations, for the page of the evidence."""

import hashlib
import html
import sys
from collections import Counter
from itertools import groupby

from lecture_code.equations import to_mathml
from lecture_code.evidence.measure import EvidenceError, functions_with_equations
from lecture_code.evidence.mutations.equivalent import EQUIVALENT, Equivalent
from lecture_code.evidence.mutations.survey import Tally, survey
from lecture_code.publish.cache import PACKAGE, cached
from lecture_code.publish.tables import inline, table


def tallies() -> tuple[Tally, ...]:
    """The counts of all mutations, kept on disk until code, equations or judges change.

    Returns:
        The counts, function by function.

    Raises:
        EvidenceError: if a mutation was not noticed.
    """
    found = cached(survey)(_sources())
    survivors = [name for one in found for name in one.survivors]
    if survivors:
        raise EvidenceError(f"mutations that nobody noticed: {'; '.join(survivors)}")
    return found


def mutation_summary() -> str:
    """What all mutations came to, in sentences.

    Returns:
        Markdown.
    """
    found = tallies()
    code, text = (sum(one.total(of) for one in found) for of in ("code", "text"))
    by_value, by_error, structure, equivalent = (
        sum(getattr(one, name) for one in found)
        for name in ("by_value", "by_error", "by_structure", "equivalent")
    )
    total, noticed = code + text, by_value + by_error
    return (
        f"**{total} mutations** of {len(found)} functions, {code} in the code and {text} in the "
        f"text of the equations: **{noticed} were noticed**, {by_value} by another value and "
        f"{by_error} because they could not be computed. **{equivalent} change nothing**, which is "
        f"proved below. Not noticed: **{total - noticed - equivalent}**. Of the {by_value}, "
        f"{structure} would have been told without computing, because a line of the code and its "
        "equation no longer hold the same quantities."
    )


def mutation_table() -> str:
    """How many mutations each function had, and how many were noticed.

    Returns:
        HTML.
    """
    rows = [
        (
            f'<a href="../lecture/{one.stem}/"><code>{one.function}</code></a>',
            str(one.total("code")),
            str(one.total("text")),
            _noticed(one),
        )
        for one in tallies()
    ]
    head = ("Function", "Code", "Text", "Noticed")
    return table(head, rows, "Mutations of code and text, by function")


def kind_table() -> str:
    """How many mutations each kind had.

    Returns:
        HTML.
    """
    kinds = sum((one.kinds for one in tallies()), Counter())
    rows = [
        (kind, str(kinds["code", kind]), str(kinds["text", kind]))
        for kind in dict.fromkeys(kind for _, kind in kinds)
    ]
    return table(("Kind", "Code", "Text"), rows, "Mutations of code and text, by kind")


def equivalent_list() -> str:
    """The mutations that change nothing, each with its proof.

    Returns:
        HTML.
    """
    groups = groupby(EQUIVALENT, key=lambda entry: (entry.function, entry.kind, entry.proof))
    items = (
        f"<li><p><code>{function}</code>, {kind}:</p>{''.join(map(_shown, entries))}"
        f"<p>{inline(proof)}</p></li>"
        for (function, kind, proof), entries in groups
    )
    return f"<ul>{''.join(items)}</ul>"


def _shown(entry: Equivalent) -> str:
    if entry.of == "text":
        return to_mathml(entry.detail, display=True)
    return f"<pre><code>{html.escape(entry.detail)}</code></pre>"


def _noticed(one: Tally) -> str:
    return (
        f"{one.noticed}<br><small>{one.equivalent} equivalent</small>"
        if one.equivalent
        else str(one.noticed)
    )


def _sources() -> str:
    """The modules whose functions are changed, and the grammar, in one word."""
    modules = {function.__module__ for function in functions_with_equations()}
    texts = [sys.modules[name].__loader__.get_source(name) for name in sorted(modules)]
    grammar = (PACKAGE / "equations" / "grammar.lark").read_text("utf-8")
    return hashlib.sha256("".join([*texts, grammar]).encode()).hexdigest()
