"""A package and gold documents in, scores in percent out: what decides which parameters are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from treelet.doc import Doc
from treelet.pipeline import Pipeline, load
from treelet.scoring import entity_scores, score_docs
from treelet.settings import Settings
from treelet.teaching.coverage import measured_on

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
        self._treebank, self._entities = measured_on(docs, settings)

    def evaluate(self, package: Path) -> tuple[dict[str, float], float]:
        """All scores, and their mean: each annotator counts the same."""
        return self.evaluate_pipeline(load(package))

    def evaluate_pipeline(self, nlp: Pipeline) -> tuple[dict[str, float], float]:
        """The same of a live pipeline, with whatever settings it was loaded."""
        scores: dict[str, float] = {}
        if set(self._annotators) != {"ner"}:
            found = [nlp(doc.bare()) for doc in self._treebank]
            counted = score_docs(self._treebank, found)
            known = ((name, s) for name, s in counted.metrics.items() if name not in counted.missing)
            scores.update((name, 100 * s.f1) for name, s in known)
        if "ner" in self._annotators:
            found = [nlp(doc.bare()) for doc in self._entities]
            entities = entity_scores(self._entities, found)
            scores["ENTS"] = 100 * entities.micro.f1 if entities else 0.0
        shares = [
            sum(scores[name] for name in COMPARED[annotator]) / len(COMPARED[annotator])
            for annotator in self._annotators
        ]
        return scores, sum(shares) / len(shares)
