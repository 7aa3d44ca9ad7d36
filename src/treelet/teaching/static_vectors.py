"""A file of pretrained word vectors in, a table of bytes with keys out: a feature that is never updated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from treelet import _core
from treelet.teaching.vector_files import read_vector_file


@dataclass(frozen=True)
class StaticVectors:
    """Word vectors in bytes.

    keys uint64 (words,): hashes of norms; table int8 (words, length);
    scale float32 (length,), a factor a column.
    """

    keys: npt.NDArray[np.uint64]
    table: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]

    def of(self, words: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of words, float32 (words, length); zeros where there is none."""
        numbers = {int(key): number for number, key in enumerate(self.keys)}
        hashes = _core.norm_hashes(list(words))
        found = np.array([numbers.get(int(key), -1) for key in hashes], dtype=np.int64)
        vectors = self.table[found].astype(np.float32) * self.scale
        vectors[found < 0] = 0.0
        return vectors

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """By their names in a package."""
        return {"vectors.keys": self.keys, "vectors.table": self.table, "vectors.scale": self.scale}


def read_static_vectors(path: Path, most_words: int) -> StaticVectors:
    """The first `most_words` words of a file (0: all), each vector scaled to length 1 and stored in bytes.

    Raises FormatError with file and line: vector_files.py says what it reads.
    """
    words, matrix = read_vector_file(path, most_words)
    keys, first = np.unique(_core.norm_hashes(words), return_index=True)
    order = np.argsort(first)  # of words with one norm, the more frequent
    keys, matrix = keys[order], matrix[first[order]]
    matrix = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-8)
    scale = (np.abs(matrix).max(axis=0) / 127).astype(np.float32) + np.float32(1e-12)
    return StaticVectors(keys, np.rint(matrix / scale).astype(np.int8), scale)

