"""What an import loads, and what it says where a package is missing."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from lecture_code import publish
from lecture_code.support import extras

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "lecture_code"

HEAVY = ("IPython", "arch", "matplotlib", "onnx", "onnxruntime", "pandas", "statsmodels")
HIDDEN = (*HEAVY, "pygments", "pygraphviz", "flax", "jax", "keras")
HIDE = f"""
import sys

class Hides:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.split(".")[0] in {HIDDEN}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hides)
"""


def run(code: str, folder: Path = ROOT) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


# --- lazy packages


def test_a_lazy_package_has_what_it_promises():
    package = publish
    tree = ast.parse(Path(package.__file__).read_text("utf-8"))
    [block] = [node for node in tree.body if isinstance(node, ast.If)]
    imported = {
        alias.name: node.module.removeprefix(package.__name__)
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module.startswith("lecture_code")
        for alias in node.names
    }
    assert imported == package._MODULES
    assert sorted(package._MODULES) == sorted(package.__all__)
    assert set(package.__all__) <= set(dir(package))
    with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute 'no'"):
        package.no  # noqa: B018


NAMES = """
import importlib, json, sys
for name in ("card", "timeline"):
    importlib.import_module(f"lecture_code.publish.{name}")
from types import ModuleType
from lecture_code import publish
for name in publish.__all__:
    assert not isinstance(getattr(publish, name), ModuleType), name
from lecture_code.publish import card, timeline, figures
assert card is sys.modules["lecture_code.publish.card"].card
assert isinstance(figures, ModuleType)
"""


def test_a_function_keeps_its_name_from_the_module_of_the_same_name():
    run(NAMES)


def test_the_sites_generator_loads_nothing_heavy():
    modules = ("extension", "mathematics", "exercises", "notebook")
    names = ", ".join(f"lecture_code.publish.{name}" for name in modules)
    loaded = set(
        json.loads(run(f"import json, sys, {names}; print(json.dumps(list(sys.modules)))"))
    )
    assert not loaded & {*HEAVY, "torch", "scipy.signal", "scipy.stats"}
    assert not [name for name in loaded if name.startswith("lecture_code.oracles")]


@pytest.mark.parametrize(
    "code",
    [
        "from lecture_code.publish import card",
        "from lecture_code.publish import two_products_over_one",
        "from lecture_code.publish.conventions import conventions_table",
    ],
)
def test_who_imports_something_keeps_the_threads_of_torch(code):
    before, threads = "import torch; torch.set_num_threads(3)", "print(torch.get_num_threads())"
    assert run(f"{before}\n{code}\n{threads}") == "3"


def test_the_package_itself_loads_numpy_and_nothing_heavier():
    loaded = json.loads(run("import json, sys, lecture_code; print(json.dumps([*sys.modules]))"))
    assert "numpy" in loaded
    assert not {*loaded} & {*HEAVY, "scipy", "torch", "math_core", "lark", "click", "rich"}


# --- what is missing


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The package as a wheel brings it: no Makefile beside it."""
    folder = tmp_path_factory.mktemp("installed")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, folder / "lecture_code", ignore=ignored)
    return folder


def test_a_bare_install_has_what_needs_no_extra(installed):
    modules = (
        "checker",
        "cli",
        "equations",
        "frameworks.bridge",
        "frameworks.convert",
        "publish",
    )
    names = ", ".join(f"lecture_code.{name}" for name in (*modules, "oracles.torch_nn"))
    run(f"{HIDE}import {names}, lecture_code.worksheets", installed)


USES = {
    "from lecture_code.publish import card": "onnx",
    "import lecture_code.publish as p; p.evidence": "onnx",
    "from lecture_code.publish.steppers import gate_stepper": "onnx",
    "from lecture_code.publish.conventions import conventions_table": "onnx",
    "from lecture_code.publish import sunspots; sunspots()": "statsmodels",
    "from lecture_code.publish import co2; co2()": "statsmodels",
    "from lecture_code.publish import sp500; sp500()": "arch",
    "from lecture_code.publish.notebook import show; show('')": "IPython",
    "from lecture_code.evidence.judges import JUDGES": "onnx",
    "from lecture_code.evidence.reset_position import agreement": "onnx",
    "import lecture_code.evidence.judges": "onnx",
    "from lecture_code.oracles.functions import autocorrelation as a; a([0, 1], 1)": "statsmodels",
}
TELL = """
for code in CODES:
    try:
        exec(code, {})
    except ImportError as error:
        told = isinstance(error.__cause__, ModuleNotFoundError), error.name, str(error)
        print(json.dumps(told))
    else:
        print(json.dumps([code]))
"""


def told(folder: Path, *codes: str) -> list:
    code = f"import json\n{HIDE}\nCODES = {codes!r}\n{TELL}"
    return [json.loads(line) for line in run(code, folder).splitlines()]


def test_a_bare_install_says_which_extra_is_missing(installed):
    for code, found in zip(USES, told(installed, *USES), strict=True):
        cause, name, message = found
        assert cause and name == USES[code], code
        assert message == f'{name} is missing: pip install "lecture-code[pages]"'


def test_a_clone_says_which_target_installs_it():
    cause, name, message = told(ROOT, "from lecture_code.evidence.judges import JUDGES")[0]
    assert cause and name == "onnx"
    assert message.startswith("onnx is missing: run `make test`, which installs it into .venv;")


FRAMEWORKS = {
    "keras": "run_keras('GRU', {}, {}, None)",
    "jax": "run_flax('GRUCell', {}, None)",
}


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_a_framework_is_installed_by_its_own_target(installed, name):
    # With the hook in place after the other judges, as where only the frameworks are missing.
    code = f"""
import json
from lecture_code.oracles import owners
{HIDE}
try:
    owners.{FRAMEWORKS[name]}
except ImportError as error:
    print(json.dumps([error.name, str(error)]))
"""
    assert json.loads(run(code, installed)) == [name, f"{name} is missing: pip install {name}"]
    found, message = json.loads(run(code))
    assert found == name and message.startswith(f"{name} is missing: run `make test-all`, which")


def test_a_module_of_the_package_that_is_missing_is_no_extra():
    with pytest.raises(ModuleNotFoundError, match=r"lecture_code\.nothing"), extras.needs_extra():
        import lecture_code.nothing  # noqa: F401


def test_the_extra_has_what_the_messages_promise():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = {re.split("[>=<]", line)[0] for line in project["optional-dependencies"]["pages"]}
    imported = {
        name.split(".")[0].lower()
        for file in (*PACKAGE.glob("publish/**/*.py"), *PACKAGE.glob("oracles/*.py"))
        for block in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(block, ast.With) and "needs_extra" in ast.unparse(block.items[0])
        for node in ast.walk(block)
        for name in _imported(node)
    }
    assert imported - {*extras.FRAMEWORKS, "lecture_code"} == promised


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) else []
