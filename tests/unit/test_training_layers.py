"""The hand-written gradients of maxout, dropout and the sum of rows, by finite differences."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from treelet.training.networks import layers


def randn(*shape: int, seed: int = 0) -> Any:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("pieces", [1, 2, 3, 5])
def test_maxout(pieces: int) -> None:
    x = randn(7, pieces * 4)
    torch.testing.assert_close(layers.maxout(x, pieces), x.view(7, pieces, 4).amax(1))
    assert torch.autograd.gradcheck(lambda v: layers.maxout(v, pieces), (x,))


def test_maxout_of_equal_pieces_teaches_the_first() -> None:
    x = torch.ones(1, 3, requires_grad=True)
    layers.maxout(x, 3).backward()
    assert x.grad.tolist() == [[1.0, 0.0, 0.0]]


def test_dropout_gradient() -> None:
    x, mask = randn(5, 6), torch.rand(5, 6, generator=torch.Generator().manual_seed(2)) > 0.5
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


def test_sum_of_rows() -> None:
    rows, padding = randn(4, 3, 5), randn(3, 5, seed=1)
    positions = torch.tensor([[0, 1, 2], [4, 4, 4], [3, 4, 3], [0, 0, 0], [0, 1, 2]], dtype=torch.int32)

    def run(rows: Any, padding: Any) -> Any:
        return layers._SumRows.apply(rows, padding, positions)

    table = torch.cat([rows, padding.unsqueeze(0)])
    expected = torch.stack([sum(table[p, f] for f, p in enumerate(state)) for state in positions.tolist()])
    torch.testing.assert_close(run(rows, padding), expected)
    assert torch.autograd.gradcheck(run, (rows, padding))


def test_state_scorer_gradients() -> None:
    scorer = layers.StateScorer(width=4, n_features=3, hidden=3, pieces=2, n_actions=5).double().eval()
    with torch.no_grad():
        scorer.upper_weight.copy_(randn(5, 3, seed=4))
    vectors = randn(4, 4, seed=5)
    positions = torch.tensor([[0, 1, 4], [3, 4, 4], [2, 2, 2]], dtype=torch.int32)
    parameters = (vectors, scorer.lower, scorer.padding, scorer.upper_weight)

    def run(vectors: Any, *_: Any) -> Any:
        return scorer(scorer.rows(vectors), positions, 0.0)

    assert torch.autograd.gradcheck(run, parameters)


def test_maxout_norm_is_normal_before_gain_and_shift() -> None:
    torch.manual_seed(0)
    layer = layers.MaxoutNorm(inputs=6, width=32, pieces=3)
    out = layer(torch.randn(10, 6))
    torch.testing.assert_close(out.mean(1), torch.zeros(10), atol=1e-5, rtol=0)
    torch.testing.assert_close(out.std(1, unbiased=False), torch.ones(10), atol=1e-2, rtol=0)
