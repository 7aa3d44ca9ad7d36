"""The explicit table of annotators: what each writes, and which weights and label sets it needs."""

from __future__ import annotations

from treelet.settings import ANNOTATORS


class Annotator:
    """One annotator of a pipeline.

    writes: columns of a Doc. weights: prefixes of the names of its weights. label_sets: keys of labels.json.
    """

    __slots__ = ("label_sets", "name", "weights", "writes")

    def __init__(
        self, name: str, writes: tuple[str, ...], weights: tuple[str, ...], label_sets: tuple[str, ...]
    ) -> None:
        self.name, self.writes, self.weights, self.label_sets = name, writes, weights, label_sets


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
