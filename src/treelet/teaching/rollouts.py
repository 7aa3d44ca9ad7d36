"""Parameters in, visited states and their right actions out: the core walks, without gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from treelet import _core
from treelet.networks.layers import StateScorer
from treelet.teaching.lessons import Lesson


@dataclass(frozen=True)
class Visited:
    """States of a batch.

    positions int32 (states, features): rows of the batch, -1 = none;
    valid, gold bool (states, actions).
    """

    positions: Tensor
    valid: Tensor
    gold: Tensor


@dataclass(frozen=True)
class Walk:
    """How to walk: share of steps by the network's own choice, seed, threads (never change the result)."""

    exploration: float
    seed: int
    threads: int = 1

    def options(self) -> tuple[Any, ...]:
        """As the core takes them."""
        return self.exploration, self.seed, self.threads


def roll_parser(
    system: _core.ArcEager,
    scorer: StateScorer,
    rows: Tensor,
    lessons: Sequence[Lesson],
    walk: Walk,
    presets: np.ndarray | None = None,
) -> Visited:
    """Walk the trees of the lessons, whose tokens are `rows` in order.

    presets: int8 (tokens,), sentence starts that the walks are given, 1, -1, 0 free.
    """
    trees = [(e.heads, e.deprels, e.sent_starts) for e in lessons]
    given = (*_inputs(scorer, rows, lessons), *_joined(trees), *walk.options(), presets)
    found = _core.roll_parser(system, *given)
    return _visited(found, rows)


def roll_entities(
    system: _core.EntityMoves, scorer: StateScorer, rows: Tensor, lessons: Sequence[Lesson], walk: Walk
) -> Visited:
    """Walk the entities of the lessons, whose tokens are `rows` in order."""
    entities = [(e.iob, e.entities) for e in lessons]
    sent_starts, wrong = None, _joined_wrong(lessons)
    columns = *_joined(entities), *walk.options(), sent_starts, wrong
    found = _core.roll_entities(system, *_inputs(scorer, rows, lessons), *columns)
    return _visited(found, rows)


def _inputs(scorer: StateScorer, rows: Tensor, lessons: Sequence[Lesson]) -> tuple[Any, ...]:
    """What both walks need: state layers and their shape, lengths of documents, rows of the lower layer."""
    layers = (scorer.padding, scorer.bias, scorer.upper_weight, scorer.upper_bias)
    lengths = np.array([len(e) for e in lessons], dtype=np.int32)
    return tuple(map(_array, layers)), scorer.hidden, scorer.pieces, lengths, _array(rows)


def _joined(columns: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Columns of every lesson, each as one array over the batch."""
    return [np.concatenate(column) for column in zip(*columns, strict=True)]


def _joined_wrong(lessons: Sequence[Lesson]) -> np.ndarray | None:
    """Wrong entities of all lessons, words counted over the batch: (spans, 3); None where there are none."""
    begins = np.cumsum([0, *map(len, lessons)])
    found = [
        lesson.wrong + np.array([begin, begin, 0])
        for lesson, begin in zip(lessons, begins, strict=False)
        if lesson.wrong is not None
    ]
    return np.concatenate(found).astype(np.int32) if found else None


def _array(values: Tensor) -> np.ndarray:
    found: np.ndarray = values.detach().cpu().numpy()
    return found


def _visited(found: tuple[np.ndarray, ...], rows: Tensor) -> Visited:
    """States as tensors beside the rows that they name."""
    positions, valid, gold = found
    arrays = positions, valid.view(np.bool_), gold.view(np.bool_)
    return Visited(*(torch.from_numpy(array).to(rows.device) for array in arrays))
