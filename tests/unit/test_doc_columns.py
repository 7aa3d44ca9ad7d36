"""treelet._core.Doc: every column word by word and whole, every index and value checked."""

import numpy as np
import pytest

from treelet._core import Doc
from treelet.errors import TextError

LABEL_COLUMNS = ["upos", "xpos", "feats", "deprel", "ent_type"]


@pytest.fixture
def doc() -> Doc:
    return Doc.from_tokens("\n", ["No", "fim", "."], [["em", "o"], [], ["."]], [" ", "", "\n"])


def test_text_columns(doc: Doc) -> None:
    assert doc.text == "\nNo fim.\n"
    assert len(doc) == 4
    assert doc.word_column() == ["em", "o", "fim", "."]
    assert "".join(doc.surface_column()) == "Nofim."
    assert doc.whitespace_column() == ["", " ", "", "\n"]
    assert doc.leading_whitespace() == "\n"
    assert doc.part_column() == [1, 2, 0, 0]
    assert [doc.has_form(i) for i in range(4)] == [True, False, False, False]
    assert doc.char_starts() == [1, 2, 4, 7]
    assert doc.char_ends() == [2, 3, 7, 8]


@pytest.mark.parametrize("name", LABEL_COLUMNS)
def test_label_columns(doc: Doc, name: str) -> None:
    get, set_one = getattr(doc, name), getattr(doc, f"set_{name}")
    column, set_column = getattr(doc, f"{name}_column"), getattr(doc, f"set_{name}_column")
    ids, labels = getattr(doc, f"{name}_ids"), getattr(doc, f"{name}_labels")
    assert column() == [None] * 4
    assert not getattr(doc, f"has_{name}")()
    assert ids().tolist() == [-1] * 4
    set_one(2, "B")
    set_one(0, "")
    assert column() == ["", None, "B", None]
    assert getattr(doc, f"has_{name}")()
    set_one(2, None)
    assert get(2) is None
    set_column(["x", None, "y", "x"])
    assert column() == ["x", None, "y", "x"]
    assert ids().tolist() == [0, -1, 1, 0]
    assert ids().dtype == np.int32
    assert labels() == ["x", "y"]
    ids()[:] = 7  # a copy
    assert get(0) == "x"
    getattr(doc, f"set_{name}_ids")(np.array([1, 1, -1, 0], dtype=np.int32), ["p", "q"])
    assert column() == ["q", "q", None, "p"]
    set_column(None)
    assert column() == [None] * 4


def test_a_copy_does_not_share_labels(doc: Doc) -> None:
    doc.set_upos(0, "A")
    other = doc.copy()
    other.set_upos(1, "B")
    doc.set_upos(1, "C")
    assert (doc.upos_column()[:2], other.upos_column()[:2]) == (["A", "C"], ["A", "B"])


def test_many_new_labels_take_linear_time() -> None:
    n = 50_000
    doc = Doc.from_tokens("", ["x"] * n, [[]] * n, [" "] * n)
    for i in range(n):
        doc.set_xpos(i, str(i))
    assert doc.xpos(n - 1) == str(n - 1)


def test_number_columns(doc: Doc) -> None:
    doc.set_head_column([0, 0, -1, 2])
    assert doc.heads().tolist() == [0, 0, -1, 2]
    assert doc.head(2) == -1
    doc.set_head(2, 3)
    assert doc.head_column() == [0, 0, 3, 2]
    doc.set_iob(1, 3)
    assert doc.iobs().tolist() == [0, 3, 0, 0]
    doc.set_sent_start(0, 1)
    assert doc.sent_starts().tolist() == [1, 0, 0, 0]
    assert doc.sent_starts().dtype == np.int8
    doc.set_head_column(None)
    assert not doc.has_head()
    assert doc.heads().tolist() == [-1] * 4


def test_lemmas(doc: Doc) -> None:
    doc.set_lemma(1, "o")
    doc.set_lemma(1, "longer")
    assert doc.lemma_column() == [None, "longer", None, None]
    doc.set_lemma_column(["a", "", None, "d\udc80"])
    assert doc.lemma_column() == ["a", "", None, "d\udc80"]


@pytest.mark.parametrize("word", [-1, 4, 10**12])
def test_every_index_is_checked(doc: Doc, word: int) -> None:
    for name in [
        "surface",
        "word",
        "whitespace",
        "part",
        "has_form",
        "lemma",
        "head",
        "iob",
        "sent_start",
        *LABEL_COLUMNS,
    ]:
        with pytest.raises(IndexError):
            getattr(doc, name)(word)
    for name, value in [
        ("lemma", "x"),
        ("head", 0),
        ("iob", 1),
        ("sent_start", 1),
        ("upos", "X"),
        ("upos", None),
    ]:
        with pytest.raises(IndexError):
            getattr(doc, f"set_{name}")(word, value)


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("set_head_column", [0, 0, 0]),
        ("set_head_column", [0, 0, 0, 4]),
        ("set_head_column", [0, 0, 0, -2]),
        ("set_iob_column", [4, 0, 0, 0]),
        ("set_sent_start_column", [2, 0, 0, 0]),
        ("set_upos_column", ["A"]),
        ("set_lemma_column", ["A"] * 5),
    ],
)
def test_columns_that_do_not_fit(doc: Doc, call: str, value: list[object]) -> None:
    with pytest.raises(TextError):
        getattr(doc, call)(value)


def test_values_that_do_not_fit(doc: Doc) -> None:
    for call, value in [("set_head", 4), ("set_head", -2), ("set_iob", 9), ("set_sent_start", -3)]:
        with pytest.raises(TextError):
            getattr(doc, call)(0, value)
    with pytest.raises(TypeError):
        doc.set_upos_column([1, 2, 3, 4])
    ids = np.array([0, 0, 0, 1], dtype=np.int32)
    for bad_ids, labels in [(ids, ["a"]), (ids[:3], ["a", "b"]), (ids, ["a", "a"]), (-2 - ids, ["a", "b"])]:
        with pytest.raises(TextError):
            doc.set_upos_ids(bad_ids, labels)


def test_tokens_that_cannot_be() -> None:
    for tokens in [
        ("", [""], [[]], [""]),
        ("", ["a"], [["b", ""]], [""]),
        ("", ["a"], [], [""]),
        ("", ["a"], [[]], ["b"]),
    ]:
        with pytest.raises(TextError):
            Doc.from_tokens(*tokens)


def test_added_tokens_are_not_annotated(doc: Doc) -> None:
    doc.set_upos(0, "A")
    doc.set_lemma(0, "a")
    doc.set_head_column([0, 1, 2, 3])
    doc.set_iob(0, 2)
    doc.set_sent_start(0, 1)
    doc.add_token("da", ["de", "a"], "")
    assert len(doc) == 6
    assert doc.upos_column()[4:] == [None, None]
    assert doc.lemma_column()[4:] == [None, None]
    assert doc.head_column()[4:] == [-1, -1]
    assert doc.iob_column()[4:] == [0, 0]
    assert doc.sent_start_column()[4:] == [0, 0]


def test_offsets_must_follow_one_another() -> None:
    made = Doc.from_offsets("ab  ça", [0, 1, 4], [1, 2, 6], [1, 2, 0], ["x", None, None])
    assert made.surface_column() == ["a", "b", "ça"]
    assert made.word_column() == ["x", "b", "ça"]
    for starts, ends in [
        ([0, 0], [1, 2]),
        ([1, 0], [2, 1]),
        ([0, 3], [1, 2]),
        ([0, 2], [1, 99]),
        ([-1, 2], [1, 3]),
    ]:
        with pytest.raises(TextError):
            Doc.from_offsets("abcd", starts, ends, [0, 0], [None, None])
