"""What the generators call: a page's blocks run before it is converted, and are shown in it.

`mkdocs.yml` names `validator` and `formatter` below `pymdownx.superfences`, and the extension of
`lecture_code.publish`, which registers `PagePreprocessor`; so both generators find them.
"""

import hashlib
import logging
import os
import sys
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown_exec import MarkdownConverter
from markupsafe import Markup

from lecture_code.publish.blocks.fences import executed_blocks, front_matter_lines
from lecture_code.publish.blocks.problems import Problem, problems, sources
from lecture_code.publish.blocks.runner import SECONDS, SERVED_SECONDS, Result, Runner

DOCS = Path("docs").absolute()
SERVED = "LECTURE_CODE_SERVED"
"""The environment has this where pages are shown to somebody who edits them."""

_log = logging.getLogger("mkdocs.lecture_code")


class Page:
    """A page that is being converted: its blocks, and what came of them.

    Attributes:
        name: its path below `docs/`.
        text: its source.
        blocks: its blocks.
        result: what came of them.
        shown: how many of them have been put in their places.
    """

    def __init__(self, name: str, text: str, result: Result) -> None:
        self.name = name
        self.text = text
        self.blocks = executed_blocks(text)
        self.result = result
        self.shown = 0


class PagePreprocessor(Preprocessor):
    """Before a page is converted: finds its source, says what is wrong in it, runs its blocks."""

    def run(self, lines: list[str]) -> list[str]:
        """Leave the lines as they are.

        Args:
            lines: Markdown, without front matter if it is a page's.

        Returns:
            The same lines; below a box for each thing that is wrong in a page's source.
        """
        converter: Any = self.md  # the page goes with it, as an attribute that only this file knows
        docs, name = _source_of(self.md)
        text = (docs / name).read_text("utf-8-sig") if (docs / name).is_file() else ""
        if not text or "\n".join(lines).strip() not in _written(text):
            converter.lecture_page = None  # a docstring, or what a block printed
            return lines
        found = _problems(docs, name, text)
        for problem in found:
            _log.warning("%s", problem)
        converter.lecture_page = Page(name, text, runner(docs).result(name, text))
        return [line for problem in found for line in (str(failure_box(str(problem))), "")] + lines


@cache
def _pages(docs: Path) -> dict[str, str]:
    """The sources of all pages, as they were when the first one was converted."""
    return sources(docs)


def _problems(docs: Path, name: str, text: str) -> list[Problem]:
    """What is wrong in a page's source, also beside the other pages."""
    mine = _sessions(text)
    others = {page: other for page, other in _pages(docs).items() if mine & _sessions(other)}
    return [problem for problem in problems({**others, name: text}) if problem.file == name]


@lru_cache(maxsize=4096)
def _sessions(text: str) -> frozenset[str]:
    return frozenset(block.options.get("session", "") for block in executed_blocks(text))


def runner(docs: Path = DOCS) -> Runner:
    """What runs the pages of a site.

    Args:
        docs: the folder of the pages, as an absolute path.

    Returns:
        The same for as long as this process lives; it has begun to run every page. While a site is
        served, a block has less time.
    """
    return _runner(docs)


@cache
def _runner(docs: Path) -> Runner:
    served = "serve" in sys.argv[1:] or os.environ.get(SERVED)
    made = Runner(docs, SERVED_SECONDS if served else SECONDS)
    pages = _pages(docs)
    # Those that may take longest come first, so that nothing has to wait for them in the end.
    made.start(sorted(pages, key=lambda page: _longest(pages[page]), reverse=True))
    return made


def _longest(text: str) -> float:
    """How long a page may take, in seconds, as far as its fences say so."""
    return sum(float(block.options.get("timeout", 0)) for block in executed_blocks(text))


def validator(
    language: str, inputs: dict[str, str], options: dict[str, Any], attrs: dict, md: Markdown
) -> bool:
    """Tell whether a fence is a block that runs, as superfences asks.

    Args:
        language: the fence's language.
        inputs: the options written behind it; those of a block that runs are taken out.
        options: what `formatter` gets.
        attrs: not used.
        md: the converter.

    Returns:
        Whether it is. Anything else is only shown; `problems.problems` says what is wrong with it.
    """
    if inputs.get("exec") != "true":
        return False
    options |= inputs
    inputs.clear()
    return True


def formatter(
    source: str, language: str, css_class: str, options: dict[str, Any], md: Markdown, **more: Any
) -> str:
    """Show a block and what it printed, as superfences asks.

    Args:
        source: the block's code.
        language: `python`.
        css_class: not used.
        options: the options of its fence.
        md: the converter.
        **more: not used.

    Returns:
        HTML, with a record that it ran; or a box that says why it did not.
    """
    try:
        return str(_shown(source, options, md))
    except Exception as error:  # superfences would show the code as if it need not run
        _log.warning("%s", error, exc_info=True)
        return str(failure_box(f"{type(error).__name__}: {error}"))


def record(page: str, number: int, output: str) -> Markup:
    """What a page holds for a block that ran.

    Args:
        page: the page's path below `docs/`.
        number: the block's number on the page, from 1.
        output: what it printed.

    Returns:
        An HTML comment.
    """
    digest = hashlib.sha256(output.encode()).hexdigest()[:16]
    return Markup("<!-- ran: {} {} {} -->").format(page, number, digest)


def failure_box(says: str, details: str = "") -> Markup:
    """What a page shows where something went wrong.

    Args:
        says: what, with its place first.
        details: a traceback, or "".

    Returns:
        HTML.
    """
    more = Markup("<pre><code>{}</code></pre>").format(details) if details else ""
    return Markup(
        '<div class="block-failed" role="alert"><p><strong>{}</strong></p>{}</div>'
    ).format(says, more)


def _shown(source: str, options: dict[str, Any], md: Markdown) -> Markup:
    page: Page | None = getattr(getattr(md, "_original_md", md), "lecture_page", None)
    if page is None:
        raise ValueError("executed blocks are allowed only in a page's own Markdown")
    number = page.shown = page.shown + 1
    if number > len(page.blocks) or page.blocks[number - 1].code.strip() != source.strip():
        raise ValueError(
            f"docs/{page.name}: block {number} is not read as its source has it; "
            f"it begins with {source.strip().splitlines()[:1]}"
        )
    code = _highlighted("python", source, md) if "source" in options else Markup()
    if number > len(page.result.outputs):
        return code + _not_run(page, number)
    output = page.result.outputs[number - 1]
    return code + record(page.name, number, output) + _printed(output, options, md)


def _printed(output: str, options: dict[str, Any], md: Markdown) -> Markup:
    if not output or "html" in options:
        return Markup(output)
    if "result" in options:
        return _highlighted(options["result"], output, md)
    return MarkdownConverter(md).convert(output)


def _not_run(page: Page, number: int) -> Markup:
    failure = page.result.failure
    assert failure  # or every block has run
    if number > failure.block:
        return failure_box(
            f"docs/{page.name}, line {page.blocks[number - 1].line}: block {number} did not run, "
            f"since block {failure.block} failed"
        )
    _log.warning("%s%s", failure, f"\n{failure.details}" if failure.details else "")
    return failure_box(str(failure), failure.details)


def _highlighted(language: str, code: str, md: Markdown) -> Markup:
    """Code as the theme shows it, just as if it stood in a fence."""
    fenced: Any = md.preprocessors["fenced_code_block"]  # that of superfences
    return Markup(
        fenced.highlight(
            src=code.strip("\n"),
            class_name="highlight",
            language=language,
            md=md,
            options={},
            classes=[],
            id_value="",
            attrs={},
        )
    )


def _source_of(md: Markdown) -> tuple[Path, str]:
    """The folder of the pages and, below it, the page that a converter works on.

    Either generator tells it in its own way; for anything that is no page, the name is empty.
    """
    if "relpath" in md.treeprocessors:
        relpath: Any = md.treeprocessors["relpath"]  # that of MkDocs
        file = relpath.file
        return Path(file.abs_src_path.removesuffix(os.path.normpath(file.src_uri))), file.src_uri
    if "rendering_context" in md.preprocessors:
        context: Any = md.preprocessors["rendering_context"]  # that of Zensical
        docs = Path(context.config["root_dir"], context.config["docs_dir"]).absolute()
        return docs, context.page.path
    return DOCS, ""


def _written(text: str) -> tuple[str, str]:
    """A page's source as a generator may hand it on: all of it, or without its front matter."""
    body = "\n".join(text.split("\n")[front_matter_lines(text) :])
    return text.strip(), body.strip()
