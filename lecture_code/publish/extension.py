"""The Markdown extension that the site names: blocks, mathematics, exercises, old ids.

A saved edit in the package must show on the page while `mkdocs serve` runs. Python keeps an
imported module for as long as the process lives, so before a page is converted this module forgets
the package's modules when one of their files has changed. It stays itself, as does what watches the
pages' processes; the pages' own processes import everything anew.
"""

import importlib
import logging
import os
import sys
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension

from lecture_code.publish.blocks.conversion import PagePreprocessor

PACKAGE = Path(__file__).parents[1]
STAYS = (__name__, "lecture_code.publish.blocks", "lecture_code.support.store")
"""The modules that stay: they know which processes run."""

_log = logging.getLogger("mkdocs.lecture_code")


def _edited() -> int:
    """When the last of the package's files was saved; asked for each page, so it has to be fast."""
    return max(
        os.stat(os.path.join(folder, name)).st_mtime_ns
        for folder, _, names in os.walk(PACKAGE)
        for name in names
        if name.endswith((".py", ".lark")) and not name.startswith(".")
    )


_imported_at = _edited()


def forget_edited_modules() -> bool:
    """Drop the package's modules from memory if one of its files was saved since the last look.

    Returns:
        Whether there was an edit. The next `import` of a module then reads its file again.
    """
    global _imported_at
    edited_at = _edited()
    if edited_at == _imported_at:
        return False
    _imported_at = edited_at
    for name in list(sys.modules):
        if name.split(".")[0] == PACKAGE.name and not name.startswith(STAYS):
            del sys.modules[name]
    return True


class PagesExtension(Extension):
    """Runs a page's blocks before it is converted; sets its mathematics, exercises and old ids."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors that their files define now.

        Args:
            md: the converter to extend.
        """
        for extension in _extensions():
            extension.extendMarkdown(md)
        # Before all others, so that it sees the page as its source has it.
        md.preprocessors.register(PagePreprocessor(md), "lecture_page", 1000)


_last_good: list[Extension] = []


def _extensions() -> list[Extension]:
    """The package's extensions; while an edit has broken it, those from before.

    The pages' own processes import the package as it is, so the pages show what is wrong with it.
    """
    global _last_good
    forget_edited_modules()
    try:
        mathematics = importlib.import_module("lecture_code.publish.mathematics")
        exercises = importlib.import_module("lecture_code.publish.exercises")
        moved = importlib.import_module("lecture_code.publish.moved")
        _last_good = [
            mathematics.MathematicsExtension(),
            exercises.ExercisesExtension(),
            moved.MovedExtension(),
        ]
    except Exception as error:
        if not _last_good:
            raise
        _log.warning("the package cannot be imported: %s: %s", type(error).__name__, error)
    return _last_good


def makeExtension(**options: Any) -> Extension:
    """Make the extension, as Python-Markdown asks for it by this module's name.

    Args:
        **options: what the site's configuration says below the extension's name.

    Returns:
        The extension.
    """
    return PagesExtension(**options)
