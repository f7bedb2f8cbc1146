"""What is said where a package is missing that only the pages and the judges need."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(__file__).parents[1]

FRAMEWORKS = ("flax", "jax", "keras")
"""What neither the pages nor `make test` need: `make test-all` installs them."""


@contextmanager
def needs_extra() -> Iterator[None]:
    """Say how to install what is missing, around imports that a bare install cannot do.

    Raises:
        ImportError: if a package is missing that is not this one. The cause is the original error.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or "").split(".")[0]
        if name in ("", PACKAGE.name):
            raise
        raise ImportError(f"{name} is missing: {_remedy(name)}", name=name) from error


def _remedy(name: str) -> str:
    if (PACKAGE.parent / "Makefile").is_file():
        target = "test-all" if name in FRAMEWORKS else "test"
        return f"run `make {target}`, which installs it into .venv; then use the Python in .venv"
    return f"pip install {name}" if name in FRAMEWORKS else 'pip install "lecture-code[pages]"'
