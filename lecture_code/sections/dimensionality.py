"""The curse of dimensionality: how many weights a dense layer needs for an image."""


def dense_weights(width: int, height: int) -> tuple[int, int]:
    r"""Count the weights of a dense layer from an image to as many outputs, without biases.

    $$
    \begin{aligned}
    n &= w h \\
    N &= n^2
    \end{aligned}
    $$

    Args:
        width: width $w$ of the image, in pixels.
        height: height $h$ of the image, in pixels.

    Returns:
        The number of features $n$, one for each pixel, and the number of weights $N$.

    Examples:
        >>> from lecture_code.sections.dimensionality import dense_weights
        >>> dense_weights(28, 28)
        (784, 614656)
    """
    features = width * height
    count = features**2
    return features, count
