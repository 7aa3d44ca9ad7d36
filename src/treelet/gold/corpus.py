"""A file in; its gold documents, the line of each sentence, and every error that its reader finds, out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from treelet.doc import Doc
from treelet.doc.offsets import OffsetsError
from treelet.errors import FormatError, TreeletError
from treelet.formats import ReadingLog, read_docs
from treelet.gold.findings import Finding, Place

Sentence = tuple[int, int, int]  # first word, one past the last, line


@dataclass(frozen=True)
class Corpus:
    """What a file holds, as far as it can be read."""

    path: str
    docs: list[Doc] = field(default_factory=list)  # those with words
    lines: list[list[int]] = field(default_factory=list)  # for each, the first line of its sentences
    problems: list[Finding] = field(default_factory=list)  # errors of the reader, in the order of the file

    def sentences(self, number: int) -> Iterator[Sentence]:
        """Sentences of document `number`; one, where it does not say where they start."""
        doc, lines = self.docs[number], self.lines[number]
        starts = doc.sentence_starts if doc.has_annotation("SENT_START") else [0]
        for k, (start, end) in enumerate(pairwise([*starts, len(doc)])):
            yield start, end, lines[min(k, len(lines) - 1)]

    def place(self, number: int) -> Place:
        """Where document `number` begins."""
        return self.path, self.lines[number][0]


def read_corpus(
    path: str | os.PathLike[str], label_map: Mapping[str, str], tokenize: Callable[[str], Doc]
) -> Corpus:
    """Reads on after errors, with the next sentence or line; never raises for what is in the file."""
    name, log = os.fspath(path), ReadingLog()
    docs: list[Doc] = []
    failure: Finding | None = None
    try:
        docs.extend(read_docs(path, label_map=label_map, tokenize=tokenize, log=log))
    except OSError as error:
        failure = Finding("error", "file", f"{name}: {error.strerror or error}")
    except TreeletError as error:
        failure = Finding("error", "file", str(error))
    problems = [finding for error in log.problems for finding in _errors(name, error)]
    kept = [(doc, lines) for doc, lines in zip(docs, log.lines, strict=True) if len(doc)]
    if failure is not None:
        problems.append(failure)
    elif not kept:
        problems.append(Finding("error", "empty", f"{name}: holds no words"))
    return Corpus(name, [doc for doc, _ in kept], [lines for _, lines in kept], problems)


def _errors(name: str, error: FormatError) -> Iterator[Finding]:
    """One finding; one an entity where they fall on no tokens."""
    places = ((name, error.line or 1),)
    if isinstance(error.__cause__, OffsetsError):
        for problem in error.__cause__.problems:
            yield Finding("error", "offsets", problem.message, places)
    else:
        yield Finding("error", "format", _without_place(str(error)), places)


def _without_place(message: str) -> str:
    """The message of a reader without the file and line that stand before it."""
    _, line, rest = message.partition(", line ")
    return rest.partition(": ")[2] if line else message
