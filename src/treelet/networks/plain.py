"""Twins of the functions that the core has for teaching, in PyTorch alone: for tensors on other devices."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


def maxout(x: Tensor, pieces: int) -> Tensor:
    """(n, pieces · width), piece-major -> (n, width)."""
    return x.reshape(len(x), pieces, x.shape[1] // pieces).max(dim=1).values


def scan(gates: Tensor, first: Tensor, back: bool) -> Tensor:
    """Gated sums h = f·h + (1 − f)·c over the words of each document: gates (n, 2 · units) -> (n, units).

    gates: candidates c, then f before the sigmoid; first: uint8 (n,), 1 where a document starts.
    """
    if back:
        last = torch.cat([first[1:], first.new_ones(min(1, len(first)))])
        return scan(gates.flip(0), last.flip(0), False).flip(0)
    candidates, forget = gates.chunk(2, dim=1)
    forget = torch.sigmoid(forget)
    kept = forget * (first == 0).to(forget.dtype).unsqueeze(1)
    summed: Tensor = _Recurrence.apply(kept, candidates - forget * candidates)  # type: ignore[no-untyped-call]
    return summed


class _Recurrence(torch.autograd.Function):
    """h_t = a_t · h_(t−1) + b_t, all zero before the first: a, b (n, units) -> h (n, units)."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, b: Tensor) -> Tensor:
        h = _recur(a, b)
        ctx.save_for_backward(a, h)
        return h

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor]:
        a, h = ctx.saved_tensors
        after = functional.pad(a[1:], (0, 0, 0, 1))
        gradient = _recur(after.flip(0), grads[0].flip(0)).flip(0)
        return gradient * functional.pad(h[:-1], (0, 0, 1, 0)), gradient


def _recur(a: Tensor, b: Tensor) -> Tensor:
    """All of h_t = a_t · h_(t−1) + b_t in log2(n) steps, by doubling what each row sums up.

    Hillis & Steele 1986, "Data parallel algorithms", on the maps h -> a·h + b; nothing is divided.
    """
    step = 1
    while step < len(a):
        b = torch.cat([b[:step], torch.addcmul(b[step:], a[step:], b[:-step])])
        a = torch.cat([a[:step], a[step:] * a[:-step]])
        step *= 2
    return b


def sum_rows(rows: Tensor, padding: Tensor, positions: Tensor) -> Tensor:
    """For every state, the sum over features of the rows of the tokens it names.

    rows (tokens, features, wide); padding (features, wide); positions (states, features), of no token -1 or
    len(rows).
    """
    positions = torch.where(positions < 0, len(rows), positions)
    table = torch.cat([rows, padding.unsqueeze(0)]).flatten(0, 1)
    features = torch.arange(positions.shape[1], device=positions.device)
    return functional.embedding_bag(positions * positions.shape[1] + features, table, mode="sum")
