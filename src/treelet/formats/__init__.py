"""Files to Docs and back: CoNLL-U, IOB2, JSONL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from treelet.doc import Doc
from treelet.errors import FormatError
from treelet.formats.conllu import ConlluMarks, read_conllu, write_conllu
from treelet.formats.iob import IobLayout, read_iob, write_iob
from treelet.formats.jsonl import doc_to_json, read_jsonl, write_jsonl
from treelet.formats.lines import ReadingLog
from treelet.formats.tokenizing import Tokenize, language_tokenizer

READERS: dict[str, Callable[..., Iterator[Doc]]] = {
    ".conllu": read_conllu,
    ".conll": read_conllu,
    ".iob": read_iob,
    ".iob2": read_iob,
    ".bio": read_iob,
    ".tsv": read_iob,
    ".jsonl": read_jsonl,
}
"""File name extension, in lower case, to the function that reads it."""


def read_docs(
    path: str | os.PathLike[str],
    *,
    label_map: Mapping[str, str] | None = None,
    tokenize: Tokenize | None = None,
    log: ReadingLog | None = None,
) -> Iterator[Doc]:
    """Docs of a file, in the format that its extension names.

    label_map: renames entity types, see read_entity_tags.
    tokenize: makes the words of JSONL that has text and character offsets alone, see language_tokenizer.
    log: makes the reader go on after errors, and tells them.
    Raises FormatError for another extension, and whatever its reader raises.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in READERS:
        raise FormatError(
            f"{os.fspath(path)}: found extension '{suffix}', expected one of {', '.join(READERS)}"
        )
    if READERS[suffix] is read_jsonl:
        return read_jsonl(path, label_map=label_map, tokenize=tokenize, log=log)
    return READERS[suffix](path, label_map=label_map, log=log)


__all__ = [
    "READERS",
    "ConlluMarks",
    "IobLayout",
    "ReadingLog",
    "Tokenize",
    "doc_to_json",
    "language_tokenizer",
    "read_conllu",
    "read_docs",
    "read_iob",
    "read_jsonl",
    "write_conllu",
    "write_iob",
    "write_jsonl",
]
