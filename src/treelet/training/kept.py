"""A package that was taught more and development files in; a score that counts old and new alike out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from treelet.doc import Doc
from treelet.pipeline import load
from treelet.settings import Settings
from treelet.training.comparison import Measured, Measures, measure, total
from treelet.training.evaluation import COMPARED

_SIDES = {"gold": "", "base": "kept "}  # and how their scores are shown


class KeepingEvaluator:
    """Scores candidates by what development files annotate, and how far they agree with the base elsewhere.

    Each side counts one half: else many old entities would outweigh a few new ones, and the pass that
    learned least would be kept.
    """

    def __init__(self, measured: Measured, settings: Settings, types: Sequence[str]) -> None:
        """types: entity types of the base."""
        self.docs: Sequence[Doc] = [doc for docs in measured.files for doc in docs]
        self._measured, self._annotators, self._types = measured, settings.annotators(), types

    def evaluate(self, package: Path) -> tuple[dict[str, float], float]:
        """All scores, and the mean of both sides; within one, each annotator counts the same."""
        found = measure(load(package), self._measured, self._types)
        scores: dict[str, float] = {}
        sides = []
        for side, shown in _SIDES.items():
            shares = []
            for annotator in self._annotators:
                if values := _scores(found, annotator, side):
                    shares.append(mean(values.values()))
                    scores |= {shown + name: value for name, value in values.items()}
            if shares:
                sides.append(mean(shares))
        return scores, mean(sides)


def _scores(found: Measures, annotator: str, side: str) -> dict[str, float]:
    if annotator == "ner":
        each = [score for (name, of), score in found.items() if name.startswith("ents ") and of == side]
        return {"ENTS": 100 * total(each).f1} if each else {}
    known = [name for name in COMPARED[annotator] if (name, side) in found]
    return {name: 100 * found[name, side].f1 for name in known}
