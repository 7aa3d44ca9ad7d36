"""Raw text becomes texts of a sensible length: paragraphs whole, documents apart, no junk, no doubles."""

import gzip
import lzma
from pathlib import Path

import pytest

from small_corpus import write
from treelet.errors import FormatError
from treelet.silver.texts import is_prose, raw_words, texts


def words(n: int, first: str = "Some") -> str:
    return " ".join([first, *["words"] * (n - 1)])


def test_paragraphs_of_one_document_are_put_together_and_stay_whole(tmp_path: Path) -> None:
    lines = [
        words(6, "a"),
        words(3, "b"),
        words(4, "c"),
        "",
        words(2, "d"),
        "",
        words(30, "e"),
        words(1, "f"),
    ]
    path = write(tmp_path / "raw.txt", "\n".join(lines))
    found = [text for _, text in texts([path], 10)]
    assert found == [f"{lines[0]}\n\n{lines[1]}", lines[2], lines[4], lines[6], lines[7]]


def test_doubles_and_junk_are_left_out(tmp_path: Path) -> None:
    one = "\n".join(["It rains.", "1,234 5,678 | 9", "it RAINS.", "A\x07 bell rings", "It  snows.\u00a0"])
    first, second = write(tmp_path / "a.txt", one), write(tmp_path / "b.txt", "It snows.\nIt thaws.\n")
    assert list(texts([first, second], 250)) == [(0, "It rains.\n\nIt snows."), (1, "It thaws.")]


@pytest.mark.parametrize(
    "paragraph", ["", "....", "12 34 x", "word " * 4000, "a" * 300, "0" * 40 + " thirteen letters"]
)
def test_what_is_no_prose(paragraph: str) -> None:
    assert not is_prose(paragraph) or paragraph == ""


def test_scripts_without_blanks_are_prose_and_have_words() -> None:
    chinese = "我们今天去公园散步。" * 40
    assert is_prose(chinese)
    assert raw_words(chinese) > 50
    assert is_prose("हिन्दी विश्व की एक प्रमुख भाषा है")


def test_compressed_files_and_broken_ones(tmp_path: Path) -> None:
    data = b"It rains.\n\nIt snows.\n"
    (tmp_path / "a.xz").write_bytes(lzma.compress(data))
    (tmp_path / "a.gz").write_bytes(gzip.compress(data))
    for name in ("a.xz", "a.gz"):
        assert [text for _, text in texts([tmp_path / name], 9)] == ["It rains.", "It snows."]
    (tmp_path / "b.xz").write_bytes(data)
    with pytest.raises(FormatError, match=r"b\.xz: cannot be read"):
        list(texts([tmp_path / "b.xz"], 9))
    (tmp_path / "c.txt").write_bytes(b"caf\xe9\n")
    with pytest.raises(FormatError, match=r"c\.txt, line 1: found byte 0xe9"):
        list(texts([tmp_path / "c.txt"], 9))
