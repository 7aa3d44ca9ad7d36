"""Examples in, batches of about so many words out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from treelet.settings import TrainingSettings
from treelet.training.examples import Example


def batch_sizes(settings: TrainingSettings) -> Iterator[float]:
    """Words wanted in each batch: growing by a constant factor from batch_start to batch_stop."""
    size = float(settings.batch_start)
    while True:
        yield size
        size = min(size * settings.batch_growth, float(max(settings.batch_stop, settings.batch_start)))


def epoch_batches(
    examples: Sequence[Example], sizes: Iterator[float], random: np.random.Generator
) -> Iterator[list[Example]]:
    """One pass over the examples in random order; a batch ends with the example that fills it."""
    batch: list[Example] = []
    words, wanted = 0, next(sizes)
    for number in random.permutation(len(examples)):
        batch.append(examples[number])
        words += len(examples[number])
        if words >= wanted:
            yield batch
            batch, words, wanted = [], 0, next(sizes)
    if batch:
        yield batch
