"""Scores and what is right in, losses out."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def label_loss(scores: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    """Sum of cross-entropies over the annotated tokens: scores (tokens, labels), labels (tokens,), -1 = missing."""
    return functional.cross_entropy(
        scores, labels, ignore_index=-1, label_smoothing=smoothing, reduction="sum"
    )


def action_loss(scores: Tensor, valid: Tensor, gold: Tensor) -> Tensor:
    """Multi-label log loss, summed over states: log Z - log gZ, where several actions may be right.

    Z sums exp(score) over the valid actions, gZ over those of least cost; the gradient of a score is
    exp(s)/Z - [gold]·exp(s)/gZ. scores (states, actions); valid, gold (states, actions) bool.
    """
    least = torch.finfo(scores.dtype).min
    everything = torch.logsumexp(scores.masked_fill(~valid, least), dim=1)
    right = torch.logsumexp(scores.masked_fill(~gold, least), dim=1)
    return (everything - right).sum()
