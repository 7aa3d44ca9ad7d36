"""How arguments and bytes become texts."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treelet.cli import inputs
from treelet.cli.inputs import Input, classify, decode_lines, read_texts
from treelet.errors import FormatError


def texts_of(path: Path, per: str) -> list[str]:
    return [entry.text for entry in read_texts([Input(path=str(path))], per)]


@pytest.mark.parametrize(
    "text", ["Tim runs Apple.", "Hello", "", "See a.txt now", "Stop!", "\x00", "x" * 5000]
)
def test_texts(text: str) -> None:
    assert classify([text]) == [Input(text=text)]


@pytest.mark.parametrize("name", ["missing.txt", "folder/missing", "./missing", "~/notes", "corpus.conllu"])
def test_what_looks_like_a_path_must_be_there(name: str) -> None:
    with pytest.raises(FormatError, match="no such file"):
        classify([name])


def test_files_and_folders(tmp_path: Path) -> None:
    path = tmp_path / "two words"
    path.write_text("x")
    assert classify([str(path), "-"]) == [Input(path=str(path)), Input(path="-")]
    with pytest.raises(FormatError, match="is a directory"):
        classify([str(tmp_path)])


def test_pieces_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeff\n\nOne é.\r\nTwo.\n \n\nThree.".encode())
    assert texts_of(path, "paragraph") == ["One é.\r\nTwo.", "Three."]
    assert texts_of(path, "line") == ["", "", "One é.", "Two.", " ", "", "Three."]
    assert texts_of(path, "file") == ["\n\nOne é.\r\nTwo.\n \n\nThree."]
    entries = list(read_texts([Input(path=str(path))], "paragraph"))
    assert sum(entry.bytes_read for entry in entries) == path.stat().st_size
    assert [entry.opens_source for entry in entries] == [True, False]


def test_not_utf8_names_file_line_and_byte(tmp_path: Path) -> None:
    path = tmp_path / "latin1.txt"
    path.write_bytes(b"Fine.\n\nCaf\xe9 here.\n")
    texts = read_texts([Input(path=str(path))], "paragraph")
    assert next(texts).text == "Fine."
    with pytest.raises(FormatError, match=r"latin1\.txt: line 3, byte 11 of the file: found 0xe9, expected"):
        next(texts)


def test_a_long_paragraph_is_cut_at_a_line_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "PARAGRAPH_LIMIT", 10)
    path = tmp_path / "a.txt"
    path.write_text("one two\nthree\nfour\n")
    assert texts_of(path, "paragraph") == ["one two\nthree", "four"]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(4, 9))
def test_lines_rebuild_the_bytes(text: str, limit: int) -> None:
    data = text.encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "LINE_LIMIT", limit)
        pieces = list(decode_lines(io.BytesIO(data), "x"))
    assert "".join(piece for piece, _ in pieces) == text.removeprefix("\ufeff")
    assert sum(size for _, size in pieces) == len(data)
    assert all(size <= 2 * limit for _, size in pieces)


def test_an_overlong_line_is_cut_after_white_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "LINE_LIMIT", 8)
    assert [piece for piece, _ in decode_lines(io.BytesIO(b"one two three"), "x")] == ["one two ", "three"]
