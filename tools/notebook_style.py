"""The style of what a notebook shows, made from the site's own style sheets.

What a page calls returns HTML that the site's style sheets dress. In a notebook there is no site:
the package carries the part of them that cards, figures and tables need. Run it after an edit of
those style sheets: `python -m tools.notebook_style`.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHEETS = ("site.css", "steppers/stepper.css")
STYLE = ROOT / "lecture_code" / "publish" / "notebook.css"

SHOWN = re.compile(
    r"\.(card|quantity|agrees|differs|matri|curves|table|timeline|diagram|node|credit|plain|plot"
    r"|cell|stepper(?![\w-])|stepper-(head|plain|legend)|listing)|figcaption|^math|data-role|\.equation"
)
LEFT_OUT = re.compile(
    r"lecture-\w|\.lit|\.says|\.md-(?!typeset)|:has\(|focus|stepper-(live|stage|turn)"
)
LIGHT, SLATE = "[data-md-color-scheme]", '[data-md-color-scheme="slate"]'
DARK = ':is([data-jp-theme-light="false"], .vscode-dark, [theme="dark"]) .lecture'

# What the theme gives on the site, and what undoes the look that notebook programs give to tables.
OWN = """\
--md-default-fg-color--light: var(--weight);
--md-default-bg-color: var(--jp-layout-color0, var(--vscode-editor-background, Canvas));
line-height: 1.5;
font-size: 15px;
figure, table, ul, ol, p { margin: 0; padding: 0; }
figure, p, .table-scroll { margin: 10px 0; }
ul, ol { padding-left: 20px; }
a { color: inherit; }
pre { margin: 0; padding: 10px; background: var(--ground); overflow-x: auto; }
code { background: none; color: inherit; }
tr { background: none; }
.card-hint, .card-says { display: none; }
.card > details > summary { cursor: pointer; }
.highlight :is(.k, .kn, .ow) { color: var(--positive); }
.highlight :is(.s1, .s2, .sd, .c1) { color: var(--agrees); }
.highlight :is(.mi, .mf) { color: var(--differs); }
.stepper > p { padding: 0 16px; }
"""


def style() -> str:
    """Make the style sheet of the notebooks.

    Returns:
        CSS that touches nothing outside an element of class `lecture`.
    """
    sheets = [(ROOT / "docs/assets" / name).read_text("utf-8") for name in SHEETS]
    rules = list(_rules("\n".join(sheets)))
    # The dark colours stand in a block for screens, since paper is light.
    screens = (inner for selector, inner in rules if selector == "@media screen")
    colours = dict([*rules, *(rule for inner in screens for rule in _rules(inner))])
    shown = "".join(_kept(rules))
    # Twice the class: what the notebook's own program says about tables and lists counts less.
    text = (
        f".lecture {{{_custom(colours[LIGHT])}}}\n"
        f"{DARK} {{{_custom(colours[SLATE])}}}\n"
        f".lecture.lecture.lecture {{\n{OWN}{shown}}}\n"
    )
    return re.sub(r"([\d.]+)rem\b", lambda size: f"{20 * float(size[1]):g}px", text)


def _custom(body: str) -> str:
    """The custom properties that are this project's own, and its colour of links."""
    found = re.findall(r"(?<![\w-])--(?!md-)[\w-]+: [^;]+;|--md-typeset-a-color: [^;]+;", body)
    return " ".join(found)


def _kept(rules: Iterable[tuple[str, str]]) -> Iterator[str]:
    for selector, body in rules:
        if selector.startswith("@"):
            if re.match(r"@(media \((min|max)-width|container)", selector):
                inner = "".join(_kept(_rules(body)))
                if inner:
                    yield f"{selector} {{\n{inner}}}\n"
        elif parts := [part for part in _parts(selector) if _is_shown(part)]:
            words = ", ".join(part.replace(".md-typeset ", "") for part in parts)
            yield f"{words} {{ {' '.join(body.split())} }}\n"


def _is_shown(selector: str) -> bool:
    return bool(SHOWN.search(selector)) and not LEFT_OUT.search(
        selector.replace(".md-typeset ", "")
    )


def _parts(selector: str) -> list[str]:
    """The selectors of a list, at the commas that stand outside brackets."""
    return [part.strip() for part in re.split(r",(?![^(]*\))", selector)]


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """The rules of a style sheet: what stands before the braces, and what between them."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    depth = start = 0
    for brace in re.finditer(r"[{}]", text):
        if brace[0] == "{":
            if depth == 0:
                selector, opened = " ".join(text[start : brace.start()].split()), brace.end()
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                yield selector, text[opened : brace.start()]
                start = brace.end()


if __name__ == "__main__":
    STYLE.write_text(style(), "utf-8")
    print(f"{STYLE.relative_to(ROOT)}: {STYLE.stat().st_size / 1024:.1f} KiB")
