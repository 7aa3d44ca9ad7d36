"""Gold documents in, better parameters out, a batch at a time: what nlp.update and a training run share."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from treelet.annotators.shapes import calibration_shapes
from treelet.doc import Doc
from treelet.errors import SettingsError, TrainingError
from treelet.networks.device import PROCESSOR, Device
from treelet.networks.products import multiplied_in
from treelet.networks.transformer import Pretrained, Transformer
from treelet.settings import Settings, TransformerSettings, settings_for_teaching
from treelet.teaching.augmentation import Augmentation
from treelet.teaching.device_optimizer import make_optimizer
from treelet.teaching.growth import take_over
from treelet.teaching.labels import Labels, usable_labels
from treelet.teaching.lessons import Lesson, LessonMaker
from treelet.teaching.memory import check_network
from treelet.teaching.pieces import pieces
from treelet.teaching.schedule import Schedule
from treelet.teaching.static_vectors import StaticVectors
from treelet.teaching.teacher import Teacher
from treelet.teaching.transformer_optimizer import TransformerOptimizer
from treelet.teaching.word_types import WordTypes


class Learner:
    """A network that is being taught, with all that teaching it takes. Not for several threads at once."""

    def __init__(
        self,
        settings: Settings,
        labels: Labels,
        vectors: StaticVectors | None = None,
        device: Device = PROCESSOR,
        pretrained: Pretrained | None = None,
    ) -> None:
        """A new network; the seed of the settings fixes its parameters.

        pretrained: a transformer that is taught with it, as the settings' `transformer` says.

        Raises SettingsError for settings that cannot work, TrainingError for label sets that lack what they
        ask for.
        """
        with_it = settings.transformer or TransformerSettings()
        settings = replace(settings, transformer=None if pretrained is None else with_it)
        settings = settings_for_teaching(settings, vectors is not None)
        labels = usable_labels(labels, settings)
        check_network(settings, labels)
        self.settings, self.labels, self.vectors, self.device = settings, labels, vectors, device
        self._types = WordTypes(settings, vectors)
        with self._random(settings.training.seed):
            self.transformer: Transformer | None = None
            if pretrained is not None and settings.transformer is not None:
                width = settings.encoder.width
                self.transformer = Transformer(pretrained, settings.transformer, width).to(device.place)
            self.teacher = self._make_teacher()
        self.network = self.teacher.network
        parser_labels = self.teacher.system.labels if self.teacher.system else []
        self._maker = LessonMaker(settings, labels, parser_labels, self._types)
        self.frozen: tuple[str, ...] = ()
        self._augmentation: Augmentation | None = None
        self._untaught: dict[str, npt.NDArray[Any]] = {}  # calibration of a package that was taken over
        self.plan_words(None)

    def _make_teacher(self) -> Teacher:
        return Teacher(self.settings, self.labels, self._types, self.device, self.transformer)

    def plan_words(self, words: int | None) -> None:
        """Begin anew with steps whose size falls over so many words; None: it never falls."""
        training = self.settings.training
        self.optimizer = make_optimizer(self.network, training, Schedule(training, words), self.device)
        self.transformer_optimizer: TransformerOptimizer | None = None
        if self.transformer is not None:
            schedule = self.optimizer.schedule
            self.transformer_optimizer = TransformerOptimizer(self.transformer, training, schedule)
        self.freeze(self.frozen)

    def lessons(self, docs: Iterable[Doc]) -> list[Lesson]:
        """What `step` takes: documents as numbers, long ones in pieces. Raises TrainingError."""
        most_words = self.settings.training.most_words
        found = [piece for lesson in self._maker.make(docs) for piece in pieces(lesson, most_words)]
        if self._augmentation is not None:
            self._augmentation.cover()
        return found

    def augmentation(self) -> Augmentation:
        """What changes lessons from pass to pass; lessons may be made before and after."""
        if self._augmentation is None:
            self._augmentation = Augmentation(self.settings.training, self._types, self.labels.trees)
        return self._augmentation

    def freeze(self, names: Collection[str]) -> None:
        """Leave "encoder", or annotators, as they are from now on, and nothing else.

        A frozen annotator still teaches an encoder that is not frozen. Raises SettingsError for a name that
        the pipeline does not have.
        """
        known = ("encoder", *self.settings.annotators())
        for name in names:
            if name not in known:
                raise SettingsError(f"freeze: {name!r} is not in this pipeline: {', '.join(known)}")
        self.frozen = tuple(name for name in known if name in names)
        self.optimizer.freeze([p for name in self.frozen for p in self.network.parameters_of(name)])

    def step(
        self,
        batch: Sequence[Lesson],
        seed: int,
        passes: float = 0.0,
        dropout: float | None = None,
        rate: float | None = None,
    ) -> dict[str, float]:
        """One update of the parameters by a batch; the losses per word, by annotator.

        seed: of all that is left to chance; passes: over the data so far; dropout, rate: in the place of the
        settings'. Raises TrainingError when a loss is not finite: the parameters then are as before.
        """
        self.network.train()
        if self.transformer is not None:
            self.transformer.train()
        with self._random(seed), self._arithmetic():
            values = self._gradients(batch, seed, passes, dropout)
            self.optimizer.step(sum(map(len, batch)), rate)
            if self.transformer_optimizer is not None:
                self.transformer_optimizer.step()
        return values

    def _gradients(
        self, batch: Sequence[Lesson], seed: int, passes: float, dropout: float | None
    ) -> dict[str, float]:
        """Leave the gradients of a batch; the losses per word."""
        losses = self.teacher.losses(batch, seed, passes, dropout)
        values = {name: loss.item() for name, loss in losses.items()}
        for name, value in values.items():
            if not math.isfinite(value):
                raise TrainingError(
                    f"the loss of {name} is {value}: teaching has diverged; lower training.learning_rate "
                    f"({self.settings.training.learning_rate}) or training.gradient_clip"
                )
        if taught := [loss for loss in losses.values() if loss.requires_grad]:
            torch.stack(taught).sum().backward()
        return values

    def update(
        self, batch: Sequence[Lesson], dropout: float | None = None, rate: float | None = None
    ) -> dict[str, float]:
        """A step outside of a planned run: seeds follow from the steps so far, and walks explore."""
        seeds = np.random.default_rng((self.settings.training.seed, self.optimizer.schedule.steps))
        return self.step(batch, int(seeds.integers(2**31)), math.inf, dropout, rate)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The averaged parameters, and static vectors, by their names in a package."""
        average = self.optimizer.average.arrays()
        found = {name: array.cpu().numpy().copy() for name, array in average.items()}
        return {**found, **(self.vectors.arrays() if self.vectors else {}), **self._untaught}

    def transformer_files(self) -> dict[str, bytes]:
        """What a package holds of the averaged transformer, by file name; nothing without one."""
        return {} if self.transformer_optimizer is None else self.transformer_optimizer.average.files()

    def state(self) -> dict[str, npt.NDArray[np.float32]]:
        """All numbers that the next steps depend on, but for the schedule: copies, by name."""
        parts = (self.optimizer, self.transformer_optimizer)
        return {name: array for part in parts if part is not None for name, array in part.state().items()}

    def restore(self, state: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Go on from what `state` gave. Sizes are checked by whoever read it."""
        for part in (self.optimizer, self.transformer_optimizer):
            if part is not None:
                part.restore(state)

    def take_over(self, arrays: Mapping[str, npt.NDArray[Any]], labels: Mapping[str, Sequence[str]]) -> None:
        """Start from the weights of a package with these label sets, wherever names and labels are the same.

        New labels start as the mean of the old ones of their kind; all else that is new keeps its own first
        values. Teaching begins anew.
        """
        take_over(self.teacher, arrays, labels)
        wanted = calibration_shapes(self.settings)
        self._untaught = {name: array for name, array in arrays.items() if name in wanted}
        self.plan_words(self.optimizer.schedule.words)

    @contextmanager
    def _random(self, seed: int) -> Iterator[None]:
        """PyTorch's random numbers follow this seed inside, and are as before afterwards."""
        if self.device.place.type == "cuda":
            with torch.random.fork_rng([self.device.place]):
                torch.manual_seed(seed)
                yield
            return
        before = torch.get_rng_state()
        torch.default_generator.manual_seed(seed)
        try:
            yield
        finally:
            torch.set_rng_state(before)

    @contextmanager
    def _arithmetic(self) -> Iterator[None]:
        """As many threads and the precision that the settings say, and no denormal numbers, inside."""
        training = self.settings.training
        before, wanted = torch.get_num_threads(), training.threads
        if before != wanted:
            torch.set_num_threads(wanted)
        torch.set_flush_denormal(True)
        try:
            with multiplied_in(training.precision):
                yield
        finally:
            torch.set_flush_denormal(False)
            if before != wanted:
                torch.set_num_threads(before)
