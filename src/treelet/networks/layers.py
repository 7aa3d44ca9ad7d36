"""Arrays in, arrays out: the layers as differentiable PyTorch functions; the core has their forward twins."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from treelet import _core
from treelet.networks import fused, fused_states, plain
from treelet.networks.device import on_core
from treelet.networks.products import multiply


class _Maxout(torch.autograd.Function):
    """Maximum over pieces; the gradient goes to the first piece that reached it."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, pieces: int) -> Tensor:
        x = x.contiguous()
        best = x.new_empty(x.shape[0], x.shape[1] // pieces)
        which = torch.empty(best.shape, dtype=torch.int32)
        _core.maxout_forward(x.detach().numpy(), best.numpy(), which.numpy())
        ctx.which, ctx.shape = which, x.shape
        return best

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        out = grads[0].new_empty(ctx.shape)
        _core.maxout_backward(grads[0].contiguous().numpy(), ctx.which.numpy(), out.numpy())
        return out, None


def maxout(x: Tensor, pieces: int) -> Tensor:
    """(n, pieces · width), piece-major -> (n, width)."""
    if not on_core(x):
        return plain.maxout(x, pieces)
    best: Tensor = _Maxout.apply(x, pieces)  # type: ignore[no-untyped-call]
    return best


class _Dropout(torch.autograd.Function):
    """Inverted dropout from one random byte a number: PyTorch's own draws a float for each."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, mask: Tensor, scale: float) -> Tensor:
        ctx.save_for_backward(mask)
        ctx.scale = scale
        return (x * mask).mul_(scale)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None]:
        (mask,) = ctx.saved_tensors
        return (grads[0] * mask).mul_(ctx.scale), None, None


def dropout(x: Tensor, rate: float, training: bool) -> Tensor:
    """Numbers of x set to zero with probability `rate` (to 1/256), the others scaled to keep the mean."""
    cut = round(rate * 256)
    if not training or not cut:
        return x
    if not on_core(x):
        return functional.dropout(x, cut / 256)
    words = torch.empty((x.numel() + 7) // 8, dtype=torch.int64).random_(-(2**63), 2**63 - 1)
    mask = words.view(torch.uint8)[: x.numel()].view(x.shape) >= cut
    dropped: Tensor = _Dropout.apply(x, mask, 256.0 / (256 - cut))  # type: ignore[no-untyped-call]
    return dropped


def first_scores(*shape: int) -> Tensor:
    """Weights of a last layer before teaching: next to nothing, but enough to reach all below at once."""
    return torch.empty(shape).uniform_(-0.01, 0.01)


class MaxoutNorm(nn.Module):
    """LayerNorm(Maxout(x)): (n, inputs) -> (n, width). Parameters: weight, bias, gain, shift."""

    def __init__(self, inputs: int, width: int, pieces: int) -> None:
        super().__init__()
        self.pieces = pieces
        bound = (6.0 / (inputs + width)) ** 0.5  # Glorot & Bengio 2010, a piece at a time
        self.weight = nn.Parameter(torch.empty(pieces * width, inputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(pieces * width))
        self.gain = nn.Parameter(torch.ones(width))
        self.shift = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor, rate: float = 0.0) -> Tensor:
        """rate: share of numbers dropped in training."""
        if on_core(x):
            mixed: Tensor = fused.MaxoutNorm.apply(x, self.weight, *self.norm(rate))  # type: ignore[no-untyped-call]
            return mixed
        best = maxout(functional.linear(x, self.weight, self.bias), self.pieces)
        normal = functional.layer_norm(best, (best.shape[1],), self.gain, self.shift, 1e-5)
        return dropout(normal, rate, self.training)

    def norm(self, rate: float) -> tuple[Any, ...]:
        """All that comes after the product: bias, gain, shift, and what is dropped."""
        return self.bias, self.gain, self.shift, fused.drop_of(rate, self.training)


class Convolution(MaxoutNorm):
    """x + LayerNorm(Maxout(x of the neighbours, left to right)): (n, width) -> (n, width)."""

    def __init__(self, width: int, pieces: int, window: int, dilation: int) -> None:
        super().__init__((2 * window + 1) * width, width, pieces)
        self.window, self.dilation = window, dilation

    def forward(self, x: Tensor, documents: Tensor, rate: float = 0.0) -> Tensor:  # type: ignore[override]
        """documents: int64 (n,), of each word."""
        if on_core(x):
            found: Tensor = fused.Convolution.apply(  # type: ignore[no-untyped-call]
                x, documents, self.dilation, self.weight, *self.norm(rate)
            )
            return found
        steps = range(-self.window, self.window + 1)
        seen = [_shift(x, step * self.dilation, documents) for step in steps]
        return x + super().forward(torch.cat(seen, dim=1), rate)


def _shift(x: Tensor, step: int, documents: Tensor) -> Tensor:
    """Row i is x[i + step], zeros where that is another document."""
    n = x.shape[0]
    if step == 0:
        return x
    if abs(step) >= n:
        return torch.zeros_like(x)
    if step < 0:
        same = (documents[step * -1 :] == documents[:step]).unsqueeze(1)
        return functional.pad(x[:step] * same, (0, 0, -step, 0))
    same = (documents[:-step] == documents[step:]).unsqueeze(1)
    return functional.pad(x[step:] * same, (0, 0, 0, step))


class RecurrentLayer(nn.Module):
    """x + what stands to the left and right of a word, summed up by gates: (n, width) -> (n, width).

    h = f·h + (1 − f)·c in each direction, c and f = sigmoid(g) affine in the word's vector (Lei et al. 2018,
    section 3, without the term in the previous state); then LayerNorm(Maxout([x, h ahead, h back])).
    Parameters: ahead, back (2 · units, width) with bias, candidates before gates; mix.
    """

    def __init__(self, width: int, units: int, pieces: int) -> None:
        super().__init__()
        self.ahead, self.back = nn.Linear(width, 2 * units), nn.Linear(width, 2 * units)
        for linear in (self.ahead, self.back):
            nn.init.xavier_uniform_(linear.weight)
            nn.init.zeros_(linear.bias)
            nn.init.ones_(linear.bias[units:])  # much is kept at first
        self.mix = MaxoutNorm(width + 2 * units, width, pieces)

    def forward(self, x: Tensor, first: Tensor, rate: float = 0.0) -> Tensor:
        """first: uint8 (n,), 1 where a document starts; rate: share of numbers dropped in training."""
        if on_core(x):
            gates = torch.cat([self.ahead.weight, self.back.weight])
            bias = torch.cat([self.ahead.bias, self.back.bias])
            given = x, first, gates, bias, self.mix.weight, *self.mix.norm(rate)
            found: Tensor = fused.Recurrent.apply(*given)  # type: ignore[no-untyped-call]
            return found
        ahead, back = plain.scan(self.ahead(x), first, False), plain.scan(self.back(x), first, True)
        mixed: Tensor = self.mix(torch.cat([x, ahead, back], dim=1), rate)
        return x + mixed


class StateScorer(nn.Module):
    """Lower and upper layer of a transition system: token vectors and states -> a score for each action.

    Parameters: lower (features · pieces · hidden, width), padding (features, pieces · hidden),
    bias (pieces · hidden), upper_weight (actions, hidden), upper_bias (actions).
    """

    def __init__(self, width: int, n_features: int, hidden: int, pieces: int, n_actions: int) -> None:
        super().__init__()
        self.n_features, self.hidden, self.pieces = n_features, hidden, pieces
        wide = pieces * hidden
        scale = (1.0 / (n_features * width)) ** 0.5
        self.lower = nn.Parameter(torch.empty(n_features * wide, width).normal_(0.0, scale))
        self.padding = nn.Parameter(torch.empty(n_features, wide).normal_(0.0, scale))
        self.bias = nn.Parameter(torch.zeros(wide))
        self.upper_weight = nn.Parameter(first_scores(n_actions, hidden))
        self.upper_bias = nn.Parameter(torch.zeros(n_actions))

    def rows(self, vectors: Tensor) -> Tensor:
        """(tokens, width) -> (tokens, features · pieces · hidden): what a token adds at each position."""
        if on_core(vectors):
            return multiply(vectors, self.lower.t())
        return functional.linear(vectors, self.lower)

    def forward(self, rows: Tensor, positions: Tensor, rate: float, vectors: Tensor | None = None) -> Tensor:
        """Scores (states, actions); positions (states, features) index rows, others are no token."""
        hidden = self.hidden_units(rows, positions, rate, vectors)
        return functional.linear(hidden, self.upper_weight, self.upper_bias)

    def hidden_units(
        self, rows: Tensor, positions: Tensor, rate: float, vectors: Tensor | None = None
    ) -> Tensor:
        """(states, hidden): what the upper layer scores.

        vectors: what the rows were made of; with them the way back is shorter.
        """
        if on_core(rows):
            layer = self.padding, self.bias, self.pieces, fused.drop_of(rate, self.training)
            of = (rows, None, None) if vectors is None else (rows.detach(), vectors, self.lower)
            found: Tensor = fused_states.Hidden.apply(*of, positions, *layer)  # type: ignore[no-untyped-call]
            return found
        rows = rows.view(rows.shape[0], self.n_features, -1)
        hidden = maxout(plain.sum_rows(rows, self.padding, positions) + self.bias, self.pieces)
        return dropout(hidden, rate, self.training)
