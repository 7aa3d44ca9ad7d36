"""A pipeline and development files in; all scores of its annotators, on gold words or on raw text, out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from treelet.doc import Doc, Span
from treelet.pipeline import Pipeline
from treelet.scoring import Score, Scores, by_frequency, entity_scores, score_docs
from treelet.teaching.coverage import scored_docs, taught_by

MOST_LABELS = 100
"""Of one metric in a manifest: a treebank may have a thousand positional tags."""
_NEED = {
    "tagger": ("XPOS", "AllTags"),
    "morphologizer": ("UPOS", "UFeats", "AllTags", "MLAS"),
    "lemmatizer": ("Lemmas", "BLEX"),
    "parser": ("UAS", "LAS", "CLAS", "MLAS", "BLEX"),
}


@dataclass(frozen=True)
class DevFile:
    """Gold documents of one file that does not teach."""

    docs: Sequence[Doc]
    has_text: bool = True  # of its own; else its reader made it of the words
    types: Collection[str] | None = None  # entities of others count neither for nor against; None: all count


def count_scores(
    nlp: Pipeline, files: Sequence[DevFile], annotators: Sequence[str], *, raw: bool = False
) -> Scores:
    """Words and trees on documents that annotate any, entities on those that annotate some.

    annotators: what counts; metrics that need another are `missing`. raw: all is predicted, from the text of
    the files; what a file without text of its own annotates is left out, so that scores with and without
    `raw` are always of the same documents. Else words are given, and nothing else.
    """
    docs = [doc for file in files for doc in file.docs]
    lacking_text = {id(doc) for file in files if raw and not file.has_text for doc in file.docs}
    treebank, with_entities = (
        [] if any(id(doc) in lacking_text for doc in scored) else scored
        for scored in scored_docs(docs, annotators)
    )
    found: dict[int, Doc] = {}
    of_entities: dict[int, Doc] = {}
    for file in files:
        asked = file.docs if file.has_text or not raw else ()
        guesses = nlp.pipe(doc.text if raw else doc.bare() for doc in asked)
        for doc, guess in zip(asked, guesses, strict=True):
            found[id(doc)] = guess
            of_entities[id(doc)] = guess if file.types is None else with_types(guess, file.types)
    counted = Scores({})
    if treebank and set(annotators) != {"ner"}:
        counted = score_docs(treebank, [found[id(doc)] for doc in treebank])
    entities = None
    if with_entities and "ner" in annotators:
        entities = entity_scores(with_entities, [of_entities[id(doc)] for doc in with_entities])
    missing = {*counted.missing, *_not_annotated(annotators, treebank)}
    labels = {name: each for name, each in counted.labels.items() if name not in missing | {"ENTS"}}
    if entities is not None:
        labels["ENTS"] = by_frequency(entities.labels)
    in_order = tuple(name for name in counted.metrics if name in missing)
    return replace(counted, entities=entities, missing=in_order, labels=labels)


def percent(scores: Scores) -> dict[str, float]:
    """Metric to F1, those that are missing left out; ENTS is all entities."""
    found = {name: 100 * s.f1 for name, s in scores.metrics.items() if name not in scores.missing}
    return found | ({"ENTS": 100 * scores.entities.micro.f1} if scores.entities else {})


def told_scores(nlp: Pipeline, files: Sequence[DevFile], annotators: Sequence[str]) -> dict[str, Any]:
    """Fields of a manifest: `raw_scores`, and `label_scores` of gold words."""
    labels = count_scores(nlp, files, annotators).labels
    raw = percent(count_scores(nlp, files, annotators, raw=True))
    return {
        "raw_scores": {name: round(score, 2) for name, score in raw.items()},
        "label_scores": {
            metric: {label: _rounded(score) for label, score in list(scores.items())[:MOST_LABELS]}
            for metric, scores in labels.items()
        },
    }


def with_types(doc: Doc, types: Collection[str]) -> Doc:
    """The same document with the entities of these types alone."""
    kept = doc.copy()
    kept.set_ents([Span(kept, ent.start, ent.end, ent.label_) for ent in doc.ents if ent.label_ in types])
    return kept


def _not_annotated(annotators: Collection[str], gold: Sequence[Doc]) -> set[str]:
    """Metrics that need what gold has and the annotators do not say."""
    lacking = set(taught_by(gold)) - set(annotators)
    missing = {metric for annotator in lacking for metric in _NEED.get(annotator, ())}
    return missing | (set() if {"senter", "parser"} & set(annotators) else {"Sentences"})


def _rounded(score: Score) -> list[float]:
    return [round(100 * value, 2) for value in (score.precision, score.recall, score.f1)]
