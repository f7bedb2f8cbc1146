"""The conventions as tables: what varies, what is refused, how many numbers each has."""

import numpy as np
from markupsafe import Markup

from lecture_code.frameworks.conventions import (
    CONVENTIONS,
    Convention,
    ConversionError,
    Term,
    convert,
    draw,
    parameters,
)
from lecture_code.publish.tables import inline, table

_SYMBOLS = {
    "gru": {"u": r"\Gamma_u", "r": r"\Gamma_r", "h": r"\tilde{h}"},
    "lstm": {"u": r"\Gamma_u", "i": r"\Gamma_i", "f": r"\Gamma_f", "c": r"\tilde{h}"},
}

_BIASES = {0: "none", 1: "one", 2: "two"}

_SIZES = {"input_size": 3, "hidden_size": 4}


def conventions_table(cell: str) -> str:
    """What varies between the conventions of a cell.

    Args:
        cell: `gru`, `lstm` or `rnn`.

    Returns:
        HTML.
    """
    own = {
        "gru": ("Reset", Markup("Γ<sub>u</sub> = 1")),
        "lstm": ("Hands on", Markup("Added to Γ<sub>f</sub>")),
        "rnn": ("Activation",),
    }[cell]
    order = ("Gates in order",) if cell != "rnn" else ()
    head = ("Convention", *own, *order, "Matrix of a gate", "Biases of a gate")
    rows = [_row(convention) for convention in CONVENTIONS[cell].values()]
    return table(head, rows, f"The conventions of the {cell.upper()}")


def refusals_table(cell: str) -> str:
    """Which conversions are refused, and the term that has no place.

    Args:
        cell: `gru`, `lstm` or `rnn`.

    Returns:
        HTML: a row for each reason, with the conventions that it keeps apart.
    """
    reasons: dict[str, dict[str, list[str]]] = {}
    for source in CONVENTIONS[cell]:
        for target in CONVENTIONS[cell]:
            if reason := refusal(cell, source, target):
                reasons.setdefault(reason, {}).setdefault(target, []).append(source)
    rows = []
    for reason, by_target in reasons.items():
        sources = list(dict.fromkeys(name for names in by_target.values() for name in names))
        rows.append((reason, _names(sources), _names(list(by_target))))
    head = ("Term that has no place", "From", "To")
    return table(head, rows, f"What is refused, {cell.upper()}")


def refusal(cell: str, source: str, target: str) -> str:
    """Why generic weights of one convention have no equivalent in another.

    Args:
        cell: `gru`, `lstm` or `rnn`.
        source: a convention.
        target: another one.

    Returns:
        The reason, without the names of the two; nothing if there is an equivalent.
    """
    try:
        convert(draw(source, 1, 2, seed=1, cell=cell), source, target, cell)
    except ConversionError as error:
        reason = str(error).removeprefix(f"{target} has ").replace(f" of {source}", "")
        reason = reason.replace(f" where {source} has ", " where the other has ")
        return reason[0].upper() + reason[1:]
    return ""


def parameters_table(cell: str) -> str:
    """How many numbers each convention of a cell has, and where they are.

    Args:
        cell: `gru`, `lstm` or `rnn`.

    Returns:
        HTML.
    """
    rows = []
    for name, convention in CONVENTIONS[cell].items():
        terms = parameters(name, cell=cell, **_SIZES)
        matrices = [term for term in terms if "bias" not in term.meaning]
        biases = [term for term in terms if "bias" in term.meaning]
        total = sum(term.count for term in terms)
        rows.append(
            (
                _title(convention),
                _listed(matrices),
                _listed(biases),
                Markup("<b>{}</b>").format(total),
            )
        )
    head = ("Convention", "Matrices", "Biases", "Together")
    return table(
        head,
        rows,
        f"Parameters of the {cell.upper()}, input size {_SIZES['input_size']}, "
        f"hidden size {_SIZES['hidden_size']}",
    )


def _row(convention: Convention) -> tuple[str, ...]:
    own = {
        "gru": (f"{convention.reset} the product", f"{convention.update}"),
        "lstm": (
            convention.hands_on,
            f"{convention.forget_bias:g}" if convention.forget_bias else "–",
        ),
        "rnn": (convention.activation,),
    }[convention.cell]
    order = (_order(convention),) if convention.cell != "rnn" else ()
    return (_title(convention), *own, *order, _matrix(convention), _biases(convention))


def _title(convention: Convention) -> str:
    return Markup("<strong>{}</strong><br><small><code>{}</code>, {}</small>").format(
        convention.title, convention.name, convention.source
    )


def _order(convention: Convention) -> str:
    symbols = _SYMBOLS[convention.cell]
    packed = [
        ", ".join(f"${symbols[gate]}$" for gate in gates)
        for gates in convention.gates
        if len(gates) > 1
    ]
    return inline("; ".join(packed)) if packed else "each in arrays of its own"


def _matrix(convention: Convention) -> str:
    way = "features × units" if convention.transposed else "units × features"
    both = "one for state and input" if convention.state_first else "one for input and state"
    reads = both if convention.is_packed else "two: input, state"
    return Markup("{}<br><small>{}</small>").format(reads, way)


def _biases(convention: Convention) -> str:
    counts = {gate: len(convention.biases_of(gate)) for gate in "".join(convention.gates)}
    words = _BIASES[min(counts.values())]
    if len(set(counts.values())) > 1:
        words += f", the candidate {_BIASES[max(counts.values())]}"
    return words


def _names(names: list[str]) -> str:
    return Markup(", ").join(map(Markup("<code>{}</code>").format, names))


def _listed(terms: list[Term]) -> str:
    if not terms:
        return "–"
    return Markup("<br>").join(
        Markup("<code>{}</code> {} = {}").format(
            term.name, " × ".join(map(str, term.shape)), np.prod(term.shape)
        )
        for term in terms
    )
