"""Counts of what is right, and the precision, recall and F1 that they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Score:
    """One metric. gold, predicted: how many there are; correct: how many are the same in both.

    aligned: how many gold words have a predicted counterpart, for metrics that are measured on words; else
        None.
    """

    gold: int
    predicted: int
    correct: int
    aligned: int | None = None

    @property
    def precision(self) -> float:
        """Share of what is predicted that is right, 0 to 1; 0 when nothing is predicted."""
        return self.correct / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of gold that is found, 0 to 1; 0 when there is no gold."""
        return self.correct / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.correct / (self.predicted + self.gold) if self.predicted + self.gold else 0.0

    @property
    def aligned_accuracy(self) -> float | None:
        """Share of aligned words that are right; None for metrics that are not measured on words."""
        return self.correct / self.aligned if self.aligned else self.aligned

    def to_dict(self) -> dict[str, float | int | None]:
        """All figures by name."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "aligned_accuracy": self.aligned_accuracy,
            "correct": self.correct,
            "gold": self.gold,
            "predicted": self.predicted,
        }


@dataclass(frozen=True)
class EntityScores:
    """Entities found with their exact borders and type: all together, and by type in alphabetical order."""

    micro: Score
    labels: dict[str, Score] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain values."""
        return {
            "micro": self.micro.to_dict(),
            "labels": {name: s.to_dict() for name, s in self.labels.items()},
        }


@dataclass(frozen=True)
class Scores:
    """The CoNLL 2018 metrics by name, in their usual order, and entities.

    missing: metrics whose column the gold documents lack; their figures stand for nothing.
    entities: None where the gold documents have no entity annotation.
    labels: metric to label to its score, the labels most frequent in gold first: tags in UPOS and XPOS,
        features such as Number=Sing in UFeats, relations in LAS, types of entities in ENTS.
    """

    metrics: dict[str, Score]
    entities: EntityScores | None = None
    missing: tuple[str, ...] = ()
    labels: dict[str, dict[str, Score]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Score:
        return self.metrics[name]

    def to_dict(self) -> dict[str, Any]:
        """Plain values: metrics by name, without the missing ones; `entities` where known; `labels`."""
        data: dict[str, Any] = {
            name: s.to_dict() for name, s in self.metrics.items() if name not in self.missing
        }
        if self.entities is not None:
            data["entities"] = self.entities.to_dict()
        data["labels"] = {
            metric: {label: s.to_dict() for label, s in scores.items()}
            for metric, scores in self.labels.items()
        }
        return data
