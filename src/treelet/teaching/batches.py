"""Examples in, batches of about so many words out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from treelet.settings import TrainingSettings
from treelet.teaching.lessons import Lesson


def batch_sizes(settings: TrainingSettings) -> Iterator[float]:
    """Words wanted in each batch: growing by a constant factor from batch_start to batch_stop."""
    size = float(settings.batch_start)
    while True:
        yield size
        size = min(size * settings.batch_growth, float(max(settings.batch_stop, settings.batch_start)))


def epoch_batches(
    lessons: Sequence[Lesson], sizes: Iterator[float], random: np.random.Generator
) -> Iterator[list[Lesson]]:
    """One pass over the lessons in random order; a batch ends with the lesson that fills it."""
    batch: list[Lesson] = []
    words, wanted = 0, next(sizes)
    for number in random.permutation(len(lessons)):
        batch.append(lesson := lessons[number])
        words += len(lesson)
        if words >= wanted:
            yield batch
            batch, words, wanted = [], 0, next(sizes)
    if batch:
        yield batch


def share_of(batch: Sequence[Lesson], rank: int, size: int) -> list[Lesson]:
    """What one of `size` processes teaches of a batch: whole lessons in order, about as many words as any.

    May be empty: a batch may have fewer lessons than there are processes.
    """
    loads, taker = [0] * size, [0] * len(batch)
    for number in sorted(range(len(batch)), key=lambda number: -len(batch[number])):  # the longest first
        taker[number] = loads.index(min(loads))
        loads[taker[number]] += len(batch[number])
    return [lesson for lesson, taken_by in zip(batch, taker, strict=True) if taken_by == rank]


def most_in_batch(lessons: Sequence[Lesson], settings: TrainingSettings) -> int:
    """Words of the largest batch that there can be: a word is missing, and the longest lesson comes."""
    lengths = [len(lesson) for lesson in lessons]
    return min(settings.batch_stop - 1 + max(lengths, default=0), sum(lengths))
