"""As optimizer.py, in PyTorch alone, for parameters on another device; and the choice between the two."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from treelet.networks.device import Device
from treelet.networks.network import Network
from treelet.settings import TrainingSettings
from treelet.teaching.optimizer import Optimizer
from treelet.teaching.schedule import Schedule

_MEMORY = {"first": "exp_avg", "second": "exp_avg_sq", "steps": "step"}


class DeviceOptimizer:
    """Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019) on `network`.

    A running average goes to `average`.
    """

    def __init__(self, network: Network, settings: TrainingSettings, schedule: Schedule) -> None:
        self.network, self.schedule = network, schedule
        self.average = copy.deepcopy(network).eval() if settings.average else network
        self._settings = settings
        self._adam = torch.optim.AdamW(
            network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )

    def freeze(self, frozen: Collection[nn.Parameter]) -> None:
        """From now on these parameters stay as they are, averages too, and no others do."""
        left_alone = {id(parameter) for parameter in frozen}
        for parameter in self.network.parameters():
            parameter.requires_grad_(id(parameter) not in left_alone)

    def step(self, n_words: int, rate: float | None = None) -> None:
        """Apply the gradients that backward() left for a batch of n_words, and clear them.

        rate: in the place of the step size that the schedule has now.
        """
        settings = self._settings
        if settings.gradient_clip:
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), settings.gradient_clip)
        now = self.schedule.advance(n_words)
        for group in self._adam.param_groups:
            group["lr"] = now if rate is None else rate
        self._adam.step()
        self._adam.zero_grad(set_to_none=True)
        if settings.average:
            keep = min(settings.average, (1 + self.schedule.steps) / (10 + self.schedule.steps))
            both = zip(self.average.parameters(), self.network.parameters(), strict=True)
            taught = [(mean, value) for mean, value in both if value.requires_grad]
            with torch.no_grad():
                torch._foreach_lerp_([mean for mean, _ in taught], [value for _, value in taught], 1.0 - keep)

    def state(self) -> dict[str, npt.NDArray[np.float32]]:
        """All numbers that the next steps depend on, but for the schedule: copies, by name."""
        found: dict[str, Tensor] = {}
        averages = dict(self.average.named_parameters())
        for name, parameter in self.network.named_parameters():
            memory = self._adam.state.get(parameter, {})
            found[f"value.{name}"], found[f"average.{name}"] = parameter.detach(), averages[name].detach()
            for ours, theirs in _MEMORY.items():
                empty = torch.zeros(1) if ours == "steps" else torch.zeros_like(parameter)
                found[f"{ours}.{name}"] = memory.get(theirs, empty).reshape(-1)
        return {name: array.cpu().numpy().copy() for name, array in found.items()}

    def restore(self, state: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Go on from what `state` gave. Sizes are checked by whoever read it."""
        averages = dict(self.average.named_parameters())
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                for kind, target in (("value", parameter), ("average", averages[name])):
                    target.copy_(torch.tensor(state[f"{kind}.{name}"]).view_as(target))
                memory = {
                    theirs: torch.tensor(state[f"{ours}.{name}"], device=parameter.device)
                    for ours, theirs in _MEMORY.items()
                }
                self._adam.state[parameter] = {
                    theirs: array.reshape(()) if theirs == "step" else array.view_as(parameter)
                    for theirs, array in memory.items()
                }


def make_optimizer(
    network: Network, settings: TrainingSettings, schedule: Schedule, device: Device
) -> Optimizer | DeviceOptimizer:
    """What teaches a network on this device."""
    return (DeviceOptimizer if device.plain else Optimizer)(network, settings, schedule)
