"""The folder of a tuning: where each trial writes, what is kept of it, and that one process alone is at it.

    trials.journal         Optuna's record of all trials
    trials/007.log.jsonl   losses and scores of a trial, for `treelet plot`; .toml: its settings
    best/, best.toml       the package of the best trial, and its settings
    tuning.png, .svg       the picture
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import Any

from treelet.errors import TrainingError
from treelet.settings import Settings, settings_to_dict, settings_to_toml
from treelet.tuning.trial import TuningJob


class TuningFolder:
    """Paths in the folder of a tuning."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trials = path / "trials"
        self.best = path / "best"
        self.best_settings = path / "best.toml"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else tunes here meanwhile; a lock of the system, which ends with the process.

        Raises TrainingError when somebody does, or when the folder holds what no tuning wrote.
        """
        if self.path.exists() and any(self.path.iterdir()) and not (self.path / "lock").exists():
            raise TrainingError(f"{self.path}: exists and is no folder of a tuning: give another --out")
        self.trials.mkdir(parents=True, exist_ok=True)
        with open(self.path / "lock", "ab") as file:
            try:
                import fcntl
            except ModuleNotFoundError:  # a system without such locks
                yield
                return
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise TrainingError(
                    f"{self.path}: another process is tuning here: wait for it, or give another --out"
                ) from None
            yield

    def package(self, number: int) -> Path:
        """Where a trial writes its package, until it is the best or gone."""
        return self.trials / f"{number:03}"

    def file(self, number: int, suffix: str) -> Path:
        """A file of a trial."""
        return self.trials / f"{number:03}{suffix}"

    def drop_package(self, number: int) -> None:
        """Remove what a trial wrote of a package, whole or not."""
        shutil.rmtree(self.package(number), ignore_errors=True)
        for name in ("candidate", "new", "old"):
            shutil.rmtree(self.file(number, f".{name}"), ignore_errors=True)
        self.file(number, ".checkpoint").unlink(missing_ok=True)

    def keep(self, best: int | None, numbers: Sequence[int]) -> None:
        """Make the package of trial `best` the kept one and drop those of all `numbers`; may be done again.

        Killed at any moment, the package is in one of the two places.
        """
        if best is not None and (package := self.package(best)).exists():
            shutil.rmtree(self.best, ignore_errors=True)
            os.replace(package, self.best)
            os.replace(self._copy(self.file(best, ".toml")), self.best_settings)
        for number in numbers:
            self.drop_package(number)

    def _copy(self, path: Path) -> Path:
        return Path(shutil.copyfile(path, self.path / "best.toml.new"))

    def write_settings(self, number: int, settings: Settings, job: TuningJob) -> None:
        """The settings of a trial, with the command that teaches the same package from them."""
        head = "# The same package, bit for bit, on the same kind of processor:\n"
        text = head + f"# {training_command(job)}\n\n" + settings_to_toml(settings)
        self.file(number, ".toml").write_text(text, encoding="utf-8")


def training_command(job: TuningJob) -> str:
    """The `treelet train` of a trial."""
    words = ["treelet", "train"]
    words += [word for path in job.train for word in ("--train", quote(str(path)))]
    words += [word for path in job.dev for word in ("--dev", quote(str(path)))]
    words += [word for old, new in job.label_map.items() for word in ("--map", quote(f"{old}={new}"))]
    words += ["--vectors", quote(str(job.vectors))] if job.vectors is not None else []
    words += ["--device", quote(job.device)] if job.device != "cpu" else []
    return " ".join([*words, "--settings", quote(str(job.out / "best.toml")), "--out PACKAGE"])


def about(job: TuningJob) -> dict[str, Any]:
    """What two runs must share for the trials of one to mean something to the other."""
    return {
        "training files": [_digest(path) for path in job.train],
        "development files": [_digest(path) for path in job.dev],
        "settings": settings_to_dict(job.settings),
        "label map": dict(job.label_map),
        "vectors": _digest(job.vectors) if job.vectors is not None else None,
        "device": job.device,
        "metric": job.metric,
        "space": [
            {
                "setting": each.path,
                "range": [each.low, each.high, each.log, each.step],
                "choices": list(each.choices),
                "follow": list(each.follow),
            }
            for each in job.space
        ],
    }


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        digest = hashlib.blake2b(digest_size=16)
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
