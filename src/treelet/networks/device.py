"""The name of a device in, where PyTorch computes and by which functions out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from treelet.errors import SettingsError

STAND_IN = "torch-cpu"
"""The processor, by the functions that run on other devices: to try them where there is none."""

_plain: ContextVar[bool] = ContextVar("plain", default=False)


@dataclass(frozen=True)
class Device:
    """Where tensors are, and whether the core's functions may work on them."""

    name: str
    place: torch.device
    plain: bool
    """Everything in PyTorch's own functions; else the core does what it does better on the processor."""

    @contextmanager
    def functions(self) -> Iterator[None]:
        """Layers that run inside use this device's functions; other threads are left alone."""
        token = _plain.set(self.plain)
        try:
            yield
        finally:
            _plain.reset(token)


PROCESSOR = Device("cpu", torch.device("cpu"), False)


def on_core(x: Tensor) -> bool:
    """Whether the core's functions take this tensor; else those of PyTorch alone (networks/plain.py) do."""
    return x.device.type == "cpu" and x.dtype == torch.float32 and not _plain.get()


def find_device(name: str) -> Device:
    """A device by its name in PyTorch, such as "cuda", "cuda:1" or "mps"; or "cpu", or "torch-cpu".

    Raises SettingsError for a name that PyTorch does not know, or a device that is not there.
    """
    if name in ("cpu", STAND_IN):
        return replace(PROCESSOR, name=name, plain=name == STAND_IN)
    expected = f"expected cpu, {STAND_IN}, or a device of PyTorch, such as cuda, cuda:1 or mps"
    try:
        place = torch.device(name)
    except (RuntimeError, TypeError):
        raise SettingsError(f"device: found {name!r}, {expected}") from None
    if place.type in ("cpu", "meta"):
        raise SettingsError(f"device: found {name!r}, {expected}")
    try:
        torch.ones(1, device=place).cpu()
    except (RuntimeError, AssertionError, ImportError, NotImplementedError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise SettingsError(
            f"device: found {name!r}, which PyTorch {torch.__version__} cannot use here ({reason}); "
            "install a PyTorch that is built for it, or use cpu"
        ) from None
    return Device(name, place, True)
