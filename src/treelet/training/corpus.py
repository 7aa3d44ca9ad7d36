"""Files in, gold documents out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.formats import READERS, language_tokenizer, read_docs, read_iob


def read_corpora(paths: Sequence[Path], label_map: Mapping[str, str], language: str = "xx") -> list[Doc]:
    """Documents of all files, in order; `label_map` renames entity types ("" to outside, "-" to missing).

    language: whose tokenizer finds the words of files that have text and character offsets alone.
    """
    return [doc for docs in read_each(paths, label_map, language) for doc in docs]


def read_each(paths: Sequence[Path], label_map: Mapping[str, str], language: str = "xx") -> list[list[Doc]]:
    """The same, a list a file."""
    tokenize = language_tokenizer(language)
    return [read_corpus(path, label_map, tokenize) for path in paths]


def read_corpus(path: Path, label_map: Mapping[str, str], tokenize: Callable[[str], Doc]) -> list[Doc]:
    """Documents of one file. tokenize: finds the words of a text with character offsets alone."""
    found = [doc for doc in read_docs(path, label_map=label_map, tokenize=tokenize) if len(doc)]
    if not found:
        raise TrainingError(f"{path}: holds no words")
    return found


def has_own_text(path: Path) -> bool:
    """Whether the file holds text, and not words alone, between which its reader puts blanks."""
    return READERS.get(path.suffix.lower()) is not read_iob
