"""The conventions as tables: what varies, what is refused, how many numbers each has."""

from collections.abc import Callable
from functools import partial

import numpy as np
from markupsafe import Markup

from lecture_code.course.cells import Cell
from lecture_code.frameworks.convert import ConversionError, Term, convert, draw, parameters
from lecture_code.frameworks.description import Convention
from lecture_code.frameworks.table import CONVENTIONS
from lecture_code.publish.elements import below
from lecture_code.publish.tables import inline, table

_BIASES = {0: "none", 1: "one", 2: "two"}

_SIZES = {"input_size": 3, "hidden_size": 4}


def conventions_table(cell: Cell) -> Markup:
    """What varies between the conventions of a cell.

    Args:
        cell: a cell that has conventions.

    Returns:
        HTML.
    """
    conventions = CONVENTIONS[cell.name].values()
    # A column in which no convention of the cell has anything is left out.
    columns = {head: says for head, says in _columns(cell).items() if any(map(says, conventions))}
    rows = [tuple(says(one) or "–" for says in columns.values()) for one in conventions]
    return table(tuple(columns), rows, f"The conventions of the {cell.name.upper()}")


def _columns(cell: Cell) -> dict[str, Callable[[Convention], str]]:
    """What a column says of a convention, by its head."""
    several = len(cell.gates) > 1
    columns: dict[str, Callable[[Convention], str]] = {
        "Convention": _title,
        "Reset": lambda one: f"{one.reset} the product" * bool(one.reset),
        _gate("{} = 1", cell.mixes): lambda one: one.update,
        "Hands on": lambda one: one.hands_on,
        "Activation": lambda one: one.activation,
        **{_gate("Added to {}", gate): partial(_added, gate) for gate in cell.gates},
        "Gates in order": lambda one: _order(one) if several else "",
        "Matrix of a gate": _matrix,
        "Biases of a gate": _biases,
    }
    return columns


def _added(gate: str, convention: Convention) -> str:
    return f"{convention.adds(gate):g}" if convention.adds(gate) else ""


def _gate(words: str, gate: str) -> Markup:
    return Markup(words).format(Markup("Γ<sub>{}</sub>").format(gate))


def refusals_table(cell: Cell) -> Markup:
    """Which conversions are refused, and the term that has no place.

    Args:
        cell: a cell that has conventions.

    Returns:
        HTML: a row for each reason, with the conventions that it keeps apart.
    """
    reasons: dict[str, dict[str, list[str]]] = {}
    for source in CONVENTIONS[cell.name]:
        for target in CONVENTIONS[cell.name]:
            if reason := refusal(cell, source, target):
                reasons.setdefault(reason, {}).setdefault(target, []).append(source)
    rows = []
    for reason, by_target in reasons.items():
        sources = list(dict.fromkeys(name for names in by_target.values() for name in names))
        rows.append((reason, _names(sources), _names(list(by_target))))
    head = ("Term that has no place", "From", "To")
    return table(head, rows, f"What is refused, {cell.name.upper()}")


def refusal(cell: Cell, source: str, target: str) -> str:
    """Why generic weights of one convention have no equivalent in another.

    Args:
        cell: a cell that has conventions.
        source: a convention.
        target: another one.

    Returns:
        The reason, without the names of the two; nothing if there is an equivalent.
    """
    try:
        convert(draw(source, 1, 2, seed=1, cell=cell.name), source, target, cell.name)
    except ConversionError as error:
        first, rest = error.reason[0], error.reason[1:]
        return (first.upper() if first.isascii() else first) + rest  # Σ would be another symbol
    return ""


def parameters_table(cell: Cell) -> Markup:
    """How many numbers each convention of a cell has, and where they are.

    Args:
        cell: a cell that has conventions.

    Returns:
        HTML.
    """
    rows = []
    for name, convention in CONVENTIONS[cell.name].items():
        terms = parameters(name, cell=cell.name, **_SIZES)
        matrices = [term for term in terms if "bias" not in term.meaning]
        biases = [term for term in terms if "bias" in term.meaning]
        total = sum(term.count for term in terms)
        together = Markup("<b>{}</b>").format(total)
        rows.append((_title(convention), _listed(matrices), _listed(biases), together))
    head = ("Convention", "Matrices", "Biases", "Together")
    return table(
        head,
        rows,
        f"Parameters of the {cell.name.upper()}, input size {_SIZES['input_size']}, "
        f"hidden size {_SIZES['hidden_size']}",
    )


def _title(convention: Convention) -> Markup:
    return Markup("<strong>{}</strong><br><small><code>{}</code>, {}</small>").format(
        convention.title, convention.name, convention.source
    )


def _order(convention: Convention) -> Markup:
    symbols = {gate: _symbol(gate, words) for gate, words in convention.cell.gates.items()}
    packed = [
        ", ".join(f"${symbols[gate]}$" for gate in gates)
        for gates in convention.gates
        if len(gates) > 1
    ]
    return inline("; ".join(packed) or "each in arrays of its own")


def _symbol(gate: str, words: str) -> str:
    return r"\tilde{h}" if words == "candidate" else rf"\Gamma_{gate}"


def _matrix(convention: Convention) -> Markup:
    way = "features × units" if convention.transposed else "units × features"
    both = "one for state and input" if convention.state_first else "one for input and state"
    reads = both if convention.is_packed else "two: input, state"
    return Markup("{}{}").format(reads, below(way))


def _biases(convention: Convention) -> str:
    counts = {gate: len(convention.biases_of(gate)) for gate in "".join(convention.gates)}
    words = _BIASES[min(counts.values())]
    if len(set(counts.values())) > 1:
        words += f", the candidate {_BIASES[max(counts.values())]}"
    return words


def _names(names: list[str]) -> Markup:
    return Markup(", ").join(map(Markup("<code>{}</code>").format, names))


def _listed(terms: list[Term]) -> Markup:
    if not terms:
        return Markup("–")
    return Markup("<br>").join(
        Markup("<code>{}</code> {} = {}").format(
            term.name, " × ".join(map(str, term.shape)), np.prod(term.shape)
        )
        for term in terms
    )
