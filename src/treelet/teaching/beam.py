"""Structured updates: what a beam weighs against each other in, the loss of the right histories out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from treelet import _core
from treelet.networks.layers import StateScorer
from treelet.settings import EntitySettings, ParserSettings
from treelet.teaching.lessons import Lesson
from treelet.teaching.rollouts import Walk, _inputs, _joined

LEAST_WIDTH = 8
"""Candidates of the teaching beam where annotation uses fewer."""


@dataclass(frozen=True)
class Windows:
    """Histories that competed in a batch (core/annotators/beam_rollout.h says when a window closes).

    positions int32 (states, features): rows of the batch, len(rows) = none; valid bool (states, actions);
    steps int64 (steps, 3): candidate, state, action; candidates int64 (candidates, 2): window, 1 when right.
    """

    positions: Tensor
    valid: Tensor
    steps: Tensor
    candidates: Tensor


@dataclass(frozen=True)
class BeamWalk:
    """How the beam walks: as `walk` says, with so many candidates."""

    walk: Walk
    width: int

    def options(self) -> tuple[Any, ...]:
        """As the core takes them."""
        return *self.walk.options(), self.width


def beam_walk(settings: ParserSettings | EntitySettings, walk: Walk) -> BeamWalk | None:
    """The beam that teaches this batch; None for batches that teach single actions, by the walk's seed."""
    if np.random.default_rng(walk.seed).random() >= settings.global_updates:
        return None
    return BeamWalk(walk, max(settings.beam_width, LEAST_WIDTH))


def beam_parser(
    system: _core.ArcEager, scorer: StateScorer, rows: Tensor, lessons: Sequence[Lesson], beam: BeamWalk
) -> Windows:
    """Windows of the trees of the lessons, whose tokens are `rows` in order."""
    columns = _joined([(e.heads, e.deprels, e.sent_starts) for e in lessons])
    inputs = _inputs(scorer, rows, lessons)
    return _windows(_core.beam_parser(system, *inputs, *columns, *beam.options()), rows)


def beam_entities(
    system: _core.EntityMoves, scorer: StateScorer, rows: Tensor, lessons: Sequence[Lesson], beam: BeamWalk
) -> Windows:
    """Windows of the entities of the lessons, whose tokens are `rows` in order."""
    columns = _joined([(e.iob, e.entities) for e in lessons])
    inputs = _inputs(scorer, rows, lessons)
    return _windows(_core.beam_entities(system, *inputs, *columns, *beam.options()), rows)


def window_loss(scores: Tensor, windows: Windows) -> Tensor:
    """Sum over windows of -log of the share of probability that its right candidates have among all.

    A candidate's probability is the product of its steps', each a softmax over the valid actions: the loss
    of Andor et al. 2016, section 3.3, on locally normalised scores, so that greedy annotation and beams of
    any width go by the same scores. scores (states, actions).
    """
    log_probabilities = scores.masked_fill(~windows.valid, -torch.inf).log_softmax(dim=1)
    candidate, state, action = windows.steps.unbind(dim=1)
    window, right = windows.candidates.unbind(dim=1)
    totals = scores.new_zeros(len(window)).index_add(0, candidate, log_probabilities[state, action])
    chosen = right.bool()
    everything = _log_sum_exp(totals, window)
    return (everything - _log_sum_exp(totals[chosen], window[chosen])).sum()


def _log_sum_exp(values: Tensor, group: Tensor) -> Tensor:
    """Of the values of each group; groups are numbered from 0 and none is empty."""
    n_groups = int(group.max()) + 1 if len(group) else 0
    top = values.new_full((n_groups,), -torch.inf).scatter_reduce(0, group, values.detach(), "amax")
    mass = values.new_zeros(n_groups).index_add(0, group, torch.exp(values - top[group]))
    return top + torch.log(mass)


def _windows(found: tuple[np.ndarray, ...], rows: Tensor) -> Windows:
    found[0][found[0] < 0] = len(rows)
    positions, valid, steps, candidates = (torch.from_numpy(array).to(rows.device) for array in found)
    return Windows(positions, valid.bool(), steps.long(), candidates.long())
