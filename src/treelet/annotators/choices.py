"""What a pipeline holds possible of tags: the likeliest labels of words, and their probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

OUTPUTS = {"xpos": "tagger", "upos": "upos", "feats": "feats", "trees": "lemmatizer"}
"""Label set of tags to the affine layer that scores it."""
MOST = 4
"""Labels that are told of a word."""


@dataclass(frozen=True)
class Choices:
    """Of words, for one label set.

    labels: int16 (words, MOST), numbers in the set, the likeliest first, -1 none;
    odds: float16 (words, MOST), their probabilities.
    """

    labels: npt.NDArray[np.int16]
    odds: npt.NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, begin: int, end: int) -> Choices:
        """Those of some of the words."""
        return Choices(self.labels[begin:end], self.odds[begin:end])

    def numbered(self, numbers: npt.NDArray[np.int16]) -> Choices:
        """The same by other numbers: new ones by old ones, -1 for labels that are not known there."""
        return Choices(np.append(numbers, np.int16(-1))[self.labels], self.odds)

    def drawn(self, labels: npt.NDArray[np.int64], random: np.random.Generator) -> npt.NDArray[np.int64]:
        """A label for each word by its probabilities; what stands in `labels` for the rest of them.

        Taught anew in each pass, that is in the mean what teaching the probabilities themselves would be.
        """
        ends = np.cumsum(self.odds.astype(np.float64), axis=1)
        at = (random.random(len(self))[:, None] >= ends).sum(axis=1)
        told = self.labels[np.arange(len(self)), np.minimum(at, MOST - 1)].astype(np.int64)
        return np.where((at < MOST) & (told >= 0) & (labels >= 0), told, labels)


def joined(parts: Sequence[Choices]) -> Choices:
    """Those of words behind each other."""
    labels, odds = [each.labels for each in parts], [each.odds for each in parts]
    return Choices(np.concatenate(labels), np.concatenate(odds))
