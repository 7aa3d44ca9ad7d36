"""Settings and gold documents in, a learner out; and what a learner knows, as parts that annotate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from treelet import _core
from treelet.doc import Doc
from treelet.errors import SettingsError, TrainingError
from treelet.package import arrays_of
from treelet.package.writer import pack_weights
from treelet.pipeline.parts import Parts
from treelet.settings import Settings, settings_for_teaching
from treelet.teaching.coverage import complete_settings, taught_by
from treelet.teaching.growth import grown_labels
from treelet.teaching.labels import collect_labels
from treelet.teaching.learner import Learner
from treelet.teaching.rehearsal import entity_types, filled_in
from treelet.teaching.static_vectors import StaticVectors, read_static_vectors, with_vectors
from treelet.teaching.tokenization import taught_rules


def new_learner(
    settings: Settings, docs: Sequence[Doc], vectors: str | Path | None
) -> tuple[Learner, Parts]:
    """A new network for settings and the labels of documents; parts with the tokenizer they teach."""
    given = settings_for_teaching(settings, vectors is not None)
    settings = complete_settings(replace(given, pipeline=given.annotators()), docs)
    found: StaticVectors | None = None
    if vectors is not None:
        encoder = settings.encoder
        found = read_static_vectors(Path(vectors), encoder.vector_words, encoder.vector_rows)
        settings = with_vectors(settings, found)
    learner = Learner(settings, collect_labels(docs, settings), found)
    tokenizer = _core.Tokenizer(json.dumps(taught_rules(settings.language, docs), ensure_ascii=False))
    return learner, Parts(learner.settings, {}, (), tokenizer, dict)


def grown_learner(parts: Parts, settings: Settings, docs: Sequence[Doc]) -> Learner:
    """What has been taught, with the annotators that `settings` have besides and the labels of documents."""
    if not parts.annotators:
        raise SettingsError("nothing has been taught that could go on: nlp.initialize(examples) comes first")
    added = [name for name in settings.annotators() if name not in parts.annotators]
    if lacking := [name for name in added if name not in taught_by(docs)]:
        raise TrainingError(f"resume_training: the examples do not annotate what {', '.join(lacking)} needs")
    arrays = arrays_of(parts.tensors())
    labels = grown_labels(parts.labels, collect_labels(docs, settings), settings)
    learner = Learner(settings, labels, StaticVectors.from_arrays(arrays))
    learner.take_over(arrays, parts.labels)
    return learner


class OldPipeline:
    """A pipeline as it was when teaching went on: what is rehearsed."""

    def __init__(self, parts: Parts, examples: Sequence[Doc]) -> None:
        """examples: entity types that one of them has are taught, not filled in; all where none has any."""
        self._core, self._annotators = parts.assemble(), list(parts.annotators)
        self._known = entity_types(examples) or set(parts.labels.get("ner", ()))

    def filled_in(self, docs: Sequence[Doc]) -> list[Doc]:
        """Copies of gold documents, with this pipeline's word for what they leave open."""
        return filled_in(docs, self._annotate, known=self._known)

    def said_of(self, texts: Iterable[str]) -> list[Doc]:
        """Texts as this pipeline annotates them."""
        return [Doc.from_columns(self._core.annotate(text, self._annotators)) for text in texts]

    def _annotate(self, doc: Doc) -> Doc:
        self._core.annotate_doc(doc.columns, self._annotators)
        return doc


def check_entity_labels(docs: Sequence[Doc], learner: Learner) -> None:
    """Raises TrainingError for an entity whose label the recognizer does not know."""
    if learner.settings.ner is None:
        return
    known = set(learner.labels.ner)
    for ent in (ent for doc in docs for ent in doc.ents):
        if ent.label_ not in known:
            raise TrainingError(
                f"{ent.text!r} is labelled {ent.label_!r}, which ner does not know "
                f"({', '.join(sorted(known))}); nlp.resume_training(examples) adds it"
            )


def learnt_parts(learner: Learner, before: Parts) -> Parts:
    """Parts with the parameters that a learner has now, in the numbers that a package would store."""
    settings, labels = learner.settings, learner.labels.packaged()
    tensors = pack_weights(settings, labels, learner.arrays(), settings.training.stored)
    return Parts(settings, labels, settings.annotators(), before.tokenizer, lambda: tensors)
