"""A batch of all processes in, the same better parameters on each out: data-parallel teaching.

Every process knows the whole batch, teaches about its own part of it, and makes the step that the sum of all
gradients says. Nothing but gradients and losses goes from one to another.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from treelet import __version__
from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.networks.device import Device
from treelet.networks.transformer import Pretrained
from treelet.settings import Settings, settings_to_toml
from treelet.teaching.batches import share_of
from treelet.teaching.labels import Labels
from treelet.teaching.learner import Learner
from treelet.teaching.lessons import Lesson
from treelet.teaching.static_vectors import StaticVectors
from treelet.training.distributed import Processes, World


class SharedLearner(Learner):
    """A Learner that is one of several, in as many processes."""

    def __init__(self, processes: Processes, *network: Any) -> None:
        super().__init__(*network)
        self._processes = processes

    def lessons(self, docs: Iterable[Doc]) -> list[Lesson]:
        """As Learner.lessons. Raises TrainingError when other processes have other data or settings."""
        found = super().lessons(docs)
        advice = "start all with the same files, settings and versions"
        self._processes.must_agree(lambda: self._fingerprints(found), advice)
        return found

    def step(self, batch: Sequence[Lesson], *how: Any, **more: Any) -> dict[str, float]:
        """As Learner.step; all processes give the same. Raises TrainingError when parameters come apart."""
        values = super().step(batch, *how, **more)
        steps = self.optimizer.schedule.steps
        if steps & (steps - 1) == 0:  # seldom, and soon
            self._processes.must_agree(
                lambda: {"parameters": self._checksum()},
                "were they taught on processors of different kinds? TREELET_ISA=avx2 makes those alike",
            )
        return values

    def _gradients(
        self, batch: Sequence[Lesson], seed: int, passes: float, dropout: float | None
    ) -> dict[str, float]:
        """Leave the gradients of the whole batch, of which this process works out a part; the losses."""
        rows = torch.from_numpy(self._types.rows(np.unique(np.concatenate([e.types for e in batch]))))
        if lookups := self.network.encoder.lookups:
            lookups.before(rows)  # also those that only other processes read, in the same order on all
        own = share_of(batch, self._processes.rank, self._processes.size)
        share = sum(map(len, own)) / sum(map(len, batch))
        values: dict[str, float] = {}
        if own:
            own_seed = int(np.random.default_rng((seed, self._processes.rank)).integers(2**31))
            with self._random(own_seed):
                values = super()._gradients(own, own_seed, passes, dropout)
        has_gradient = [p.grad is not None for p in self.network.parameters()]
        told = self._processes.gather((share, values, has_gradient))
        self._sum_gradients(np.any([flags for _, _, flags in told], axis=0), rows, share)
        return _weighted([(share, values) for share, values, _ in told])

    def _sum_gradients(self, anywhere: npt.NDArray[np.bool_], rows: Tensor, share: float) -> None:
        """Gradients become the sum over processes, each times its share, in one exchange.

        anywhere: which parameters have a gradient on any process; rows: what the whole batch reads of the
        tables (types, tables, 4 hashes).
        """
        tables = {id(table): number for number, table in enumerate(self.network.encoder.tables)}
        places: list[tuple[Tensor, Tensor | slice]] = []
        for parameter in compress(self.network.parameters(), anywhere):
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            number = tables.get(id(parameter))
            read = slice(None) if number is None else rows[:, number].unique().to(parameter.device)
            places.append((parameter.grad, read))
        if not places:
            return
        own = [gradient[read] for gradient, read in places]
        flat = torch.cat([part.reshape(-1) for part in own]).mul_(share)
        totals = self._processes.sum(flat).split([part.numel() for part in own])
        for (gradient, read), part, total in zip(places, own, totals, strict=True):
            gradient[read] = total.view_as(part)

    def _checksum(self) -> int:
        """Of all parameters, up to date."""
        _ = self.optimizer.average
        found = 0
        for parameter in self.network.parameters():
            found = zlib.crc32(parameter.detach().cpu().numpy().tobytes(), found)
        return found

    def _fingerprints(self, lessons: Sequence[Lesson]) -> dict[str, str]:
        """What must be the same on all processes: name -> itself, or a digest."""
        data = hashlib.sha256()
        for array in self._taught(lessons):
            data.update(array.tobytes())
        return {
            "treelet": __version__,
            "PyTorch": torch.__version__,
            "settings": settings_to_toml(self.settings),
            "labels": hashlib.sha256(repr(self.labels).encode()).hexdigest(),
            "training data": data.hexdigest(),
        }

    def _taught(self, lessons: Sequence[Lesson]) -> Iterator[np.ndarray]:
        every = np.arange(len(self._types))
        yield from (self._types.rows(every), self._types.static(every))
        for lesson in lessons:
            yield np.array(len(lesson))
            tree = lesson.heads, lesson.deprels, lesson.sent_starts, lesson.gaps, lesson.gap_starts
            columns = *tree, lesson.iob, lesson.entities, lesson.wrong
            yield from (lesson.types, *lesson.tags.values(), *(c for c in columns if c is not None))


def make_learner(
    world: World,
    settings: Settings,
    labels: Labels,
    vectors: StaticVectors | None,
    device: Device,
    pretrained: Pretrained | None = None,
) -> Learner:
    """What teaches a new network: here alone, or one of several that teach the same.

    Raises TrainingError for several processes and a transformer.
    """
    if isinstance(world, Processes):
        if pretrained is not None:
            raise TrainingError("transformer: one process teaches it: give training.threads more threads")
        return SharedLearner(world, settings, labels, vectors, device)
    return Learner(settings, labels, vectors, device, pretrained)


def _weighted(told: Sequence[tuple[float, dict[str, float]]]) -> dict[str, float]:
    """Losses per word of the whole batch from those of its parts, each beside its share of the words."""
    total: dict[str, float] = {}
    for share, values in told:
        for name, value in values.items():
            total[name] = total.get(name, 0.0) + share * value
    return total
