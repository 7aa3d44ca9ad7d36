"""Long lessons cut into shorter ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treelet.teaching.lessons import Lesson
from treelet.teaching.pieces import pieces


def lesson(n: int, starts: list[int], inside: list[int]) -> Lesson:
    """Words in sentences, each word headed by the first word of its sentence."""
    sent_starts = np.full(n, -1, np.int8)
    sent_starts[[0, *starts]] = 1
    firsts = np.maximum.accumulate(np.where(sent_starts == 1, np.arange(n), 0)).astype(np.int32)
    iob = np.full(n, 2, np.uint8)
    iob[inside] = 1
    return Lesson(
        types=np.arange(n),
        tags={"tagger": np.arange(n) * 2},
        heads=firsts,
        deprels=np.zeros(n, np.int32),
        sent_starts=sent_starts,
        gaps=np.stack([np.arange(n), np.arange(n)], axis=1),
        gap_starts=sent_starts,
        iob=iob,
        entities=np.zeros(n, np.int32),
    )


def test_cuts_fall_before_sentences() -> None:
    parts = pieces(lesson(10, [3, 5, 8], []), 6)
    assert [len(part) for part in parts] == [5, 5]
    assert [part.types[0] for part in parts] == [0, 5]
    assert parts[1].heads is not None
    assert parts[1].heads.tolist() == [0, 0, 0, 3, 3]


def test_a_long_sentence_is_cut_where_no_entity_is_parted() -> None:
    parts = pieces(lesson(9, [], [4, 5]), 5)
    assert [len(part) for part in parts] == [3, 5, 1]
    assert parts[1].heads is not None
    assert (parts[1].heads == -1).all()


def test_zero_cuts_nothing() -> None:
    whole = lesson(9, [2], [])
    assert pieces(whole, 0) == [whole]
    assert pieces(whole, 9) == [whole]


def test_spans_known_to_be_wrong_stay_where_they_are_whole() -> None:
    wrong = np.array([[0, 1, -1], [2, 3, 0], [4, 5, 1]], np.int32)
    first, second = pieces(replace(lesson(6, [3], []), wrong=wrong), 3)
    assert first.wrong is not None
    assert first.wrong.tolist() == [[0, 1, -1]]
    assert second.wrong is not None
    assert second.wrong.tolist() == [[1, 2, 1]]
    assert second.gaps is not None
    assert second.gaps[:, 0].tolist() == [3, 4, 5]


@given(st.integers(1, 40), st.integers(1, 12), st.data())
def test_pieces_join_to_the_whole(n: int, most: int, data: st.DataObject) -> None:
    words = st.lists(st.integers(1, max(1, n - 1)), unique=True)
    starts, inside = data.draw(words), data.draw(words)
    if n == 1:
        starts, inside = [], []
    whole = lesson(n, starts, inside)
    parts = pieces(whole, most)
    assert all(1 <= len(part) <= most for part in parts)
    assert np.concatenate([part.types for part in parts]).tolist() == whole.types.tolist()
    assert np.concatenate([part.tags["tagger"] for part in parts]).tolist() == whole.tags["tagger"].tolist()
    begin = 0
    for part in parts:
        assert part.heads is not None
        assert whole.heads is not None
        known = part.heads >= 0
        assert (part.heads[known] + begin == whole.heads[begin : begin + len(part)][known]).all()
        begin += len(part)


@pytest.mark.parametrize("columns", ["heads", "iob"])
def test_columns_that_are_missing_stay_so(columns: str) -> None:
    whole = lesson(9, [3, 6], [])
    bare = Lesson(
        types=whole.types,
        tags={},
        heads=whole.heads if columns == "heads" else None,
        deprels=whole.deprels if columns == "heads" else None,
        sent_starts=None,
        gaps=None,
        gap_starts=None,
        iob=whole.iob if columns == "iob" else None,
        entities=whole.entities if columns == "iob" else None,
    )
    parts = pieces(bare, 4)
    assert [len(part) for part in parts] == [4, 4, 1]
    assert all((part.heads is None) == (columns == "iob") for part in parts)
    assert all((part.iob is None) == (columns == "heads") for part in parts)
