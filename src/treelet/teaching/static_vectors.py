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
from treelet.settings import Settings
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
        hashes = np.asarray(_core.norm_hashes(list(words)), dtype=np.uint64)
        order, keys = self._sorted
        at = np.minimum(np.searchsorted(keys, hashes), len(keys) - 1)
        vectors = self.table[order[at]].astype(np.float32) * self.scale
        vectors[keys[at] != hashes] = 0.0
        return vectors

    @cached_property
    def _sorted(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
        """The order of the keys, and the keys in that order."""
        order = np.argsort(self.keys)
        return order, self.keys[order]

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
    words, length = vectors.table.shape
    if settings.encoder.vector_length not in (0, length):
        found = settings.encoder.vector_length
        raise SettingsError(
            f"settings: encoder.vector_length: found {found}, expected {length}, as in the vectors, or 0"
        )
    return replace(settings, encoder=replace(settings.encoder, vector_words=words, vector_length=length))


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

