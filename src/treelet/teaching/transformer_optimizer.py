"""Gradients of a transformer in, better parameters out: at a step size of its own, which rises first."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from treelet.networks.transformer import Transformer
from treelet.settings import TrainingSettings
from treelet.teaching.schedule import Schedule

_MEMORY = {"first": "exp_avg", "second": "exp_avg_sq", "steps": "step"}
_OWN = 10.0
"""Times the step size of the pretrained parameters: that of those which start from nothing."""


class TransformerOptimizer:
    """AdamW (Loshchilov & Hutter 2019) on `transformer`, whose running average is `average`.

    The step size falls as that of the network does, after a warm-up. `schedule` is the network's: it has
    advanced before `step` is called.
    """

    def __init__(self, transformer: Transformer, training: TrainingSettings, schedule: Schedule) -> None:
        self.transformer, self.schedule, self._training = transformer, schedule, training
        self.average = copy.deepcopy(transformer).eval()
        self._named = dict(transformer.named_parameters())
        own = {id(parameter) for parameter in transformer.own}
        groups = [
            [parameter for parameter in self._named.values() if (id(parameter) in own) == is_own]
            for is_own in (False, True)
        ]
        rates = transformer.settings.learning_rate, _OWN * transformer.settings.learning_rate
        self._adam = torch.optim.AdamW(
            [{"params": group, "full": rate} for group, rate in zip(groups, rates, strict=True)],
            weight_decay=training.weight_decay,
            fused=True,
        )

    def step(self) -> None:
        """Apply the gradients that backward() left, and clear them."""
        training, schedule = self._training, self.schedule
        if training.gradient_clip:
            torch.nn.utils.clip_grad_norm_(self._named.values(), training.gradient_clip)
        share = self._share()
        for group in self._adam.param_groups:
            group["lr"] = group["full"] * share
        self._adam.step()
        self._adam.zero_grad(set_to_none=True)
        keep = min(training.average, (1 + schedule.steps) / (10 + schedule.steps))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self._named.values()), 1.0 - keep)

    def _share(self) -> float:
        """Of the full step size: rising, then falling linearly."""
        words, warmup = self.schedule.words, self.transformer.settings.warmup
        if not words:
            return 1.0
        done = min(1.0, self.schedule.taught / words)
        return done / warmup if done < warmup else max(0.0, (1.0 - done) / (1.0 - warmup))

    def state(self) -> dict[str, npt.NDArray[np.float32]]:
        """All numbers that the next steps depend on, but for the schedule: copies, by name."""
        return {name: array.detach().cpu().numpy().copy() for name, array in self._tensors()}

    def _tensors(self) -> Iterator[tuple[str, Tensor]]:
        averages = dict(self.average.named_parameters())
        for name, parameter in self._named.items():
            yield f"transformer.value.{name}", parameter
            yield f"transformer.average.{name}", averages[name]
            memory = self._adam.state.get(parameter, {})
            for ours, theirs in _MEMORY.items():
                empty = torch.zeros(1) if ours == "steps" else torch.zeros_like(parameter)
                yield f"transformer.{ours}.{name}", memory.get(theirs, empty).reshape(-1)

    def restore(self, state: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Go on from what `state` gave. Sizes are checked by whoever read it."""
        averages = dict(self.average.named_parameters())
        with torch.no_grad():
            for name, parameter in self._named.items():
                for kind, target in (("value", parameter), ("average", averages[name])):
                    target.copy_(torch.tensor(state[f"transformer.{kind}.{name}"]).view_as(target))
                memory = {
                    theirs: torch.tensor(state[f"transformer.{ours}.{name}"], device=parameter.device)
                    for ours, theirs in _MEMORY.items()
                }
                self._adam.state[parameter] = {
                    theirs: array.reshape(()) if theirs == "step" else array.view_as(parameter)
                    for theirs, array in memory.items()
                }
