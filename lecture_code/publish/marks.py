"""What ties everything on a page that stands for one quantity: in equation, code and picture."""

from lecture_code.course.notation import Quantity


def marks(found: Quantity, kind: str = "quantity") -> dict[str, str]:
    """The attributes of an element that stands for a quantity; the page's script looks for them.

    Args:
        found: the quantity.
        kind: its class, or classes.

    Returns:
        Values by attribute.
    """
    return {
        "class": kind,
        "data-quantity": found.variable,
        "data-role": found.role,
        "data-meaning": f"{found.variable}: {found.meaning}, shape {found.shape}",
    }
