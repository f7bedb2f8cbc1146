"""The Markdown extension that the site names: mathematics, from code that is never stale.

A saved edit in the package must show on the page while `mkdocs serve` runs. Python keeps an
imported module for as long as the process lives, so before a page is converted this module forgets
the package's modules when one of their files has changed. It is the only module that stays.
"""

import importlib
import sys
from pathlib import Path
from typing import Any

from markdown.extensions import Extension

PACKAGE = Path(__file__).parents[1]


def _edited() -> float:
    return max(
        path.stat().st_mtime_ns for path in PACKAGE.rglob("*") if path.suffix in (".py", ".lark")
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
        if name.split(".")[0] == PACKAGE.name and name != __name__:
            del sys.modules[name]
    return True


def makeExtension(**options: Any) -> Extension:
    """Make the extension of `lecture_code.publish.mathematics`, as it stands in the file now.

    Args:
        **options: what the site's configuration says below the extension's name.

    Returns:
        The extension, for Python-Markdown.
    """
    forget_edited_modules()
    mathematics = importlib.import_module("lecture_code.publish.mathematics")
    return mathematics.MathematicsExtension(**options)
