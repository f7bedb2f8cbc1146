"""The social pictures: what other sites show where somebody has shared a link to a page.

A picture has the page's part, title and first equation, as the page itself has them, and is drawn
without a browser. Run it on the folder that a build wrote: `python -m tools.social site`.
"""

import hashlib
import html
import importlib.metadata
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from tools.check import navigation, nav_pages, page_of, picture_of

SIZE = WIDTH, HEIGHT = 1200, 630
"""Pixels of a picture: what og:image:width and og:image:height in overrides/main.html say."""

STYLE = Path(__file__).parents[1] / "docs" / "assets" / "site.css"
KEPT = Path(".cache") / "social"
"""Where pictures are kept from build to build, each under a hash of what it depends on."""

LEFT, RIGHT, MIDDLE = 88, WIDTH - 88, 300
"""The margins, and where the white upper part of a picture ends."""

INK = "#1b2430"


class Preview(NamedTuple):
    """What a picture shows.

    Attributes:
        site: the site's name.
        part: the part of the lecture, or "".
        title: the page's title.
        description: the sentence below the title of a page without an equation.
        equation: the lines of the page's first equation, as MathML.
        accent: a colour.
    """

    site: str
    part: str
    title: str
    description: str
    equation: tuple[str, ...]
    accent: str


def draw_all(site: Path, nav: list) -> Iterator[Path]:
    """Draw the picture of every page of the navigation.

    Args:
        site: the folder that a build wrote.
        nav: the navigation as `mkdocs.yml` gives it.

    Yields:
        The pictures' files.

    Raises:
        FileNotFoundError: if a page has not been built.
        ValueError: if a page does not say where its picture stands.
    """
    parts = [name for entry in nav for name, below in entry.items() if isinstance(below, list)]
    for source in nav_pages(nav):
        page = site / page_of(source)
        if not page.is_file():
            raise FileNotFoundError(f"{page}: build the site first")
        text = page.read_text("utf-8")
        picture = picture_of(text)
        if picture is None:
            raise ValueError(f"{page}: expected og:image with a path below assets/social/, found none")
        file = site / picture
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_kept(preview(text, parts)))
        yield file


def preview(page: str, parts: list[str]) -> Preview:
    """Read from a page what its picture shows.

    Args:
        page: HTML.
        parts: the parts of the navigation, in order; the first five have a colour each.

    Returns:
        Its title, part, description and first equation.
    """
    said = {
        name: html.unescape(content)
        for name, content in re.findall(r'<meta property="([\w:]+)" content="([^"]*)">', page)
    }
    part, title = said.get("article:section", ""), said["og:title"]
    card = re.search(r'<section class="card".*?</section>', page, re.DOTALL)
    equation = re.findall(r'<div class="card-equation">(<math.*?</math>)', card[0]) if card else ()
    number = parts.index(part) + 1 if part in parts else 0
    colours = _colours()
    return Preview(
        said["og:site_name"],
        part if part != title else "",
        title,
        said["og:description"],
        tuple(equation),
        colours.get(f"curve-{number}", colours["md-primary-fg-color"]),
    )


def draw(shown: Preview) -> bytes:
    """Draw a picture.

    Args:
        shown: what it shows.

    Returns:
        A PNG file of 1200 × 630 pixels.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
    from PIL import Image

    colours = _colours()
    figure = Figure((WIDTH / 100, HEIGHT / 100), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axes.axis("off")
    axes.add_patch(Rectangle((0, 0), WIDTH, HEIGHT, color="white", linewidth=0))
    axes.add_patch(Rectangle((0, MIDDLE), WIDTH, HEIGHT, color=colours["ground"], linewidth=0))
    axes.add_patch(Rectangle((0, MIDDLE), WIDTH, 1.5, color=colours["line"], linewidth=0))
    axes.add_patch(Rectangle((0, 0), 24, HEIGHT, color=shown.accent, linewidth=0))
    for number, role in enumerate(("input", "state", "gate", "candidate", "output")):
        from matplotlib.patches import Circle
        axes.add_patch(Circle((RIGHT - 9 - (4 - number) * 28, 69), 9, color=colours[role], linewidth=0))
    if shown.title != shown.site:
        _write(axes, [shown.site], 80, 31, colours["weight"])
    title, size = _title(shown.title)
    top = 262 - (len(title) - 1) * size * 1.1
    _write(axes, title, top, size, INK)
    if shown.part:
        _write(axes, [shown.part], top - 0.98 * size, 33, shown.accent)
    if shown.equation:
        _set(axes, shown.equation)
    else:
        lines = _wrap(shown.description, 42, RIGHT - LEFT)
        _write(axes, lines, 482 - len(lines) * 29, 42, INK)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = Image.frombuffer("RGBA", SIZE, canvas.buffer_rgba()).convert("RGB")
    file = io.BytesIO()
    picture.quantize(128, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _colours() -> dict[str, str]:
    """The custom properties of the site's light scheme that are colours."""
    [scheme] = re.findall(
        r'\[data-md-color-scheme="default"\] \{(.*?)\}', STYLE.read_text("utf-8"), re.DOTALL
    )
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", scheme))


def _font() -> Path:
    """STIX Two Math, whole: the site's own font is only a part of it."""
    import ziamath

    return Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf"


def _text(words: str, size: float) -> Any:
    """The outline of a line of text, from the origin to the right; y grows upwards."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    return TextPath((0, 0), words, size=size, prop=FontProperties(fname=_font()))


def _width(words: str, size: float) -> float:
    return _text(words, size).vertices[:, 0].max()


def _wrap(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines, as few as there can be."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and _width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _title(title: str) -> tuple[list[str], float]:
    """The lines of a title, and the size at which they fit: one line if it can be large."""
    for size in (88, 80, 72, 64):
        if _width(title, size) <= RIGHT - LEFT:
            return [title], size
    return _wrap(title, 72, RIGHT - LEFT), 72


def _write(axes: Any, lines: list[str], baseline: float, size: float, colour: str) -> None:
    from matplotlib.transforms import Affine2D

    for number, line in enumerate(lines):
        place = Affine2D().scale(1, -1).translate(LEFT, baseline + number * 1.38 * size)
        _fill(axes, _text(line, size).transformed(place), colour)


def _set(axes: Any, equation: tuple[str, ...]) -> None:
    """Set an equation, line by line, as large as there is room for."""
    import numpy as np
    from matplotlib.transforms import Affine2D

    lines = [list(_outlines(line)) for line in equation]
    corners = [np.concatenate([path.vertices for path, _ in line]) for line in lines]
    # A line without anything tall takes as much room as one with brackets.
    tops = [min(-0.72 * EM, line[:, 1].min()) for line in corners]
    bottoms = [max(0.25 * EM, line[:, 1].max()) for line in corners]
    gap = 0.28 * EM
    height = sum(bottoms) - sum(tops) + gap * (len(lines) - 1)
    width = max(line[:, 0].max() for line in corners)
    room = HEIGHT - MIDDLE
    scale = min(0.82, (RIGHT - LEFT) / width, (room - 64) / height)
    y = MIDDLE + (room - scale * height) / 2
    for line, top, bottom in zip(lines, tops, bottoms, strict=True):
        place = Affine2D().scale(scale).translate(LEFT, y - scale * top)
        for path, colour in line:
            _fill(axes, path.transformed(place), colour)
        y += scale * (bottom - top + gap)


def _outlines(mathml: str) -> Iterator[tuple[Any, str]]:
    """The outlines of a formula, each with its colour: of the role that a symbol plays."""
    import ziafont
    import ziamath
    from matplotlib.path import Path as Outline

    ziafont.config.svg2 = False
    colours = _colours()
    tree = ElementTree.fromstring(mathml)
    tree.set("mathcolor", INK)
    for symbol in tree.iter():
        if symbol.get("data-role"):
            symbol.set("mathcolor", colours["weight" if symbol.get("data-role")=="index" else symbol.get("data-role")])
    for mark in ziamath.Math(tree, size=EM).svgxml():
        if mark.tag == "path":
            yield _path(mark.get("d")), mark.get("fill")
        else:
            x, y, width, height = (float(mark.get(key)) for key in ("x", "y", "width", "height"))
            yield Outline.unit_rectangle().transformed(__import__("matplotlib").transforms.Affine2D().scale(width,height).translate(x,y)), mark.get("fill")


EM = 100


def _path(commands: str) -> Any:
    """The outline that SVG's path commands draw; ziamath uses these four."""
    from matplotlib.path import Path as Outline

    codes = {"M": Outline.MOVETO, "L": Outline.LINETO, "Q": Outline.CURVE3, "Z": Outline.CLOSEPOLY}
    points, kinds = [], []
    for letter, numbers in re.findall(r"([MLQZ])([^MLQZ]*)", commands):
        values = [float(number) for number in numbers.split()] or [0.0, 0.0]
        points += zip(values[::2], values[1::2], strict=True)
        kinds += [codes[letter]] * (len(values) // 2)
    return Outline(points, kinds)


def _fill(axes: Any, outline: Any, colour: str) -> None:
    from matplotlib.patches import PathPatch

    axes.add_artist(PathPatch(outline, color=colour, linewidth=0))


def _kept(shown: Preview) -> bytes:
    """A picture, from disk if it has been drawn before from the same, by the same programs."""
    versions = [importlib.metadata.version(name) for name in ("matplotlib", "pillow", "ziamath")]
    key = repr((shown, versions, sorted(_colours().items()))).encode() + Path(__file__).read_bytes()
    file = KEPT / f"{hashlib.sha256(key).hexdigest()}.png"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(draw(shown))
    return file.read_bytes()


def main(site: str) -> None:
    """Draw the pictures of a site.

    Args:
        site: the folder that the build wrote.
    """
    files = list(draw_all(Path(site), navigation()))
    size = sum(file.stat().st_size for file in files) / len(files) / 1024
    print(f"{site}: {len(files)} social pictures of {size:.0f} KiB on average")


if __name__ == "__main__":
    main(*sys.argv[1:])
