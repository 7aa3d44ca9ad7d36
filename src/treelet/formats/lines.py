"""A path, an open file or lines in; numbered lines of text out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from treelet.errors import FormatError

Source = str | os.PathLike[str] | Iterable[str] | Iterable[bytes]


@dataclass(frozen=True)
class Place:
    """Where something was found: a file (or a name for what was read) and a line, counted from 1."""

    where: str
    line: int

    def error(self, found: str, expected: str) -> FormatError:
        """The error of a line that is not what its format says."""
        return FormatError(f"{self.where}, line {self.line}: found {found}, expected {expected}", self.line)


@dataclass
class ReadingLog:
    """Given to a reader, it makes it go on after errors: with the next sentence, or the next line.

    Bytes that are not UTF-8 are replaced then. The Docs are not what training would see: it stops.
    """

    problems: list[FormatError] = field(default_factory=list)
    lines: list[list[int]] = field(default_factory=list)  # for each Doc, the first line of each sentence


def name_of(source: Source, where: str | None) -> str:
    """What errors call the source: `where` if given, else its path, else its `name`, else `<lines>`."""
    if where:
        return where
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source)
    return str(getattr(source, "name", "<lines>"))


def numbered_lines(
    source: Source, where: str | None = None, log: ReadingLog | None = None
) -> Iterator[tuple[int, str]]:
    """Pairs of line number, from 1, and line without its end. Only line feeds end lines.

    Raises FormatError, with line and byte offset, where bytes are not UTF-8; OSError where the file cannot be
    read.
    """
    name = name_of(source, where)
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            yield from _decoded(file, name, log)
    else:
        yield from _decoded(source, name, log)


def _decoded(lines: Iterable[str | bytes], name: str, log: ReadingLog | None) -> Iterator[tuple[int, str]]:
    offset = 0
    for number, line in enumerate(lines, 1):
        if isinstance(line, bytes):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                byte = line[error.start]
                problem = FormatError(
                    f"{name}, line {number}: found byte 0x{byte:02x} at offset {offset + error.start}, "
                    "expected UTF-8: convert the file first",
                    number,
                )
                if log is None:
                    raise problem from None
                log.problems.append(problem)
                text = line.decode("utf-8", "replace")
            offset += len(line)
        else:
            text = line
        if number == 1:
            text = text.removeprefix("\ufeff")
        yield number, text.rstrip("\r\n")
