"""Elements that several parts of a page have.

Functions that give HTML give `Markup`, made by `Markup("<b>{}</b>").format(text)` and
`Markup().join(parts)`. Both escape whatever is not `Markup` itself.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup


def table_head(names: Iterable[str], corner: str = "") -> Markup:
    """The head of a table.

    Args:
        names: the columns' names.
        corner: an empty cell in front of them, or nothing.

    Returns:
        HTML.
    """
    columns = Markup().join(map(Markup('<th scope="col">{}</th>').format, names))
    return Markup("<thead><tr>{}{}</tr></thead>").format(corner, columns)


def table_row(cells: Iterable[str]) -> Markup:
    """A row of a table.

    Args:
        cells: what is in each of its cells.

    Returns:
        HTML.
    """
    return Markup("<tr>{}</tr>").format(Markup().join(map(Markup("<td>{}</td>").format, cells)))


def below(note: str) -> Markup:
    """A note on a line of its own, below what a cell of a table has.

    Args:
        note: the note, or nothing.

    Returns:
        HTML, or nothing.
    """
    return Markup("<br><small>{}</small>").format(note) if note else Markup()


def scrolled(rows: str, caption: str, least: float = 0, widths: Sequence[float] = ()) -> Markup:
    """Put rows into a table that can be scrolled sideways on a narrow screen.

    Args:
        rows: HTML of the table's head and bodies.
        caption: what the table holds.
        least: the width, in rem, below which it is scrolled; for a table with widths.
        widths: the columns' widths in percent. A browser shows a long table before all of it has
            come: with widths, nothing moves when the rest does.

    Returns:
        HTML.
    """
    columns = Markup().join(map(Markup('<col style="width: {}%">').format, widths))
    return Markup(
        '<div class="table-scroll" role="group" aria-label="{caption}"><table{fixed}>'
        "<caption>{caption}</caption>{columns}{rows}</table></div>"
    ).format(
        caption=caption,
        fixed=Markup(' style="--least: {}rem"').format(least) if widths else "",
        columns=Markup("<colgroup>{}</colgroup>").format(columns) if widths else "",
        rows=rows,
    )


def figure(content: str, caption: str = "", kind: str = "curves") -> Markup:
    """A figure.

    Args:
        content: HTML of what it shows.
        caption: what to see, below it.
        kind: its class, or classes.

    Returns:
        HTML.
    """
    says = Markup("<figcaption>{}</figcaption>").format(caption) if caption else ""
    return Markup('<figure class="{}">{}{}</figure>').format(kind, content, says)


def arrow_tip(name: str) -> Markup:
    """The tip of a picture's arrows.

    Args:
        name: its id, which no other picture of the page has.

    Returns:
        SVG.
    """
    return Markup(
        '<defs><marker id="{}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="currentColor" '
        'stroke="none"/></marker></defs>'
    ).format(name)


def arrow(path: str, tip: str = "tip") -> Markup:
    """An arrow in a picture.

    Args:
        path: the way that it takes, as SVG has it.
        tip: the id of its tip.

    Returns:
        SVG.
    """
    return Markup('<path d="{}" marker-end="url(#{})"/>').format(path, tip)
