"""Gold documents in, a number for each distinct word out, with what the encoder reads of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from treelet import _core
from treelet.annotators.shapes import feature_settings
from treelet.doc import Doc
from treelet.settings import Settings
from treelet.teaching.static_vectors import StaticVectors

Ints = npt.NDArray[np.int64]


class WordTypes:
    """Numbers the distinct words that it is shown, and keeps their rows in the tables and static vectors."""

    def __init__(self, settings: Settings, vectors: StaticVectors | None = None) -> None:
        self._features = feature_settings(settings.features)
        self._table_rows = settings.encoder.rows(settings.features)
        self._vectors = vectors
        self._index: dict[str, int] = {}
        self._words: list[str] = []
        self._rows = np.zeros((0, len(self._table_rows), 4), np.int64)
        self._static = np.zeros((0, vectors.table.shape[1] if vectors else 0), np.float32)

    def add(self, doc: Doc) -> Ints:
        """Type numbers of a document's words."""
        columns = doc.columns
        words = columns.word_column()
        fresh = {word: i for i, word in enumerate(words) if word not in self._index}
        if fresh:
            first = len(self._index)
            self._index.update((word, first + n) for n, word in enumerate(fresh))
            self._words += fresh
            rows = _core.feature_rows(columns, self._features, self._table_rows)
            self._rows = _stored(self._rows, first, rows[list(fresh.values())])
            if self._vectors:
                self._static = _stored(self._static, first, self._vectors.of(list(fresh)))
        return np.array([self._index[word] for word in words], dtype=np.int64)

    def words(self) -> list[str]:
        """The distinct words, in the order of their numbers."""
        return list(self._words)

    def __len__(self) -> int:
        return len(self._index)

    def words_of(self, types: Ints) -> list[str]:
        """The words of types."""
        return [self._words[number] for number in types.tolist()]

    def rows(self, types: Ints) -> Ints:
        """Rows of types in the tables: (types, tables, 4 hashes)."""
        return self._rows[types]

    def static(self, types: Ints) -> npt.NDArray[np.float32]:
        """Static vectors of types (types, length), length 0 without any; zeros for a word that has none."""
        return self._static[types] if self._vectors else np.zeros((len(types), 0), np.float32)


def _stored(array: npt.NDArray[Any], first: int, more: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The array with `more` from row `first` on; it grows by half when it is full, seldom."""
    needed = first + len(more)
    if needed > len(array):
        grown = np.zeros((max(needed, len(array) * 3 // 2, 64), *array.shape[1:]), array.dtype)
        grown[:first] = array[:first]
        array = grown
    array[first:needed] = more
    return array
