"""The base package, what it became and development documents in; the scores of both, side by side, out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from treelet.doc import Doc
from treelet.scoring import Score, entity_scores, score_docs
from treelet.teaching.rehearsal import Annotate, entity_types
from treelet.training.counting import with_types
from treelet.training.evaluation import COMPARED
from treelet.training.progress import ComparedScore


@dataclass(frozen=True)
class Measured:
    """What development files hold, as gold, and filled in with the base's predictions where gold is open."""

    files: Sequence[Sequence[Doc]]
    filled: Sequence[Doc]


Measures = dict[tuple[str, str], Score]
"""Metric, "ents" for all old types or "ents TYPE", and "gold" or "base" for what it is compared with."""


def compare(before: Measures, after: Measures, types: Collection[str]) -> list[ComparedScore]:
    """The scores side by side: metrics, old entity types together, each type, new ones last."""
    nothing = Score(0, 0, 0)
    rows = []
    for (name, of), now in after.items():
        is_new = name.startswith("ents ") and name.removeprefix("ents ") not in types
        was = None if is_new else 100 * before.get((name, of), nothing).f1
        rows.append(ComparedScore(name, was, 100 * now.f1, of, now.gold))
    return rows


def measure(nlp: Annotate, measured: Measured, types: Collection[str]) -> Measures:
    """Scores on gold words. types: entity types of the base.

    On a file that does not annotate a type, predictions of it count neither for nor against. What no file
    annotates is compared with the base's own predictions.
    """
    found = _metrics(nlp, [doc for docs in measured.files for doc in docs], "gold")
    seen = {name for name, _ in found}
    silver = _metrics(nlp, measured.filled, "base")
    found |= {key: score for key, score in silver.items() if key[0] not in seen}
    typed = [(docs, entity_types(docs)) for docs in measured.files]
    annotated = [(doc, labels) for docs, labels in typed for doc in docs if doc.columns.has_iob()]
    found |= _entities(nlp, annotated, types, "gold")
    said = set().union(*(labels for _, labels in annotated))
    if open_types := set(types) - said:
        only_open = [(with_types(doc, open_types), open_types) for doc in measured.filled]
        found |= _entities(nlp, only_open, types, "base")
    return found


def _metrics(nlp: Annotate, docs: Sequence[Doc], of: str) -> Measures:
    kept = [doc for doc in docs if doc.columns.has_upos() or doc.columns.has_xpos() or doc.columns.has_head()]
    if not kept:
        return {}
    scores = score_docs(kept, [nlp(doc.bare()) for doc in kept])
    names = (metric for metrics in COMPARED.values() for metric in metrics)
    known = (name for name in names if name in scores.metrics and name not in scores.missing)
    return {(name, of): scores[name] for name in known}


def _entities(
    nlp: Annotate, docs: Sequence[tuple[Doc, set[str]]], types: Collection[str], of: str
) -> Measures:
    """docs: with the types to score on."""
    guessed = [with_types(nlp(doc.bare()), labels) for doc, labels in docs]
    scores = entity_scores([doc for doc, _ in docs], guessed) if docs else None
    if scores is None:
        return {}
    annotated = sorted(set().union(*(labels for _, labels in docs)), key=lambda x: (x not in types, x))
    nothing = Score(0, 0, 0)
    found = {(f"ents {label}", of): scores.labels.get(label, nothing) for label in annotated}
    if known := [score for (name, _), score in found.items() if name.removeprefix("ents ") in types]:
        found = {("ents", of): total(known), **found}
    return found


def total(scores: Iterable[Score]) -> Score:
    """All of them counted together."""
    counted = [(score.gold, score.predicted, score.correct) for score in scores]
    return Score(*map(sum, zip(*counted, strict=True)))
