"""Old addresses: where pages and headings were in an earlier version, and where they are now.

A page that has moved leaves a stub at its old address (`tools.stubs` writes it); a heading that has
another id keeps the old one as well. So a link from elsewhere still arrives.
"""

import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markupsafe import Markup

PAGES: dict[str, str] = {}
"""Pages that have moved: the old source below `docs/`, such as `lecture/a.md`, and the new one.

None has moved since 0.1.0.
"""

HEADINGS = {
    # 0.4.0
    "exercises": ("try-it",),
}
"""The ids of headings of the pages, each with those it had in earlier versions."""

_SECTIONS = (
    "neuron loss optimizer universal_approximation dimensionality convolution deep_network"
    " sequences windowing history concatenation new_state rnn forgetting gates gru_one_gate gru"
    " gru_packed lstm architectures summary"
).split()
_MODULES = {
    # After 0.4.0 the modules were put into rooms.
    **{f"sections.{stem}": (stem,) for stem in _SECTIONS},
    "core.checks": ("checks",),
    "core.ops": ("ops",),
    "core.state.State": ("unroll.State",),
    "core.training": ("training",),
    "core.unroll": ("unroll",),
    "core.weights": ("weights",),
    "course.cells.CELLS": ("worksheets.CELLS",),
    "course.notation": ("equations.notation",),
    "evidence.differences": ("publish.differences",),
    "evidence.judges": ("oracles.judges",),
    "evidence.measure": ("publish.evidence",),
    "evidence.mutations": ("mutations",),
    "evidence.reset_position": ("oracles.reset_position",),
    "experiments.tasks": ("tasks",),
    "frameworks.bridge": ("bridge",),
    "frameworks.convert": ("conventions",),
    "frameworks.description.Convention": ("conventions.Convention",),
    "frameworks.description.Place": ("conventions.Place",),
    "frameworks.table.CONVENTIONS": ("conventions.CONVENTIONS",),
    "frameworks.table.convention": ("conventions.convention",),
    "pairing.functions": ("equations.functions",),
    "pairing.graph": ("equations.graph",),
    "pairing.trace": ("equations.trace",),
    "pairing.words": ("equations.words",),
    "worksheets.sheets": ("worksheets",),
}
REFERENCE = {
    f"lecture_code.{now}": tuple(f"lecture_code.{old}" for old in before)
    for now, before in _MODULES.items()
}
"""Modules and objects of the reference, each with its earlier names; they hold for its members too.

What was removed has no new address. What is on another page now is left out: an id leads to a place
of its own page.
"""

_HEADING = re.compile(r'<h[1-6]\b[^<>]*?\bid="([^"]+)"[^<>]*>')


def ids_before(name: str) -> list[str]:
    """The ids that a heading had in earlier versions.

    Args:
        name: its id.

    Returns:
        The ids; none for most headings.
    """
    found = list(HEADINGS.get(name, ()))
    head = name
    while head:
        found += (old + name.removeprefix(head) for old in REFERENCE.get(head, ()))
        head = head.rpartition(".")[0]
    return found


def with_old_ids(html: str) -> str:
    """Give headings the ids that they had before as well.

    Args:
        html: a page, or a part of one.

    Returns:
        It, with an empty element in each such heading for each old id that the page does not have.
    """

    def add(heading: re.Match) -> str:
        old = (one for one in ids_before(heading[1]) if f'id="{one}"' not in html)
        places = (Markup('<span id="{}"></span>').format(one) for one in old)
        return Markup(heading[0]) + Markup().join(places)

    return _HEADING.sub(add, html)


class _OldIds(Postprocessor):
    def run(self, text: str) -> str:
        return with_old_ids(text)


class MovedExtension(Extension):
    """Gives headings the ids that they had before."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register what does so, after everything else: what the reference prints is there then.

        Args:
            md: the converter to extend.
        """
        md.postprocessors.register(_OldIds(md), "old_ids", -100)
