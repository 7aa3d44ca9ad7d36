"""As optimizer.py, in PyTorch alone, for parameters on another device; and the choice between the two."""

from __future__ import annotations

import copy

import torch

from treelet.networks.device import Device
from treelet.networks.network import Network
from treelet.settings import TrainingSettings
from treelet.teaching.optimizer import Optimizer


class DeviceOptimizer:
    """Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019) on `network`.

    A running average goes to `average`. The step size falls linearly with the words taught, to `final_rate`
    of itself after `words`.
    """

    def __init__(self, network: Network, settings: TrainingSettings, words: int) -> None:
        self.network = network
        self.average = copy.deepcopy(network).eval() if settings.average else network
        self._settings, self._words, self._taught, self._steps = settings, words, 0, 0
        self._adam = torch.optim.AdamW(
            network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )

    def step(self, n_words: int) -> None:
        """Apply the gradients that backward() left for a batch of n_words, and clear them."""
        settings = self._settings
        if settings.gradient_clip:
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), settings.gradient_clip)
        self._steps += 1
        self._taught += n_words
        done = min(1.0, self._taught / self._words)
        for group in self._adam.param_groups:
            group["lr"] = settings.learning_rate * (1.0 - done * (1.0 - settings.final_rate))
        self._adam.step()
        self._adam.zero_grad(set_to_none=True)
        if settings.average:
            keep = min(settings.average, (1 + self._steps) / (10 + self._steps))
            with torch.no_grad():
                torch._foreach_lerp_(
                    list(self.average.parameters()), list(self.network.parameters()), 1.0 - keep
                )


def make_optimizer(
    network: Network, settings: TrainingSettings, words: int, device: Device
) -> Optimizer | DeviceOptimizer:
    """What teaches a network on this device; `words`: of all passes."""
    return (DeviceOptimizer if device.plain else Optimizer)(network, settings, words)
