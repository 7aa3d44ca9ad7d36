"""A device that is not there: "pretend", whose tensors the processor computes, and never mixes with its own.

What a GPU would refuse, this refuses: an operation on tensors of two devices, a numpy view of a tensor of the
device. Registered for a whole process, so import it only in one that ends with its test.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.utils import _pytree as pytree
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

MOVES = ("aten::_to_copy", "aten::copy_")
operations: set[str] = set()
"""Names of those that ran on the device."""


class PretendTensor(torch.Tensor):
    """Looks like a tensor of the device; `raw` is where its numbers are."""

    raw: torch.Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, raw: torch.Tensor) -> PretendTensor:
        made: PretendTensor = torch.Tensor._make_wrapper_subclass(
            cls,
            raw.shape,
            strides=raw.stride(),
            storage_offset=raw.storage_offset(),
            dtype=raw.dtype,
            device="pretend:0",
        )
        made.raw = raw
        return made

    @classmethod
    def __torch_dispatch__(cls, operation: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return compute(operation, *args, **(kwargs or {}))


def compute(operation: Any, *args: Any, **kwargs: Any) -> Any:
    """What the operation gives on the processor, as tensors of the device where it belongs there."""
    name = operation._schema.name
    tensors = [leaf for leaf in pytree.tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)]
    here = {id(tensor.raw): tensor for tensor in tensors if isinstance(tensor, PretendTensor)}
    strays = [tensor for tensor in tensors if not isinstance(tensor, PretendTensor) and tensor.dim()]
    if strays and here and name not in MOVES:
        raise RuntimeError(f"{name}: found tensors on pretend and on cpu, expected one device")
    device = kwargs.get("device")
    stays = bool(here) if device is None else torch.device(device).type == "pretend"
    if device is not None:
        kwargs["device"] = torch.device("cpu")
    if stays:
        operations.add(name)
    raw_args, raw_kwargs = pytree.tree_map(_raw, (args, kwargs))
    out = operation(*raw_args, **raw_kwargs)

    def placed(leaf: Any) -> Any:
        if not isinstance(leaf, torch.Tensor) or not stays:
            return leaf
        return here[id(leaf)] if id(leaf) in here else PretendTensor(leaf)

    return pytree.tree_map(placed, out)


def _raw(leaf: Any) -> Any:
    return leaf.raw if isinstance(leaf, PretendTensor) else leaf


_setup_privateuseone_for_python_backend("pretend")
_fallback = torch.library.Library("_", "IMPL")
_fallback.fallback(compute, "PrivateUse1")
_aten = torch.library.Library("aten", "IMPL")
for _arange in (torch.ops.aten.arange.default, torch.ops.aten.arange.start, torch.ops.aten.arange.start_step):
    _aten.impl(_arange, lambda *args, _op=_arange, **kwargs: compute(_op, *args, **kwargs), "PrivateUse1")
