"""Teaching: loop.py reads in the order things happen. PyTorch is imported when train is first asked for."""

from __future__ import annotations

from treelet.training.progress import Evaluated, Finished, Prepared, Progress, Stepped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from treelet.training.loop import TrainingJob, train

__all__ = ["Evaluated", "Finished", "Prepared", "Progress", "Stepped", "TrainingJob", "train"]


def __getattr__(name: str) -> Any:
    if name not in ("TrainingJob", "train"):
        raise AttributeError(f"module 'treelet.training' has no attribute {name!r}")
    from treelet.training import loop

    return getattr(loop, name)
