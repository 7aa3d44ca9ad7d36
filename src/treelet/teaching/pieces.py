"""A long lesson in, shorter ones out: so that batches stay near the size that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from treelet.teaching.lessons import Ints, Lesson

INSIDE = 1  # of Lesson.iob


def pieces(lesson: Lesson, most_words: int) -> list[Lesson]:
    """The lesson in pieces of at most `most_words` words (0: uncut), each as long as can be.

    Cuts fall before a sentence start where there is one, else where they part no entity, else where a piece
    is full; heads beyond a cut become missing.
    """
    if not most_words or len(lesson) <= most_words:
        return [lesson]
    cuts = list(_cuts(lesson, most_words))
    return [part(lesson, begin, end) for begin, end in pairwise([0, *cuts, len(lesson)])]


def _cuts(lesson: Lesson, most_words: int) -> Iterator[int]:
    n = len(lesson)
    starts = np.zeros(n, bool) if lesson.sent_starts is None else lesson.sent_starts == 1
    whole = np.ones(n, bool) if lesson.iob is None else lesson.iob != INSIDE
    begin = 0
    while n - begin > most_words:
        span = slice(begin + 1, begin + most_words + 1)
        for allowed in (starts & whole, whole, np.ones(n, bool)):
            if allowed[span].any():
                begin += 1 + int(np.flatnonzero(allowed[span])[-1])
                break
        yield begin


def part(lesson: Lesson, begin: int, end: int) -> Lesson:
    """The words from `begin` to before `end`; heads beyond them become missing."""

    def of(column: Ints) -> Ints:
        return column[begin:end]

    heads = None
    if lesson.heads is not None:
        kept = lesson.heads[begin:end] - np.int32(begin)
        heads = np.where((kept >= 0) & (kept < end - begin), kept, np.int32(-1))
    wrong = None
    if lesson.wrong is not None:
        inside = (lesson.wrong[:, 0] >= begin) & (lesson.wrong[:, 1] < end)
        wrong = lesson.wrong[inside] - np.array([begin, begin, 0], np.int32)
    return Lesson(
        types=of(lesson.types),
        tags={name: of(numbers) for name, numbers in lesson.tags.items()},
        heads=heads,
        deprels=None if lesson.deprels is None else lesson.deprels[begin:end],
        sent_starts=None if lesson.sent_starts is None else lesson.sent_starts[begin:end],
        gaps=None if lesson.gaps is None else of(lesson.gaps),
        gap_starts=None if lesson.gap_starts is None else lesson.gap_starts[begin:end],
        iob=None if lesson.iob is None else lesson.iob[begin:end],
        entities=None if lesson.entities is None else lesson.entities[begin:end],
        wrong=wrong if wrong is not None and len(wrong) else None,
    )
