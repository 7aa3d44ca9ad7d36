"""Two matrices in, their product out, in the numbers that teaching multiplies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from torch import Tensor

_HALF = ContextVar("half", default=False)


@contextmanager
def multiplied_in(precision: str) -> Iterator[None]:
    """Inside, factors and results of large products are rounded to `precision`, "fp32" or "bf16".

    So are those of ways back that run inside. What a product sums, and all else, is fp32.
    """
    token = _HALF.set(precision == "bf16")
    try:
        yield
    finally:
        _HALF.reset(token)


def multiply(a: Tensor, b: Tensor) -> Tensor:
    """a @ b, float32."""
    if not _HALF.get():
        return a @ b
    return (a.bfloat16() @ b.bfloat16()).float()
