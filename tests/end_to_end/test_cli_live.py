"""Input that comes in over time: what is there is annotated and written while more is awaited."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from random_package import save_random_package
from treelet.cli import inputs
from treelet.cli.inputs import Input, InputText, decode_lines, read_texts
from treelet.cli.live import LiveInput
from treelet.errors import FormatError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="asks whether a pipe has something")


class Pipe:
    """A pipe whose other end a test writes to."""

    def __init__(self) -> None:
        self.out, self.into = os.pipe()
        self.input = LiveInput(self.out)

    def write(self, data: bytes) -> None:
        os.write(self.into, data)

    def end(self) -> None:
        os.close(self.into)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    os.close(pipe.out)


def texts(pipe: Pipe, per: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[InputText | None]:
    monkeypatch.setattr(inputs, "standard_input", lambda: pipe.input)
    return read_texts([Input(path="-")], per)


def test_lines_as_they_come(pipe: Pipe) -> None:
    lines = decode_lines(pipe.input, "x")
    assert next(lines) is None
    pipe.write(b"one\ntw")
    assert [next(lines), next(lines)] == [("one\n", 4), None]
    pipe.write(b"o\nthree\n\xc3")
    assert [next(lines), next(lines), next(lines)] == [("two\n", 4), ("three\n", 6), None]
    pipe.write(b"\xa9")
    pipe.end()
    assert list(lines) == [("é", 2)]


def test_bytes_that_are_not_utf8(pipe: Pipe) -> None:
    pipe.write(b"a\n\xff\n")
    pipe.end()
    lines = decode_lines(pipe.input, "x")
    assert next(lines) == ("a\n", 2)
    with pytest.raises(FormatError, match="x: line 2, byte 3"):
        next(lines)


@pytest.mark.parametrize("line", [b"word " * 9, b"x" * 45, "é".encode() * 23])
def test_an_overlong_line_is_cut(line: bytes, pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "LINE_LIMIT", 10)
    pipe.write(line)
    pipe.end()
    pieces = [piece for piece in decode_lines(pipe.input, "x") if piece is not None]
    assert "".join(text for text, _ in pieces) == line.decode()
    assert all(8 <= size <= 20 for _, size in pieces[:-1])


def test_paragraphs_before_a_pause(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    found = texts(pipe, "paragraph", monkeypatch)
    pipe.write(b"One.\n\nTwo\n")
    assert next(found) == InputText("One.", "standard input", 6, True)
    assert next(found) is None
    pipe.write(b"goes on.\n")
    assert next(found) is None
    pipe.end()
    assert list(found) == [InputText("Two\ngoes on.", "standard input", 13, False)]


def test_a_file_is_one_text_however_it_comes(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    found = texts(pipe, "file", monkeypatch)
    pipe.write(b"One.\n\nTwo\n")
    pipe.end()
    assert [entry.text for entry in found if entry is not None] == ["One.\n\nTwo\n"]


@pytest.mark.parametrize("threads", ["1", "2"])
def test_each_line_is_answered(threads: str, tmp_path: Path) -> None:
    package = save_random_package(tmp_path / "tiny")
    command = [sys.executable, "-m", "treelet", "annotate", "-", "--per", "line", "--to", "jsonl"]
    with subprocess.Popen(
        [*command, "--model", str(package), "--threads", threads],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in ("One line.", "", "Then another."):
            process.stdin.write(text.encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait() == 0
