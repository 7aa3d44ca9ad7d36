"""The strings of a word, and the rows of the hash embeddings that they choose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treelet import _core
from treelet.errors import SettingsError

DEFAULT = _core.FeatureSettings()
FEATURES = _core.FeatureSettings([1], [3], 4)
ROWS = [5000, 1000, 2500, 2500]


@pytest.mark.parametrize(
    ("form", "strings"),
    [
        ("Apple", ["apple", "a", "app", "le", "ple", "pple", "Xxxxx"]),
        ("a", ["a", "a", "a", "a", "a", "a", "x"]),
        ("", ["", "", "", "", "", "", ""]),
        ("n’t", ["n't", "n", "n't", "'t", "n't", "n't", "x’x"]),
        ("“", ['"', '"', '"', '"', '"', '"', "“"]),
        ("2,000.50", ["2,000.50", "2", "2,0", "50", ".50", "0.50", "d,ddd.dd"]),
        ("INTERNATIONAL", ["international", "i", "int", "al", "nal", "onal", "XXXX"]),
        ("C3PO-x", ["c3po-x", "c", "c3p", "-x", "o-x", "po-x", "XdXX-x"]),
        ("Überraß", ["überraß", "ü", "übe", "aß", "raß", "rraß", "Xxxxx"]),
        ("😀😀😀😀😀", ["😀" * 5, "😀", "😀" * 3, "😀" * 2, "😀" * 3, "😀" * 4, "😀" * 4]),
        ("\ud800b", ["\ud800b", "\ud800", *["\ud800b"] * 4, "\ud800x"]),
    ],
)
def test_strings_of_a_word(form: str, strings: list[str]) -> None:
    assert _core.feature_strings(form, DEFAULT) == strings


def test_lengths_are_settings() -> None:
    assert _core.feature_strings("Apples", _core.FeatureSettings([2], [1], 2)) == ["apples", "ap", "s", "Xxx"]
    assert _core.feature_strings("Apples", _core.FeatureSettings([], [], 1)) == ["apples", "Xx"]
    every = list(range(1, 9))
    assert len(_core.feature_strings("Apples", _core.FeatureSettings(every, every, 1))) == 18


def doc_of(*words: str) -> _core.Doc:
    doc = _core.Doc()
    for word in words:
        doc.add_token(word, [], " ")
    return doc


def test_rows_are_fixed_forever() -> None:
    """Stored models depend on these numbers."""
    rows = _core.feature_rows(doc_of("Abcd"), DEFAULT, [5000, 250, 1500, 500, 2500, 2500, 500])
    assert rows.dtype == np.int32
    assert rows.tolist() == [
        [
            [3645, 1939, 2789, 2479],
            [77, 248, 5, 183],
            [630, 125, 239, 436],
            [135, 497, 233, 191],
            [1547, 940, 1211, 2487],
            [1963, 1830, 1292, 364],
            [449, 197, 250, 346],
        ]
    ]


MASK = 2**64 - 1
STEP = 0x9E3779B97F4A7C15


def mix_bits(x: int) -> int:
    x ^= x >> 30
    x = x * 0xBF58476D1CE4E5B9 & MASK
    x ^= x >> 27
    x = x * 0x94D049BB133111EB & MASK
    return x ^ (x >> 31)


def hash_bytes(data: bytes) -> int:
    h = STEP
    full = len(data) // 8 * 8
    for i in range(0, full, 8):
        h = mix_bits(h ^ int.from_bytes(data[i : i + 8], "little")) + STEP & MASK
    return mix_bits(h ^ int.from_bytes(data[full:], "little") ^ len(data) << 56)


def python_rows(word: str, table: tuple[str, int], n_rows: int) -> list[int]:
    """The rows of a lower-case word of fewer than five characters, written down once more."""
    kind, length = table
    string = {"norm": word, "prefix": word[:length], "suffix": word[-length:], "shape": "x" * len(word)}[kind]
    place = ("norm", "prefix", "suffix", "shape").index(kind) + 4 * length
    hashed = hash_bytes(string.encode())
    return [mix_bits(hashed ^ mix_bits(STEP * (4 * place + k + 1) & MASK)) % n_rows for k in range(4)]


LENGTHS = st.lists(st.integers(1, 8), max_size=4, unique=True)


@given(st.text("aébczñ", min_size=1, max_size=4), LENGTHS, LENGTHS)
def test_rows_are_those_of_plain_python(word: str, prefixes: list[int], suffixes: list[int]) -> None:
    affixes = [("prefix", length) for length in prefixes] + [("suffix", length) for length in suffixes]
    tables = [("norm", 0), *affixes, ("shape", 0)]
    sizes = [7 + 100 * i for i in range(len(tables))]
    rows = _core.feature_rows(doc_of(word), _core.FeatureSettings(prefixes, suffixes, 4), sizes)
    assert rows[0].tolist() == [python_rows(word, *pair) for pair in zip(tables, sizes, strict=True)]


def test_a_table_more_leaves_the_others_as_they_are() -> None:
    words = doc_of("Walking", "n’t", "é")
    few = _core.feature_rows(words, FEATURES, ROWS)
    affixes = _core.FeatureSettings([4, 1], [2, 3, 5], 4)
    more = _core.feature_rows(words, affixes, [5000, 9, 1000, 9, 2500, 9, 2500])
    assert (few == more[:, [0, 2, 4, 6]]).all()


def test_rows_follow_the_strings() -> None:
    rows = _core.feature_rows(doc_of("Walking", "walking", "Talking"), FEATURES, ROWS)
    assert rows.shape == (3, 4, 4)
    same = [[(rows[a, t] == rows[b, t]).all() for t in range(4)] for a, b in ((0, 1), (0, 2))]
    assert same == [[True, True, True, False], [False, False, True, True]]


def test_rows_read_the_form_and_not_the_surface() -> None:
    doc = _core.Doc()
    doc.add_token("no", ["em", "o"], "")
    expected = _core.feature_rows(doc_of("em", "o"), FEATURES, ROWS)
    assert (_core.feature_rows(doc, FEATURES, ROWS) == expected).all()


@given(
    st.lists(st.text(st.characters(), min_size=1), max_size=5),
    st.lists(st.integers(1, 50), min_size=7, max_size=7),
)
def test_rows_stay_inside_their_tables(words: list[str], sizes: list[int]) -> None:
    rows = _core.feature_rows(doc_of(*words), DEFAULT, sizes)
    assert rows.shape == (len(words), 7, 4)
    assert (rows >= 0).all()
    assert (rows < np.array(sizes)[None, :, None]).all()


def test_rows_are_spread_evenly() -> None:
    rows = _core.feature_rows(doc_of(*(f"w{k}" for k in range(4000))), FEATURES, [100] * 4)
    for k in range(4):
        counts = np.bincount(rows[:, 0, k], minlength=100)
        assert counts.min() > 10
        assert counts.max() < 90


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        (([0], [3], 4), "prefix_lengths: found 0, expected 1 to 8"),
        (([1], [9], 4), "suffix_lengths: found 9, expected 1 to 8"),
        (([1], [3, 2, 3], 4), "suffix_lengths: found 3 twice"),
        (([1], [3], 1000), "shape_run: found 1000"),
    ],
)
def test_lengths_are_checked(lengths: tuple[list[int], list[int], int], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        _core.FeatureSettings(*lengths)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([0, 1, 1, 1], "rows of norm: found 0"),
        ([1, 1, -1, 1], "rows of suffix3: found -1"),
        ([1, 1, 1], "found 3 numbers, expected 4"),
        ([], "found 0 numbers"),
    ],
)
def test_numbers_of_rows_are_checked(rows: list[int], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        _core.feature_rows(doc_of("a"), FEATURES, rows)
