"""A file of pretrained word vectors in, a table of bytes with keys out: a feature that is never updated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from treelet import _core
from treelet.errors import SettingsError
from treelet.networks.static_rows import SHARED_BITS, VectorKeys
from treelet.settings import Settings
from treelet.teaching.vector_files import read_vector_file


@dataclass(frozen=True)
class StaticVectors:
    """Word vectors in bytes.

    keys uint64 (words,): hashes of norms; table int8 (words, length), or fewer rows, which the lowest bits of
    the keys then name; scale float32 (length,), a factor a column.
    """

    keys: npt.NDArray[np.uint64]
    table: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]

    def of(self, words: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of words, float32 (words, length); zeros where there is none."""
        hashes = np.asarray(_core.norm_hashes(list(words)), dtype=np.uint64)
        rows, known = self._found_by.find(hashes)
        vectors = self.table[rows].astype(np.float32) * self.scale
        vectors[~known] = 0.0
        return vectors

    @cached_property
    def _found_by(self) -> VectorKeys:
        return VectorKeys(self.keys, len(self.table))

    @property
    def shared_rows(self) -> int:
        """Rows that the words share; 0 where each has its own."""
        return len(self.table) if len(self.table) != len(self.keys) else 0

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> StaticVectors | None:
        """Those of a package's weights, None where it has none."""
        if "vectors.keys" not in arrays:
            return None
        keys, table = arrays["vectors.keys"].astype(np.uint64), arrays["vectors.table"].astype(np.int8)
        return cls(keys, table, arrays["vectors.scale"].astype(np.float32))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """By their names in a package."""
        return {"vectors.keys": self.keys, "vectors.table": self.table, "vectors.scale": self.scale}


def with_vectors(settings: Settings, vectors: StaticVectors) -> Settings:
    """Settings that say how many static vectors there are, and how long.

    Raises SettingsError where they say another length.
    """
    words, length = len(vectors.keys), vectors.table.shape[1]
    if settings.encoder.vector_length not in (0, length):
        found = settings.encoder.vector_length
        raise SettingsError(
            f"settings: encoder.vector_length: found {found}, expected {length}, as in the vectors, or 0"
        )
    rows = vectors.shared_rows
    encoder = replace(settings.encoder, vector_words=words, vector_rows=rows, vector_length=length)
    return replace(settings, encoder=encoder)


def pruned(vectors: StaticVectors, rows: int) -> StaticVectors:
    """The same words with the first `rows` rows alone: each other has that of the nearest by cosine."""
    words = len(vectors.keys)
    floats = vectors.table.astype(np.float32) * vectors.scale
    floats /= np.maximum(np.linalg.norm(floats, axis=1, keepdims=True), 1e-8)
    named = np.arange(words, dtype=np.uint64)
    for at in range(rows, words, _AT_ONCE):
        named[at : at + _AT_ONCE] = (floats[at : at + _AT_ONCE] @ floats[:rows].T).argmax(axis=1)
    keys = vectors.keys & ~SHARED_BITS
    _, first = np.unique(keys, return_index=True)  # 48 bits of two words may be the same
    kept = np.sort(first)
    return StaticVectors(keys[kept] | named[kept], vectors.table[:rows], vectors.scale)


_AT_ONCE = 500  # words compared with all rows


def read_static_vectors(path: Path, most_words: int, rows: int = 0) -> StaticVectors:
    """The first `most_words` words of a file (0: all), each vector scaled to length 1 and stored in bytes.

    rows: of the table that these words share, at most 65,536, as in `pruned`; 0, or as many as there are
    words, gives each its own.

    Raises FormatError with file and line: vector_files.py says what it reads.
    """
    words, matrix = read_vector_file(path, most_words)
    keys, first = np.unique(_core.norm_hashes(words), return_index=True)
    order = np.argsort(first)  # of words with one norm, the more frequent
    keys, matrix = keys[order], matrix[first[order]]
    matrix = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-8)
    scale = (np.abs(matrix).max(axis=0) / 127).astype(np.float32) + np.float32(1e-12)
    found = StaticVectors(keys, np.rint(matrix / scale).astype(np.int8), scale)
    return pruned(found, rows) if 0 < rows < len(keys) else found

