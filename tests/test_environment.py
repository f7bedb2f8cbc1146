"""The lock pins what pyproject.toml asks for, and the Makefile has the promised commands."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
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
PINS = list(read_pins("requirements.txt"))
TORCH_PINS = list(read_pins("requirements-torch.txt"))


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_every_dependency_has_one_pin_inside_its_range(python, platform):
    here = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": platform,
    }
    pins = {}
    for pin, _ in PINS + TORCH_PINS:
        if pin.marker is None or pin.marker.evaluate(here):
            name = canonicalize_name(pin.name)
            assert name not in pins, f"{name} is pinned twice"
            (specifier,) = pin.specifier
            pins[name] = specifier.version
    for wanted in WANTED:
        version = pins.get(canonicalize_name(wanted.name))
        assert version, f"{wanted.name} is not in the lock: run `make lock`"
        assert wanted.specifier.contains(version), f"{version} is outside {wanted}: run `make lock`"


def test_every_pin_is_exact_and_hashed():
    for pin, hashes in PINS:
        assert [specifier.operator for specifier in pin.specifier] == ["=="], pin
        assert hashes, f"{pin} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", found) for found in hashes), pin


def test_torch_stands_apart_and_brings_its_own_cuda():
    assert [str(pin).split("==")[0] for pin, _ in TORCH_PINS] == ["torch"]
    assert not [pin.name for pin, _ in PINS if re.match(r"torch$|triton|cuda|nvidia", pin.name)]


def test_the_lock_names_no_index():
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links| @ ", lock)


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
