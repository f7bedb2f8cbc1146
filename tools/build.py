"""Build the site: run its pages, write it, draw its pictures, make its notebooks, and check it all.

`python -m tools.build` does what `make build` does. Only a site that passed every check is put in
the place of the published one; until then, and if anything fails, that one stays as it is.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

import click
from jinja2 import TemplateNotFound
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException
from rich.console import Console
from rich.logging import RichHandler

from lecture_code.publish.blocks.conversion import record, runner
from lecture_code.publish.blocks.fences import executed_blocks
from lecture_code.publish.blocks.problems import problems as source_problems
from lecture_code.publish.blocks.problems import sources
from lecture_code.publish.blocks.processes import Workers, end_server
from lecture_code.publish.blocks.runner import Result, Runner
from lecture_code.publish.moved import PAGES as MOVED
from lecture_code.support.store import CACHE
from tools import check, notebooks, social
from tools.early import prepare, prepare_wheel
from tools.mkdocs_steps import Steps
from tools.publishing import ROOT, alone, staged
from tools.refused import RefusedError
from tools.stubs import stubs
from tools.up_to_date import date_of_the_sources, files_of, is_up_to_date, made_from, remember

DOCS = Path("docs")
ZENSICAL = Path("mkdocs.zensical.yml")
"""Zensical takes the site's folder from a configuration; this one is there while it runs."""


class BuildError(RefusedError):
    """The site was not published."""


def build(site: Path, generator: str = "mkdocs") -> None:
    """Build the site, check it, and put it in its place.

    Args:
        site: where to publish it.
        generator: `mkdocs` or `zensical`.

    Raises:
        BuildError: if anything is wrong; what stood there then still does.
        PlaceError: if no site can be put there.
    """
    with alone(site):
        made = made_from(generator)
        if is_up_to_date(site, made) and _is_all_kept():
            click.echo(f"{site} is up to date: nothing has changed since it was built and checked.")
            return
        with staged(site) as folder:
            _make(folder, generator, site)
            _raise(
                f"{path}: changed while the site was made, so parts of it are older; build again"
                for path in made.edited(made_from(generator))
            )
            remember(site, folder, made)


def _is_all_kept() -> bool:
    """Whether the output of every page is at hand: of data of any kind, the pages know more."""
    look = Runner(DOCS)
    return all(look.is_kept(page, text) for page, text in sources(DOCS).items())


def _make(folder: Path, generator: str, site: Path) -> None:
    """Make the site in a folder, and check it."""
    nav = check.navigation()
    if not nav:
        raise BuildError("mkdocs.yml: no nav: expected the site's pages in their order")
    with _step("the sources of the pages"):
        pages = sources(DOCS)
        _raise(map(str, source_problems(pages)))
    with Workers() as workers:
        if generator == "mkdocs":
            results = _by_mkdocs(folder, pages, lambda *page: workers.submit(prepare, *page, nav))
        else:
            results = _by_zensical(folder, pages)
        _raise(
            f"docs/{page}: mkdocs.yml names it in nav, but {check.page_of(page)} was not written: "
            "look at exclude_docs, draft_docs and use_directory_urls"
            for page in check.nav_pages(nav)
            if not (folder / check.page_of(page)).is_file()
        )
        with _step("social pictures, notebooks and stubs of pages that have moved"):
            pictures = list(social.pictures(folder, nav, workers))
            books = list(notebooks.notebooks(folder, nav))
            list(stubs(folder, MOVED))
        with _step(f"looking over {len(pages)} pages, {len(pictures)} pictures and so on"):
            found = check.look_over(folder, nav, workers=workers).problems
            own = (*_html_problems(pages, results), *_record_problems(folder, pages, results))
            _raise([*own, *_with_blocks(found, pages, results)])
    click.echo(f"{site}: {len(pages)} pages, {len(pictures)} pictures, {len(books)} notebooks")


def _by_mkdocs(
    folder: Path, pages: dict[str, str], finished: Callable[[str, str], Future]
) -> dict[str, Result]:
    """Write the pages while their blocks run: a page waits for its own, and for no others.

    Args:
        folder: where to write them.
        pages: their sources.
        finished: begins what can be done with a page that is finished.

    Returns:
        What came of the blocks.
    """
    with _step("the pages' blocks, and the pages by mkdocs"):
        running = runner().start(pages)
        try:
            config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True)
        except Abort:
            _results(running)  # of a module that cannot be read, they say more
            raise
        begun: list[Future] = []
        wheel = prepare_wheel(running.values())

        def begin(source: str, text: str) -> None:
            # The processes for it are there only if blocks ran: else it takes longer to start them.
            if any(future.result().ran for future in running.values()):
                wheel.join()  # notebooks name it
                begun.append(finished(source, text))

        config.plugins["steps"] = Steps(begin)
        config.plugins.on_startup(command="build", dirty=False)
        aborted = None
        try:
            mkdocs_build(config)
        except Abort as error:
            aborted = error
        finally:
            config.plugins.on_shutdown()
            if all(future.done() for future in running.values()):
                wheel.join()  # it clears away the folder that it works in
        results = _results(running, with_details=False)  # the pages' warnings had them
        if aborted:
            raise aborted
        wait(begun)
        return results


def _by_zensical(folder: Path, pages: dict[str, str]) -> dict[str, Result]:
    """Run the blocks; then it writes the pages, and finds what they printed kept."""
    with _step("the pages' blocks"):
        results = _results(runner().start(pages))
    ZENSICAL.write_text(f"INHERIT: mkdocs.yml\nsite_dir: {json.dumps(str(folder))}\n", "utf-8")
    # Its own option for that, `--clean`, removes everything that is kept, whoever has kept it.
    for file in CACHE.glob("*"):
        if file.is_file():
            file.unlink()
    try:
        with _step("the pages, by zensical"):
            command = [sys.executable, "-m", "zensical", "build", "--config-file"]
            subprocess.run([*command, str(ZENSICAL)], check=True)
    finally:
        ZENSICAL.unlink()
    return results


def _results(running: dict[str, Future], *, with_details: bool = True) -> dict[str, Result]:
    """Wait for the blocks of all pages; all failures are told at once."""
    results = {page: future.result() for page, future in running.items()}
    failures = [result.failure for result in results.values() if result.failure]
    _raise(f"{one}\n{one.details}".strip() if with_details else str(one) for one in failures)
    blocks = sum(len(result.outputs) for result in results.values())
    ran = sum(len(result.outputs) for result in results.values() if result.ran)
    click.echo(f"   {blocks} blocks: {ran} ran, the output of {blocks - ran} was kept")
    return results


def _with_blocks(
    found: Iterable[check.Problem], pages: dict[str, str], results: dict[str, Result]
) -> Iterator[str]:
    """Name with each problem of a page the blocks that printed what is wrong."""
    sources_of = {check.page_of(page).as_posix(): page for page in pages}
    for problem in found:
        page = sources_of.get(problem.file)
        is_wrong = partial(check.is_printed, problem.says)
        places = page and _blocks_that(is_wrong, pages, results, page)
        yield f"{problem} (printed by {places})" if places else str(problem)


def _blocks_that(
    is_wrong: Callable[[str], object], pages: dict[str, str], results: dict[str, Result], page: str
) -> str:
    """The places of the blocks with a wrong output."""
    blocks = zip(executed_blocks(pages[page]), results[page].outputs, strict=True)
    lines = [block.line for block, output in blocks if is_wrong(output)]
    return ", ".join(f"docs/{page}, line {line}" for line in lines)


def _html_problems(pages: dict[str, str], results: dict[str, Result]) -> Iterator[str]:
    """HTML that a block printed must not change the page around it."""
    for page, result in results.items():
        for block, output in zip(executed_blocks(pages[page]), result.outputs, strict=True):
            why = check.why_not_balanced(output) if "html" in block.options else ""
            if why:
                yield f"docs/{page}, line {block.line}: the block's HTML is not whole: {why}"


def _record_problems(
    folder: Path, pages: dict[str, str], results: dict[str, Result]
) -> Iterator[str]:
    """Each page must hold a record of each of its blocks, and no others."""
    for page, result in results.items():
        text = (folder / check.page_of(page)).read_text("utf-8")
        wanted = [record(page, number, output) for number, output in enumerate(result.outputs, 1)]
        found = check.records_of(text)
        if found != wanted:
            places = _blocks_that(check.records_of, pages, results, page)
            yield (
                f"docs/{page}: expected the records of {len(wanted)} blocks that ran, found "
                f"{len(found)}, of which {len(set(found) - set(wanted))} are of something else"
                + f" (printed by {places})"
                * bool(places)
            )


def _raise(found: Iterable[str]) -> None:
    if reasons := list(found):
        raise BuildError(*reasons)


@contextmanager
def _step(what: str) -> Iterator[None]:
    start = perf_counter()
    click.secho(f"{what[0].upper()}{what[1:]} …", bold=True)
    yield
    click.echo(f"   {perf_counter() - start:.1f} s")


def _is_as_it_was(site: Path, before: dict[str, str]) -> str:
    """What has become of the published site: programs that blocks start are not held back."""
    if files_of(site) == before:
        return f"{site} is as it was"
    return f"but {site} is not as it was: a program that a block started, or another, changed it"


def _where_it_is_named(template: str) -> str:
    """The lines that may name a template or an icon of the theme."""
    name = template.removeprefix(".icons/").removesuffix(".svg")
    lines = [
        f"{file}, line {number}"
        for file in (Path("mkdocs.yml"), *sorted(Path("overrides").rglob("*.html")))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if name in line
    ]
    return ", ".join(lines) or "a template of the theme"


@contextmanager
def _interrupts_as_such() -> Iterator[None]:
    """Raise an interrupt again that other code has turned into an error of its own.

    Python 3.11 itself does so where one comes while a class is made, in a large import.
    """
    try:
        yield
    except Exception as error:
        cause = error.__cause__ or error.__context__
        while cause:
            if isinstance(cause, KeyboardInterrupt):
                raise cause from None
            cause = cause.__cause__ or cause.__context__
        raise


@click.command(help=__doc__)
@click.argument("site", type=click.Path(path_type=Path), default="site")
@click.option("--generator", type=click.Choice(["mkdocs", "zensical"]), default="mkdocs")
def main(site: Path, generator: str) -> None:
    """Build from the command line; the exit status is 1 if nothing was published."""
    handler = RichHandler(
        console=Console(stderr=True, soft_wrap=True), show_time=False, show_path=False
    )
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[handler])
    os.environ.setdefault("SOURCE_DATE_EPOCH", date_of_the_sources())
    # What ends it from outside is Ctrl-C to it, so that it clears away what it has begun.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    start, before = perf_counter(), files_of(site)
    try:
        with _interrupts_as_such():
            build(site, generator)
    except KeyboardInterrupt:
        sys.exit(f"\nStopped; {_is_as_it_was(site, before)}.")
    except RefusedError as error:
        for reason in error.reasons:
            click.echo(reason, err=True)
        sys.exit(
            f"{len(error.reasons)} problems: nothing was published, {_is_as_it_was(site, before)}."
        )
    except (Abort, MkDocsException, subprocess.CalledProcessError) as error:
        sys.exit(f"{error}: nothing was published, {_is_as_it_was(site, before)}.")
    except TemplateNotFound as error:
        says = f"{_where_it_is_named(str(error.name))}: there is no template or icon {error.name}"
        sys.exit(f"{says}: nothing was published, {_is_as_it_was(site, before)}.")
    except Exception as error:  # a template, a disk, or a mistake in this program
        traceback.print_exc()
        name = type(error).__name__
        sys.exit(f"{name}: {error}: nothing was published, {_is_as_it_was(site, before)}.")
    finally:
        end_server()
    click.echo(f"Done in {perf_counter() - start:.1f} s.")


if __name__ == "__main__":
    # Material for MkDocs prints a page about MkDocs 2 when it is loaded; mkdocs<2 is pinned.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    main()
