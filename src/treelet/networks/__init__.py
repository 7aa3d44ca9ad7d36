"""The network in PyTorch: to teach it anywhere, and to run it on a device when annotating."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treelet.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from treelet import _core
    from treelet.networks.annotation import DeviceAnnotator
    from treelet.settings import Settings


@dataclass(frozen=True)
class Stored:
    """A loaded package: what the network of another device is made from."""

    core: _core.Pipeline
    settings: Settings
    labels: Mapping[str, Sequence[str]]
    annotators: Sequence[str]
    weights: Mapping[str, npt.NDArray[np.generic]]
    """By the names that ARCHITECTURE.md has for them."""
    transformer: str | None = None
    """The folder of a teacher's package, which holds the files of its transformer."""


def on_device(name: str, stored: Stored) -> DeviceAnnotator:
    """What annotates in the core's place, with PyTorch, which is imported here for the first time.

    Raises SettingsError without PyTorch, for an unknown device, or one that cannot be used here.
    """
    try:
        import torch as _  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise SettingsError(
            f"device: {name} needs PyTorch, which is not installed: pip install 'treelet[train]'"
        ) from None
    from treelet.networks.annotation import DeviceAnnotator
    from treelet.networks.device import find_device

    return DeviceAnnotator(stored, find_device(name))
