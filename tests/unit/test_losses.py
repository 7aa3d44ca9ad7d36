"""Losses against PyTorch's own pieces and against finite differences."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from treelet.networks.layers import StateScorer
from treelet.teaching import losses
from treelet.teaching.losses import Choices


def states(n: int = 40, n_actions: int = 7, seed: int = 0) -> tuple[Any, Any, Any]:
    """Scores in double precision; valid actions; right ones among them, at least one a state."""
    generator = torch.Generator().manual_seed(seed)
    scores = 3.0 * torch.randn(n, n_actions, generator=generator, dtype=torch.float64)
    valid = torch.rand(n, n_actions, generator=generator) < 0.6
    gold = valid & (torch.rand(n, n_actions, generator=generator) < 0.4)
    first = torch.arange(n) % n_actions
    valid[torch.arange(n), first] = True
    gold[torch.arange(n), first] = True
    return scores.requires_grad_(), valid, gold


def scorer_of(n_actions: int, dtype: torch.dtype) -> StateScorer:
    """Its hidden units are the scores."""
    scorer = StateScorer(width=1, n_features=1, hidden=n_actions, pieces=1, n_actions=n_actions).to(dtype)
    with torch.no_grad():
        scorer.upper_weight.copy_(torch.eye(n_actions))
    return scorer


def action_loss(scores: Any, valid: Any, gold: Any, weights: Any = None) -> Any:
    scorer = scorer_of(scores.shape[1], scores.dtype)
    return losses.action_loss(scores, scorer, Choices(valid, gold, weights))


def label_loss(scores: Any, labels: Any, smoothing: float) -> Any:
    layer = torch.nn.Linear(scores.shape[1], scores.shape[1]).to(scores.dtype)
    with torch.no_grad():
        layer.weight.copy_(torch.eye(scores.shape[1]))
        layer.bias.zero_()
    return losses.label_loss(scores, layer, labels, smoothing)


def reference(scores: Any, valid: Any, gold: Any) -> Any:
    everything = torch.logsumexp(scores.masked_fill(~valid, -torch.inf), dim=1)
    return (everything - torch.logsumexp(scores.masked_fill(~gold, -torch.inf), dim=1)).sum()


def test_action_loss_is_the_difference_of_two_logsumexps() -> None:
    scores, valid, gold = states()
    loss, expected = action_loss(scores, valid, gold), reference(scores, valid, gold)
    torch.testing.assert_close(loss, expected)
    (found,) = torch.autograd.grad(2.5 * loss, scores)
    (wanted,) = torch.autograd.grad(2.5 * expected, scores)
    torch.testing.assert_close(found, wanted)
    assert not found[~valid].any()


def test_action_loss_gradient_by_finite_differences() -> None:
    scores, valid, gold = states(6, 5, seed=3)
    assert torch.autograd.gradcheck(lambda s: action_loss(s, valid, gold), (scores,))


def test_weights_of_states_weigh_their_losses_and_gradients() -> None:
    scores, valid, gold = states()
    weights = torch.linspace(0.0, 3.0, len(scores), dtype=scores.dtype).unsqueeze(1)
    each = [action_loss(scores[i : i + 1], valid[i : i + 1], gold[i : i + 1]) for i in range(len(scores))]
    expected = (torch.stack(each) * weights.squeeze(1)).sum()
    found = action_loss(scores, valid, gold, weights)
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(*(torch.autograd.grad(loss, scores)[0] for loss in (found, expected)))


def test_action_loss_is_nothing_where_all_valid_actions_are_right() -> None:
    scores, valid, _ = states()
    loss = action_loss(scores, valid, valid)
    assert loss.item() == pytest.approx(0.0, abs=1e-12)
    assert torch.autograd.grad(loss, scores)[0].abs().max() < 1e-12


def test_action_loss_stays_finite_and_corrects_however_wrong() -> None:
    scores = torch.tensor([[500.0, -500.0, 1e30]], requires_grad=True)
    valid, gold = torch.tensor([[True, True, False]]), torch.tensor([[False, True, False]])
    loss = action_loss(scores, valid, gold)
    assert torch.isfinite(loss)
    assert loss.item() >= 79.0
    torch.testing.assert_close(torch.autograd.grad(loss, scores)[0], torch.tensor([[1.0, -1.0, 0.0]]))


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_label_loss_is_cross_entropy_over_what_is_annotated(smoothing: float) -> None:
    generator = torch.Generator().manual_seed(1)
    scores = torch.randn(12, 5, generator=generator, dtype=torch.float64, requires_grad=True)
    labels = torch.tensor([0, 4, -1, 2, -1, 1, 3, 0, 0, -1, 2, 2])
    log_chances = scores - torch.logsumexp(scores, dim=1, keepdim=True)
    wanted = torch.full((12, 5), smoothing / 5, dtype=torch.float64)
    wanted[torch.arange(12), labels] += 1.0 - smoothing
    expected = -(wanted * log_chances)[labels >= 0].sum()
    loss = label_loss(scores, labels, smoothing)
    torch.testing.assert_close(loss, expected)
    (gradient,) = torch.autograd.grad(loss, scores)
    assert not gradient[labels < 0].any()
    assert torch.autograd.gradcheck(lambda s: label_loss(s, labels, smoothing), (scores,))


def test_label_loss_without_annotation_is_zero() -> None:
    assert label_loss(torch.randn(3, 4), torch.full((3,), -1), 0.0).item() == 0.0


@pytest.mark.parametrize("weighed", [False, True])
@pytest.mark.parametrize("counts_all", [False, True])
def test_action_loss_of_the_core_is_that_in_double_precision(weighed: bool, counts_all: bool) -> None:
    scores, valid, gold = states(50, 37, seed=5)
    weights = torch.linspace(0.5, 2.0, 50).unsqueeze(1) if weighed else None
    found, expected = [], []
    for dtype, out in ((torch.float32, found), (torch.float64, expected)):
        hidden, scorer = scores.detach().to(dtype).requires_grad_(), scorer_of(37, dtype)
        generator = torch.Generator().manual_seed(7)
        with torch.no_grad():
            scorer.upper_bias.copy_(torch.randn(37, generator=generator))
            scorer.upper_weight.add_(0.2 * torch.randn(37, 37, generator=generator))
        given = None if weights is None else weights.to(dtype)
        loss = losses.action_loss(hidden, scorer, Choices(None if counts_all else valid, gold, given))
        wanted = (hidden, scorer.upper_weight, scorer.upper_bias)
        out += [loss, *torch.autograd.grad(1.5 * loss, wanted)]
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours.double(), theirs, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_label_loss_of_the_core_is_that_in_double_precision(smoothing: float) -> None:
    generator = torch.Generator().manual_seed(1)
    vectors = torch.randn(12, 5, generator=generator, dtype=torch.float64)
    labels = torch.tensor([0, 18, -1, 2, -1, 1, 3, 0, 0, -1, 2, 2])
    found, expected = [], []
    for dtype, out in ((torch.float32, found), (torch.float64, expected)):
        torch.manual_seed(3)
        layer, x = torch.nn.Linear(5, 19).to(dtype), vectors.to(dtype).requires_grad_()
        loss = losses.label_loss(x, layer, labels, smoothing)
        out += [loss, *torch.autograd.grad(1.5 * loss, (x, layer.weight, layer.bias))]
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours.double(), theirs, rtol=2e-5, atol=2e-5)
