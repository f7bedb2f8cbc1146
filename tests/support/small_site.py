"""A small site of real pages, to be built by the real command, whole or with a fault in it."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import yaml
from pages import DOCS, ROOT

NEURON, GATE = "lecture/neuron.md", "lecture/gru_one_gate.md"
REFERENCE = "reference/lecture.md"
NAV = [
    {"Home": "index.md"},
    {"Neural networks": [{"A neuron": NEURON}]},
    {"Recurrent networks": [{"GRU, one gate": GATE}]},
    {"Reference": [{"The lecture": REFERENCE}]},
]
PAGES = ("index.md", NEURON, GATE, REFERENCE)
HOME = """\
---
description: Lecture notes on recurrent networks, cut down to four pages for the tests of the build.
---
# Recurrent networks

Four pages of the notes: [a neuron](lecture/neuron.md), [a gate](lecture/gru_one_gate.md) and their
[reference](reference/lecture.md). This one has what only few of the real pages have: a training
that is kept, and a block that prints Markdown.

```python exec="true" session="index"
import numpy as np

from lecture_code.publish import cached
from lecture_code.sections.universal_approximation import shallow_network, train_wave

trained = cached(train_wave)(5, steps=20, seed=0)
t = np.linspace(0, 1, 5)
print("| $t$ | after training |\\n|---|---|")
for time, value in zip(t, shallow_network(t[:, None], trained)[:, 0], strict=True):
    print(f"| {time} | {value:.4f} |")
```
"""
MODULES = ("lecture_code.sections.neuron", "lecture_code.sections.gru_one_gate")
"""What the page of the reference shows."""

FOLDERS = ("docs/assets", "lecture_code", "overrides", "tools")
FILES = ("mkdocs.yml", "pyproject.toml", "README.md", "LICENSE")
BYTECODE = shutil.ignore_patterns("__pycache__")
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]+\.md)(?:#[^()\s]*)?\)")
SETTINGS = ("SITE_URL", "REPO_URL", "SOURCE_DATE_EPOCH")
SETTINGS += ("LECTURE_CODE_CACHE", "LECTURE_CODE_SERVED")
"""What the environment may tell a build; the tests set it themselves."""


class Project:
    """A folder with a site's sources, its caches, and the site once it is built.

    Attributes:
        folder: where it is.
        site: where its site is published.
        docs: the folder of its pages.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.site, self.docs = folder, folder / "site", folder / "docs"

    def command(self, generator: str = "mkdocs", program: str = "") -> list[str]:
        """The command that builds; with a program, that runs first in the same process."""
        if not program:
            start = ["-m", "tools.build"]
        else:
            start = ["-c", f"{program}\nimport tools.build\ntools.build.main()"]
        return [sys.executable, *start, "--generator", generator]

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        return {**kept, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(self.folder), **more}

    def start(self, *, generator="mkdocs", program="", umask=-1, **more: str) -> subprocess.Popen:
        return subprocess.Popen(
            self.command(generator, program),
            cwd=self.folder,
            env=self.environment(**more),
            umask=umask,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def build(self, **more) -> tuple[int, str]:
        """Build; return the exit status and all that was said."""
        process = self.start(**more)
        said, _ = process.communicate(timeout=900)
        return process.returncode, said

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace what is in a file once, or the first of several."""
        file = self.folder / name
        text = file.read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        file.write_text(text.replace(old, new, 1), "utf-8")

    def add(self, page: str, text: str) -> int:
        """Put Markdown at the end of a page; return the line on which it begins."""
        file = self.docs / page
        before = file.read_text("utf-8").rstrip() + "\n\n"
        file.write_text(before + text, "utf-8")
        return before.count("\n") + 1

    def add_block(self, page: str, code: str, options: str = "") -> int:
        """Put a block that runs before a page's others; return the line of its fence."""
        file = self.docs / page
        before, mark, after = file.read_text("utf-8").partition("```python")
        session = Path(page).stem
        block = f'```python exec="true"{options} session="{session}"\n{code}\n```\n\n'
        file.write_text(before + block + mark + after, "utf-8")
        return before.count("\n") + 1

    def copy(self, folder: Path) -> "Project":
        """Copy all of it, caches and site too."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)


def small(folder: Path) -> Project:
    """Write the small site's sources into a new folder."""
    _copy_programs(folder)
    texts = {page: (DOCS / page).read_text("utf-8") for page in (NEURON, GATE)}
    head = (DOCS / REFERENCE).read_text("utf-8").partition("\n:::")[0]
    texts["index.md"] = HOME
    texts[REFERENCE] = head + "".join(f"\n::: {module}\n" for module in MODULES)
    for page, text in texts.items():
        file = folder / "docs" / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_without_dead_links(page, text), "utf-8")
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    before, rest = settings.split("\nnav:\n")
    nav = yaml.safe_dump({"nav": NAV}, sort_keys=False)
    (folder / "mkdocs.yml").write_text(f"{before}\n{nav}{rest[rest.index(chr(10) * 2) :]}", "utf-8")
    return Project(folder)


def full(folder: Path) -> Project:
    """Copy the whole site's sources, and what is kept of it, into a new folder."""
    _copy_programs(folder)
    shutil.copytree(DOCS, folder / "docs", dirs_exist_ok=True)
    shutil.copytree(ROOT / "bench", folder / "bench", ignore=BYTECODE)
    if (ROOT / ".cache").is_dir():
        shutil.copytree(ROOT / ".cache", folder / ".cache")
    return Project(folder)


def _copy_programs(folder: Path) -> None:
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=BYTECODE)
    for name in FILES:
        shutil.copy2(ROOT / name, folder / name)


def _without_dead_links(page: str, text: str) -> str:
    """Leave of a link to a page that is not there its words."""

    def words(found: re.Match) -> str:
        target = os.path.normpath(os.path.join(os.path.dirname(page), found[2]))
        return found[0] if target in PAGES else found[1]

    return LINK.sub(words, text)


def state(folder: Path) -> dict[str, str]:
    """The hash of every file in a folder, by its path; {} if there is no folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def fence(info: str, code: str = "print(1)", by: str = "") -> str:
    """A fence with whatever is written behind its marks, perhaps indented."""
    return indent(f"```{info}\n{code}\n```\n", by)
