"""The judges: other programs that compute the lecture's equations, given the lecture's own weights.

A judge is handed weights, inputs and state as numpy arrays and answers with numpy arrays. It copies
the weights into its own layout itself, so that it shares no mistake with the rest of the package.
"""

from typing import TYPE_CHECKING

from lecture_code.on_demand import importer

if TYPE_CHECKING:
    from lecture_code.oracles.judges import JUDGES, Judge
    from lecture_code.oracles.reset_position import agreement, reset_before

__all__ = ["JUDGES", "Judge", "agreement", "reset_before"]

_MODULES = {
    "JUDGES": "judges",
    "Judge": "judges",
    "agreement": "reset_position",
    "reset_before": "reset_position",
}


# One judge alone, such as torch_nn, should not wait for all the others.
__getattr__ = importer(__name__, _MODULES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
