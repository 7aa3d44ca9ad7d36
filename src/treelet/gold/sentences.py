"""Corpora in; every sentence with its words as one string, its place, and how it is annotated, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from treelet.doc import Doc
from treelet.gold.corpus import Corpus
from treelet.gold.findings import Place

LONG_ENOUGH = 6
"""Words of a sentence that is not the same by chance, as `Thank you .` is."""

_COMPARED = ("upos", "head", "deprel", "iob", "ent_type")
"""Columns in which two sentences of the same words should agree."""


class Located(NamedTuple):
    """A sentence where it is."""

    text: str  # words with a blank between them
    place: Place
    doc: Doc
    start: int
    end: int

    @property
    def is_long(self) -> bool:
        """Whether it is hardly the same as another by chance."""
        return self.end - self.start >= LONG_ENOUGH

    def agrees(self, other: Located) -> bool:
        """Whether all columns that both annotate are the same."""
        for column in _COMPARED:
            if getattr(self.doc.columns, f"has_{column}")() and getattr(other.doc.columns, f"has_{column}")():
                pairs = zip(self._values(column), other._values(column), strict=True)
                if any(ours != theirs for ours, theirs in pairs if None not in (ours, theirs)):
                    return False
        return True

    def _values(self, column: str) -> list[Any]:
        """Of one column, None where missing; heads as distances."""
        values = getattr(self.doc.columns, f"{column}_column")()[self.start : self.end]
        if column == "head":
            return [None if head < 0 else head - self.start - i for i, head in enumerate(values)]
        if column == "iob":
            return [code or None for code in values]
        return list(values)


def located_sentences(corpora: Sequence[Corpus]) -> Iterator[Located]:
    """Every sentence, in order."""
    for corpus in corpora:
        for number, doc in enumerate(corpus.docs):
            words = doc.columns.word_column()
            for start, end, line in corpus.sentences(number):
                yield Located(" ".join(words[start:end]), (corpus.path, line), doc, start, end)
