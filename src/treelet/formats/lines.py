"""A path, an open file or lines in; numbered lines of text out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from treelet.errors import FormatError

Source = str | os.PathLike[str] | Iterable[str] | Iterable[bytes]


@dataclass(frozen=True)
class Place:
    """Where something was found: a file (or a name for what was read) and a line, counted from 1."""

    where: str
    line: int

    def error(self, found: str, expected: str) -> FormatError:
        """The error of a line that is not what its format says."""
        return FormatError(f"{self.where}, line {self.line}: found {found}, expected {expected}")


def name_of(source: Source, where: str | None) -> str:
    """What errors call the source: `where` if given, else its path, else its `name`, else `<lines>`."""
    if where:
        return where
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source)
    return str(getattr(source, "name", "<lines>"))


def numbered_lines(source: Source, where: str | None = None) -> Iterator[tuple[int, str]]:
    """Pairs of line number, from 1, and line without its end. Only line feeds end lines.

    Raises FormatError, with line and byte offset, where bytes are not UTF-8; OSError where the file cannot be
    read.
    """
    name = name_of(source, where)
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            yield from _decoded(file, name)
    else:
        yield from _decoded(source, name)


def _decoded(lines: Iterable[str | bytes], name: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for number, line in enumerate(lines, 1):
        if isinstance(line, bytes):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                byte = line[error.start]
                raise FormatError(
                    f"{name}, line {number}: found byte 0x{byte:02x} at offset {offset + error.start}, "
                    "expected UTF-8: convert the file first"
                ) from None
            offset += len(line)
        else:
            text = line
        if number == 1:
            text = text.removeprefix("\ufeff")
        yield number, text.rstrip("\r\n")
