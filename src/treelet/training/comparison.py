"""The base package, what it became and development documents in; the scores of both, side by side, out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from treelet.doc import Doc, Span
from treelet.scoring import Score, entity_scores, score_docs
from treelet.teaching.rehearsal import Annotate, entity_types
from treelet.training.evaluation import COMPARED
from treelet.training.progress import ComparedScore


@dataclass(frozen=True)
class Measured:
    """What development files hold, as gold, and filled in with the base's predictions where gold is open."""

    files: Sequence[Sequence[Doc]]
    filled: Sequence[Doc]


def compare(
    before: Annotate, after: Annotate, measured: Measured, types: Collection[str]
) -> list[ComparedScore]:
    """Scores of what the base annotates, on gold words.

    types: entity types of the base. On a file that does not annotate a type, predictions of it count neither
    for nor against. What no file annotates is compared with the base's own predictions.
    """
    gold = [doc for docs in measured.files for doc in docs]
    both = (before, after)
    rows = _metrics(both, gold, "gold")
    seen = {row.name for row in rows}
    rows += [row for row in _metrics(both, measured.filled, "base") if row.name not in seen]
    typed = [(docs, entity_types(docs)) for docs in measured.files]
    annotated = [(doc, labels) for docs, labels in typed for doc in docs if doc.columns.has_iob()]
    rows += _entities(both, annotated, types, "gold")
    said = set().union(*(labels for _, labels in annotated))
    if open_types := set(types) - said:
        only_open = [(_with(doc, open_types), open_types) for doc in measured.filled]
        rows += _entities(both, only_open, types, "base")
    return rows


Annotators = tuple[Annotate, Annotate]  # before, after


def _metrics(both: Annotators, docs: Sequence[Doc], of: str) -> list[ComparedScore]:
    kept = [doc for doc in docs if doc.columns.has_upos() or doc.columns.has_xpos() or doc.columns.has_head()]
    if not kept:
        return []
    old, new = (score_docs(kept, [nlp(doc.bare()) for doc in kept]) for nlp in both)
    return [
        ComparedScore(name, 100 * old[name].f1, 100 * new[name].f1, of, new[name].gold)
        for name in (metric for metrics in COMPARED.values() for metric in metrics)
        if name in new.metrics and name not in new.missing
    ]


def _entities(
    both: Annotators, docs: Sequence[tuple[Doc, set[str]]], types: Collection[str], of: str
) -> list[ComparedScore]:
    """Rows of all old types together, then of each type, new ones last. docs: with the types to score on."""
    if not docs:
        return []
    gold = [doc for doc, _ in docs]
    old, new = (
        entity_scores(gold, [_with(nlp(doc.bare()), labels) for doc, labels in docs]) for nlp in both
    )
    if old is None or new is None:
        return []
    labels = sorted(set(new.labels) | set(old.labels), key=lambda label: (label not in types, label))
    nothing = Score(0, 0, 0)
    rows = []
    if known := [label for label in labels if label in types]:
        was, now = (_sum(found.labels.get(label, nothing) for label in known) for found in (old, new))
        rows.append(ComparedScore("ents", 100 * was.f1, 100 * now.f1, of, now.gold))
    for label in labels:
        was, now = (found.labels.get(label, nothing) for found in (old, new))
        before = 100 * was.f1 if label in types else None
        rows.append(ComparedScore(f"ents {label}", before, 100 * now.f1, of, now.gold))
    return rows


def _sum(scores: Iterable[Score]) -> Score:
    counted = [(score.gold, score.predicted, score.correct) for score in scores]
    return Score(*map(sum, zip(*counted, strict=True)))


def _with(doc: Doc, labels: Collection[str]) -> Doc:
    """The same document with the entities of these types alone."""
    kept = doc.copy()
    kept.set_ents([Span(kept, ent.start, ent.end, ent.label_) for ent in doc.ents if ent.label_ in labels])
    return kept
