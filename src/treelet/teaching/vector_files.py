"""A file of pretrained word vectors in, its words and a matrix with a row for each out."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from treelet.errors import FormatError

_OPENERS: dict[str, Callable[..., Any]] = {".xz": lzma.open, ".gz": gzip.open, ".bz2": bz2.open}
_AS_TEXT = "expected GloVe or word2vec text, or .npy; save binary files of word2vec or fastText as text"

Vectors = tuple[list[str], npt.NDArray[np.float32]]


def read_vector_file(path: Path, most_words: int) -> Vectors:
    """The first `most_words` words of a file (0: all) and their vectors, float32 (words, length).

    Reads GloVe and word2vec text, fields parted by blanks or tabs, and `.npy` matrices whose words stand one
    a line in the file of the same name that ends in `.vocab.txt` instead; each may be compressed (.xz, .gz,
    .bz2). Raises FormatError with file and line.
    """
    try:
        words, matrix = _read_matrix(path) if ".npy" in path.suffixes else _read_text(path, most_words)
    except (OSError, EOFError, lzma.LZMAError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FormatError(f"{path}: cannot be read: {reason}") from None
    return (words[:most_words], matrix[:most_words]) if most_words else (words, matrix)


def _read_matrix(path: Path) -> Vectors:
    stem = path.name[: path.name.index(".npy")].removesuffix(".f16")
    beside = [path.with_name(f"{stem}.vocab.txt{suffix}") for suffix in ("", *_OPENERS)]
    words_path = next((candidate for candidate in beside if candidate.exists()), None)
    matrix = _array(path)
    if words_path is None:
        raise FormatError(f"{path}: found no list of its words, expected {beside[0]} with a word a line")
    with _open(words_path) as file:
        content: bytes = file.read()
    try:
        words = content.decode("utf-8-sig").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FormatError(f"{words_path}: line {line}: not UTF-8 text; expected a word a line") from None
    if matrix.ndim != 2 or len(words) != len(matrix) or not matrix.size:
        found = f"found shape {matrix.shape} and {len(words)} words in {words_path}"
        raise FormatError(f"{path}: {found}, expected a row for every word")
    if not np.isfinite(matrix).all():
        row = int(np.flatnonzero(~np.isfinite(matrix).all(axis=1))[0])
        raise FormatError(f"{path}: row {row + 1}: found a number that is not finite")
    return [word.removesuffix("\r") for word in words], matrix


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


def _read_text(path: Path, most_words: int) -> Vectors:
    words: list[str] = []
    rows: list[npt.NDArray[np.float32]] = []
    length = 0  # of every vector, once it is known
    for number, fields in _lines(path):
        if number == 1 and len(fields) == 2 and all(field.isdecimal() for field in fields):
            length = int(fields[1])  # word2vec writes how many words and columns there are
            continue
        word, row = _word_and_row(fields, length, f"{path}: line {number}")
        length = length or len(row)
        words.append(word)
        rows.append(row)
        if len(words) == most_words:
            break
    if not rows or not length:
        raise FormatError(f"{path}: holds no vectors; expected lines of a word and its numbers")
    return words, np.stack(rows)


def _word_and_row(fields: list[str], length: int, where: str) -> tuple[str, npt.NDArray[np.float32]]:
    """The word may hold blanks, as some of GloVe do (`. . .`), where the length tells its end; 0: unknown."""
    parts = 1
    while length and parts < len(fields) - length and not _is_number(fields[parts]):
        parts += 1
    try:
        with np.errstate(over="ignore"):
            row = np.array(fields[parts:], dtype=np.float32)
    except ValueError:
        found = " ".join(fields)[:40]
        raise FormatError(f"{where}: found {found!r}, expected a word and numbers") from None
    if length and len(row) != length:
        raise FormatError(f"{where}: found {len(row)} numbers, expected {length}")
    if not np.isfinite(row).all():
        raise FormatError(f"{where}: found a number that is not finite")
    return " ".join(fields[:parts]), row


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Number and fields of every line that is not blank."""
    with _open(path) as lines:
        for number, content in enumerate(lines, 1):
            try:
                line = content.decode("utf-8-sig" if number == 1 else "utf-8").rstrip()
            except UnicodeDecodeError:
                raise FormatError(f"{path}: line {number}: not UTF-8 text; {_AS_TEXT}") from None
            if line:
                yield number, line.replace("\t", " ").split(" ")


def _open(path: Path) -> IO[bytes]:
    opened: IO[bytes] = _OPENERS.get(path.suffix, open)(path, "rb")
    return opened
