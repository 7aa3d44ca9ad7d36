"""Averaged parameters in, package folders out: the candidate of each evaluation, and the best so far."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.package import save_package
from treelet.settings import Settings
from treelet.tokenizer import learn_tokenizer
from treelet.training.labels import Labels
from treelet.training.networks.network import Network


class Exporter:
    """Writes packages of one network: always to a folder beside the target first, so that the target is whole or absent."""

    def __init__(
        self, path: Path, settings: Settings, labels: Labels, docs: Sequence[Doc], manifest: Mapping[str, Any]
    ) -> None:
        if path.exists() and not (path / "manifest.json").exists():
            raise TrainingError(f"{path}: exists and is not a package; choose another folder for --out")
        self.path = path
        self.scores: dict[str, float] = {}
        self._candidate = path.with_name(path.name + ".candidate")
        self._settings, self._labels, self._manifest = settings, labels, dict(manifest)
        self._tokenizer = learn_tokenizer(settings.language, docs)

    def write_candidate(self, network: Network) -> Path:
        """Write the network as a package beside the target; the next call overwrites it."""
        self._save(network, {})
        return self._candidate

    def keep_candidate(self, scores: Mapping[str, float]) -> None:
        """Move the candidate to the target, with its scores in the manifest."""
        self.scores = dict(scores)
        shutil.rmtree(self.path, ignore_errors=True)
        self._candidate.rename(self.path)
