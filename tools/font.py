"""The mathematics font: STIX Two Math, cut down to the characters that the pages use.

Run it when a page uses a character for the first time, which `make build` refuses: `make font`.
"""

import html
import re
import string
import subprocess
import sys
import unicodedata
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.ttLib import TTFont

FONT = Path(__file__).parents[1] / "docs" / "assets" / "fonts" / "STIXTwoMath-subset.woff2"
"""The subset that the site serves."""

_ITALIC = {
    unicodedata.normalize("NFKC", chr(code)): chr(code)
    for code in (*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C), 0x210E)
    if unicodedata.category(chr(code)) != "Cn"
}


def characters(page: str) -> set[str]:
    """The characters that a browser draws for a page's mathematics.

    Args:
        page: HTML.

    Returns:
        Characters; for a single letter in `mi` the italic one, which MathML puts in its place.
    """
    drawn = set()
    for math in re.findall(r"<math.*?</math>", page, re.DOTALL):
        for attributes, text in re.findall(r"<mi([^>]*)>(.*?)</mi>", math):
            letter = html.unescape(text)
            drawn.add(letter if "normal" in attributes else _ITALIC.get(letter, letter))
        other = re.sub(r"<mi[^>]*>.*?</mi>|<[^>]+>", "", math)
        drawn |= {html.unescape(other)}
        # A root is an element, and no character of the page names its sign.
        drawn |= {"√"} if re.search("<m(sqrt|root)", math) else set()
    # Invisible operators and white space have no shape to draw.
    return {c for c in "".join(drawn) if not c.isspace() and unicodedata.category(c) != "Cf"}


def missing_characters(page: str) -> set[str]:
    """The characters of a page's mathematics that the site's font lacks.

    Args:
        page: HTML.

    Returns:
        Characters.
    """
    return {character for character in characters(page) if ord(character) not in _in_font()}


@cache
def _in_font() -> frozenset[int]:
    return frozenset(TTFont(FONT).getBestCmap())


def used() -> set[str]:
    """The characters of all pages, which mkdocs writes for this; `site/` may lack the newest.

    Returns:
        Characters.
    """
    with TemporaryDirectory() as folder:
        command = (sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder)
        subprocess.run(command, cwd=FONT.parents[3], check=True)
        pages = [path.read_text("utf-8") for path in Path(folder).rglob("*.html")]
    return set().union(*map(characters, pages))


def write(drawn: set[str]) -> None:
    """Write the subset.

    Args:
        drawn: its characters of mathematics.
    """
    import ziamath  # carries the whole font

    whole = Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf"
    # Half of the bytes would be hints, which screens of today do without, and letters for indices
    # (ssty), which Chromium and Safari never ask for.
    options = subset.Options(flavor="woff2", layout_features=["kern", "dtls"], hinting=False)
    font = subset.load_font(str(whole), options)
    cutter = subset.Subsetter(options)
    # Plain letters and digits as well: they stand in function names and as a fallback.
    cutter.populate(text="".join(sorted(drawn | set(string.ascii_letters + string.digits))))
    cutter.subset(font)
    FONT.parent.mkdir(exist_ok=True)
    subset.save_font(font, str(FONT), options)
    print(f"{FONT}: {len(drawn)} characters of mathematics, {FONT.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    write(used())
