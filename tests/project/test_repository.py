"""Editor settings, hooks, issue forms, workflows and versions: all of them fit the project."""

import re
import shlex
import subprocess
import tomllib
from configparser import ConfigParser
from fnmatch import fnmatch

import pytest
import yaml
from mkdocs.utils.yaml import yaml_load
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from pages import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml"))

by_name = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.stem)


def read(name: str):
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def recipe(target: str) -> list[str]:
    """The commands of a target of the Makefile."""
    [lines] = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, flags=re.MULTILINE)
    return [line.strip().replace("$(BIN)", ".venv/bin") for line in lines.splitlines()]


# --- editors and hooks


def settings_for(path: str) -> dict[str, str]:
    """What .editorconfig says of a file; a later section counts for more."""
    parser = ConfigParser()
    parser.read_string("[top]\n" + (ROOT / ".editorconfig").read_text("utf-8"))
    name = path.rpartition("/")[2]
    sections = [section for section in parser.sections() if fnmatch(name, section)]
    return {key: value for section in sections for key, value in parser[section].items()}


def breaks(path: str, content: bytes) -> list[str]:
    """Which of its settings a file does not keep."""
    wanted, text = settings_for(path), content.decode("utf-8")
    lines = text.splitlines()
    found = {
        "end_of_line": "\r" in text,
        "insert_final_newline": bool(text) and not text.endswith("\n"),
        "trim_trailing_whitespace": any(line != line.rstrip(" \t") for line in lines),
        "indent_style": any(
            line.startswith("\t" if wanted["indent_style"] == "space" else "    ") for line in lines
        ),
    }
    return [f"{path}: {name} is {wanted[name]}" for name, broken in found.items() if broken]


def test_every_file_is_as_editors_are_told():
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout
    paths = [path for path in said.decode().split("\0") if (ROOT / path).is_file()]
    texts = {path: (ROOT / path).read_bytes() for path in paths}
    texts = {path: content for path, content in texts.items() if b"\0" not in content}
    assert len(texts) > 300 and "tools/build.py" in texts
    assert [one for path, content in texts.items() for one in breaks(path, content)] == []


@pytest.mark.parametrize(
    ("path", "content", "setting"),
    [
        ("a/b.py", b"x = 1\r\n", "end_of_line is lf"),
        ("a/b.md", b"words", "insert_final_newline is true"),
        ("b.yml", b"a:  \n", "trim_trailing_whitespace is true"),
        ("b.js", b"\tf();\n", "indent_style is space"),
        ("Makefile", b"a:\n    b\n", "indent_style is tab"),
    ],
)
def test_a_file_that_an_editor_wrote_otherwise_is_named(path, content, setting):
    assert breaks(path, content) == [f"{path}: {setting}"]


def test_the_hooks_are_what_make_lint_runs():
    [source] = read(".pre-commit-config.yaml")["repos"]
    assert source["repo"] == "local"
    assert [hook["entry"] for hook in source["hooks"]] == recipe("lint")
    for hook in source["hooks"]:
        assert (hook["language"], hook["pass_filenames"]) == ("system", False)


# --- versions


def test_every_place_names_the_version_and_its_date():
    released = re.findall(r"^## (\d\S*) — (\S+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    version, date = released[0]
    assert version == PROJECT["version"], "the newest release in CHANGELOG.md, and pyproject.toml"
    citation = read("CITATION.cff")
    assert (citation["version"], str(citation["date-released"])) == (version, date)
    with (ROOT / "mkdocs.yml").open(encoding="utf-8") as settings:
        assert yaml_load(settings)["extra"]["release"] == version
    wheel = f"/assets/lecture_code-{version}-py3-none-any.whl"
    assert re.findall(r"/assets/\S+\.whl", (ROOT / "README.md").read_text("utf-8")) == [wheel]
    numbers = [tuple(map(int, number.split("."))) for number, _ in released]
    assert numbers == sorted(numbers, reverse=True)


def test_the_citation_credits_the_lecture():
    [lecture] = read("CITATION.cff")["references"]
    assert lecture["title"] == "Recurrent Neural Networks, deep learning 3"
    assert lecture["authors"] == [{"given-names": "Raoul", "family-names": "Grouls"}]
    assert str(lecture["date-published"]) == "2025-05-13"


# --- forms


@pytest.mark.parametrize("form", FORMS, ids=lambda file: file.stem)
def test_a_form_can_be_filled_in(form):
    made = yaml.safe_load(form.read_text("utf-8"))
    names = [field["id"] for field in made["body"]]
    assert len(set(names)) == len(names) and "version" in names
    assert any(field.get("validations", {}).get("required") for field in made["body"])


def test_the_form_of_a_page_has_what_its_link_fills_in():
    theme = (ROOT / "overrides/main.html").read_text("utf-8")
    query = theme.partition("/issues/new?")[2].partition('">')[0]
    template, title, *fields = re.findall(r"(?:^|&amp;)(\w+=[\w.]*)", query)
    assert (template, title) == ("template=page.yml", "title=")
    made = read(".github/ISSUE_TEMPLATE/page.yml")
    assert {one.rstrip("=") for one in fields} <= {field["id"] for field in made["body"]}
    assert len(fields) == 2


# --- workflows


def steps(workflow) -> list[dict]:
    jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def commands(workflow) -> list[list[str]]:
    return [shlex.split(step["run"], posix=True) for step in steps(workflow) if "run" in step]


def matrix(name: str) -> list[dict]:
    """The values that a job of the checks runs with, as a list if it names whole cases."""
    return read(".github/workflows/checks.yml")["jobs"][name]["strategy"]["matrix"]


@by_name
def test_a_workflow_calls_only_targets_that_there_are(workflow):
    targets = re.findall(r"^([a-z-]+):.*## ", MAKEFILE, flags=re.MULTILINE)
    called = [words[1] for words in commands(workflow) if words[0] == "make"]
    assert set(called) <= set(targets)
    if workflow.stem == "checks":
        assert set(called) == {"lint", "test", "test-all", "build"}


@by_name
def test_a_workflow_names_actions_by_their_major_version(workflow):
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[\w-]+@v\d+", one) for one in used)


@pytest.mark.parametrize("job", ["test", "windows"])
def test_the_workflow_tries_the_pythons_that_pyproject_names(job):
    found = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert matrix(job)["python"] == found
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert all(python in allowed for python in found)
    assert f"3.{int(found[0].partition('.')[2]) - 1}" not in allowed, "the oldest is missing"


def test_the_workflow_tries_the_oldest_and_the_newest_numpy_and_torch():
    oldest = {}
    for wanted in map(Requirement, PROJECT["dependencies"]):
        if wanted.name in ("numpy", "torch"):
            [least] = [one.version for one in wanted.specifier if one.operator == ">="]
            oldest[wanted.name] = least + ".0" * (2 - least.count("."))
    tried = {case["packages"] for case in matrix("bounds")["include"]}
    either = {name: (f"{name}=={version}", name) for name, version in oldest.items()}
    assert tried == {f"{one} {other}" for one in either["numpy"] for other in either["torch"]}


def test_windows_takes_the_steps_of_the_readme():
    [block] = re.findall(r"```powershell\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    told = [line for line in block.splitlines() if "tools.preview" not in line]
    job = read(".github/workflows/checks.yml")["jobs"]["windows"]
    runs = [step["run"] for step in job["steps"] if "run" in step]
    # `py` would start the newest Python of the machine, not that of the matrix.
    assert [runs[0].replace("python", "py", 1), *runs[1:]] == told


def test_every_system_is_tried():
    jobs = read(".github/workflows/checks.yml")["jobs"]
    named = {job["runs-on"] for job in jobs.values()} | set(matrix("test")["os"])
    named |= set(matrix("build")["os"])
    systems = {"ubuntu-latest", "macos-latest", "windows-latest"}
    assert {one for one in named if "{" not in one} == systems


def test_the_weekly_run_takes_no_lock():
    [weekly] = [workflow for workflow in WORKFLOWS if workflow.stem == "weekly"]
    said = " ".join(" ".join(words) for words in commands(weekly))
    assert "--group dev" in said and "requirements" not in said and "make" not in said
    assert "schedule" in weekly.read_text("utf-8")


def test_the_table_of_what_was_tried_has_every_system_and_python():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    table = text.partition("\n## What runs where\n")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if line.startswith("|")
    ][2:]
    assert {row[0].split()[0].strip(",") for row in rows} == {"Linux", "macOS", "Windows"}
    for python in matrix("test")["python"]:
        assert any(python in row[1] for row in rows), python
    for *_, result in rows:
        assert re.search(r"not run here|\d{4}: [\d,]+ passed|before every change", result), result


# --- the guide for contributors

GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
PATHS = sorted(set(re.findall(r"`((?:[\w.-]+/)+(?:[\w.-]+\.\w+)?)`", GUIDE)))


# What is below site/ and assets/ is there once the site is built.
@pytest.mark.parametrize(
    "path", [path for path in PATHS if not re.search("STEM|NAME|^(site|assets)/", path)]
)
def test_the_guide_names_files_that_there_are(path):
    assert (ROOT / path).exists(), f"CONTRIBUTING.md names {path}"


def test_the_guides_links_lead_to_headings():
    headings = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")
        for title in re.findall(r"^## (.+)$", GUIDE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", GUIDE)) <= headings
