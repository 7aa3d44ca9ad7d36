"""Raw documents in, a better encoder out: it learns to tell words that are hidden from the words around them.

Masking is that of BERT (Devlin et al. 2019, section 3.1), on the words that the encoder sees: of the words
that are chosen, 80 % are replaced by a mask, 10 % by another word, 10 % stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from treelet.doc import Doc
from treelet.networks.device import PROCESSOR, Device
from treelet.networks.encoder import Drop, WordFeatures
from treelet.networks.layers import MaxoutNorm
from treelet.networks.network import Network
from treelet.settings import ANNOTATORS, Settings
from treelet.teaching.labels import Labels
from treelet.teaching.learner import Learner
from treelet.teaching.lessons import Lesson
from treelet.teaching.objectives import Objective
from treelet.teaching.static_vectors import StaticVectors
from treelet.teaching.teacher import Teacher
from treelet.teaching.word_types import Ints, WordTypes

MASK = "\ue000"
"""The word that stands for hidden ones: a character for private use, with rows of its own in most tables."""
HIDDEN, PIECES = 300, 3
"""Units of the layer between encoder and prediction, and their pieces."""


@dataclass(frozen=True)
class Masking:
    """Which words are predicted, and what is seen in their place."""

    share: float = 0.15  # of words that are predicted
    masked: float = 0.8  # of those, the share that the mask replaces
    swapped: float = 0.1  # and the share that other words of the batch replace

    def apply(self, types: Ints, mask: int, random: np.random.Generator) -> tuple[Ints, Ints]:
        """Types that are seen, and places of the words to predict, at least one; mask: the type of MASK."""
        places = np.flatnonzero(random.random(len(types)) < self.share)
        if not len(places):
            places = random.integers(len(types), size=1)
        seen, fate = types.copy(), random.random(len(places))
        seen[places[fate < self.masked]] = mask
        others = places[(fate >= self.masked) & (fate < self.masked + self.swapped)]
        seen[others] = types[random.integers(len(types), size=len(others))]
        return seen, places


class Predictor(nn.Module):
    """Token vectors (words, width) to predictions (words, outputs)."""

    def __init__(self, width: int, outputs: int) -> None:
        super().__init__()
        self.hidden = MaxoutNorm(width, HIDDEN, PIECES)
        self.output = nn.Linear(HIDDEN, outputs)

    def forward(self, vectors: Tensor) -> Tensor:
        """Their scores, or a vector."""
        found: Tensor = self.output(self.hidden(vectors))
        return found


class MaskTeacher(Teacher):
    """The loss of a batch is that of its hidden words."""

    def __init__(
        self, settings: Settings, types: WordTypes, objective: Objective, masking: Masking, device: Device
    ) -> None:
        super().__init__(settings, Labels(), types, device)
        self.objective, self._masking, self._words = objective, masking, types
        self.mask = int(types.add(Doc([MASK]))[0])
        self.network.add_module("predictor", Predictor(settings.encoder.width, objective.outputs))
        self.network.to(device.place)

    def losses(
        self, batch: Sequence[Lesson], seed: int, passes: float = 0.0, dropout: float | None = None
    ) -> dict[str, Tensor]:
        """Mean loss of the hidden words by the objective's name; passes: makes no difference."""
        training = self.settings.training
        drop = Drop(training.dropout if dropout is None else dropout, training.word_dropout)
        return {self.objective.name: self.compare(self.network, batch, (self._masking, seed), drop)[0]}

    def compare(
        self, network: Network, batch: Sequence[Lesson], masking: tuple[Masking, int], drop: Drop
    ) -> tuple[Tensor, Tensor]:
        """Mean loss and measure of a batch's hidden words; masking: how, and by which seed."""
        types = np.concatenate([lesson.types for lesson in batch])
        seen, places = masking[0].apply(types, self.mask, np.random.default_rng(masking[1]))
        return self.objective.compare(self.predict(network, batch, (seen, places), drop), types[places])

    def predict(
        self, network: Network, batch: Sequence[Lesson], seen: tuple[Ints, Ints], drop: Drop
    ) -> Tensor:
        """Predictions (places, outputs). seen: types in the place of the batch's own, and places."""
        distinct, index = np.unique(seen[0], return_inverse=True)
        documents = np.repeat(np.arange(len(batch)), [len(lesson) for lesson in batch])
        words = [self._words.rows(distinct), self._words.static(distinct)]
        with self.device.functions():
            features = WordFeatures(*(torch.from_numpy(each).to(self.device.place) for each in words))
            where = (torch.from_numpy(each).to(self.device.place) for each in (index, documents, seen[1]))
            types, numbers, places = where
            vectors = network.encoder(features, types, numbers, drop)
            found: Tensor = network.get_submodule("predictor")(vectors[places])
        return found


class Pretrainer(Learner):
    """An encoder that is being taught by raw text; `step` is that of every Learner."""

    teacher: MaskTeacher

    def __init__(
        self,
        settings: Settings,
        objective: Objective,
        masking: Masking,
        vectors: StaticVectors | None = None,
        device: Device = PROCESSOR,
    ) -> None:
        """vectors: static vectors that the encoder reads. Errors are those of Learner."""
        self._objective, self._masking = objective, masking
        super().__init__(encoder_alone(settings), Labels(), vectors, device)

    def _make_teacher(self) -> MaskTeacher:
        return MaskTeacher(self.settings, self._types, self._objective, self._masking, self.device)

    def read(self, docs: Iterable[Doc]) -> list[Lesson]:
        """Lessons of all documents that there will be; each is let go as soon as it has been numbered."""
        found = [lesson for doc in docs for lesson in self.lessons([doc])]
        self._objective.read(self._types.words())
        return found

    @torch.no_grad()
    def evaluate(self, batches: Sequence[Sequence[Lesson]]) -> tuple[float, float]:
        """Loss and measure of the averaged parameters; hidden words are all masked, always the same ones."""
        network, sums, words = self.optimizer.average.eval(), np.zeros(2), 0
        masking = replace(self._masking, masked=1.0, swapped=0.0)
        for number, batch in enumerate(batches):
            with self._arithmetic():
                found = self.teacher.compare(network, batch, (masking, number), Drop())
            taken = sum(map(len, batch))
            sums, words = sums + [value.item() * taken for value in found], words + taken
        return float(sums[0] / words), float(sums[1] / words)

    def encoder_arrays(self) -> dict[str, Any]:
        """The averaged parameters of the encoder alone, by their names in a package."""
        names = self.network.arrays()
        return {name: array for name, array in self.arrays().items() if name in names}


def encoder_alone(settings: Settings) -> Settings:
    """The same settings without annotators."""
    return replace(settings, pipeline=[], **dict.fromkeys(ANNOTATORS))  # type: ignore[arg-type]
