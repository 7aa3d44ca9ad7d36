"""What is tuned, and what is known of each trial: plain data that the other files of this folder share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from treelet.settings import Settings
from treelet.tuning.space import Parameter, default_space

METRICS = (
    "score",
    "Sentences",
    "UPOS",
    "XPOS",
    "UFeats",
    "AllTags",
    "Lemmas",
    "UAS",
    "LAS",
    "CLAS",
    "MLAS",
    "BLEX",
    "ENTS",
)
"""What can be tuned for; `score` is the mean that `treelet train` chooses passes by."""

PRUNING = ("median", "halving", "none")


@dataclass(frozen=True)
class TuningJob:
    """The data and settings that all trials share, what is tuned, and how much of it."""

    train: Sequence[Path]
    dev: Sequence[Path]
    out: Path  # a folder of many files, best/ and best.toml among them
    settings: Settings = field(default_factory=Settings)
    label_map: Mapping[str, str] = field(default_factory=dict)
    vectors: Path | None = None
    device: str = "cpu"
    space: Sequence[Parameter] = field(default_factory=default_space)
    metric: str = "score"
    trials: int = 20  # in all, those of earlier runs among them
    processes: int = 1
    timeout: float | None = None  # seconds after which no trial starts
    pruning: str = "median"


@dataclass(frozen=True)
class TrialRecord:
    """One trial; `value` is the metric of the package it kept, in percent."""

    number: int
    state: str  # done, pruned, failed or unfinished
    values: dict[str, Any]  # section.name -> value
    value: float | None = None
    passes: int = 0
    best_pass: int = 0
    seconds: float = 0.0  # of teaching and evaluating
    scores: dict[str, float] = field(default_factory=dict)
    reason: str = ""  # why it failed
