"""Averaged parameters in, package folders out: the candidate of each evaluation, and the best so far."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from treelet.errors import TrainingError
from treelet.networks.network import Network
from treelet.package import save_package
from treelet.settings import Settings
from treelet.teaching.labels import Labels
from treelet.teaching.static_vectors import StaticVectors


@dataclass
class Exporter:
    """Writes packages of one network beside `path`, and the best there, so that `path` is whole or absent."""

    path: Path
    settings: Settings
    labels: Labels
    rules: Mapping[str, Any]  # of the tokenizer
    manifest: Mapping[str, Any]
    vectors: StaticVectors | None = None
    scores: dict[str, float] = field(default_factory=dict)  # of the package at `path`

    def __post_init__(self) -> None:
        if self.path.exists() and any(self.path.iterdir()) and not (self.path / "manifest.json").exists():
            raise TrainingError(f"{self.path}: exists and is not a package: give another folder")

    def write_candidate(self, network: Network) -> Path:
        """Write the network as a package beside the target; the next call overwrites it."""
        candidate = self.path.with_name(self.path.name + ".candidate")
        self._save(candidate, network, {})
        return candidate

    def keep(self, network: Network, scores: Mapping[str, float]) -> None:
        """The network is the best so far: write it to the target, with its scores in the manifest."""
        self.scores = {name: round(score, 2) for name, score in scores.items()}
        self._save(self.path, network, self.scores)

    def close(self) -> None:
        """Remove the last candidate."""
        shutil.rmtree(self.path.with_name(self.path.name + ".candidate"), ignore_errors=True)

    def _save(self, folder: Path, network: Network, scores: Mapping[str, float]) -> None:
        save_package(
            folder,
            settings=self.settings,
            weights={
                **{name: array.cpu().numpy() for name, array in network.arrays().items()},
                **(self.vectors.arrays() if self.vectors else {}),
            },
            labels=self.labels.packaged(),
            tokenizer_json=json.dumps(self.rules),
            stored=self.settings.training.stored,
            **{**default_names(self.settings), **self.manifest, "scores": dict(scores)},
        )


def default_names(settings: Settings) -> dict[str, str]:
    """The parts of a package's name where none was given: its kind by what it annotates."""
    annotators: Sequence[str] = settings.annotators()
    has_parser, has_entities = "parser" in annotators, "ner" in annotators
    kind = ("core" if has_entities else "dep") if has_parser else "ent"
    return {"type": kind, "genre": "custom", "size": "sm"}
