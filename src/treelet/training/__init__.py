"""Gold files to a package; loop.py reads in the order things happen. PyTorch comes with `train`."""

from __future__ import annotations

from treelet.training.job import TrainingJob
from treelet.training.progress import Compared, Evaluated, Finished, Prepared, Progress, Stepped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from treelet.training.loop import train

__all__ = ["Compared", "Evaluated", "Finished", "Prepared", "Progress", "Stepped", "TrainingJob", "train"]


def __getattr__(name: str) -> Any:
    if name != "train":
        raise AttributeError(f"module 'treelet.training' has no attribute {name!r}")
    from treelet.training.loop import train

    return train
