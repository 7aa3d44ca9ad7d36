"""Records of a training run in, TensorBoard's event files out: losses by words taught, scores by pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from treelet.errors import TrainingError


class TensorBoard:
    """A sink for training/log.py. Raises TrainingError when TensorBoard is not installed."""

    def __init__(self, folder: Path) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ModuleNotFoundError:
            raise TrainingError(
                "--tensorboard needs TensorBoard, which is not installed: pip install 'treelet[tensorboard]'"
            ) from None
        self._writer: Any = SummaryWriter(str(folder))

    def __call__(self, record: dict[str, Any]) -> None:
        """Write the scalars of one record."""
        kind = record["event"]
        if kind == "started":
            self._writer.add_text("run", f"```\n{json.dumps(record, indent=1, default=str)}\n```")
        elif kind == "steps":
            for name, loss in record["losses"].items():
                self._writer.add_scalar(f"loss/{name}", loss, record["words"])
        elif kind == "evaluated":
            for name, score in (*record["scores"].items(), ("score", record["score"])):
                self._writer.add_scalar(f"score/{name}", score, record["epoch"])
            self._writer.flush()

    def close(self) -> None:
        """Write what is left."""
        self._writer.close()
