"""Arguments of `annotate` (texts, files, `-`) to a stream of texts, in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from treelet.cli.live import LiveInput, standard_input
from treelet.errors import FormatError

LINE_LIMIT = 1 << 20
"""Bytes of a line that are held at most; a longer one is cut, after white space where there is some."""

PARAGRAPH_LIMIT = 1 << 20
"""Bytes after which a paragraph is cut at the next line end."""

PATH_LIKE = re.compile(r".*[/\\].*|.*\.[A-Za-z]\w{0,7}|~.*")


@dataclass(frozen=True)
class Input:
    """One argument: a text, or the name of a file (`-`: standard input)."""

    text: str | None = None
    path: str | None = None

    def size(self) -> int | None:
        """Bytes to be read, None where nobody knows."""
        if self.path is None:
            return len((self.text or "").encode("utf-8", "surrogatepass"))
        return Path(self.path).stat().st_size if self.path != "-" and Path(self.path).is_file() else None


class InputText(NamedTuple):
    """One text to annotate, with where it comes from."""

    text: str
    source: str
    bytes_read: int
    """Bytes of the source that were read for it, blank lines included."""
    opens_source: bool
    """True for the first text of its source."""


def classify(arguments: Sequence[str]) -> list[Input]:
    """Tell texts from files: what exists is a file; what has white space or looks like no path is a text.

    Raises FormatError for what looks like a path and is not there.
    """
    return [_classify(argument) for argument in arguments]


def _classify(argument: str) -> Input:
    if argument == "-":
        return Input(path=argument)
    path = Path(argument)
    try:
        exists, is_folder = bool(argument) and path.exists(), path.is_dir()
    except (OSError, ValueError):  # too long for a file name, or holding a NUL
        return Input(text=argument)
    if exists and is_folder:
        raise FormatError(f"{argument}: is a directory; expected files, such as {path / '*.txt'}")
    if exists:
        return Input(path=argument)
    if not re.search(r"\s", argument) and PATH_LIKE.fullmatch(argument):
        raise FormatError(
            f"{argument}: no such file; a text that looks like a file name can come through standard input"
        )
    return Input(text=argument)


Piece = tuple[str, int]
"""A text, and the bytes of the source that were read for it."""


def read_texts(inputs: Sequence[Input], per: str) -> Iterator[InputText | None]:
    """Texts of all inputs in order; `per` is "file", "paragraph" (blank lines between) or "line".

    None comes where standard input pauses: reading on waits for whoever writes there.

    Raises FormatError, naming file, line and byte, where a file is not UTF-8 or cannot be read.
    """
    for entry in inputs:
        source = "text" if entry.path is None else "standard input" if entry.path == "-" else entry.path
        opens = True
        for piece in _split(_lines(entry, source), per):
            if piece is None:
                yield None
            else:
                yield InputText(piece[0], source, piece[1], opens)
                opens = False


def _lines(entry: Input, source: str) -> Iterator[Piece | None]:
    """Decoded lines with their ends."""
    if entry.path is None:
        for line in (entry.text or "").splitlines(keepends=True) or [""]:
            yield line, len(line.encode("utf-8", "surrogatepass"))
    elif entry.path == "-":
        yield from decode_lines(standard_input(), source)
    else:
        try:
            with open(entry.path, "rb") as stream:
                yield from decode_lines(stream, source)
        except OSError as error:
            raise FormatError(f"{entry.path}: cannot be read: {error.strerror}") from None


def decode_lines(stream: BinaryIO | LiveInput, source: str) -> Iterator[Piece | None]:
    """Lines of UTF-8 text, a byte order mark dropped; None where the stream pauses.

    Raises FormatError where the bytes are not UTF-8.
    """
    number, offset, rest = 1, 0, b""
    live = stream if isinstance(stream, LiveInput) else None
    while True:
        if live is not None and live.pauses():
            yield None
        piece = rest + stream.readline(LINE_LIMIT)
        if not piece:
            return
        piece, rest = _cut(piece) if len(piece) >= LINE_LIMIT else (piece, b"")
        try:
            line = piece.decode("utf-8")
        except UnicodeDecodeError as error:
            where = f"{source}: line {number}, byte {offset + error.start + 1} of the file"
            found = piece[error.start]
            raise FormatError(
                f"{where}: found 0x{found:02x}, expected UTF-8; convert the file, for instance with iconv"
            ) from None
        yield line.removeprefix("\ufeff") if offset == 0 else line, len(piece)
        number, offset = number + piece.endswith(b"\n"), offset + len(piece)


def _cut(piece: bytes) -> tuple[bytes, bytes]:
    """Cut an overlong line after its last white space, or else between two characters."""
    if piece.endswith(b"\n"):
        return piece, b""
    end = max(piece.rfind(b" "), piece.rfind(b"\t")) + 1
    if end == 0:
        end = len(piece)
        while end > len(piece) - 4 and piece[end - 1] & 0xC0 == 0x80:  # continuation bytes
            end -= 1
        end = end - 1 if end > 1 and piece[end - 1] >= 0xC0 else len(piece)
    return piece[:end], piece[end:]


def _split(lines: Iterator[Piece | None], per: str) -> Iterator[Piece | None]:
    if per == "line":
        for piece in lines:
            yield None if piece is None else (piece[0].rstrip("\r\n"), piece[1])
    elif per == "file":
        held = [piece for piece in lines if piece is not None]
        yield "".join(line for line, _ in held), sum(size for _, size in held)
    else:
        yield from _paragraphs(lines)


def _paragraphs(lines: Iterator[Piece | None]) -> Iterator[Piece | None]:
    held: list[str] = []
    total = 0
    for piece in lines:
        if piece is None:
            yield None
            continue
        line, size = piece
        total += size
        is_blank = not line.strip()
        if not is_blank:
            held.append(line)
        if held and (is_blank or total > PARAGRAPH_LIMIT):
            yield "".join(held).rstrip("\r\n"), total
            held, total = [], 0
    if held:
        yield "".join(held).rstrip("\r\n"), total
