"""What a training run tells in, records out: to a log of JSON lines, to TensorBoard, to whoever asks.

A record is a dictionary of plain values with an `event`: started, prepared, steps, evaluated, finished.
"""

from __future__ import annotations

import json
import math
import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from treelet.training.progress import Prepared, Progress, Stepped

if TYPE_CHECKING:
    from treelet.training.job import TrainingJob

LINES = 1000
"""Records of steps in a whole run: few enough for a long one, enough for a curve."""

Sink = Callable[[dict[str, Any]], None]


def default_log(package: Path) -> Path:
    """Beside the package: what is in it has hashes in its manifest."""
    package = package.resolve()
    return package.with_name(package.name + ".log.jsonl")


def recorded(
    events: Iterable[Progress], about: Mapping[str, Any], sinks: Sequence[Sink]
) -> Iterator[Progress]:
    """The events as they are; each sink is given the records made of them, `about` the run first.

    A run that fails before its first event leaves no record.
    """
    recorder = _Recorder()
    due: list[dict[str, Any]] = [{"event": "started", **about}]
    for event in events:
        due += recorder.records(event)
        for record in due:
            for sink in sinks:
                sink(record)
        due = []
        yield event


def about_job(job: TrainingJob, device: str = "cpu") -> dict[str, Any]:
    """What decides a run's result: its data, settings, versions and machine."""
    import numpy
    import torch

    from treelet import __version__
    from treelet.settings import settings_to_dict

    return {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "treelet": __version__,
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "device": device,
        "out": str(job.out),
        "train": [str(path) for path in job.train],
        "dev": [str(path) for path in job.dev],
        "label_map": dict(job.label_map),
        "vectors": str(job.vectors) if job.vectors is not None else None,
        **({"silver": str(job.silver)} if job.silver is not None else {}),
        "settings": settings_to_dict(job.settings),
        **({"start": str(job.start)} if job.start is not None else {}),
        **(_about_base(job) if job.base is not None else {}),
    }


def _about_base(job: TrainingJob) -> dict[str, Any]:
    raw = [str(path) for path in job.raw]
    return {"base": str(job.base), "raw": raw, "rehearse": job.rehearse, "freeze": list(job.freeze)}


class JsonLines:
    """A sink: a line a record, written whole by one call, so that a killed run leaves whole lines.

    `resume` goes on with what is there; otherwise the first record replaces it. Raises OSError.
    """

    def __init__(self, path: Path, *, resume: bool = False) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._replace = not resume
        if resume:
            cut_torn_line(path)
        self._file = open(path, "ab", buffering=0)  # noqa: SIM115 - closed by close()

    def __call__(self, record: dict[str, Any]) -> None:
        """Append one record; what is no finite number becomes null."""
        if self._replace:
            self._file.truncate(0)
            self._replace = False
        self._file.write(json.dumps(_finite(record), default=str, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        """Close the file; records come no more."""
        self._file.close()


def cut_torn_line(path: Path) -> None:
    """Remove what stands after the last line feed of a file, if there is one: the power went amid a line."""
    if not path.exists():
        return
    with open(path, "rb+") as file:
        kept = file.seek(0, os.SEEK_END)
        while kept > 0:
            start = max(0, kept - 65536)
            file.seek(start)
            found = file.read(kept - start).rfind(b"\n")
            if found >= 0:
                kept = start + found + 1
                break
            kept = start
        file.truncate(kept)


class _Recorder:
    """Thins steps to their means over stretches of about equal words, which end with each pass."""

    def __init__(self) -> None:
        self._stretch, self._told, self._begun = 1.0, 0, time.monotonic()
        self._waiting: list[Stepped] = []

    def records(self, event: Progress) -> Iterator[dict[str, Any]]:
        if isinstance(event, Stepped):
            self._waiting.append(event)
            if event.words // self._stretch > self._told // self._stretch:
                yield self._mean()
            return
        if isinstance(event, Prepared):
            self._stretch, self._begun = max(1.0, event.words * event.epochs / LINES), time.monotonic()
        elif self._waiting:
            yield self._mean()
        yield {"event": type(event).__name__.lower(), **asdict(event)}

    def _mean(self) -> dict[str, Any]:
        steps, self._waiting = self._waiting, []
        self._told = steps[-1].words
        names = dict.fromkeys(name for step in steps for name in step.losses)
        return {
            "event": "steps",
            "epoch": steps[-1].epoch,
            "words": steps[-1].words,
            "seconds": round(time.monotonic() - self._begun, 3),
            "steps": len(steps),
            "losses": {name: sum(s.losses.get(name, 0.0) for s in steps) / len(steps) for name in names},
        }


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
