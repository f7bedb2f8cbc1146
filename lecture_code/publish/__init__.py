"""What a page calls: the equation card, its evidence, pictures and tables."""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lecture_code.support.extras import needs_extra
from lecture_code.support.on_demand import importer

if TYPE_CHECKING:
    from lecture_code.evidence.measure import SEED, SIZES, evidence
    from lecture_code.publish.cache import cached
    from lecture_code.publish.card import card, listing, number
    from lecture_code.publish.coverage import coverage_table
    from lecture_code.publish.figures import Matrix, curves, matrices, there_and_back, unrolled
    from lecture_code.publish.language_list import language_list, refused_list
    from lecture_code.publish.overview import claim, course
    from lecture_code.publish.series import co2, credit, sp500, sunspots
    from lecture_code.publish.shapes import SHAPES, shape
    from lecture_code.publish.tables import evidence_table, inline, notation_table, table, versions
    from lecture_code.publish.timeline import timeline
    from lecture_code.publish.timing import two_products_over_one
    from lecture_code.publish.worksheets import SHEET_SEED, function_table, worksheet_sheet

__all__ = [
    "SEED",
    "SHAPES",
    "SHEET_SEED",
    "SIZES",
    "Matrix",
    "cached",
    "card",
    "claim",
    "co2",
    "course",
    "coverage_table",
    "credit",
    "curves",
    "evidence",
    "evidence_table",
    "function_table",
    "inline",
    "language_list",
    "listing",
    "matrices",
    "notation_table",
    "number",
    "refused_list",
    "shape",
    "sp500",
    "sunspots",
    "table",
    "there_and_back",
    "timeline",
    "two_products_over_one",
    "unrolled",
    "versions",
    "worksheet_sheet",
]

_MODULES = {
    "SEED": "lecture_code.evidence.measure",
    "SHAPES": ".shapes",
    "SHEET_SEED": ".worksheets",
    "SIZES": "lecture_code.evidence.measure",
    "Matrix": ".figures",
    "cached": ".cache",
    "card": ".card",
    "claim": ".overview",
    "co2": ".series",
    "course": ".overview",
    "coverage_table": ".coverage",
    "credit": ".series",
    "curves": ".figures",
    "evidence": "lecture_code.evidence.measure",
    "evidence_table": ".tables",
    "function_table": ".worksheets",
    "inline": ".tables",
    "language_list": ".language_list",
    "listing": ".card",
    "matrices": ".figures",
    "notation_table": ".tables",
    "number": ".card",
    "refused_list": ".language_list",
    "shape": ".shapes",
    "sp500": ".series",
    "sunspots": ".series",
    "table": ".tables",
    "there_and_back": ".figures",
    "timeline": ".timeline",
    "two_products_over_one": ".timing",
    "unrolled": ".figures",
    "versions": ".tables",
    "worksheet_sheet": ".worksheets",
}


_get = importer(__name__, _MODULES)


# The site's generator takes from here what needs no torch; a page gets the rest when it asks.
def __getattr__(name: str) -> Any:
    with needs_extra():
        return _get(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps `card` the function, though Python sets each module that it imports as an attribute."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _MODULES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
