"""Look a built site over: everything that a build can get wrong without saying so.

Run it on the folder that a build wrote: `python -m tools.check site`. What one file holds is found
by `tools.check.file` and kept, so that an unchanged file is never looked at twice; whether the
files fit together, each time, by `tools.check.whole`.
"""

from tools.check.navigation import (
    NOTEBOOK,
    nav_pages,
    navigation,
    notebook_of,
    page_of,
    picture_of,
    records_of,
)
from tools.check.page import is_printed, why_not_balanced
from tools.check.whole import Problem, Report, look_over, problems

__all__ = [
    "NOTEBOOK",
    "Problem",
    "Report",
    "is_printed",
    "look_over",
    "nav_pages",
    "navigation",
    "notebook_of",
    "page_of",
    "picture_of",
    "problems",
    "records_of",
    "why_not_balanced",
]
