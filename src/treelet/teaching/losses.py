"""Scores and what is right in, losses out."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from treelet.networks import fused_states
from treelet.networks.device import on_core
from treelet.networks.layers import StateScorer


def label_loss(vectors: Tensor, layer: nn.Linear, labels: Tensor, smoothing: float) -> Tensor:
    """Sum over tokens of the cross-entropies of the scores that a layer gives vectors (tokens, width).

    labels int64 (tokens,), -1 = not annotated.
    """
    if on_core(vectors):
        given = vectors, layer.weight, layer.bias, labels, smoothing
        loss: Tensor = fused_states.LabelLoss.apply(*given)  # type: ignore[no-untyped-call]
        return loss
    return functional.cross_entropy(
        layer(vectors), labels, ignore_index=-1, label_smoothing=smoothing, reduction="sum"
    )


def start_loss(log_odds: Tensor, starts: Tensor) -> Tensor:
    """Sum of cross-entropies over gaps: log_odds (tokens,), starts (tokens,) 1, -1, or 0 = not annotated."""
    known = starts != 0
    target = (starts[known] > 0).to(log_odds.dtype)
    return functional.binary_cross_entropy_with_logits(log_odds[known], target, reduction="sum")


@dataclass(frozen=True)
class Choices:
    """What states allow: counted, right bool (states, actions), right within counted and nowhere empty.

    counted: None is all actions; weights float32 (states, 1): None is all 1.
    """

    counted: Tensor | None
    right: Tensor
    weights: Tensor | None = None


def action_loss(hidden: Tensor, scorer: StateScorer, choices: Choices) -> Tensor:
    """Multi-label log loss, summed over states: log Z - log gZ, where several actions may be right.

    Z sums exp(score) over the counted actions, gZ over the right ones. hidden: (states, hidden), what the
    upper layer of `scorer` scores.
    """
    counted, right, weights = choices.counted, choices.right, choices.weights
    if on_core(hidden):
        given = hidden, scorer.upper_weight, scorer.upper_bias, counted, right, weights
        loss: Tensor = fused_states.ActionLoss.apply(*given)  # type: ignore[no-untyped-call]
        return loss
    scores = functional.linear(hidden, scorer.upper_weight, scorer.upper_bias)
    lowest = torch.finfo(scores.dtype).min
    everything = scores if counted is None else scores.masked_fill(~counted, lowest)
    losses = everything.logsumexp(dim=1) - scores.masked_fill(~right, lowest).logsumexp(dim=1)
    return (losses if weights is None else losses * weights.squeeze(1)).sum()
