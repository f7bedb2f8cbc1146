"""The checker's mistakes as a table: what each one says, and the equation that was then written."""

from markupsafe import Markup

from lecture_code.checker.catalogue import Mistake
from lecture_code.checker.mistakes import mistakes, right_variant
from lecture_code.checker.result import equation_math
from lecture_code.course.cells import Cell
from lecture_code.publish.elements import below
from lecture_code.publish.tables import table


def mistakes_table(cell: Cell) -> Markup:
    """Everything that the checker looks for in a cell.

    Args:
        cell: one of `CHECKED`.

    Returns:
        HTML, folded.
    """
    found = mistakes(cell)
    rows = [(_sentence(mistake), _written(cell, mistake)) for mistake in found]
    head = ("What was written", "The line then reads")
    caption = f"Mistakes that are looked for in the {cell.name.upper()}"
    return Markup("<details><summary>{}: {} mistakes</summary>{}</details>").format(
        cell.name.upper(), len(found), table(head, rows, caption)
    )


def _sentence(mistake: Mistake) -> str:
    sentence = mistake.sentence[0].upper() + mistake.sentence[1:]
    return f"{sentence} ({mistake.elsewhere})" if mistake.elsewhere else sentence


def _written(cell: Cell, mistake: Mistake) -> Markup:
    """The changed line; of several the first, and how many more there are."""
    right = right_variant(cell)
    wrong = right.with_mistake(mistake)
    lines = [wrong.lines[number].latex for number in wrong.lines_other_than(right)]
    if not lines:
        returned = ", ".join(wrong.returns)
        returned = f"({returned})" if len(wrong.returns) > 1 else returned
        return Markup("returned: {}").format(equation_math(returned))
    more = below(f"and {len(lines) - 1} more" if len(lines) > 1 else "")
    return equation_math(lines[0]) + more
