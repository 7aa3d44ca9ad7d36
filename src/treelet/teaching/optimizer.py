"""Gradients in, better parameters out: Adam with clipping, decay of the step size, and a running average."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from treelet import _core
from treelet.networks.network import Network
from treelet.settings import TrainingSettings
from treelet.teaching.schedule import Schedule

Array = npt.NDArray[np.float32]


class Optimizer:
    """Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019) on `network`.

    The network tells which rows of its tables it reads (networks/encoder.py, Lookups); the others wait for
    their steps.
    """

    def __init__(self, network: Network, settings: TrainingSettings, schedule: Schedule) -> None:
        self.network, self.schedule = network, schedule
        network.encoder.lookups = None  # of an earlier optimizer
        self._average = copy.deepcopy(network).eval() if settings.average else network
        self._settings = settings
        self._adam = _core.Adam()
        tables = {id(table) for table in network.encoder.tables}
        self._names = [name for name, _ in network.named_parameters()]
        self._parameters = list(network.parameters())
        self._averages = list(self._average.parameters())
        for parameter, average in zip(self._parameters, self._averages, strict=True):
            mean = _matrix(average) if settings.average else None
            self._adam.add(_matrix(parameter), mean, id(parameter) in tables)
        numbers = {id(parameter): number for number, parameter in enumerate(self._parameters)}
        self._tables = [numbers[id(table)] for table in network.encoder.tables]
        self.gradients = [torch.zeros_like(table) for table in network.encoder.tables]
        for table, gradient in zip(network.encoder.tables, self.gradients, strict=True):
            table.grad = gradient
        network.encoder.lookups = self

    def before(self, rows: Tensor) -> None:
        """The network is about to read these rows of its tables, int64 (types, tables, 4 hashes)."""
        for number, table in enumerate(self._tables):
            self._adam.look_up(table, rows[:, number].reshape(-1).numpy())

    @property
    def average(self) -> Network:
        """The running average of the parameters, or the parameters themselves, up to date."""
        self._adam.catch_up()
        return self._average

    def freeze(self, frozen: Collection[nn.Parameter]) -> None:
        """From now on these parameters stay as they are, averages too, and no others do."""
        left_alone = {id(parameter) for parameter in frozen}
        for number, parameter in enumerate(self._parameters):
            parameter.requires_grad_(id(parameter) not in left_alone)
            self._adam.freeze(number, id(parameter) in left_alone)

    def step(self, n_words: int, rate: float | None = None) -> None:
        """Apply the gradients that backward() left for a batch of n_words, and clear them.

        rate: in the place of the step size that the schedule has now.
        """
        settings = self._settings
        now = self.schedule.advance(n_words)
        keep = min(settings.average, (1 + self.schedule.steps) / (10 + self.schedule.steps))
        gradients = [None if p.grad is None else _matrix(p.grad) for p in self._parameters]
        taken = now if rate is None else rate
        self._adam.step(gradients, taken, settings.weight_decay, 1.0 - keep, settings.gradient_clip)
        for number, parameter in enumerate(self._parameters):
            if number not in self._tables:
                parameter.grad = None

    def state(self) -> dict[str, Array]:
        """All numbers that the next steps depend on, but for the schedule: copies, by name."""
        self._adam.catch_up()
        found: dict[str, Array] = {}
        for number, name in enumerate(self._names):
            value = _matrix(self._parameters[number])
            found[f"value.{name}"] = value.copy()
            found[f"average.{name}"] = _matrix(self._averages[number]).copy()
            first, second = np.empty(value.size, np.float32), np.empty(value.size, np.float32)
            self._adam.copy_memory(number, first, second)
            found[f"first.{name}"], found[f"second.{name}"] = first, second
            found[f"steps.{name}"] = np.array([self._adam.steps_made(number)], np.float32)
        return found

    def restore(self, state: Mapping[str, Array]) -> None:
        """Go on from what `state` gave. Sizes are checked by whoever read it."""
        self._adam.catch_up()
        for number, name in enumerate(self._names):
            for kind, held in (("value", self._parameters), ("average", self._averages)):
                target = _matrix(held[number])
                target[...] = state[f"{kind}.{name}"].reshape(target.shape)
            first, second = (np.ascontiguousarray(state[f"{k}.{name}"]) for k in ("first", "second"))
            self._adam.remember(number, first.ravel(), second.ravel(), int(state[f"steps.{name}"][0]))


def _matrix(tensor: Tensor) -> Array:
    """The numbers of a tensor of any shape as a matrix, without a copy."""
    found: Array = tensor.detach().contiguous().view(len(tensor), -1).numpy()
    return found
