"""Where a long document is cut, and that its segments are annotated as documents of their own."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import treelet
from random_package import save_random_package
from treelet import Doc, Pipeline, _core
from treelet.errors import SettingsError


@pytest.fixture(scope="module")
def nlp(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return treelet.load(save_random_package(tmp_path_factory.mktemp("package") / "p"))


def ends(words: list[str], most: int, starts: list[bool | None] | None = None) -> list[int]:
    return list(_core.segment_ends(Doc(words=words, sent_starts=starts).columns, most))


def test_short_documents_are_one_segment() -> None:
    assert ends([], 4) == []
    assert ends(["a"], 4) == [1]
    assert ends(["a"] * 4, 4) == [4]


def test_without_marks_a_segment_is_full() -> None:
    assert ends(["a"] * 10, 4) == [4, 8, 10]


def test_the_last_final_mark_in_the_second_half_ends_a_segment() -> None:
    assert ends(["a", ".", "b", ".", "c", "d", "e"], 6) == [4, 7]
    assert ends(["a", ".", "b", "c", "d", "e", "f"], 6) == [6, 7], "the first half is too short to end there"
    for mark in ("!", "?", "…", "。", "etc."):
        assert ends(["a", "b", "c", mark, "d", "e", "f"], 6) == [4, 7]


def test_preset_sentence_starts_come_before_marks() -> None:
    starts: list[bool | None] = [True, None, None, None, True, None, None, None]
    assert ends(["a", "b", "c", "d", "e", ".", "f", "g"], 6, starts) == [4, 8]


def test_no_cut_after_a_mark_where_no_sentence_starts() -> None:
    starts: list[bool | None] = [True, False, False, False, False, False, False, False]
    assert ends(["a", "b", "c", "d", ".", "e", "f", "g"], 6, starts) == [6, 8]


def test_marks_come_before_words_that_end_with_one() -> None:
    assert ends(["a", "b", "c", ".", "Mr.", "e", "f"], 6) == [4, 7]


def test_blank_lines_come_before_marks(nlp: Pipeline) -> None:
    doc = nlp.make_doc("a b c d\n\ne . f g")
    assert list(_core.segment_ends(doc.columns, 6)) == [4, 8]
    doc = nlp.make_doc("a b c d\ne . f g")
    assert list(_core.segment_ends(doc.columns, 6)) == [6, 8]


def test_a_segment_needs_two_words() -> None:
    with pytest.raises(SettingsError, match="found 1, expected at least 2"):
        ends(["a"], 1)


@hypothesis_settings(deadline=None, max_examples=200)
@given(
    words=st.lists(st.tuples(st.sampled_from(["a", ".", "b!"]), st.sampled_from([None, True, False]))),
    most=st.integers(2, 12),
)
def test_segments_cover_every_word_and_none_is_too_long(
    words: list[tuple[str, bool | None]], most: int
) -> None:
    found = ends([word for word, _ in words], most, [start for _, start in words])
    assert (found[-1:] or [0]) == [len(words)]
    sizes = [end - begin for begin, end in pairwise([0, *found])]
    assert all(0 < size <= most for size in sizes)
    assert all(2 * size > most for size in sizes[:-1])


@pytest.mark.parametrize("sentence", ["The dogs was running to Paris . ", "word ", "one two . three ! "])
def test_trees_and_entities_stay_in_their_segment(nlp: Pipeline, sentence: str) -> None:
    doc = nlp.make_doc(sentence * (20_000 // len(sentence.split())))
    found = list(_core.segment_ends(doc.columns))
    assert len(found) > 4
    nlp(doc)
    heads = doc.columns.heads().tolist()
    starts = doc.columns.sent_starts().tolist()
    for begin, end in pairwise([0, *found]):
        assert starts[begin] == 1
        assert all(begin <= head < end for head in heads[begin:end])
        assert doc.columns.iobs()[begin] != 1
    assert all(start in (1, -1) for start in starts)
    assert "" not in doc.columns.deprel_column()


@pytest.mark.parametrize("senter", [True, False])
def test_a_segment_is_annotated_as_a_document_of_its_own(tmp_path: Path, senter: bool) -> None:
    """Whatever stands beyond the cut: the same labels, lemmas, trees, entities and probabilities."""
    nlp = treelet.load(save_random_package(tmp_path / "p", senter={} if senter else None))
    random = Random(3)
    words = [random.choice(["The", "dogs", "was", "running", "to", "Paris", ".", '"']) for _ in range(1500)]
    whole = nlp(Doc(words=words))
    cut, end = _core.segment_ends(Doc(words=words).columns)
    assert cut < 1024
    assert end == 1500
    parts = [nlp(Doc(words=words[:cut])), nlp(Doc(words=words[cut:]))]
    for name in ("tag_", "pos_", "morph", "lemma_", "dep_", "ent_type_", "ent_iob_", "is_sent_start"):
        expected = [str(getattr(token, name)) for part in parts for token in part]
        assert [str(getattr(token, name)) for token in whole] == expected, name
    heads = [token.head.i + first for part, first in zip(parts, (0, cut), strict=True) for token in part]
    assert [token.head.i for token in whole] == heads
    for column in ("head_probability_column", "deprel_probability_column", "ent_probability_column"):
        found = [value for part in parts for value in getattr(part.columns, column)()]
        assert getattr(whole.columns, column)() == found


def test_presets_are_kept_in_every_segment(nlp: Pipeline) -> None:
    n = 9000
    starts = [i % 7 == 0 for i in range(n)]
    doc = nlp(Doc(words=["word"] * n, sent_starts=starts))
    assert [start == 1 for start in doc.columns.sent_starts().tolist()] == starts
    heads = doc.columns.heads().tolist()
    assert all(head // 7 == i // 7 for i, head in enumerate(heads))
    roots = [i // 7 for i, head in enumerate(heads) if head == i]
    assert roots == list(range(len(roots)))
