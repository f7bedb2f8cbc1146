"""How a social picture is drawn: outlines of letters and formulas, filled by Matplotlib."""

import io
import re
from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

import numpy as np
import ziafont
import ziamath
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D
from PIL import Image, ImageColor, ImageFont

if TYPE_CHECKING:
    from tools.social import Preview

SIZE = WIDTH, HEIGHT = 1200, 630
"""Pixels of a picture, as overrides/main.html announces them."""

LEFT, RIGHT = 88, WIDTH - 88
"""The margins of what is written."""

EDGES = 236, 286
"""Where the white part with the title ends: higher up above an equation of many lines."""

ROLES = ("input", "state", "gate", "candidate", "output")
INK = "#1b2430"
SHADES = 10  # between a colour and its ground: enough for smooth edges, few enough for a small file

EM = 100  # the size at which equations are set, before they are scaled to the room that there is
LARGEST = 0.82  # a short equation does not get larger than this times EM
SEPARATION = 80  # between two columns of equations

# The font of the site's mathematics; the site itself serves only a part of it.
FONT_FILE = Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf"
FONT = FontProperties(fname=FONT_FILE)
ziafont.config.svg2 = False  # every glyph as a path of its own


class Shape(NamedTuple):
    """An outline and the colour that fills it; y grows downwards.

    Attributes:
        outline: a path.
        colour: such as `#1f4e79`.
    """

    outline: Outline
    colour: str

    def moved(self, x: float, y: float, scale: float = 1) -> "Shape":
        """The same shape elsewhere.

        Args:
            x: to the right.
            y: down.
            scale: how much larger, before it is moved.

        Returns:
            A shape.
        """
        place = Affine2D().scale(scale).translate(x, y)
        return Shape(self.outline.transformed(place), self.colour)


def draw(shown: "Preview") -> bytes:
    """Draw a picture.

    Args:
        shown: what it shows.

    Returns:
        A PNG file of 1200 × 630 pixels.
    """
    figure = Figure((WIDTH / 100, HEIGHT / 100), dpi=100)
    downwards = Affine2D().scale(1, -1).translate(0, HEIGHT)
    shapes = (*_head(shown), *_body(shown))
    written = (PathPatch(outline, color=colour, linewidth=0) for outline, colour in shapes)
    for patch in (*_ground(shown), *written):
        patch.set_transform(downwards)
        figure.add_artist(patch)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = Image.frombuffer("RGBA", SIZE, canvas.buffer_rgba()).convert("RGB")
    file = io.BytesIO()
    picture.quantize(palette=_palette(shown), dither=Image.Dither.NONE).save(
        file, "PNG", compress_level=8
    )
    return file.getvalue()


def _ground(shown: "Preview") -> Iterator[Rectangle | Circle]:
    """The areas behind the writing, and five dots in the colours of the roles."""
    edge = _edge(shown)
    line, ground = shown.colours["line"], shown.colours["ground"]
    yield Rectangle((0, 0), WIDTH, HEIGHT, color="white", linewidth=0)
    yield Rectangle((0, edge), WIDTH, HEIGHT, color=line, linewidth=0)
    yield Rectangle((0, edge + 2), WIDTH, HEIGHT, color=ground, linewidth=0)
    yield Rectangle((0, 0), 24, HEIGHT, color=shown.accent, linewidth=0)
    for number, role in enumerate(reversed(ROLES)):
        yield Circle((RIGHT - 9 - 28 * number, 66), 9, color=shown.colours[role], linewidth=0)


def _edge(shown: "Preview") -> int:
    return EDGES[len(shown.equation) <= 3]


def _head(shown: "Preview") -> Iterator[Shape]:
    """The names of site and part, and the title: on one line if it can be large there."""
    if shown.title != shown.site:
        yield _text(shown.site, 31, shown.colours["weight"]).moved(LEFT, 77)
    edge = _edge(shown)
    sizes = (88, 80, 72, 64) if edge == EDGES[-1] else (64,)
    size = next((size for size in sizes if _length(shown.title, size) <= RIGHT - LEFT), sizes[-1])
    lines = _wrap(shown.title, size)
    baseline = edge - 0.55 * size - (len(lines) - 1) * 1.15 * size
    if shown.part:
        yield _text(shown.part, 33, shown.accent).moved(LEFT, baseline - 0.9 * size - 10)
    for number, line in enumerate(lines):
        yield _text(line, size, INK).moved(LEFT, baseline + number * 1.15 * size)


def _body(shown: "Preview") -> Iterator[Shape]:
    """The equation, or else the description, in the middle of the lower part."""
    edge = _edge(shown)
    middle = (edge + HEIGHT) / 2
    if shown.equation:
        lines = [_set(line, shown.colours) for line in shown.equation]
        yield from _equation(lines, middle, HEIGHT - edge - 70)
        return
    size, leading = 42, 58
    words = _wrap(shown.description, size)
    for number, line in enumerate(words):
        baseline = middle + (number - (len(words) - 1) / 2) * leading + size / 3
        yield _text(line, size, INK).moved(LEFT, baseline)


def _equation(lines: list[list[Shape]], middle: float, high: float) -> Iterator[Shape]:
    """Lines of an equation in one column or two, whichever lets them be larger."""
    half = -(-len(lines) // 2)
    layouts = [[lines], [lines[:half], lines[half:]]] if len(lines) > 1 else [[lines]]
    scale, columns = max(((_scale(layout, high), layout) for layout in layouts), key=itemgetter(0))
    x: float = LEFT
    for column in columns:
        y = middle - scale * _extent([column])[1] / 2
        for line in column:
            top, bottom = _reach(line)
            for shape in line:
                yield shape.moved(x, y - scale * top, scale)
            y += scale * (bottom - top + _gap(column))
        x += scale * max(map(_right, column)) + SEPARATION


def _scale(columns: list[list[list[Shape]]], high: float) -> float:
    """How large columns of lines can be set where there is room for so much height."""
    width, height = _extent(columns)
    wide = RIGHT - LEFT - SEPARATION * (len(columns) - 1)
    return min(LARGEST, wide / width, high / height)


def _extent(columns: list[list[list[Shape]]]) -> tuple[float, float]:
    """Width of columns of lines side by side without what separates them, and height."""
    heights = [
        sum(bottom - top + _gap(column) for top, bottom in map(_reach, column)) - _gap(column)
        for column in columns
    ]
    return sum(max(map(_right, column)) for column in columns), max(heights)


def _gap(column: list[list[Shape]]) -> float:
    """The room between two lines: less where there are many."""
    return EM * (0.22 if len(column) < 4 else 0.07)


def _right(line: list[Shape]) -> float:
    return max(np.asarray(shape.outline.vertices)[:, 0].max() for shape in line)


def _reach(line: list[Shape]) -> tuple[float, float]:
    """How far a line reaches up and down: at least as far as one with a tilde and an index."""
    y = np.concatenate([np.asarray(shape.outline.vertices)[:, 1] for shape in line])
    return min(-0.88 * EM, y.min()), max(0.25 * EM, y.max())


def _set(mathml: str, colours: dict[str, str]) -> list[Shape]:
    """Set a formula, each symbol in the colour of its role."""
    tree = ElementTree.fromstring(mathml)
    tree.set("mathcolor", INK)
    for symbol in tree.iter():
        if role := symbol.get("data-role"):
            symbol.set("mathcolor", colours.get(role, colours["weight"]))
    marks = ziamath.Math(tree, EM).svgxml()
    return [Shape(_outline(mark), mark.attrib["fill"]) for mark in marks]


def _outline(mark: ElementTree.Element) -> Outline:
    """The outline of a mark: the path of a glyph, or the rectangle of a fraction's bar."""
    if mark.tag == "rect":
        x, y, width, height = (float(mark.attrib[name]) for name in ("x", "y", "width", "height"))
        bar = Affine2D().scale(width, height).translate(x, y)
        return Outline.unit_rectangle().transformed(bar)
    codes = {"M": Outline.MOVETO, "L": Outline.LINETO, "Q": Outline.CURVE3, "Z": Outline.CLOSEPOLY}
    points: list[tuple[float, float]] = []
    kinds = []
    for letter, numbers in re.findall(r"([MLQZ])([^MLQZ]*)", mark.attrib["d"]):
        values = [float(number) for number in numbers.split()] or [0.0, 0.0]
        points += zip(values[::2], values[1::2], strict=True)
        kinds += [codes[letter]] * (len(values) // 2)
    return Outline(points, kinds)


def _text(words: str, size: float, colour: str) -> Shape:
    upright = TextPath((0, 0), words, size=size, prop=FONT)
    return Shape(upright.transformed(Affine2D().scale(1, -1)), colour)


@cache
def _length(words: str, size: float) -> float:
    """How long words are in a line; their outlines would tell the same ten times as slowly."""
    return _measure().getlength(words) * size / EM


@cache
def _measure() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT_FILE, EM)


def _wrap(text: str, size: float) -> list[str]:
    """Break a text into as few lines as there can be, of lengths as equal as there can be."""
    lines = _fill(text, size, RIGHT - LEFT)
    for width in range(RIGHT - LEFT, 0, -10):
        narrower = _fill(text, size, width)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _fill(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines that are as long as the width allows."""
    first, *words = text.split()
    lines = [first]
    for word in words:
        longer = f"{lines[-1]} {word}"
        if _length(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _palette(shown: "Preview") -> Image.Image:
    """The colours that a picture can have: each ink, and its shades towards the ground."""
    names = ("weight", *ROLES)
    inks = [INK, shown.accent, *(shown.colours[name] for name in names)]
    ground = np.array(ImageColor.getrgb(shown.colours["ground"]))
    shades = [
        np.round(share * np.array(ImageColor.getrgb(ink)) + (1 - share) * ground)
        for ink in inks
        for share in np.linspace(0, 1, SHADES)
    ]
    colours = [(255, 255, 255), ImageColor.getrgb(shown.colours["line"]), *shades]
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.array(colours, "uint8").tobytes())
    return palette
