"""Names of a package that are imported when they are asked for, since what they need is large."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def importer(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Make a package's `__getattr__`, which Python calls for a name that the package does not have.

    Args:
        package: the package's name.
        modules: for each name the module that has it; one of the package begins with a dot.

    Returns:
        A function from a name to what has it; AttributeError for any other name.
    """

    def get(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(modules[name], package), name)

    return get
