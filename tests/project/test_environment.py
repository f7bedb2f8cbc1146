"""The lock pins what pyproject.toml asks for, and the Makefile has the promised commands."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TARGETS = "help serve build test test-all mutations bench audit lint format font picture lock clean"


def read_group(name):
    """List a dependency group's requirements, with those of the groups that it includes."""
    for entry in PYPROJECT["dependency-groups"][name]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from read_group(entry["include-group"])


def read_pins(file_name):
    """List a requirements file's entries as `(requirement, hashes)`."""
    text = (ROOT / file_name).read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n?", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    for line in text.splitlines():
        requirement, *hashes = line.split("--hash=")
        yield Requirement(requirement), [found.strip() for found in hashes]


WANTED = [*map(Requirement, PYPROJECT["project"]["dependencies"]), *read_group("dev")]
TORCH_PINS = list(read_pins("requirements-torch.txt"))
LOCKS = {
    "requirements.txt": WANTED,
    "requirements-frameworks.txt": [*read_group("frameworks")],
    "requirements-bench.txt": [*read_group("bench")],
}
PINS = {lock: list(read_pins(lock)) for lock in LOCKS}

in_every_lock = pytest.mark.parametrize("lock", LOCKS)
on_every_system = pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
with_every_python = pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])


def pinned(pins, python, platform):
    """The versions that pins give on a system, by name."""
    here = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": platform,
    }
    versions = {}
    for pin, _ in pins:
        if pin.marker is None or pin.marker.evaluate(here):
            name = canonicalize_name(pin.name)
            assert name not in versions, f"{name} is pinned twice"
            (specifier,) = pin.specifier
            versions[name] = specifier.version
    return versions


@on_every_system
@with_every_python
@in_every_lock
def test_every_dependency_has_one_pin_inside_its_range(lock, python, platform):
    pins = pinned(PINS[lock] + TORCH_PINS, python, platform)
    for wanted in LOCKS[lock]:
        version = pins.get(canonicalize_name(wanted.name))
        assert version, f"{wanted.name} is not in {lock}: run `make lock`"
        assert wanted.specifier.contains(version), f"{version} is outside {wanted}: run `make lock`"


@on_every_system
@with_every_python
@pytest.mark.parametrize("lock", ["requirements-frameworks.txt", "requirements-bench.txt"])
def test_what_is_installed_later_changes_no_pin(lock, python, platform):
    pins = pinned(PINS["requirements.txt"], python, platform)
    later = pinned(PINS[lock], python, platform)
    assert {name: later[name] for name in pins.keys() & later.keys()} == {
        name: pins[name] for name in pins.keys() & later.keys()
    }


@in_every_lock
def test_every_pin_is_exact_and_hashed(lock):
    for pin, hashes in PINS[lock]:
        assert [specifier.operator for specifier in pin.specifier] == ["=="], pin
        assert hashes, f"{pin} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", found) for found in hashes), pin


@in_every_lock
def test_torch_stands_apart_and_brings_its_own_cuda(lock):
    assert [str(pin).split("==")[0] for pin, _ in TORCH_PINS] == ["torch"]
    names = [pin.name for pin, _ in PINS[lock]]
    assert not [name for name in names if re.match(r"torch$|triton|cuda|nvidia", name)]


@in_every_lock
def test_the_lock_names_no_index(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links| @ ", text)


def test_make_lock_makes_every_lock():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    made = re.findall(r"--output-file (\S+)", makefile)
    assert sorted(made) == sorted(LOCKS)
    found = {path.name for path in ROOT.glob("requirements*.txt")}
    assert found == {*LOCKS, "requirements-torch.txt"}


def test_the_lock_of_npm_pins_what_package_json_asks_for_and_names_no_registry():
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert lock[""]["devDependencies"] == asked
    for name, package in lock.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name
        assert "hasInstallScript" not in package, name


def test_mkdocs_stays_below_2():
    (mkdocs,) = (wanted for wanted in WANTED if wanted.name == "mkdocs")
    assert not mkdocs.specifier.contains("2.0", prereleases=True)


def test_makefile_has_the_promised_targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    described = re.findall(r"^([a-z-]+):.*## \S", makefile, flags=re.MULTILINE)
    assert sorted(described) == sorted(TARGETS.split())


def test_every_target_runs_where_a_change_is_checked():
    script = re.sub(r"^ *#.*", "", (ROOT / ".ci" / "run").read_text("utf-8"), flags=re.MULTILINE)
    called = re.findall(r'\bmake(?: -C "\$copy")?[", ]+([a-z-]+)', script)
    assert set(TARGETS.split()) <= set(called)
