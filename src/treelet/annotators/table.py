"""The explicit table of annotators: what each writes, and which weights and label sets it needs."""

from __future__ import annotations

from dataclasses import dataclass

from treelet.settings import ANNOTATORS


@dataclass(frozen=True)
class Annotator:
    """One annotator of a pipeline."""

    name: str
    writes: tuple[str, ...]
    """Columns of a Doc."""
    weights: tuple[str, ...]
    """Prefixes of the names of its weights."""
    label_sets: tuple[str, ...]
    """Keys of labels.json."""


_ROWS = (
    Annotator("tagger", ("xpos",), ("tagger",), ("xpos",)),
    Annotator("morphologizer", ("upos", "feats"), ("upos", "feats"), ("upos", "feats")),
    Annotator("lemmatizer", ("lemma",), ("lemmatizer",), ("trees",)),
    Annotator("senter", ("sent_start",), ("senter",), ()),
    Annotator("parser", ("head", "deprel", "sent_start"), ("parser",), ("left", "right")),
    Annotator("ner", ("iob", "ent_type"), ("ner",), ("ner",)),
)

ANNOTATOR_TABLE: dict[str, Annotator] = {row.name: row for row in _ROWS}
"""In the order in which a pipeline runs them."""

assert tuple(ANNOTATOR_TABLE) == ANNOTATORS
