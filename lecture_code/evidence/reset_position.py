"""Where the reset stands, before the product or after it, and when that makes no difference."""

from collections.abc import Iterator

import numpy as np

from lecture_code.core.unroll import unroll
from lecture_code.evidence.judges import JUDGES
from lecture_code.oracles.layout import saturated_gate
from lecture_code.sections.gru import (
    GRUResetAfterWeights,
    GRUWeights,
    gru_reset_after_step,
    gru_step,
)

TIME, BATCH, INPUT, HIDDEN = 20, 3, 2, 4


def agreement(seed: int) -> list[tuple[str, float]]:
    r"""Compare the slides' GRU with `torch.nn.GRU`, given the same numbers, condition by condition.

    torch's candidate is $\tanh(W_{hx} X_t + b_{hx} + \Gamma_r \otimes (W_{hh} h_{t-1} + b_{hh}))$.
    The slides' $W_h$ is then $[W_{hx}, W_{hh}]$ and their $b_h$ is $b_{hx} + b_{hh}$.

    Args:
        seed: the same seed gives the same weights, inputs and state.

    Returns:
        For each condition, in words and LaTeX, the largest difference between the outputs.
    """
    [judge] = [judge for judge in JUDGES[gru_reset_after_step] if judge.name == "torch.nn.GRU"]
    differences = []
    for condition, weights, inputs, h in _conditions(seed):
        here, _ = unroll(gru_step, inputs, h, reset_before(weights))
        there, _ = judge.run(weights, inputs, h)
        differences.append((condition, float(np.abs(here - there).max())))
    return differences


def reset_before(weights: GRUResetAfterWeights) -> GRUWeights:
    """The same numbers for the GRU that resets before the product.

    Args:
        weights: weights of the GRU that resets after the product.

    Returns:
        The slides' weights, with the sum of the candidate's two biases as its one.
    """
    W_u, b_u, W_r, b_r, W_hx, b_hx, W_hh, b_hh = weights
    return GRUWeights(W_u, b_u, W_r, b_r, np.concatenate([W_hx, W_hh], axis=1), b_hx + b_hh)


def _conditions(
    seed: int,
) -> Iterator[tuple[str, GRUResetAfterWeights, np.ndarray, np.ndarray]]:
    """Each condition in words, with weights, inputs and a state that meet it."""
    drawn = GRUResetAfterWeights.init(INPUT, HIDDEN, seed=seed)
    random = np.random.default_rng([seed, 1])
    inputs, h = random.normal(size=(TIME, BATCH, INPUT)), random.normal(size=(BATCH, HIDDEN))
    diagonal = drawn._replace(W_hh=np.diag(np.diag(drawn.W_hh)))
    no_bias = {"b_hh": np.zeros_like(drawn.b_hh)}
    W_one, b_one = saturated_gate(drawn.W_r)
    shared = {
        "W_r": np.broadcast_to(drawn.W_r[:1], drawn.W_r.shape),
        "b_r": np.broadcast_to(drawn.b_r[:1], drawn.b_r.shape),
    }
    yield "any weights", drawn, inputs, h
    yield "$W_{hh}$ diagonal, $b_{hh} = 0$", diagonal._replace(**no_bias), inputs, h
    yield r"$W_{hh}$ diagonal, $b_{hh} \neq 0$", diagonal, inputs, h
    yield "$b_{hh} = 0$", drawn._replace(**no_bias), inputs, h
    yield "reset gate 1", drawn._replace(W_r=W_one, b_r=b_one), inputs, h
    yield (
        "one reset gate for all units, $b_{hh} = 0$",
        drawn._replace(**shared, **no_bias),
        inputs,
        h,
    )
    zero = np.zeros_like(h)
    first = "first step from a zero state, "
    yield first + "$b_{hh} = 0$", drawn._replace(**no_bias), inputs[:1], zero
    yield first + r"$b_{hh} \neq 0$", drawn, inputs[:1], zero
