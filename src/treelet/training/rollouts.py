"""Parameters in, visited states and their right actions out: the core walks, without gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from treelet import _core
from treelet.training.examples import Example
from treelet.training.networks.layers import StateScorer


@dataclass(frozen=True)
class Visited:
    """States of a batch.

    positions int32 (states, features): rows of the batch, len(rows) = none;
    valid, gold bool (states, actions).
    """

    positions: Tensor
    valid: Tensor
    gold: Tensor


def roll_parser(
    system: _core.ArcEager, scorer: StateScorer, rows: Tensor, examples: Sequence[Example], walk: Walk
) -> Visited:
    """Walk the trees of the examples, whose tokens are `rows` in order."""
    visited = _core.roll_parser(
        system,
        _layers(scorer),
        scorer.hidden,
        scorer.pieces,
        _lengths(examples),
        _array(rows),
        np.concatenate([e.heads for e in examples if e.heads is not None]),
        np.concatenate([e.deprels for e in examples if e.deprels is not None]),
        np.concatenate([e.sent_starts for e in examples if e.sent_starts is not None]),
        walk.exploration,
        walk.seed,
        walk.threads,
    )
    return _visited(visited, len(rows))


def roll_entities(
    system: _core.EntityMoves, scorer: StateScorer, rows: Tensor, examples: Sequence[Example], walk: Walk
) -> Visited:
    """Walk the entities of the examples, whose tokens are `rows` in order."""
    visited = _core.roll_entities(
        system,
        _layers(scorer),
        scorer.hidden,
        scorer.pieces,
        _lengths(examples),
        _array(rows),
        np.concatenate([e.iob for e in examples if e.iob is not None]),
        np.concatenate([e.entities for e in examples if e.entities is not None]),
        walk.exploration,
        walk.seed,
        walk.threads,
    )
    return _visited(visited, len(rows))


@dataclass(frozen=True)
class Walk:
    """How to walk: share of steps by the network's own choice, seed, threads (never change the result)."""

    exploration: float
    seed: int
    threads: int = 1


def _layers(scorer: StateScorer) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    return (
        _array(scorer.padding),
        _array(scorer.bias),
        _array(scorer.upper_weight),
        _array(scorer.upper_bias),
    )


def _array(values: Tensor) -> np.ndarray:
    found: np.ndarray = values.detach().numpy()
    return found


def _lengths(examples: Sequence[Example]) -> np.ndarray:
    return np.array([len(e) for e in examples], dtype=np.int32)


def _visited(found: tuple[np.ndarray, ...], n_rows: int) -> Visited:
    positions = torch.from_numpy(found[0])
    positions[positions < 0] = n_rows
    return Visited(positions, torch.from_numpy(found[1]).bool(), torch.from_numpy(found[2]).bool())
