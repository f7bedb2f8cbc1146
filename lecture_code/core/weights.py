"""What every cell's weights have in common: named arrays, checked when made, and a seeded `init`.

A cell's weights are a NamedTuple whose fields carry their shape in words, for example
`Annotated[Array, "hidden, input + hidden"]`. That one text is what the constructor checks, what
`init` draws, and what the reference prints.
"""

from collections.abc import Callable, Iterable
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    NamedTuple,
    Self,
    TypeVar,
    dataclass_transform,
    get_type_hints,
)

import numpy as np

from lecture_code.core.ops import Array, namespace

Matrix = Annotated[Array, "hidden, input + hidden"]
"""A matrix that maps $[X_t, h_{t-1}]$ to one value for each unit."""

Bias = Annotated[Array, "hidden"]
"""One number for each unit."""

if TYPE_CHECKING:
    # A type checker cannot see what `container` adds to a NamedTuple. It is told here, and takes
    # a class of weights for a frozen dataclass that is a tuple as well.
    @dataclass_transform(frozen_default=True)
    class Weights(tuple[Array, ...]):
        """A class of weights: a NamedTuple of arrays that `container` decorates.

        Attributes:
            shapes: the terms of each array's axes, by the names of the arrays.
            state: the arrays of the cell's state and the size of each.
        """

        shapes: ClassVar[dict[str, list[str]]]
        state: ClassVar[dict[str, str]]
        _fields: ClassVar[tuple[str, ...]]

        def __new__(cls, *arrays: Array, **named: Array) -> Self:
            """Take the arrays in the order of the fields, or by name."""

        @classmethod
        def init(
            cls,
            input_size: int | None = None,
            hidden_size: int | None = None,
            *,
            seed: int,
            dtype: Any = np.float64,
            **sizes: int,
        ) -> Self:
            """Draw random weights: see `_init`."""

        @classmethod
        def _make(cls, arrays: Iterable[Array]) -> Self: ...

        def sizes(self) -> dict[str, int]:
            """The sizes that the shapes name: see `_sizes`."""

        def _asdict(self) -> dict[str, Array]: ...

        def _replace(self, **arrays: Array) -> Self: ...

else:
    Weights = NamedTuple

_Class = TypeVar("_Class", bound=type[Weights])


def container(**state: str) -> Callable[[_Class], _Class]:
    """Class decorator: check a NamedTuple of arrays when it is made; add `init` and `sizes`.

    The fields of the NamedTuple are annotated with their shapes in words. The class's constructor
    raises ValueError for a wrong shape or mixed dtypes, `init` draws random weights, and `sizes()`
    tells the named sizes.

    Args:
        **state: the arrays of the cell's state and the size of each, such as `h="hidden"`.

    Returns:
        The decorator.

    Examples:
        >>> from lecture_code.core.weights import Bias, Matrix, Weights, container
        >>> @container(h="hidden")
        ... class MyWeights(Weights):
        ...     W: Matrix
        ...     b: Bias
        >>> MyWeights.init(input_size=3, hidden_size=4, seed=1).W.shape
        (4, 7)
    """

    def decorate(cls: _Class) -> _Class:
        shapes = {
            name: hint.__metadata__[0].split(", ")
            for name, hint in get_type_hints(cls, include_extras=True).items()
        }
        make = cls.__new__

        def checked(cls_: type[Weights], *values: Array, **named: Array) -> Weights:
            made = make(cls_, *values, **named)
            _check(cls_.__name__, shapes, made._asdict())
            return made

        added: dict[str, Any] = {
            "shapes": shapes,
            "state": state,
            "__new__": checked,
            # _replace goes through _make, which a NamedTuple would otherwise leave unchecked.
            "_make": classmethod(lambda cls_, values: cls_(*values)),
            "init": classmethod(_init),
            "sizes": _sizes,
        }
        for name, value in added.items():
            setattr(cls, name, value)
        return cls

    return decorate


def _init(
    cls: type[Weights],
    /,
    input_size: int | None = None,
    hidden_size: int | None = None,
    *,
    seed: int,
    dtype: Any = np.float64,
    **sizes: int,
) -> Weights:
    r"""Draw weights uniformly from $\pm 1/\sqrt{\text{hidden}}$, as `torch.nn` does.

    Args:
        cls: the class of weights.
        input_size: features of the input, where there is one.
        hidden_size: units of the cell or of the hidden layer.
        seed: the same seed gives the same weights.
        dtype: numpy dtype of the weights.
        **sizes: further sizes that the cell names, such as `projection`.

    Returns:
        Weights of this class, as numpy arrays.

    Raises:
        TypeError: if a size that the cell names is missing, one is given that it does not name, or
            it does not name `hidden`.
        ValueError: if a size is below 1, or `dtype` is not floating.
    """
    given = {"input": input_size, "hidden": hidden_size, **sizes}
    known = {name: size for name, size in given.items() if size is not None}
    for name, size in known.items():
        if not isinstance(size, int | np.integer) or size < 1:
            raise ValueError(f"{cls.__name__}.init: {name} size must be at least 1, got {size!r}")
    named = {term for axes in cls.shapes.values() for axis in axes for term in axis.split(" + ")}
    if named != set(known):
        raise TypeError(
            f"{cls.__name__}.init: expected the sizes {', '.join(sorted(named))}, "
            f"got {', '.join(sorted(known)) or 'none'}"
        )
    if "hidden" not in named:
        raise TypeError(
            f"{cls.__name__}.init: the size hidden sets how large the weights are, and no shape "
            "names it; make the arrays yourself"
        )
    if np.dtype(dtype).kind != "f":
        raise ValueError(f"{cls.__name__}.init: dtype must be floating, got {np.dtype(dtype)}")
    random, bound = np.random.default_rng(seed), known["hidden"] ** -0.5
    return cls(
        **{
            name: random.uniform(-bound, bound, [_total(axis, known) for axis in axes]).astype(
                dtype
            )
            for name, axes in cls.shapes.items()
        }
    )


def _sizes(self: Weights) -> dict[str, int]:
    """The sizes that the shapes name.

    Returns:
        For example `{"hidden": 4, "input": 3}`.
    """
    return _solve(self.shapes, self._asdict())


def _total(axis: str, sizes: dict[str, int]) -> int:
    return sum(sizes[term] for term in axis.split(" + "))


def _solve(shapes: dict[str, list[str]], arrays: dict[str, Array]) -> dict[str, int]:
    """Find the sizes from the arrays: biases first, then the matrices whose shape names few."""
    sizes: dict[str, int] = {}
    for name in sorted(shapes, key=lambda name: " + ".join(shapes[name]).count("+")):
        for axis, length in zip(shapes[name], arrays[name].shape, strict=True):
            terms = axis.split(" + ")
            unknown = [term for term in terms if term not in sizes]
            if len(unknown) == 1:
                sizes[unknown[0]] = length - sum(sizes[term] for term in terms if term in sizes)
    return sizes


def _check(owner: str, shapes: dict[str, list[str]], arrays: dict[str, Array]) -> None:
    first = next(iter(arrays))
    for name, array in arrays.items():
        try:
            library = namespace(array)
        except TypeError:
            raise TypeError(
                f"{owner}: {name} must be an array of shape ({', '.join(shapes[name])}), "
                f"got {type(array).__name__}"
            ) from None
        if library is not namespace(arrays[first]) or array.dtype != arrays[first].dtype:
            raise ValueError(
                f"{owner}: all weights must have one dtype; {first} has "
                f"{type(arrays[first]).__name__} {arrays[first].dtype}, "
                f"{name} has {type(array).__name__} {array.dtype}"
            )
        if len(array.shape) != len(shapes[name]):
            raise ValueError(
                f"{owner}: {name} must have shape ({', '.join(shapes[name])}), "
                f"got {tuple(array.shape)}"
            )
    sizes = _solve(shapes, arrays)
    for name, array in arrays.items():
        expected = tuple(_total(axis, sizes) for axis in shapes[name])
        if tuple(array.shape) != expected or min(sizes.values()) < 1:
            found = ", ".join(f"{size} = {value}" for size, value in sizes.items())
            raise ValueError(
                f"{owner}: {name} must have shape ({', '.join(shapes[name])}) = {expected} "
                f"with {found}, got {tuple(array.shape)}"
            )
