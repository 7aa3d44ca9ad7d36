"""A long example in, shorter ones out: so that batches stay near the size that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from treelet.training.examples import Example, Ints

INSIDE = 1  # of Example.iob


def pieces(example: Example, most_words: int) -> list[Example]:
    """The example in pieces of at most `most_words` words (0: uncut), each as long as can be.

    Cuts fall before a sentence start where there is one, else where they part no entity, else where a piece
    is full; heads beyond a cut become missing.
    """
    if not most_words or len(example) <= most_words:
        return [example]
    cuts = list(_cuts(example, most_words))
    return [_part(example, begin, end) for begin, end in pairwise([0, *cuts, len(example)])]


def _cuts(example: Example, most_words: int) -> Iterator[int]:
    n = len(example)
    starts = np.zeros(n, bool) if example.sent_starts is None else example.sent_starts == 1
    whole = np.ones(n, bool) if example.iob is None else example.iob != INSIDE
    begin = 0
    while n - begin > most_words:
        span = slice(begin + 1, begin + most_words + 1)
        for allowed in (starts & whole, whole, np.ones(n, bool)):
            if allowed[span].any():
                begin += 1 + int(np.flatnonzero(allowed[span])[-1])
                break
        yield begin


def _part(example: Example, begin: int, end: int) -> Example:
    def of(column: Ints) -> Ints:
        return column[begin:end]

    heads = None
    if example.heads is not None:
        kept = example.heads[begin:end] - np.int32(begin)
        heads = np.where((kept >= 0) & (kept < end - begin), kept, np.int32(-1))
    wrong = None
    if example.wrong is not None:
        inside = (example.wrong[:, 0] >= begin) & (example.wrong[:, 1] < end)
        wrong = example.wrong[inside] - np.array([begin, begin, 0], np.int32)
    return Example(
        types=of(example.types),
        tags={name: of(numbers) for name, numbers in example.tags.items()},
        heads=heads,
        deprels=None if example.deprels is None else example.deprels[begin:end],
        sent_starts=None if example.sent_starts is None else example.sent_starts[begin:end],
        gaps=None if example.gaps is None else of(example.gaps),
        gap_starts=None if example.gap_starts is None else example.gap_starts[begin:end],
        iob=None if example.iob is None else example.iob[begin:end],
        entities=None if example.entities is None else example.entities[begin:end],
        wrong=wrong if wrong is not None and len(wrong) else None,
    )
