"""What a training run is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from treelet.settings import Settings


@dataclass(frozen=True)
class TrainingJob:
    """What to teach from, what to measure on, and where the package goes."""

    train: Sequence[Path]
    dev: Sequence[Path]
    out: Path
    settings: Settings = field(default_factory=Settings)
    label_map: Mapping[str, str] = field(default_factory=dict)  # entity types: old -> new, "" = outside
    vectors: Path | None = None  # pretrained, never updated; settings.encoder.vector_words limits them
    words_from: Sequence[Path] = ()  # whose words teach the tokenizer; those of `train` where there are none
    transformer: Path | None = None  # a folder of Hugging Face: the pipeline becomes a teacher
    manifest: Mapping[str, Any] = field(default_factory=dict)  # name, version, licence, sources …
    base: str | Path | None = None  # a package to teach more; settings: Base(base).settings_with(changes)
    raw: Sequence[Path] = ()  # plain text to rehearse on what the base knows, a line a text
    start: Path | None = None  # an encoder that `treelet pretrain` wrote, to begin from; not with a base
    freeze: Sequence[str] = ()  # "encoder", annotators, "others" than those that `train` teaches
    silver: Path | None = None  # a cache folder of treelet.silver: what teachers say of raw text
    rehearse: bool = True  # what the base knows, by its own predictions
    resume: bool = False  # go on where a run of the same job was stopped
    checkpoint_seconds: float = 60.0  # between two checkpoints within a pass
