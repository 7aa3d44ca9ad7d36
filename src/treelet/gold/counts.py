"""A Corpus in; sizes, what is annotated, labels, trees and words out, all of them plain counts."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from treelet import _core
from treelet.doc import Doc
from treelet.doc.entity_tags import BEGIN
from treelet.gold.corpus import Corpus

COLUMNS = {
    "upos": "UPOS",
    "xpos": "XPOS",
    "feats": "FEATS",
    "lemma": "LEMMA",
    "head": "HEAD",
    "deprel": "DEPREL",
    "iob": "entities",
}
"""Column of a Doc to what people call it."""

LABELLED = ("upos", "xpos", "feats", "deprel", "entities")


@dataclass
class Counts:
    """Of one file, or of several together."""

    path: str = ""
    documents: int = 0
    sentences: int = 0
    words: int = 0
    multiword_tokens: int = 0
    longest_document: int = 0  # words
    longest_sentence: int = 0  # words
    annotated: dict[str, int] = field(default_factory=dict)  # column -> words
    labels: dict[str, Counter[str]] = field(default_factory=dict)  # of LABELLED; entities: spans
    arcs: int = 0  # words with a head other than themselves
    crossing_arcs: int = 0
    trees: int = 0  # sentences in which every word has a head
    crossing_trees: int = 0  # of all sentences
    forms: Counter[str] = field(default_factory=Counter)
    entity_forms: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        """Make the counts those of both together."""
        for name in (
            "documents",
            "sentences",
            "words",
            "multiword_tokens",
            "arcs",
            "crossing_arcs",
            "trees",
            "crossing_trees",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.longest_document = max(self.longest_document, other.longest_document)
        self.longest_sentence = max(self.longest_sentence, other.longest_sentence)
        for column, n in other.annotated.items():
            self.annotated[column] = self.annotated.get(column, 0) + n
        for column, labels in other.labels.items():
            self.labels.setdefault(column, Counter()).update(labels)
        self.forms.update(other.forms)
        self.entity_forms.update(other.entity_forms)

    def to_dict(self) -> dict[str, Any]:
        """Plain values; labels from the most frequent down, word forms only counted."""
        plain = dict(vars(self))
        plain["labels"] = {column: dict(labels.most_common()) for column, labels in self.labels.items()}
        plain["forms"], plain["entity_forms"] = len(self.forms), len(self.entity_forms)
        return plain


def count(corpus: Corpus) -> Counts:
    """The counts of a file."""
    counts = Counts(corpus.path, documents=len(corpus.docs))
    counts.labels = {column: Counter() for column in LABELLED}
    for number, doc in enumerate(corpus.docs):
        ends = [end for _, end, _ in corpus.sentences(number)]
        counts.sentences += len(ends)
        counts.words += len(doc)
        counts.multiword_tokens += doc.columns.part_column().count(1)
        counts.longest_document = max(counts.longest_document, len(doc))
        lengths = (end - start for start, end, _ in corpus.sentences(number))
        counts.longest_sentence = max(counts.longest_sentence, *lengths)
        counts.forms.update(doc.columns.word_column())
        _count_columns(doc, counts)
        _count_trees(doc, ends, counts)
    return counts


def total(all_counts: Iterable[Counts]) -> Counts:
    """The counts of several files together."""
    found = Counts(labels={column: Counter() for column in LABELLED})
    for counts in all_counts:
        found.add(counts)
    return found


def _count_columns(doc: Doc, counts: Counts) -> None:
    columns = doc.columns
    for column in COLUMNS:
        if not getattr(columns, f"has_{column}")():
            continue
        values = getattr(columns, f"{column}_column")()
        missing = {"head": -1, "iob": 0}.get(column)
        known = len(values) - values.count(missing)
        counts.annotated[column] = counts.annotated.get(column, 0) + known
        if column in counts.labels:
            counts.labels[column].update(value for value in values if value is not None)
    if columns.has_iob() and BEGIN in columns.iob_column():
        for ent in doc.ents:
            counts.labels["entities"][ent.label_] += 1
            counts.entity_forms[ent.text] += 1


def _count_trees(doc: Doc, ends: list[int], counts: Counts) -> None:
    """ends: one past the last word of each sentence."""
    if not doc.columns.has_head():
        return
    heads = doc.columns.head_column()
    counts.arcs += sum(head >= 0 and head != word for word, head in enumerate(heads))
    crossing = _core.nonprojective_words(heads)
    counts.crossing_arcs += len(crossing)
    counts.crossing_trees += len({bisect_right(ends, word) for word in crossing})
    start = 0
    for end in ends:
        counts.trees += -1 not in heads[start:end]
        start = end
