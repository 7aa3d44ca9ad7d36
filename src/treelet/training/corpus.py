"""Files in, gold documents out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.formats import language_tokenizer, read_docs


def read_corpora(paths: Sequence[Path], label_map: Mapping[str, str], language: str = "xx") -> list[Doc]:
    """Documents of all files, in order; `label_map` renames entity types ("" to outside, "-" to missing).

    language: whose tokenizer finds the words of files that have text and character offsets alone.
    """
    tokenize = language_tokenizer(language)
    return [doc for path in paths for doc in read_corpus(path, label_map, tokenize)]


def read_corpus(path: Path, label_map: Mapping[str, str], tokenize: Callable[[str], Doc]) -> list[Doc]:
    """Documents of one file. tokenize: finds the words of a text with character offsets alone."""
    found = [doc for doc in read_docs(path, label_map=label_map, tokenize=tokenize) if len(doc)]
    if not found:
        raise TrainingError(f"{path}: holds no words")
    return found
