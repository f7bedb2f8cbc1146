"""From LaTeX to plain text, for a terminal: `Γ_u = σ(W_u [Xₜ, hₜ₋₁] + b_u)`."""

import re
import unicodedata

from lecture_code.equations.language import CHARACTERS, FUNCTIONS
from lecture_code.equations.mathml import LatexError

_ACCENTS = {r"\tilde": "\N{COMBINING TILDE}", r"\hat": "\N{COMBINING CIRCUMFLEX ACCENT}"}

# Unicode has these below the line, but no f and no c: names of gates follow an underscore.
_BELOW = str.maketrans("0123456789t+-", "₀₁₂₃₄₅₆₇₈₉ₜ₊₋")


def to_text(latex: str) -> str:
    r"""Write one line of a cell's equation, or a part of it, in Unicode.

    Args:
        latex: the mathematics, such as `\tilde{h}_t` or `\Gamma_r \otimes h_{t-1}`.

    Returns:
        Text on one line. Time stands below it, as in $h_{t-1}$; names stand behind an underscore,
        as in `W_hx`.

    Raises:
        LatexError: if there is a command that has no character here.
    """
    text = re.sub(r"\\operatorname\{(\w+)\}", r"\1", latex)
    text = re.sub(r"\s*\^\s*\\top", "ᵀ", text)
    text = re.sub(r"(\\tilde|\\hat)\s*(?:\{(\w)\}|(\w))", _accented, text)
    text = re.sub(r"\\[A-Za-z]+", _character, text)
    text = re.sub(r"_\s*(?:\{([^{}]*)\}|(\w))", _subscript, text)
    return " ".join(text.split())


def _accented(found: re.Match) -> str:
    return (found[2] or found[3]) + _ACCENTS[found[1]]


def _character(found: re.Match) -> str:
    command = found[0]
    if command in CHARACTERS:
        return CHARACTERS[command]
    if command in FUNCTIONS:
        return FUNCTIONS[command].text
    name = command[1:]
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {name}")
    except KeyError:
        raise LatexError(f"no character for {command} in {found.string}") from None


def _subscript(found: re.Match) -> str:
    below = re.sub(r"\s", "", found[1] or found[2] or "")
    return below.translate(_BELOW) if re.fullmatch(r"[0-9t+-]+", below) else f"_{below}"
