"""A package and gold documents in, scores in percent out: what decides which parameters are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from treelet.doc import Doc
from treelet.pipeline import Pipeline, load
from treelet.settings import Settings
from treelet.teaching.coverage import measured_on
from treelet.training.counting import DevFile, count_scores, percent

COMPARED = {  # annotator -> the scores that stand for it
    "tagger": ("XPOS",),
    "morphologizer": ("UPOS", "UFeats"),
    "lemmatizer": ("Lemmas",),
    "senter": ("Sentences",),
    "parser": ("UAS", "LAS"),
    "ner": ("ENTS",),
}


class Evaluator:
    """Scores candidates on gold words, with sentences and all else predicted."""

    def __init__(self, docs: Sequence[Doc], settings: Settings) -> None:
        self.docs = docs
        self._annotators = settings.annotators()
        measured_on(docs, settings)

    def evaluate(self, package: Path) -> tuple[dict[str, float], float]:
        """All scores, and their mean: each annotator counts the same."""
        return self.evaluate_pipeline(load(package))

    def evaluate_pipeline(self, nlp: Pipeline) -> tuple[dict[str, float], float]:
        """The same of a live pipeline, with whatever settings it was loaded."""
        scores = percent(count_scores(nlp, [DevFile(self.docs)], self._annotators))
        if "ner" in self._annotators:
            scores.setdefault("ENTS", 0.0)  # where gold says of spans that they are no entities, and no more
        shares = [
            sum(scores[name] for name in COMPARED[annotator]) / len(COMPARED[annotator])
            for annotator in self._annotators
        ]
        return scores, sum(shares) / len(shares)
