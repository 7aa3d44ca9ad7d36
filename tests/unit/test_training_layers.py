"""The hand-written gradients of maxout and dropout, against those that PyTorch derives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from treelet.networks import layers


def randn(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> Any:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=dtype, requires_grad=True)


def check_gradients(ours: Callable[..., Any], plain: Callable[..., Any], *inputs: Any) -> None:
    """The same values, and the same gradients of a random weighing of them."""
    found, expected = ours(*inputs), plain(*inputs)
    torch.testing.assert_close(found, expected)
    weights = randn(*expected.shape, seed=9).detach()
    gradients = [torch.autograd.grad((out * weights).sum(), inputs) for out in (found, expected)]
    torch.testing.assert_close(*gradients)


@pytest.mark.parametrize("pieces", [1, 2, 3, 5])
def test_maxout(pieces: int) -> None:
    x = randn(7, pieces * 4)
    check_gradients(lambda v: layers.maxout(v, pieces), lambda v: v.view(7, pieces, 4).amax(1), x)


def test_maxout_of_equal_pieces_teaches_the_first() -> None:
    x = torch.ones(1, 3, requires_grad=True)
    layers.maxout(x, 3).backward()
    assert x.grad.tolist() == [[1.0, 0.0, 0.0]]


def test_dropout_gradient() -> None:
    x = randn(5, 6, dtype=torch.float64)
    mask = torch.rand(5, 6, generator=torch.Generator().manual_seed(2)) > 0.5
    assert torch.autograd.gradcheck(lambda v: layers._Dropout.apply(v, mask, 1.25), (x,))


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_drops_its_share_and_keeps_the_mean(rate: float) -> None:
    torch.manual_seed(0)
    x = torch.ones(1001, 99, requires_grad=True)
    dropped = layers.dropout(x, rate, training=True)
    assert (dropped == 0).float().mean().item() == pytest.approx(rate, abs=0.01)
    assert dropped.mean().item() == pytest.approx(1.0, abs=0.05)
    assert dropped.unique().numel() == 2
    dropped.sum().backward()
    assert torch.equal(x.grad, dropped.detach())


def test_dropout_is_for_teaching_alone() -> None:
    x = randn(3, 4)
    assert layers.dropout(x, 0.5, training=False) is x
    assert layers.dropout(x, 0.0, training=True) is x


def test_state_scorer_gradients() -> None:
    scorer = layers.StateScorer(width=4, n_features=3, hidden=3, pieces=2, n_actions=5).eval()
    with torch.no_grad():
        scorer.upper_weight.copy_(randn(5, 3, seed=4))
    vectors = randn(4, 4, seed=5)
    positions = torch.tensor([[0, 1, 4], [3, 4, 4], [2, 2, 2]], dtype=torch.int32)

    def plain(vectors: Any, lower: Any, padding: Any, upper: Any) -> Any:
        table = torch.cat([(vectors @ lower.T).view(4, 3, 6), padding.unsqueeze(0)])
        total = torch.stack([sum(table[p, f] for f, p in enumerate(state)) for state in positions.tolist()])
        return (total + scorer.bias).view(3, 2, 3).amax(1) @ upper.T + scorer.upper_bias

    def ours(vectors: Any, *_: Any) -> Any:
        return scorer(scorer.rows(vectors), positions, 0.0)

    check_gradients(ours, plain, vectors, scorer.lower, scorer.padding, scorer.upper_weight)


def test_maxout_norm_is_normal_before_gain_and_shift() -> None:
    torch.manual_seed(0)
    layer = layers.MaxoutNorm(inputs=6, width=32, pieces=3)
    out = layer(torch.randn(10, 6))
    torch.testing.assert_close(out.mean(1), torch.zeros(10), atol=1e-5, rtol=0)
    torch.testing.assert_close(out.std(1, unbiased=False), torch.ones(10), atol=1e-2, rtol=0)
