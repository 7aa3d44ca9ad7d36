"""The four strings of a word, and the rows of the hash embeddings that they choose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treelet import _core
from treelet.errors import SettingsError

ROWS = (5000, 1000, 2500, 2500)


@pytest.mark.parametrize(
    ("form", "strings"),
    [
        ("Apple", ("apple", "A", "ple", "Xxxxx")),
        ("a", ("a", "a", "a", "x")),
        ("", ("", "", "", "")),
        ("n’t", ("n't", "n", "n’t", "x’x")),
        ("“", ('"', "“", "“", "“")),
        ("2,000.50", ("2,000.50", "2", ".50", "d,ddd.dd")),
        ("INTERNATIONAL", ("international", "I", "NAL", "XXXX")),
        ("C3PO-x", ("c3po-x", "C", "O-x", "XdXX-x")),
        ("Überraschung", ("überraschung", "Ü", "ung", "Xxxxx")),
        ("😀😀😀😀😀", ("😀😀😀😀😀", "😀", "😀😀😀", "😀😀😀😀")),
        ("\ud800b", ("\ud800b", "\ud800", "\ud800b", "\ud800x")),
    ],
)
def test_strings_of_a_word(form: str, strings: tuple[str, str, str, str]) -> None:
    assert _core.feature_strings(form) == strings


def test_lengths_are_settings() -> None:
    assert _core.feature_strings("Apples", 2, 1, 2) == ("apples", "Ap", "s", "Xxx")


def doc_of(*words: str) -> _core.Doc:
    doc = _core.Doc()
    for word in words:
        doc.add_token(word, [], " ")
    return doc


def test_rows_are_fixed_forever() -> None:
    """Stored models depend on these numbers."""
    rows = _core.feature_rows(doc_of("abc"), 1, 3, 4, ROWS)
    assert rows.dtype == np.int32
    assert rows.tolist() == [
        [[304, 2053, 2500, 2899], [739, 7, 521, 871], [296, 598, 827, 1542], [1345, 2111, 503, 2405]]
    ]


def test_rows_follow_the_strings() -> None:
    rows = _core.feature_rows(doc_of("Walking", "walking", "Talking"), 1, 3, 4, ROWS)
    assert rows.shape == (3, 4, 4)
    same = [[(rows[a, t] == rows[b, t]).all() for t in range(4)] for a, b in ((0, 1), (0, 2))]
    assert same == [[True, False, True, False], [False, False, True, True]]


def test_rows_read_the_form_and_not_the_surface() -> None:
    doc = _core.Doc()
    doc.add_token("no", ["em", "o"], "")
    expected = _core.feature_rows(doc_of("em", "o"), 1, 3, 4, ROWS)
    assert (_core.feature_rows(doc, 1, 3, 4, ROWS) == expected).all()


@given(
    st.lists(st.text(st.characters(), min_size=1), max_size=5),
    st.lists(st.integers(1, 50), min_size=4, max_size=4),
)
def test_rows_stay_inside_their_tables(words: list[str], sizes: list[int]) -> None:
    rows = _core.feature_rows(doc_of(*words), 1, 3, 4, tuple(sizes))
    assert rows.shape == (len(words), 4, 4)
    assert (rows >= 0).all()
    assert (rows < np.array(sizes)[None, :, None]).all()


def test_rows_are_spread_evenly() -> None:
    rows = _core.feature_rows(doc_of(*(f"w{k}" for k in range(4000))), 1, 3, 4, (100, 100, 100, 100))
    for k in range(4):
        counts = np.bincount(rows[:, 0, k], minlength=100)
        assert counts.min() > 10
        assert counts.max() < 90


@pytest.mark.parametrize(
    "arguments", [(0, 3, 4, ROWS), (1, -1, 4, ROWS), (1, 3, 1000, ROWS), (1, 3, 4, (0, 1, 1, 1))]
)
def test_sizes_are_checked(arguments: tuple[int, int, int, tuple[int, int, int, int]]) -> None:
    with pytest.raises(SettingsError):
        _core.feature_rows(doc_of("a"), *arguments)
