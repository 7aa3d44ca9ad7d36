"""Tensors on the processor in, hidden units and losses out: PyTorch multiplies, the core does the rest.

Every function here has a twin in PyTorch's own functions (layers.py, losses.py) that gives the same numbers.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from treelet import _core
from treelet.networks.fused import array
from treelet.networks.products import multiply


class _Scored(torch.autograd.Function):
    """What label and action losses share: the gradient of the scores is known with the loss."""

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        inputs, weight, scores, bias = ctx.saved_tensors
        scale = grads[0]
        found = multiply(scores, weight).mul_(scale), multiply(scores.t(), inputs).mul_(scale), bias * scale
        return *found, *([None] * ctx.others)


class LabelLoss(_Scored):
    """Sum of the cross-entropies of labels (n,), −1 for none, under scores W x + b."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, *wanted: Any) -> Tensor:
        labels, smoothing = wanted
        scores, of_bias = multiply(x, weight.t()), torch.zeros_like(bias)
        loss = _core.label_loss(array(scores), array(bias), array(labels), smoothing, array(of_bias))
        ctx.save_for_backward(x, weight, scores, of_bias)
        ctx.others = 2
        return x.new_tensor(loss)


class ActionLoss(_Scored):
    """Sum over states of −log of the share of the right actions among the counted, under scores W x + b.

    counted (None: all), right: bool (states, actions); weights (states, 1) or None.
    """

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, counted: Tensor | None, *choices: Any
    ) -> Tensor:
        right, weights = choices
        scores, of_bias = multiply(x, weight.t()), torch.zeros_like(bias)
        allowed = None if counted is None else array(counted).view(np.uint8)
        of_states = None if weights is None else array(weights).reshape(-1)
        loss = _core.action_loss(
            array(scores), array(bias), allowed, array(right).view(np.uint8), of_states, array(of_bias)
        )
        ctx.save_for_backward(x, weight, scores, of_bias)
        ctx.others = 3
        return x.new_tensor(loss)


class Hidden(torch.autograd.Function):
    """Hidden units of states: drop(max over pieces of bias + the rows that they name).

    rows: (tokens, features · wide). With vectors (tokens, width) and `lower` (features · wide, width), whose
    product the rows are, the gradient goes to those: only for the tokens that states name at a feature,
    about half of all.
    """

    @staticmethod
    def forward(
        ctx: Any, rows: Tensor, vectors: Tensor | None, lower: Tensor | None, positions: Tensor, *layer: Any
    ) -> Tensor:
        padding, bias, pieces, drop = layer
        hidden = rows.new_empty(len(positions), len(bias) // pieces)
        which = np.empty(hidden.shape, np.uint8)
        given = array(rows), array(positions), array(padding), array(bias)
        _core.states_forward(*given, drop, which, array(hidden))
        ctx.save_for_backward(vectors, lower)
        ctx.positions, ctx.shape, ctx.padding_shape = positions, rows.shape, padding.shape
        ctx.way_back = which, drop
        return hidden

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        vectors, lower = ctx.saved_tensors
        gradient = grads[0].contiguous()
        if vectors is None:
            rows, *others = _row_gradients(gradient, array(ctx.positions), ctx.shape, ctx)
            return rows, None, None, None, *others, None, None
        wide = ctx.padding_shape[1]
        tokens, begins, pairs = _core.name_pairs(array(ctx.positions), len(vectors))
        named = torch.from_numpy(tokens)
        places = pairs.reshape(ctx.positions.shape)
        rows, *others = _row_gradients(gradient, places, (len(named), wide), ctx)
        seen, of_seen = vectors[named], vectors.new_empty(len(named), vectors.shape[1])
        of_lower = torch.empty_like(lower)
        for feature, (begin, end) in enumerate(pairwise(begins)):
            part = slice(feature * wide, (feature + 1) * wide)
            of_lower[part] = multiply(rows[begin:end].t(), seen[begin:end])
            of_seen[begin:end] = multiply(rows[begin:end], lower[part])
        of_vectors = torch.zeros_like(vectors).index_add_(0, named, of_seen)
        return None, of_vectors, of_lower, None, *others, None, None


def _row_gradients(
    gradient: Tensor, places: np.ndarray, shape: tuple[int, ...], ctx: Any
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of rows, of what shape they are, padding and bias from that of the hidden units."""
    rows, padding = gradient.new_zeros(shape), gradient.new_zeros(ctx.padding_shape)
    bias = gradient.new_zeros(ctx.padding_shape[1])
    which, drop = ctx.way_back
    out = array(rows), array(padding), array(bias)
    _core.states_backward(array(gradient), places, which, drop, *out)
    return rows, padding, bias
