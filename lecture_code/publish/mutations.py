"""What the tests would notice: the counts of the mutations, for the page of the evidence."""

import hashlib
import sys
from collections import Counter
from importlib.abc import InspectLoader
from itertools import groupby

from markupsafe import Markup

from lecture_code.equations import to_mathml
from lecture_code.evidence.measure import EvidenceError, functions_with_equations
from lecture_code.evidence.mutations.equivalent import EQUIVALENT, Equivalent
from lecture_code.evidence.mutations.survey import Tally, survey
from lecture_code.publish.blocks.dependencies import PACKAGE
from lecture_code.publish.cache import cached
from lecture_code.publish.elements import below
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


def mutation_table() -> Markup:
    """How many mutations each function had, and how many were noticed.

    Returns:
        HTML.
    """
    rows = [
        (
            Markup('<a href="../lecture/{}/"><code>{}</code></a>').format(one.stem, one.function),
            str(one.total("code")),
            str(one.total("text")),
            _noticed(one),
        )
        for one in tallies()
    ]
    head = ("Function", "Code", "Text", "Noticed")
    return table(head, rows, "Mutations of code and text, by function")


def kind_table() -> Markup:
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


def equivalent_list() -> Markup:
    """The mutations that change nothing, each with its proof.

    Returns:
        HTML.
    """
    groups = groupby(EQUIVALENT, key=lambda entry: (entry.function, entry.kind, entry.proof))
    items = (
        Markup("<li><p><code>{}</code>, {}:</p>{}<p>{}</p></li>").format(
            function, kind, Markup().join(map(_shown, entries)), inline(proof)
        )
        for (function, kind, proof), entries in groups
    )
    return Markup("<ul>{}</ul>").format(Markup().join(items))


def _shown(entry: Equivalent) -> Markup:
    if entry.of == "text":
        return to_mathml(entry.detail, display=True)
    return Markup("<pre><code>{}</code></pre>").format(entry.detail)


def _noticed(one: Tally) -> Markup:
    return Markup(one.noticed) + below(f"{one.equivalent} equivalent" if one.equivalent else "")


def _sources() -> str:
    """The modules whose functions are changed, and the grammar, in one word."""
    modules = {function.__module__ for function in functions_with_equations()}
    texts = map(_source, sorted(modules))
    grammar = (PACKAGE / "equations" / "grammar.lark").read_text("utf-8")
    return hashlib.sha256("".join([*texts, grammar]).encode()).hexdigest()


def _source(name: str) -> str:
    loader = sys.modules[name].__loader__
    assert isinstance(loader, InspectLoader)  # every module of the package has a source
    return loader.get_source(name) or ""
