"""Each stepper has script, test and page; what it lacks is named, each with its file."""

import pytest
from pages import PAGES, ROOT
from steppers import STEPPERS

from lecture_code.publish import steppers

PYTHON = {path.stem for path in (ROOT / "lecture_code/publish/steppers").glob("[!_]*.py")}
SCRIPTS = {path.stem for path in (ROOT / "docs/assets/steppers").glob("*.js")}
# Some have several scripts: rosetta has rosetta-lstm.js and rosetta-rnn.js besides its own.
NAMES = sorted((PYTHON - {"base"}) | (SCRIPTS - {"stepper"}) | set(STEPPERS))

MODULE = "its module, lecture_code/publish/steppers/{module}.py"
NAME = "{module}_stepper among the names of lecture_code/publish/steppers/__init__.py"
SCRIPT = "its script, docs/assets/steppers/{name}.js"
ELEMENT = 'customElements.define("lecture-{name}", …), in docs/assets/steppers/{name}.js'
LISTED = "the address of its page, in tests/support/steppers.py"
TEST = "its test, tests/publish/test_stepper_{module}.py"
PAGE = "a block that prints {module}_stepper(…), on a page in docs/"


def missing(name: str) -> set[str]:
    """What a stepper has not, and where it would be."""
    module, script = name.partition("-")[0], ROOT / f"docs/assets/steppers/{name}.js"
    is_there = script.exists()
    has = {
        MODULE: module in PYTHON,
        NAME: f"{module}_stepper" in steppers.__all__,
        SCRIPT: is_there,
        ELEMENT: is_there and f'define("lecture-{name}"' in script.read_text("utf-8"),
        LISTED: name in STEPPERS,
        TEST: (ROOT / f"tests/publish/test_stepper_{module}.py").exists(),
        PAGE: any(f"{module}_stepper(" in page.read_text("utf-8") for page in PAGES),
    }
    return {what.format(name=name, module=module) for what, there in has.items() if not there}


@pytest.mark.parametrize("name", NAMES)
def test_a_stepper_is_whole(name):
    lacks = missing(name)
    assert not lacks, f"the stepper {name} lacks:\n" + "\n".join(sorted(lacks))


def test_a_stepper_that_there_is_not_lacks_everything():
    every = (MODULE, NAME, SCRIPT, ELEMENT, LISTED, TEST, PAGE)
    assert missing("toy") == {what.format(name="toy", module="toy") for what in every}
