"""A Doc as a table: which cells, how aligned, and that nothing in a text steers the terminal."""

import pytest

from treelet.cli.table import plain_table, printable, rich_table, table_rows
from treelet.doc import Doc


def annotated() -> Doc:
    return Doc(
        words=["Tim", "runs", "日本", ".", "Ok"],
        spaces=[True, True, False, True, False],
        pos=["PROPN", "VERB", "PROPN", "PUNCT", "INTJ"],
        heads=[1, 1, 1, 1, 4],
        deps=["nsubj", "root", "obj", "punct", "root"],
        ents=["B-PER", "O", "B-LOC", "O", "O"],
    )


def test_rows() -> None:
    first, second = table_rows(annotated())
    assert [row[0] for row in first] == ["1", "2", "3", "4"]
    assert first[2] == ("3", "日本", "", "PROPN", "", "", "2:runs", "obj", "B-LOC")
    assert second == [("1", "Ok", "", "INTJ", "", "", "0", "root", "")]


def test_plain_cells_stand_in_line() -> None:
    lines = plain_table(annotated()).splitlines()
    assert lines[0].split()[:3] == ["#", "token", "lemma"]
    assert lines[3].startswith("3  日本   _")  # a wide character takes two cells
    assert [line == "" for line in lines] == [False] * 5 + [True, False, True]


@pytest.mark.parametrize("table", [plain_table, rich_table])
def test_no_words_no_table(table: object) -> None:
    assert callable(table)
    assert table(Doc(words=[])) == ""


def test_what_is_not_annotated_is_empty() -> None:
    assert table_rows(Doc(words=["a"])) == [[("1", "a", *[""] * 7)]]


def test_control_characters_are_escaped() -> None:
    assert printable("a\x1b[31m\n\ud800") == "a\\x1b[31m\\n\\ud800"
    assert "\x1b" not in plain_table(Doc(words=["\x1b[2J"]))
