"""What is read off the gap between two words, by the names of the rows."""

from __future__ import annotations

import pytest

from treelet import Doc, _core
from treelet.formats import read_conllu

NAMES = _core.gap_row_names()


def rows_before(doc: Doc, word: int) -> set[str]:
    return {NAMES[row] for row in _core.gap_rows(doc.columns)[word] if row >= 0}


def spaced(words: list[str], spaces: list[str]) -> Doc:
    return Doc.from_columns(_core.Doc.from_tokens("", words, [[] for _ in words], spaces))


def test_names_are_distinct() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert {name.partition("=")[0] for name in NAMES} == {
        "space", "mark", "next", "mark+next", "before", "before+next",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("space", "row"),
    [
        (" ", None), ("", "none"), ("  ", "several"), ("\t", "several"), ("\u00a0", "several"),
        ("\n", "line"), ("\r\n", "line"), (" \n  ", "line"), ("\n\n", "blank"), ("\r\n \r\n", "blank"),
    ],
)  # fmt: skip
def test_white_space(space: str, row: str | None) -> None:
    found = {name for name in rows_before(spaced(["a", "b"], [space, ""]), 1) if name.startswith("space=")}
    assert found == ({f"space={row}"} if row else set())


@pytest.mark.parametrize(
    ("word", "mark", "before"),
    [
        (".", "stop", "other"), ("。", "stop", "other"), ("etc.", "abbreviation", "lower"),
        ("U.S.", "abbreviation", "caps"), ("...", "ellipsis", "other"), ("…", "ellipsis", "other"),
        ("?!", "exclamation", "other"), ("؟", "question", "other"), (":", "colon", "other"),
        (";", "semicolon", "other"),
        (",", "comma", "other"), ("-", "dash", "other"), ("—", "dash", "other"), ("_____", "rule", "other"),
        ("%", "other", "other"), ("dog", "word", "lower"), ("Dog", "word", "title"), ("DOG", "word", "caps"),
        ("A", "word", "title"), ("1999", "word", "digit"), ("12", "word", "number"),
        ("2.", "abbreviation", "number"),
        ("3)", "word", "number"), ("ana@dog.org", "word", "address"), ("http://dog.org", "word", "address"),
        ("犬", "word", "lower"), ("\ud800", "other", "other"),
    ],
)  # fmt: skip
def test_the_word_before(word: str, mark: str, before: str) -> None:
    rows = rows_before(Doc(words=[word, "the"]), 1)
    assert {f"mark={mark},none", f"before={before}", f"before+next={before},lower"} <= rows


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("dog", "lower"), ("Dog", "title"), ("I", "title"), ("DOG", "caps"), ("犬", "letter"),
        ("2nd", "digit"),
        ("-", "bullet"), ("•", "bullet"), ("---", "rule"), (",", "mark"), ("%", "other"),
        ("єдність", "lower"),
    ],
)  # fmt: skip
def test_the_word_after(word: str, value: str) -> None:
    expected = {f"next={value},none", f"mark+next=word,bare,{value},bare"}
    assert expected <= rows_before(Doc(words=["so", word]), 1)


def test_closing_marks_are_looked_through_where_they_are_glued_to_the_word() -> None:
    glued = spaced(["won", ".", '"', "But"], ["", "", " ", ""])
    assert {"mark=stop,quote", "mark+next=stop,wrapped,title,bare"} <= rows_before(glued, 3)
    assert "next=closer,none" in rows_before(glued, 2)
    loose = spaced(["won", ".", '"', "But"], ["", " ", " ", ""])
    assert "mark=other,none" in rows_before(loose, 3)
    bracketed = spaced(["(", "Oh", "!", ")", "He"], ["", "", "", " ", ""])
    assert "mark=exclamation,bracket" in rows_before(bracketed, 4)


def test_opening_marks_are_looked_through_where_they_are_glued_to_the_next_word() -> None:
    doc = spaced(["won", ".", '"', "But", "he"], ["", " ", "", " ", ""])
    assert {"mark=stop,none", "next=title,quote", "mark+next=stop,bare,title,wrapped"} <= rows_before(doc, 2)
    assert "before+next=other,title" in rows_before(doc, 2)


def test_a_document_of_quotes_ends() -> None:
    doc = spaced(['"'] * 9, [""] * 9)
    assert _core.gap_rows(doc.columns).shape == (9, 6)
    assert _core.gap_rows(Doc().columns).shape == (0, 6)


def test_no_rows_where_no_sentence_can_start_anew() -> None:
    lines = ["1-2\tdon't" + "\t_" * 8, "1\tdo" + "\t_" * 8, "2\tn't" + "\t_" * 8, "3\tgo" + "\t_" * 8, ""]
    (doc,) = read_conllu([line + "\n" for line in lines])
    known = (_core.gap_rows(doc.columns) >= 0).any(axis=1)
    assert known.tolist() == [False, False, True]
