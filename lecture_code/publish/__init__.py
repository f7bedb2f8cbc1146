"""What a page calls: the equation card, its evidence, pictures and tables."""

import torch

from lecture_code.publish.cache import cached
from lecture_code.publish.card import card, listing, number
from lecture_code.publish.coverage import coverage_table
from lecture_code.publish.evidence import SEED, SIZES, evidence
from lecture_code.publish.figures import Matrix, curves, matrices, unrolled
from lecture_code.publish.overview import claim, course
from lecture_code.publish.series import co2, credit, sp500, sunspots
from lecture_code.publish.shapes import SHAPES, shape
from lecture_code.publish.tables import evidence_table, inline, notation_table, table, versions
from lecture_code.publish.timeline import timeline
from lecture_code.publish.timing import two_products_over_one
from lecture_code.publish.worksheets import SHEET_SEED, function_table, worksheet_sheet

# The networks of the pages are small: a second thread only waits, now and then for a second.
torch.set_num_threads(1)

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
    "listing",
    "matrices",
    "notation_table",
    "number",
    "shape",
    "sp500",
    "sunspots",
    "table",
    "timeline",
    "two_products_over_one",
    "unrolled",
    "versions",
    "worksheet_sheet",
]
