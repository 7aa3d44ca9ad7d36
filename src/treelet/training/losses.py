"""Scores and what is right in, losses out."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


def label_loss(scores: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    """Sum of cross-entropies over tokens: scores (tokens, labels), labels (tokens,), -1 = not annotated."""
    return functional.cross_entropy(
        scores, labels, ignore_index=-1, label_smoothing=smoothing, reduction="sum"
    )


def start_loss(log_odds: Tensor, starts: Tensor) -> Tensor:
    """Sum of cross-entropies over gaps: log_odds (tokens,), starts (tokens,) 1, -1, or 0 = not annotated."""
    known = starts != 0
    target = (starts[known] > 0).to(log_odds.dtype)
    return functional.binary_cross_entropy_with_logits(log_odds[known], target, reduction="sum")


class _ActionLoss(torch.autograd.Function):
    """Written out, because one exponential serves both sums and the gradient."""

    @staticmethod
    def forward(ctx: Any, scores: Tensor, counted: Tensor, gold: Tensor, weights: Tensor) -> Tensor:
        top = scores.masked_fill(~counted, torch.finfo(scores.dtype).min).amax(dim=1, keepdim=True)
        mass = torch.exp((scores - top).clamp_(min=-80.0, max=0.0)).mul_(counted)
        right = mass * gold
        everything, gold_mass = mass.sum(dim=1, keepdim=True), right.sum(dim=1, keepdim=True)
        ctx.save_for_backward(mass.div_(everything).sub_(right.div_(gold_mass)).mul_(weights))
        return ((torch.log(everything) - torch.log(gold_mass)) * weights).sum()

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * grads[0], None, None, None


def action_loss(scores: Tensor, counted: Tensor, gold: Tensor, weights: Tensor | None = None) -> Tensor:
    """Multi-label log loss, summed over states: log Z - log gZ, where several actions may be right.

    Z sums exp(score) over the counted actions, gZ over those of least cost; the gradient of a score is
    exp(s)/Z - [gold]·exp(s)/gZ. scores (states, actions); counted, gold (states, actions) bool, gold within
    counted and nowhere empty; weights (states, 1), all 1 by default.
    """
    if weights is None:
        weights = scores.new_ones(len(scores), 1)
    loss: Tensor = _ActionLoss.apply(scores, counted, gold, weights)  # type: ignore[no-untyped-call]
    return loss
