"""The window slides: nine places, nine products with the kernel, nine sums."""

from collections.abc import Mapping

import numpy as np
from markupsafe import Markup

from lecture_code.publish.figures import Matrix, matrices
from lecture_code.publish.steppers.base import choice, stepper, steps
from lecture_code.sections.convolution import convolve


def convolution_stepper(X: np.ndarray, kernels: Mapping[str, np.ndarray]) -> Markup:
    """A kernel that slides over an image, step by step.

    Args:
        X: the image, shape `(rows, columns)`.
        kernels: kernels of one shape, by what they do.

    Returns:
        HTML.

    Raises:
        ValueError: if the kernels differ in shape.
    """
    shapes = {w.shape for w in kernels.values()}
    if len(shapes) != 1:
        raise ValueError(f"kernels: expected kernels of one shape, got {sorted(shapes)}")
    [(height, width)] = shapes
    outputs = {name: convolve(X, w) for name, w in kernels.items()}
    rows, columns = next(iter(outputs.values())).shape
    places = list(np.ndindex(rows, columns))
    windows = [X[i : i + height, j : j + width] for i, j in places]
    products = {name: [w * window for window in windows] for name, w in kernels.items()}
    data = {
        "places": places,
        "windows": windows,
        "kernels": kernels,
        "products": products,
        "outputs": outputs,
    }
    first = next(iter(kernels))
    stage = matrices(
        Matrix("X", X, role="input"),
        "∗",
        ("w", kernels[first]),
        "→",
        ("products", products[first][0]),
        "Σ",
        Matrix("Y", outputs[first], role="output"),
        largest=1,
        digits=0,
    )
    return stepper(
        "convolution",
        "The kernel slides",
        data,
        stage=stage,
        controls=steps("step", "Step", len(places)) + choice("kernel", "Kernel", list(kernels)),
        plain=_all_steps(data, first),
    )


def _all_steps(data: Mapping, name: str) -> Markup:
    """Every step as matrices: the window, its products with the kernel, their sum."""
    shown = zip(data["places"], data["windows"], data["products"][name], strict=True)
    return Markup().join(
        matrices(
            Matrix(f"step {step}: window", window, role="input"),
            ("products", products),
            Matrix(Markup("Y<sub>{},{}</sub>").format(i, j), [products.sum()], role="output"),
            largest=1,
            digits=0,
        )
        for step, ((i, j), window, products) in enumerate(shown, start=1)
    )
