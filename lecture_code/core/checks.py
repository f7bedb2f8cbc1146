"""What a step checks before it computes: that input, state and weights fit each other.

Without these checks numpy and torch would broadcast a state of the wrong shape, and give an answer.
"""

import inspect
from collections.abc import Callable, Iterable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

from lecture_code.core.ops import Array, namespace


def wrong_shape(
    name: str,
    axes: Iterable[str],
    shape: tuple[int, ...] | None,
    found: Any,
    *,
    kind: str = "",
) -> str:
    """Say which shape was expected, and what came.

    Args:
        name: what the caller calls the argument.
        axes: the names of the axes expected.
        shape: their sizes; None where any size will do.
        found: what came: its shape, or words if it has none.
        kind: what has the shape, such as `an array`, where that is wrong.

    Returns:
        The message of an error, such as `x: expected shape (2, input) = (2, 3), got (2, 4)`.

    Examples:
        >>> from lecture_code.core.checks import wrong_shape
        >>> wrong_shape("x", ["batch", "input"], (2, 3), (2, 4))
        'x: expected shape (batch, input) = (2, 3), got (2, 4)'
    """
    sizes = "" if shape is None else f" = {shape}"
    expected = f"{kind and f'{kind} of '}shape ({', '.join(axes)}){sizes}"
    return f"{name}: expected {expected}, got {found}"


def check_array(
    name: str, array: Array, axes: Iterable[str], shape: tuple[int, ...], like: Array
) -> None:
    """Raise unless an array has the shape expected and the library and dtype of another.

    Args:
        name: what the caller calls the argument.
        array: the argument.
        axes: the axes' names, for the message.
        shape: the shape expected.
        like: the array whose library and dtype are expected.

    Raises:
        TypeError: if `array` is no array, or of another library than `like`.
        ValueError: if its shape or dtype differs.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.checks import check_array
        >>> try:
        ...     check_array("h", np.zeros(3), ["hidden"], (4,), like=np.zeros(4))
        ... except ValueError as error:
        ...     print(error)
        h: expected shape (hidden) = (4,), got (3,)
    """
    try:
        library = namespace(array)
    except TypeError:
        message = wrong_shape(name, axes, shape, f"{array!r:.80}", kind="an array")
        raise TypeError(message) from None
    if library is not namespace(like):
        raise TypeError(
            f"{name}: expected a {type(like).__name__}, as the weights are, "
            f"got a {type(array).__name__}"
        )
    if tuple(array.shape) != shape:
        raise ValueError(wrong_shape(name, axes, shape, tuple(array.shape)))
    if array.dtype != like.dtype:
        raise ValueError(
            f"{name}: expected dtype {like.dtype}, as the weights have, got {array.dtype}"
        )


def check_same_shape(name: str, array: Array, other_name: str, other: Array) -> None:
    """Raise unless two arrays have one shape: an elementwise product must not broadcast.

    Args:
        name: what the caller calls the argument.
        array: the argument.
        other_name: what the caller calls the array that it must match.
        other: that array.

    Raises:
        TypeError: if one of them is no array.
        ValueError: if the shapes differ.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.checks import check_same_shape
        >>> try:
        ...     check_same_shape("gate", np.ones(1), "h", np.ones(4))
        ... except ValueError as error:
        ...     print(error)
        gate: expected the shape of h, (4,), got (1,)
    """
    for argument, value in ((name, array), (other_name, other)):
        if not hasattr(value, "shape"):
            raise TypeError(f"{argument}: expected an array, got {value!r:.80}")
    if tuple(array.shape) != tuple(other.shape):
        raise ValueError(
            f"{name}: expected the shape of {other_name}, {tuple(other.shape)}, "
            f"got {tuple(array.shape)}"
        )


def check_finite(name: str, array: Array, axes: Iterable[str]) -> None:
    """Raise unless an array has these axes and holds nothing but finite numbers.

    Args:
        name: what the caller calls the argument.
        array: the argument.
        axes: what each of its axes counts, in the singular, for the message.

    Raises:
        TypeError: if it is no array.
        ValueError: if it has another number of axes, an axis is empty, or a number is not finite.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.checks import check_finite
        >>> try:
        ...     check_finite("X", np.array([[1.0, 2.0], [3.0, np.nan]]), ["pair", "time step"])
        ... except ValueError as error:
        ...     print(error)
        X: expected finite numbers, got nan at pair 1, time step 1
    """
    try:
        xp = namespace(array)
    except TypeError:
        raise TypeError(f"{name}: expected an array, got {array!r:.80}") from None
    axes, shape = list(axes), tuple(array.shape)
    if len(shape) != len(axes) or 0 in shape:
        raise ValueError(
            f"{name}: expected an array with one axis for each {', '.join(axes)}, none of them "
            f"empty, got the shape {shape}"
        )
    bad = xp.argwhere(~xp.isfinite(array))
    if len(bad):
        place = tuple(int(i) for i in bad[0])
        where = ", ".join(f"{axis} {i}" for axis, i in zip(axes, place, strict=True))
        raise ValueError(f"{name}: expected finite numbers, got {array[place]:g} at {where}")


def check_series(x: Array, times: Any = None) -> None:
    """Raise unless this is a series, or a table of several, of finite numbers in order of time.

    Args:
        x: series, shape `(time,)`, or a table, shape `(time, columns)`.
        times: when each value was measured, shape `(time,)`, if it is known: numbers or dates.

    Raises:
        TypeError: if `x` is no array.
        ValueError: if `x` has another number of axes or an empty one, a value is not a finite
            number, or the times are not as many as the values or do not rise.

    Examples:
        >>> import numpy as np
        >>> from lecture_code.core.checks import check_series
        >>> for x, times in (([4.0, np.nan], None), ([4.0, 5.0], [2001, 2000])):
        ...     try:
        ...         check_series(np.array(x), times)
        ...     except ValueError as error:
        ...         print(error)
        x: expected finite numbers, got nan at time step 1
        times: expected later and later times, got 2000 after 2001 at time step 1; sort the rows
    """
    shape = tuple(getattr(x, "shape", (1,)))
    if len(shape) not in (1, 2) or 0 in shape:
        raise ValueError(
            "x: expected a series of shape (time,) or a table of shape (time, columns), "
            f"got {shape}"
        )
    check_finite("x", x, ["time step", "column"][: len(shape)])
    if times is None:
        return
    times = np.asarray(times)
    if times.shape != (len(x),):
        raise ValueError(
            f"times: expected one for each time step of x, shape ({len(x)},), got {times.shape}"
        )
    late = np.flatnonzero(~(times[1:] > times[:-1]))
    if len(late):
        raise ValueError(
            f"times: expected later and later times, got {times[late[0] + 1]} after "
            f"{times[late[0]]} at time step {late[0] + 1}; sort the rows"
        )


def check_weights(step: Callable, weights: Any) -> None:
    """Raise unless weights are of the class that a step's signature names.

    Two cells can have weights of the same number and shapes; only the class tells them apart.

    Args:
        step: a function with a parameter `weights`.
        weights: the weights that it is about to get.

    Raises:
        TypeError: if `weights` are of another class.

    Examples:
        >>> from lecture_code import RNNWeights, gru_step
        >>> from lecture_code.core.checks import check_weights
        >>> try:
        ...     check_weights(gru_step, RNNWeights.init(3, 4, seed=1))
        ... except TypeError as error:
        ...     print(error)
        weights: gru_step expects GRUWeights, got RNNWeights
    """
    expected = _weights_class(step)
    if expected and not isinstance(weights, expected):
        raise TypeError(
            f"weights: {getattr(step, '__name__', 'the step')} expects {expected.__name__}, "
            f"got {type(weights).__name__}"
        )


@cache  # reading a signature takes a fifth of a small step
def _weights_class(step: Callable) -> type | None:
    try:
        parameter = inspect.signature(step).parameters.get("weights")
    except ValueError:  # a builtin has none
        return None
    annotation = getattr(parameter, "annotation", None)
    return annotation if hasattr(annotation, "sizes") else None


def check_step(x: Array, state: Any, weights: Any, *, x_name: str = "x") -> None:
    """Raise unless an input and a state fit a cell's weights.

    Args:
        x: input, shape `(..., input)`.
        state: hidden state, shape `(..., hidden)`, or the pair `(h, c)` of an LSTM.
        weights: the cell's weights.
        x_name: what the caller calls the input.

    Raises:
        TypeError: if an argument is not of the expected type.
        ValueError: if a shape or a dtype does not fit.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import RNNWeights
        >>> from lecture_code.core.checks import check_step
        >>> try:
        ...     check_step(np.ones(2), np.zeros(4), RNNWeights.init(3, 4, seed=1))
        ... except ValueError as error:
        ...     print(error)
        x: expected shape (input) = (3,), got (2,)
    """
    if isinstance(weights, type) or not getattr(weights, "state", None):
        raise TypeError(
            f"weights: expected a cell's weights, such as GRUWeights, got {type(weights).__name__}"
        )
    sizes = weights.sizes()
    batch = tuple(getattr(x, "shape", ()))[:-1]
    leading = [str(length) for length in batch]
    check_array(x_name, x, [*leading, "input"], (*batch, sizes["input"]), weights[0])
    for name, array in _named_state(state, weights).items():
        size = weights.state[name]
        check_array(name, array, [*leading, size], (*batch, sizes[size]), weights[0])


def _named_state(state: Any, weights: Any) -> dict[str, Array]:
    """The arrays of a state by name: one array, or a tuple where a cell has several."""
    names = list(weights.state)
    arrays = state if len(names) > 1 else (state,)
    if not isinstance(arrays, tuple | list) or len(arrays) != len(names):
        raise TypeError(
            f"state: expected a tuple ({', '.join(names)}), got {type(state).__name__}"
            + (f" of length {len(state)}" if isinstance(state, tuple | list) else "")
        )
    return dict(zip(names, arrays, strict=True))


_Given = ParamSpec("_Given")
_State = TypeVar("_State")


def checked(step: Callable[_Given, _State]) -> Callable[_Given, _State]:
    """Decorator: check a step's arguments before the step computes.

    `unroll` checks once and then takes `without_checks(step)` for every time step.

    Args:
        step: a function of `(x, state, weights)`.

    Returns:
        The same function with the checks of `check_weights` and `check_step` in front.

    Examples:
        >>> import numpy as np
        >>> from lecture_code import RNNWeights
        >>> from lecture_code.core.checks import checked
        >>> @checked
        ... def keep_step(x, h, weights: RNNWeights):
        ...     return h
        >>> try:
        ...     keep_step(np.ones(3), np.zeros(1), RNNWeights.init(3, 4, seed=1))
        ... except ValueError as error:
        ...     print(error)
        h: expected shape (hidden) = (4,), got (1,)
    """
    signature = inspect.signature(step)

    @wraps(step)
    def with_checks(*arguments: _Given.args, **named: _Given.kwargs) -> _State:
        x, state, weights = signature.bind(*arguments, **named).args
        check_weights(step, weights)
        check_step(x, state, weights)
        return step(*arguments, **named)

    # A decorator around this one copies the attribute, but is not the function that it names.
    with_checks.__dict__["checked"] = with_checks
    return with_checks


def without_checks(step: Callable) -> Callable:
    """The step that `checked` decorated; any other function as it is.

    Args:
        step: a function of `(x, state, weights)`.

    Returns:
        The function that computes the step.

    Examples:
        >>> from lecture_code import retain, rnn_step
        >>> from lecture_code.core.checks import without_checks
        >>> without_checks(rnn_step) is rnn_step, without_checks(retain) is retain
        (False, True)
    """
    return step.__wrapped__ if getattr(step, "checked", None) is step else step
