"""Gradients in, better parameters out: Adam with clipping, decay of the step size, and a running average."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import Tensor

from treelet import _core
from treelet.networks.network import Network
from treelet.settings import TrainingSettings


class Optimizer:
    """Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019) on `network`.

    The step size falls linearly with the words taught, to `final_rate` of itself after `words`. The network
    tells which rows of its tables it reads (networks/encoder.py, Lookups); the others wait for their steps.
    """

    def __init__(self, network: Network, settings: TrainingSettings, words: int) -> None:
        self.network = network
        self._average = copy.deepcopy(network).eval() if settings.average else network
        self._settings, self._words, self._taught, self._steps = settings, words, 0, 0
        self._adam = _core.Adam()
        tables = {id(table) for table in network.encoder.tables}
        self._parameters = list(network.parameters())
        for parameter, average in zip(self._parameters, self._average.parameters(), strict=True):
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

    def step(self, n_words: int) -> None:
        """Apply the gradients that backward() left for a batch of n_words, and clear them."""
        settings = self._settings
        self._steps += 1
        self._taught += n_words
        done = min(1.0, self._taught / self._words)
        rate = settings.learning_rate * (1.0 - done * (1.0 - settings.final_rate))
        keep = min(settings.average, (1 + self._steps) / (10 + self._steps))
        gradients = [None if p.grad is None else _matrix(p.grad) for p in self._parameters]
        self._adam.step(gradients, rate, settings.weight_decay, 1.0 - keep, settings.gradient_clip)
        for number, parameter in enumerate(self._parameters):
            if number not in self._tables:
                parameter.grad = None


def _matrix(tensor: Tensor) -> np.ndarray:
    """The numbers of a tensor of any shape as a matrix, without a copy."""
    found: np.ndarray = tensor.detach().contiguous().view(len(tensor), -1).numpy()
    return found
