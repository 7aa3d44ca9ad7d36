"""Tensors on the processor in, layers and losses out: PyTorch multiplies, the core does all between the products.

Every function here has a twin in PyTorch's own functions (layers.py, losses.py) that gives the same numbers.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from treelet import _core

Drop = tuple[int, int]  # seed, how many of 256 numbers are dropped


def drop_of(rate: float, training: bool) -> Drop:
    """What hides numbers at a rate (to 1/256), with a seed from PyTorch's generator; nothing outside of training."""
    cut = round(rate * 256) if training else 0
    return (int(torch.randint(2**62, ())), cut) if cut else (0, 0)


def array(tensor: Tensor) -> np.ndarray:
    """The numbers of a tensor, without a copy."""
    found: np.ndarray = tensor.detach().numpy()
    return found


class _Norm:
    """LayerNorm(Maxout(x + bias)) of what a product gave, and what its way back needs."""

    def __init__(self, product: Tensor, residual: Tensor | None, layer: tuple[Tensor, ...], drop: Drop) -> None:
        bias, self.gain, shift = layer
        n, width = len(product), len(self.gain)
        self.drop, self.columns = drop, product.shape[1]
        self.kept = np.empty((n, width), np.uint8), np.empty((n, width), np.float32), np.empty(n, np.float32)
        self.out = product.new_empty(n, width)
        other = None if residual is None else array(residual)
        given = array(product), other, array(bias), array(self.gain), array(shift)
        _core.maxout_norm_forward(*given, drop, *self.kept, array(self.out))

    def backward(self, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Gradients of the product, bias, gain and shift; once."""
        product = gradient.new_empty(len(gradient), self.columns)
        bias = gradient.new_zeros(self.columns)
        gain, shift = torch.zeros_like(self.gain), torch.zeros_like(self.gain)
        out = array(product), array(bias), array(gain), array(shift)
        _core.maxout_norm_backward(array(gradient), array(self.gain), self.drop, *self.kept, *out)
        return product, bias, gain, shift


class MaxoutNorm(torch.autograd.Function):
    """drop(LayerNorm(Maxout(W x + b)))."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, *layer: Any) -> Tensor:
        *norm, drop = layer
        ctx.save_for_backward(x, weight)
        ctx.norm = _Norm(x @ weight.t(), None, tuple(norm), drop)
        out: Tensor = ctx.norm.out
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        x, weight = ctx.saved_tensors
        product, *norm = ctx.norm.backward(grads[0].contiguous())
        return product @ weight, product.t() @ x, *norm, None


class Convolution(torch.autograd.Function):
    """x + drop(LayerNorm(Maxout(W [neighbours of x] + b)))."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, documents: Tensor, dilation: int, weight: Tensor, *layer: Any) -> Tensor:
        *norm, drop = layer
        seen = x.new_empty(len(x), weight.shape[1])
        _core.window_forward(array(x), array(documents), dilation, array(seen))
        ctx.save_for_backward(seen, documents, weight)
        ctx.dilation = dilation
        ctx.norm = _Norm(seen @ weight.t(), x, tuple(norm), drop)
        out: Tensor = ctx.norm.out
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        seen, documents, weight = ctx.saved_tensors
        gradient = grads[0].contiguous()
        product, *norm = ctx.norm.backward(gradient)
        x = gradient.clone()
        _core.window_backward(array(product @ weight), array(documents), ctx.dilation, array(x))
        return x, None, None, product.t() @ seen, *norm, None


class Recurrent(torch.autograd.Function):
    """x + drop(LayerNorm(Maxout(W [x, sums ahead, sums back] + b))).

    The gates' weights (4 · units, width) and bias: candidates and gates ahead, then back.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, first: Tensor, gates: Tensor, bias: Tensor, weight: Tensor, *layer: Any) -> Tensor:
        *norm, drop = layer
        units = len(gates) // 4
        opened = x @ gates.t()
        forget, joined = x.new_empty(len(x), 2 * units), x.new_empty(len(x), x.shape[1] + 2 * units)
        _core.scans_forward(array(x), array(opened), array(bias), array(first), array(forget), array(joined))
        ctx.save_for_backward(x, first, gates, bias, weight, opened, forget, joined)
        ctx.norm = _Norm(joined @ weight.t(), x, tuple(norm), drop)
        out: Tensor = ctx.norm.out
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        x, first, gates, bias, weight, opened, forget, joined = ctx.saved_tensors
        gradient = grads[0].contiguous()
        product, *norm = ctx.norm.backward(gradient)
        of_joined = product @ weight
        of_gates, of_bias = torch.empty_like(opened), torch.zeros_like(bias)
        kept = array(opened), array(bias), array(first), array(forget), array(joined)
        _core.scans_backward(array(of_joined), *kept, array(of_gates), array(of_bias))
        of_x = (gradient + of_joined[:, : x.shape[1]]).addmm_(of_gates, gates)
        return of_x, None, of_gates.t() @ x, of_bias, product.t() @ joined, *norm, None


class LookUp(torch.autograd.Function):
    """For each type, the sums of the rows it chose in each table, side by side: (types, tables · width).

    `sinks`: where the tables' gradients are added to; None leaves them to PyTorch.
    """

    @staticmethod
    def forward(ctx: Any, rows: Tensor, sinks: list[Tensor] | None, *tables: Tensor) -> Tensor:
        out = tables[0].new_empty(len(rows), len(tables) * tables[0].shape[1])
        for number, table in enumerate(tables):
            _core.look_up_forward(array(rows), number, array(table), array(out))
        ctx.rows, ctx.sinks, ctx.shapes = rows, sinks, [table.shape for table in tables]
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        gradient = grads[0].contiguous()
        sinks = ctx.sinks or [gradient.new_zeros(shape) for shape in ctx.shapes]
        for number, sink in enumerate(sinks):
            _core.look_up_backward(array(gradient), array(ctx.rows), number, array(sink))
        return None, None, *([None] * len(sinks) if ctx.sinks else sinks)


class _Scored(torch.autograd.Function):
    """What label and action losses share: the gradient of the scores is known with the loss."""

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        inputs, weight, scores, bias = ctx.saved_tensors
        scale = grads[0]
        return (scores @ weight).mul_(scale), (scores.t() @ inputs).mul_(scale), bias * scale, *([None] * ctx.others)


class LabelLoss(_Scored):
    """Sum of the cross-entropies of labels (n,), −1 for none, under scores W x + b."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, labels: Tensor, smoothing: float) -> Tensor:
        scores, of_bias = x @ weight.t(), torch.zeros_like(bias)
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
        ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, counted: Tensor | None, right: Tensor, *weights: Any
    ) -> Tensor:
        scores, of_bias = x @ weight.t(), torch.zeros_like(bias)
        masks = None if counted is None else array(counted).view(np.uint8), array(right).view(np.uint8)
        of_states = None if weights[0] is None else array(weights[0]).reshape(-1)
        loss = _core.action_loss(array(scores), array(bias), *masks, of_states, array(of_bias))
        ctx.save_for_backward(x, weight, scores, of_bias)
        ctx.others = 3
        return x.new_tensor(loss)


class Hidden(torch.autograd.Function):
    """Hidden units of states: drop(max over pieces of bias + the rows (tokens, features · wide) that they name).

    With vectors (tokens, width) and `lower` (features · wide, width), whose product the rows are, the gradient
    goes to those: only for the tokens that states name at a feature, about half of all.
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
        n_features, wide = ctx.padding_shape
        tokens, begins, pairs = _core.name_pairs(array(ctx.positions), len(vectors))
        named = torch.from_numpy(tokens)
        places = pairs.reshape(ctx.positions.shape)
        rows, *others = _row_gradients(gradient, places, (len(named), wide), ctx)
        seen, of_seen = vectors[named], vectors.new_empty(len(named), vectors.shape[1])
        of_lower = torch.empty_like(lower)
        for feature, (begin, end) in enumerate(pairwise(begins)):
            part = slice(feature * wide, (feature + 1) * wide)
            torch.mm(rows[begin:end].t(), seen[begin:end], out=of_lower[part])
            torch.mm(rows[begin:end], lower[part], out=of_seen[begin:end])
        of_vectors = torch.zeros_like(vectors).index_add_(0, named, of_seen)
        return None, of_vectors, of_lower, None, *others, None, None


def _row_gradients(
    gradient: Tensor, places: np.ndarray, shape: tuple[int, ...], ctx: Any
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of rows, of what shape they are, padding and bias from that of the hidden units."""
    rows, padding = gradient.new_zeros(shape), gradient.new_zeros(ctx.padding_shape)
    bias = gradient.new_zeros(ctx.padding_shape[1])
    _core.states_backward(array(gradient), places, *ctx.way_back, array(rows), array(padding), array(bias))
    return rows, padding, bias
