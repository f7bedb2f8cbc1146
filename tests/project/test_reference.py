"""Everything public is in the reference, and the README's Python runs as it stands."""

import re

import pytest
from pages import DOCS, ROOT, fences_in

import lecture_code

PACKAGE = ROOT / "lecture_code"
SHOWN = {
    module
    for page in sorted((DOCS / "reference").glob("*.md"))
    for module in re.findall(r"^::: (\S+)$", page.read_text("utf-8"), re.MULTILINE)
}
SNIPPETS = [
    fence
    for fence in fences_in((ROOT / "README.md").read_text("utf-8"))
    if fence.language == "python"
]


def test_every_module_is_in_the_reference():
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if not path.name.startswith("_")
    }
    missing = sorted(modules - SHOWN)
    assert not missing, f"docs/reference/ needs a line `::: {missing[0]}`"
    assert modules == SHOWN


@pytest.mark.parametrize("name", lecture_code.__all__)
def test_every_public_name_is_in_the_reference(name):
    found = getattr(lecture_code, name)
    assert found.__module__ in SHOWN
    assert found.__doc__


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda fence: f"line {fence.line}")
def test_the_readmes_python_runs(snippet):
    """Each snippet on its own, as somebody would who copies it."""
    names: dict = {}
    exec(compile(snippet.code, "README.md", "exec"), names)
    if "outputs" in names:
        assert names["outputs"].shape == (50, 4, 16)


def test_the_readme_has_snippets():
    assert len(SNIPPETS) == 3
