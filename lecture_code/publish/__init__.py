"""What a page calls: the equation card, its evidence, pictures and tables."""

from lecture_code.publish.card import card
from lecture_code.publish.evidence import SEED, SIZES, evidence
from lecture_code.publish.figures import curves, matrices
from lecture_code.publish.tables import evidence_table, notation_table, table, versions

__all__ = [
    "SEED",
    "SIZES",
    "card",
    "curves",
    "evidence",
    "evidence_table",
    "matrices",
    "notation_table",
    "table",
    "versions",
]
