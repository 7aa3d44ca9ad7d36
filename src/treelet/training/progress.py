"""What a training run tells while it goes on, in the order it happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Prepared:
    """The data has been read: sizes, and the annotators that will be taught."""

    documents: int
    words: int  # in one pass
    annotators: list[str]
    parameters: int
    epochs: int


@dataclass(frozen=True)
class Stepped:
    """One update of the parameters."""

    epoch: int
    words: int  # taught since the start
    losses: dict[str, float]  # per word, this batch


@dataclass(frozen=True)
class Evaluated:
    """Scores on the development data, in percent; `best` when no earlier evaluation was better."""

    epoch: int
    words: int
    seconds: float  # since teaching began
    losses: dict[str, float]  # per word, mean since the last evaluation
    scores: dict[str, float]
    score: float  # mean of the scores that are compared
    best: bool


@dataclass(frozen=True)
class Finished:
    """Teaching has ended; the package that was kept is at `path`."""

    path: Path
    reason: str
    scores: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ComparedScore:
    """One score of the base package and of what it became, F1 in percent."""

    name: str  # a metric, or an entity type as "ents PER"; "ents" is all old types
    before: float | None  # None: the base does not know it
    after: float
    of: str  # "gold", or "base": how far both agree, where no development file says
    items: int  # words or entities measured on


@dataclass(frozen=True)
class Compared:
    """What teaching a base package more did to what it knew; comes before Finished."""

    scores: list[ComparedScore]


Progress = Prepared | Stepped | Evaluated | Compared | Finished
