"""Words in, what a network is to say of each when it sees the others alone out: characters, or its vector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from treelet.teaching.static_vectors import StaticVectors
from treelet.teaching.word_types import Ints

CLASSES = 256
"""A word that is too short, each of the most frequent characters, and any other character."""
SHORT, OTHER = 0, CLASSES - 1


class Objective(Protocol):
    """What is to be said of a hidden word."""

    name: str
    measure: str  # what `compare` gives beside the loss, at most 1
    outputs: int  # numbers that are predicted of a word

    def read(self, words: Sequence[str]) -> None:
        """All the words that there are; the number of a word's type is its place among them."""

    def compare(self, predicted: Tensor, types: Ints) -> tuple[Tensor, Tensor]:
        """Mean loss, and mean measure, of predictions (words, outputs) for words of these types."""


class Characters:
    """The first and the last characters of the word, each by a softmax."""

    name, measure = "characters", "accuracy"

    def __init__(self, ends: int = 4) -> None:
        """ends: how many characters, from the first on and up to the last."""
        self._ends, self.outputs = ends, 2 * ends * CLASSES
        self.targets = torch.zeros((0, 2 * ends), dtype=torch.int64)

    def read(self, words: Sequence[str]) -> None:
        """Which characters are frequent is counted in distinct words."""
        counts = Counter(character for word in words for character in word)
        ranked = sorted(counts, key=lambda character: (-counts[character], character))[: CLASSES - 2]
        classes = {character: number for number, character in enumerate(ranked, SHORT + 1)}
        targets = np.full((len(words), 2 * self._ends), SHORT, np.int64)
        for row, word in zip(targets, words, strict=True):
            numbers = [classes.get(character, OTHER) for character in word]
            first, last = numbers[: self._ends], numbers[: -self._ends - 1 : -1]
            row[: len(first)], row[self._ends : self._ends + len(last)] = first, last
        self.targets = torch.from_numpy(targets)

    def compare(self, predicted: Tensor, types: Ints) -> tuple[Tensor, Tensor]:
        """Cross entropy of a character, and the share of characters that are right."""
        scores = predicted.view(-1, CLASSES)
        wanted = self.targets[types].view(-1).to(scores.device)
        return functional.cross_entropy(scores, wanted), (scores.argmax(1) == wanted).float().mean()


class WordVectors:
    """The direction of the word's static vector; words that have none are not counted."""

    name, measure = "vectors", "cosine"

    def __init__(self, vectors: StaticVectors) -> None:
        self._vectors, self.outputs = vectors, vectors.table.shape[1]
        self.targets = torch.zeros((0, self.outputs))

    def read(self, words: Sequence[str]) -> None:
        """Look the vectors up."""
        self.targets = functional.normalize(torch.from_numpy(self._vectors.of(words)))

    def compare(self, predicted: Tensor, types: Ints) -> tuple[Tensor, Tensor]:
        """1 - cosine, and the cosine."""
        wanted = self.targets[types].to(predicted.device)
        known = (wanted != 0).any(1)
        cosines = functional.cosine_similarity(predicted, wanted)
        mean = (cosines * known).sum() / known.sum().clamp(min=1)
        return 1 - mean, mean.detach()
