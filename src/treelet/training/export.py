"""Averaged parameters in, package folders out: the candidate of each evaluation, and the one that is kept."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from treelet.errors import TrainingError
from treelet.package import save_package
from treelet.package.identity import identity
from treelet.settings import Settings
from treelet.teaching.labels import Labels

Files = Mapping[str, bytes]
_NONE: Files = {}


@dataclass
class Exporter:
    """Writes packages of one network beside `path`, and what is kept there, whole folders at a time."""

    path: Path
    settings: Settings
    labels: Labels
    rules: Mapping[str, Any]  # of the tokenizer
    manifest: Mapping[str, Any]
    scores: dict[str, float] = field(default_factory=dict)  # of the package at `path`

    def open(self) -> None:
        """Begin. Raises TrainingError when there is something else where the package goes, PackageError for
        a name or version that it must not have."""
        if self.path.exists() and any(self.path.iterdir()) and not (self.path / "manifest.json").exists():
            raise TrainingError(f"{self.path}: exists and is not a package: give another folder")
        identity(self.settings, self.manifest)
        if self._beside("old").exists() and not self.path.exists():  # a run was stopped between two moves
            os.replace(self._beside("old"), self.path)

    def write_candidate(self, weights: Mapping[str, Any], files: Files = _NONE) -> Path:
        """Write weights as a package beside the target, with files of a transformer; the next call
        overwrites it."""
        self._save(self._beside("candidate"), weights, {}, files)
        return self._beside("candidate")

    def keep(
        self, weights: Mapping[str, Any], scores: Mapping[str, float], files: Files = _NONE
    ) -> None:
        """Keep these weights: write them to the target, with their scores in the manifest."""
        self.scores = {name: round(score, 2) for name, score in scores.items()}
        self._save(self._beside("new"), weights, self.scores, files)
        self._move_in()

    def change_kept(self, change: Callable[[Path], None]) -> None:
        """Let `change` work on a copy of the package that is kept, which then takes its place."""
        shutil.rmtree(self._beside("new"), ignore_errors=True)
        shutil.copytree(self.path, self._beside("new"))
        change(self._beside("new"))
        self._move_in()

    def close(self) -> None:
        """Remove the last candidate."""
        for name in ("candidate", "new", "old"):
            shutil.rmtree(self._beside(name), ignore_errors=True)

    def _beside(self, what: str) -> Path:
        return self.path.with_name(f"{self.path.name}.{what}")

    def _move_in(self) -> None:
        old = self._beside("old")
        shutil.rmtree(old, ignore_errors=True)
        if self.path.exists():
            os.replace(self.path, old)
        os.replace(self._beside("new"), self.path)
        shutil.rmtree(old, ignore_errors=True)

    def _save(
        self, folder: Path, weights: Mapping[str, Any], scores: Mapping[str, float], files: Files
    ) -> None:
        save_package(
            folder,
            settings=self.settings,
            weights=weights,
            labels=self.labels.packaged(),
            tokenizer_json=json.dumps(self.rules),
            stored=self.settings.training.stored,
            files=files,
            **{**self.manifest, "scores": dict(scores)},
        )
