"""A file of pretrained word vectors in, a table of bytes with keys out: a feature that is never updated."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from treelet import _core
from treelet.errors import FormatError, SettingsError
from treelet.settings import Settings

_OPENERS: dict[str, Callable[..., Any]] = {".xz": lzma.open, ".gz": gzip.open, ".bz2": bz2.open}


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

    Reads GloVe and word2vec text, and `.npy` matrices whose words stand one a line in the file of the same
    name that ends in `.vocab.txt` instead; each may be compressed (.xz, .gz, .bz2). Raises FormatError with
    file and line.
    """
    try:
        words, matrix = _read_matrix(path) if ".npy" in path.suffixes else _read_text(path, most_words)
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read: {error}") from None
    if most_words:
        words, matrix = words[:most_words], matrix[:most_words]
    keys, first = np.unique(_core.norm_hashes(words), return_index=True)
    order = np.argsort(first)  # of words with one norm, the more frequent
    keys, matrix = keys[order], matrix[first[order]]
    matrix = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-8)
    scale = (np.abs(matrix).max(axis=0) / 127).astype(np.float32) + np.float32(1e-12)
    return StaticVectors(keys, np.rint(matrix / scale).astype(np.int8), scale)


def _read_matrix(path: Path) -> tuple[list[str], npt.NDArray[np.float32]]:
    stem = path.name[: path.name.index(".npy")].removesuffix(".f16")
    beside = [path.with_name(f"{stem}.vocab.txt{suffix}") for suffix in ("", *_OPENERS)]
    words_path = next((candidate for candidate in beside if candidate.exists()), None)
    if words_path is None:
        raise FormatError(f"{path}: found no list of its words, expected {beside[0]}")
    matrix = _array(path)
    with _open(words_path) as lines:
        words = lines.read().decode("utf-8").splitlines()
    if matrix.ndim != 2 or len(words) != len(matrix) or not matrix.size:
        found = f"found shape {matrix.shape} and {len(words)} words in {words_path}"
        raise FormatError(f"{path}: {found}, expected as many rows")
    if not np.isfinite(matrix).all():
        raise FormatError(f"{path}: found a number that is not finite")
    return words, matrix


def _array(path: Path) -> npt.NDArray[np.float32]:
    with _open(path) as file:
        content = io.BytesIO(file.read())
    try:
        matrix = np.lib.format.read_array(content, allow_pickle=False)
    except ValueError as error:
        raise FormatError(f"{path}: cannot be read: {error}") from None
    if not np.issubdtype(matrix.dtype, np.number) or np.iscomplexobj(matrix):
        raise FormatError(f"{path}: found an array of {matrix.dtype}, expected numbers")
    with np.errstate(over="ignore"):
        return matrix.astype(np.float32)


def _read_text(path: Path, most_words: int) -> tuple[list[str], npt.NDArray[np.float32]]:
    words: list[str] = []
    rows: list[npt.NDArray[np.float32]] = []
    for number, fields in _lines(path):
        if number == 1 and len(fields) == 2:  # word2vec writes how many words and columns there are
            continue
        try:
            with np.errstate(over="ignore"):
                row = np.array(fields[1:], dtype=np.float32)
        except ValueError:
            found = " ".join(fields)[:40]
            raise FormatError(
                f"{path}: line {number}: found {found!r}, expected a word and numbers"
            ) from None
        if rows and row.shape != rows[0].shape:
            raise FormatError(f"{path}: line {number}: found {len(row)} numbers, expected {len(rows[0])}")
        if not np.isfinite(row).all():
            raise FormatError(f"{path}: line {number}: found a number that is not finite")
        words.append(fields[0])
        rows.append(row)
        if len(words) == most_words:
            break
    if not rows or not len(rows[0]):
        raise FormatError(f"{path}: holds no vectors; expected lines of a word and its numbers")
    return words, np.stack(rows)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    with io.TextIOWrapper(_open(path), encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            yield number, line.rstrip().split(" ")


def _open(path: Path) -> Any:
    return _OPENERS.get(path.suffix, open)(path, "rb")
