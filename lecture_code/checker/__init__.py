"""The checker: which cell is it that somebody wrote?

A student's step function is called with random weights and compared with the lecture's. Where it
differs, the mistakes of `mistakes` are tried, alone and in pairs: each is an equation that runs.
"""

from lecture_code.checker.check import check, check_file
from lecture_code.checker.result import CheckResult

__all__ = ["CheckResult", "check", "check_file"]
