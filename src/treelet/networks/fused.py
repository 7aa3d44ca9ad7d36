"""Tensors on the processor in, layers out: PyTorch multiplies, the core does all between the products.

Every function here has a twin in PyTorch's own functions (layers.py, encoder.py) that gives the same numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from treelet import _core
from treelet.networks.products import multiply

Drop = tuple[int, int]  # seed, how many of 256 numbers are dropped


def drop_of(rate: float, training: bool) -> Drop:
    """What hides numbers at a rate (to 1/256), by a seed from PyTorch; nothing outside of training."""
    cut = round(rate * 256) if training else 0
    return (int(torch.randint(2**62, ())), cut) if cut else (0, 0)


def array(tensor: Tensor) -> np.ndarray:
    """The numbers of a tensor, without a copy."""
    found: np.ndarray = tensor.detach().numpy()
    return found


class _Norm:
    """LayerNorm(Maxout(x + bias)) of what a product gave, and what its way back needs.

    It does not keep what it gives out: the function that does would hold itself, and its step for ever.
    """

    def __init__(self, layer: tuple[Tensor, ...], drop: Drop) -> None:
        self.bias, self.gain, self.shift = layer
        self.drop = drop

    def forward(self, product: Tensor, residual: Tensor | None) -> Tensor:
        """residual: what is added."""
        n, width = len(product), len(self.gain)
        self.columns = product.shape[1]
        self.kept = np.empty((n, width), np.uint8), np.empty((n, width), np.float32), np.empty(n, np.float32)
        out = product.new_empty(n, width)
        other = None if residual is None else array(residual)
        given = array(product), other, array(self.bias), array(self.gain), array(self.shift)
        _core.maxout_norm_forward(*given, self.drop, *self.kept, array(out))
        return out

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
        ctx.norm = _Norm(tuple(norm), drop)
        out: Tensor = ctx.norm.forward(multiply(x, weight.t()), None)
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        x, weight = ctx.saved_tensors
        product, *norm = ctx.norm.backward(grads[0].contiguous())
        return multiply(product, weight), multiply(product.t(), x), *norm, None


class Convolution(torch.autograd.Function):
    """x + drop(LayerNorm(Maxout(W [neighbours of x] + b)))."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, documents: Tensor, dilation: int, weight: Tensor, *layer: Any) -> Tensor:
        *norm, drop = layer
        seen = x.new_empty(len(x), weight.shape[1])
        _core.window_forward(array(x), array(documents), dilation, array(seen))
        ctx.save_for_backward(seen, documents, weight)
        ctx.dilation = dilation
        ctx.norm = _Norm(tuple(norm), drop)
        out: Tensor = ctx.norm.forward(multiply(seen, weight.t()), x)
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        seen, documents, weight = ctx.saved_tensors
        gradient = grads[0].contiguous()
        product, *norm = ctx.norm.backward(gradient)
        x = gradient.clone()
        _core.window_backward(array(multiply(product, weight)), array(documents), ctx.dilation, array(x))
        return x, None, None, multiply(product.t(), seen), *norm, None


class Recurrent(torch.autograd.Function):
    """x + drop(LayerNorm(Maxout(W [x, sums ahead, sums back] + b))).

    The gates' weights (4 · units, width) and bias: candidates and gates ahead, then back.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, first: Tensor, gates: Tensor, bias: Tensor, *layer: Any) -> Tensor:
        weight, *norm, drop = layer
        units = len(gates) // 4
        opened = multiply(x, gates.t())
        forget, joined = x.new_empty(len(x), 2 * units), x.new_empty(len(x), x.shape[1] + 2 * units)
        _core.scans_forward(array(x), array(opened), array(bias), array(first), array(forget), array(joined))
        ctx.save_for_backward(x, first, gates, bias, weight, opened, forget, joined)
        ctx.norm = _Norm(tuple(norm), drop)
        out: Tensor = ctx.norm.forward(multiply(joined, weight.t()), x)
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        x, first, gates, bias, weight, opened, forget, joined = ctx.saved_tensors
        gradient = grads[0].contiguous()
        product, *norm = ctx.norm.backward(gradient)
        of_joined = multiply(product, weight)
        of_gates, of_bias = torch.empty_like(opened), torch.zeros_like(bias)
        kept = array(opened), array(bias), array(first), array(forget), array(joined)
        _core.scans_backward(array(of_joined), *kept, array(of_gates), array(of_bias))
        of_x = (gradient + of_joined[:, : x.shape[1]]).add_(multiply(of_gates, gates))
        return of_x, None, multiply(of_gates.t(), x), of_bias, multiply(product.t(), joined), *norm, None


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
