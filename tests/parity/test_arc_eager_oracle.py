"""The arc-eager oracle against brute force: least reachable loss over every state of short sentences."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from brute_force import KINDS, deprels_at_random, masked, measure, several, single, unknown_starts
from treelet import _core


@pytest.mark.parametrize("kind", KINDS)
def test_with_repairs_the_oracle_is_exact(kind: str) -> None:
    tally = measure(_core.ArcEager(["a"], ["a"], ["8"], True), KINDS[kind]())
    assert tally.states > 0
    assert (tally.wrong_cost, tally.unsound, tally.empty) == (0, 0, 0)
    assert tally.wasteful <= tally.states * (0.005 if kind.startswith("trees") else 0.03)


def test_with_repairs_the_oracle_is_exact_for_labels() -> None:
    golds = deprels_at_random(several(3), 0) + masked(deprels_at_random(several(3), 1), 2)
    tally = measure(_core.ArcEager(["a", "b"], ["a", "b"], ["8"], True), golds)
    assert (tally.wrong_cost, tally.unsound, tally.empty) == (0, 0, 0)


def test_with_repairs_unknown_starts_mislead_no_choice() -> None:
    """After mistakes the trees alone do not tell sentences apart: 1 cost in 2000 is off, no gold one."""
    tally = measure(_core.ArcEager(["a"], ["a"], ["8"], True), unknown_starts(several(4)))
    assert tally.wrong_cost <= tally.actions * 0.001
    assert (tally.unsound, tally.empty) == (0, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_without_repairs_the_oracle_is_exact(kind: str) -> None:
    tally = measure(_core.ArcEager(["a"], ["a"], ["8"], False), KINDS[kind]())
    assert tally.states > 0
    assert (tally.wrong_cost, tally.wrong_repairs, tally.unsound, tally.empty) == (0, 0, 0, 0)


def test_without_repairs_the_oracle_is_exact_for_labels() -> None:
    golds = deprels_at_random(several(3), 0) + masked(deprels_at_random(several(3), 1), 2)
    tally = measure(_core.ArcEager(["a", "b"], ["a", "b"], ["8"], False), golds)
    assert (tally.wrong_cost, tally.wrong_repairs, tally.unsound, tally.empty) == (0, 0, 0, 0)


def test_without_repairs_unknown_starts_mislead_no_choice() -> None:
    """As with repairs: after mistakes the trees alone do not tell sentences apart."""
    tally = measure(_core.ArcEager(["a"], ["a"], ["8"], False), unknown_starts(several(4)))
    assert tally.wrong_cost <= tally.actions * 0.001
    assert (tally.unsound, tally.empty) == (0, 0)


def test_gold_walk_reaches_the_gold_tree() -> None:
    for non_monotonic in (False, True):
        system = _core.ArcEager(["a"], ["a"], ["8"], non_monotonic)
        for gold in [*single(5), *several(4)]:
            walk = _core.ParseWalk(system, len(gold.heads))
            walk.teach(gold.heads, gold.deprels, gold.starts)
            while not walk.is_final():
                walk.apply(walk.gold()[-1])
            assert gold.loss(walk.heads(), walk.deprels(), walk.sent_starts()) == 0


def test_no_gold_walk_takes_a_step_too_many() -> None:
    """Whichever gold actions are chosen, each word comes on the stack once and leaves it once."""
    rng = random.Random(0)
    for non_monotonic in (False, True):
        system = _core.ArcEager(["a"], ["a"], ["8"], non_monotonic)
        for gold in [*single(5), *several(4)] * 3:
            walk = _core.ParseWalk(system, len(gold.heads))
            walk.teach(gold.heads, gold.deprels, gold.starts)
            moves: Counter[str] = Counter()
            while not walk.is_final():
                action = rng.choice(walk.gold())
                moves[system.actions[action].partition("-")[0]] += 1
                walk.apply(action)
            assert moves["Shift"] + moves["Right"] == len(gold.heads)
            assert moves["Reduce"] + moves["Left"] == len(gold.heads)
            assert moves["Break"] == gold.starts.count(1) - 1
