"""Files of raw text in, texts of a sensible length out; junk and doubles are left out.

A line is a paragraph, an empty line parts documents. Paragraphs of one document are put together up to a
number of words, with a blank line between them, so that a text is about as long as those of a treebank.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from treelet.errors import FormatError
from treelet.formats.lines import numbered_lines

_OPENERS: dict[str, Callable[..., Any]] = {".xz": lzma.open, ".gz": gzip.open, ".bz2": bz2.open}

MOST_CHARACTERS = 10_000
"""Of a paragraph: longer ones are hardly ever prose."""
MOST_IN_WORD = 200
"""Characters without white space, in text that is written with it."""
_CONTROLS = re.compile("[\x00-\x1f\x7f]")
LEAST_LETTERS = 1 / 3
"""Share of letters: tables, scores and lists of numbers have fewer. Scripts with vowel signs have half."""


def raw_lines(path: Path) -> Iterator[str]:
    """Lines of a file of plain text, white space at their ends cut off; it may be compressed.

    .xz, .gz, .bz2. Raises FormatError where it cannot be read or is not UTF-8.
    """
    try:
        with _OPENERS.get(path.suffix, open)(path, "rb") as file:
            for _, line in numbered_lines(file, str(path)):
                yield line.strip()
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise FormatError(f"{path}: cannot be read: {error}") from None


def raw_words(text: str) -> int:
    """About how many words a text has, without a tokenizer: by blanks, or by bytes where there are few."""
    return max(text.count(" ") + 1, len(text.encode("utf-8", "replace")) // 10)


def texts(paths: Sequence[Path], most_words: int) -> Iterator[tuple[int, str]]:
    """Texts of about `most_words` words at most, each with the number of its file, file after file; a
    paragraph always stays whole."""
    known: set[bytes] = set()
    for number, path in enumerate(paths):
        for document in _documents(raw_lines(path)):
            kept = (each for each in document if is_prose(each) and _is_new(each, known))
            for text in _joined(kept, most_words):
                yield number, text


def is_prose(paragraph: str) -> bool:
    """Whether something can be learned from it: mostly letters, no endless word, not far too long."""
    n = len(paragraph)
    if n > MOST_CHARACTERS or sum(map(str.isalpha, paragraph)) < LEAST_LETTERS * n:
        return False
    if _CONTROLS.search(paragraph):
        return False
    return n <= MOST_IN_WORD or not paragraph.isascii() or max(map(len, paragraph.split())) <= MOST_IN_WORD


def _documents(lines: Iterable[str]) -> Iterator[list[str]]:
    document: list[str] = []
    for line in lines:
        if paragraph := " ".join(line.split()):
            document.append(paragraph)
            if len(document) < _MOST_PARAGRAPHS:
                continue
        if document:
            yield document
            document = []
    if document:
        yield document


_MOST_PARAGRAPHS = 10_000
"""Of a document held in memory: a list of sentences is one document without end."""


def _is_new(paragraph: str, known: set[bytes]) -> bool:
    """Whether no paragraph before was the same but for case; from now on it is known."""
    key = hashlib.blake2b(paragraph.lower().encode("utf-8", "replace"), digest_size=8).digest()
    if key in known:
        return False
    known.add(key)
    return True


def _joined(paragraphs: Iterable[str], most_words: int) -> Iterator[str]:
    held: list[str] = []
    words = 0
    for paragraph in paragraphs:
        more = raw_words(paragraph)
        if held and words + more > most_words:
            yield "\n\n".join(held)
            held, words = [], 0
        held.append(paragraph)
        words += more
    if held:
        yield "\n\n".join(held)
