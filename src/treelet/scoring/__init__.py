"""How good predicted Docs are: the CoNLL 2018 metrics and entities."""

from __future__ import annotations

from collections.abc import Sequence

from treelet.doc import Doc
from treelet.scoring.calibration import Calibration, ReliabilityBin, measure_calibration
from treelet.scoring.conll18 import METRICS, compare_words, conll18_scores
from treelet.scoring.entities import entity_scores
from treelet.scoring.labels import by_frequency, label_scores
from treelet.scoring.scores import EntityScores, Score, Scores

_NEEDS = {
    "Sentences": ("SENT_START",),
    "UPOS": ("POS",),
    "XPOS": ("TAG",),
    "UFeats": ("MORPH",),
    "AllTags": ("POS",),
    "Lemmas": ("LEMMA",),
    "UAS": ("HEAD",),
    "LAS": ("HEAD", "DEP"),
    "CLAS": ("HEAD", "DEP"),
    "MLAS": ("HEAD", "DEP", "POS"),
    "BLEX": ("HEAD", "DEP", "LEMMA"),
}


def score_docs(gold: Sequence[Doc], predicted: Sequence[Doc]) -> Scores:
    """All metrics, over all and by label, over pairs of documents of the same text, white space aside.

    Raises TextError where the numbers of documents, or the texts of a pair, differ.
    """
    known = {
        name for needs in _NEEDS.values() for name in needs if any(doc.has_annotation(name) for doc in gold)
    }
    missing = tuple(metric for metric, needs in _NEEDS.items() if not known.issuperset(needs))
    words, entities = compare_words(gold, predicted), entity_scores(gold, predicted)
    return Scores(words.metrics(), entities, missing, label_scores(words, entities, missing))


__all__ = [
    "METRICS",
    "Calibration",
    "EntityScores",
    "ReliabilityBin",
    "Score",
    "Scores",
    "by_frequency",
    "conll18_scores",
    "entity_scores",
    "measure_calibration",
    "score_docs",
]
