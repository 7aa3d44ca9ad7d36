"""Gold documents in, arrays of numbers out: what a batch needs of each document, computed before teaching."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from treelet import _core
from treelet.doc import Doc
from treelet.settings import Settings
from treelet.teaching.entity_columns import entity_columns
from treelet.teaching.labels import Labels, edit_trees, projective_tree, supertag
from treelet.teaching.word_types import WordTypes

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lesson:
    """One document as columns of equal length (words,); -1 is missing, and missing costs nothing."""

    types: Ints  # number of the word type in WordTypes
    tags: dict[str, Ints]  # tagger, upos, feats, lemmatizer, supertag -> label numbers
    heads: npt.NDArray[np.int32] | None  # projective; relative to the document, a root is its own head
    deprels: npt.NDArray[np.int32] | None  # numbers in the parser's own label list
    sent_starts: npt.NDArray[np.int8] | None  # 1, -1, 0 unknown
    gaps: Ints | None  # rows of the gap before each word (words, groups); None where starts teach nothing
    gap_starts: npt.NDArray[np.int8] | None  # as sent_starts, 0 where there is no gap
    iob: npt.NDArray[np.uint8] | None  # as Doc: 0 missing, 1 inside, 2 outside, 3 begin
    entities: npt.NDArray[np.int32] | None
    wrong: npt.NDArray[np.int32] | None = None  # (spans, 3): see EntityColumns

    def __len__(self) -> int:
        return len(self.types)


class LessonMaker:
    """Turns gold documents into lessons with the numbers of given label sets."""

    def __init__(
        self, settings: Settings, labels: Labels, parser_labels: list[str], types: WordTypes
    ) -> None:
        self._settings, self._types = settings, types
        self._numbers = {
            name: {label: i for i, label in enumerate(found)}
            for name, found in (
                ("tagger", labels.xpos),
                ("upos", labels.upos),
                ("feats", labels.feats),
                ("lemmatizer", labels.trees),
                ("supertag", labels.supertag),
                ("deprel", parser_labels),
                ("ner", labels.ner),
            )
        }

    def make(self, docs: Iterable[Doc]) -> list[Lesson]:
        """One lesson a document; documents without words are left out."""
        kept = [doc for doc in docs if len(doc)]
        teach_starts = self._settings.senter is not None
        by_trees = any(doc.columns.has_head() for doc in kept)
        return [self._lesson(doc, teach_starts and (doc.columns.has_head() or not by_trees)) for doc in kept]

    def _lesson(self, doc: Doc, teach_starts: bool) -> Lesson:
        columns = doc.columns
        upos, feats = columns.upos_column(), columns.feats_column()
        labels: dict[str, Iterable[str | None]] = {
            "tagger": columns.xpos_column(),
            "upos": upos,
            "feats": feats,
            "lemmatizer": edit_trees(doc),
            "supertag": map(supertag, upos, feats, columns.deprel_column()),
        }
        tags = {name: self._number(name, values) for name, values in labels.items() if self._numbers[name]}
        heads, deprels, starts = self._tree_columns(doc)
        entities = entity_columns(doc, self._numbers["ner"]) if self._numbers["ner"] else None
        gaps, gap_starts = _gaps(doc) if teach_starts else (None, None)
        return Lesson(
            types=self._types.add(doc),
            tags={name: numbers for name, numbers in tags.items() if (numbers >= 0).any()},
            heads=heads,
            deprels=deprels,
            sent_starts=starts,
            gaps=gaps,
            gap_starts=gap_starts,
            iob=entities.iob if entities else None,
            entities=entities.labels if entities else None,
            wrong=entities.wrong if entities and len(entities.wrong) else None,
        )

    def _number(self, name: str, values: Iterable[str | None]) -> Ints:
        numbers = self._numbers[name]
        return np.array([-1 if v is None else numbers.get(v, -1) for v in values], dtype=np.int64)

    def _tree_columns(
        self, doc: Doc
    ) -> tuple[npt.NDArray[np.int32] | None, npt.NDArray[np.int32] | None, npt.NDArray[np.int8] | None]:
        if self._settings.parser is None:
            return None, None, None
        heads, deprels = projective_tree(doc, self._settings.parser.lifting)
        if all(head < 0 for head in heads):
            return None, None, None
        return (
            np.array(heads, dtype=np.int32),
            self._number("deprel", deprels).astype(np.int32),
            doc.columns.sent_starts(),
        )


def _gaps(doc: Doc) -> tuple[Ints, npt.NDArray[np.int8]]:
    """Rows of the gaps of a document, and where sentences start, 0 where there is no gap."""
    rows = _core.gap_rows(doc.columns).astype(np.int64)
    return rows, np.where((rows >= 0).any(axis=1), doc.columns.sent_starts(), np.int8(0))
