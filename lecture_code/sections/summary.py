"""The summary: what the cells cost, and how long they remember."""


def parameter_count(n_x: int, n_h: int, g: int) -> int:
    r"""Count the learned numbers of a cell: one matrix and one bias for each affine map.

    $$
    N = g (n_h (n_x + n_h) + n_h)
    $$

    Args:
        n_x: input size $n_x$.
        n_h: hidden size $n_h$.
        g: affine maps $g$ in a step: 1 for the simple RNN, 3 for the GRU, 4 for the LSTM.

    Returns:
        The number of parameters $N$.

    Examples:
        A GRU with 3 inputs and 4 units:

        >>> from lecture_code.sections.summary import parameter_count
        >>> parameter_count(n_x=3, n_h=4, g=3)
        96
    """
    N = g * (n_h * (n_x + n_h) + n_h)
    return N
