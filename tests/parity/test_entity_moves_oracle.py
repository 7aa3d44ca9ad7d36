"""The recognizer's oracle against brute force over every annotation of short texts and every state."""

from __future__ import annotations

import itertools
import random

import pytest

from treelet import _core

MISSING, INSIDE, OUTSIDE, BEGIN = 0, 1, 2, 3
Span = tuple[int, int, int]


def spans_of(iob: list[int], labels: list[int], starts: list[int] | None = None) -> list[Span]:
    """First word, last word, label of each run begin inside* that crosses no sentence start."""
    spans: list[Span] = []
    word = 0
    while word < len(iob):
        end = word + 1
        if iob[word] in (BEGIN, INSIDE):
            while end < len(iob) and iob[end] == INSIDE and labels[end] == labels[word]:
                end += 1
            if not starts or 1 not in starts[word + 1 : end]:
                spans.append((word, end - 1, labels[word]))
        word = end
    return spans


def loss(
    gold_iob: list[int], gold_labels: list[int], starts: list[int], iob: list[int], labels: list[int]
) -> int:
    gold = spans_of(gold_iob, gold_labels, starts)
    dropped = set(spans_of(gold_iob, gold_labels)) - set(gold)
    unknown = {word for word, value in enumerate(gold_iob) if value == MISSING}
    unknown |= {word for a, b, _ in dropped for word in range(a, b + 1)}
    found = spans_of(iob, labels)

    def same(a: Span, b: Span) -> bool:
        return (a[:2] == b[:2] and -1 in (a[2], b[2])) or a == b

    missed = sum(not any(same(g, f) for f in found) for g in gold)
    wrong = sum(
        not any(same(g, f) for g in gold) and not set(range(f[0], f[1] + 1)) <= unknown for f in found
    )
    return missed + wrong


def check(system: _core.EntityMoves, iob: list[int], labels: list[int], starts: list[int]) -> int:
    """Walks every state; returns how many there were."""
    first = _core.EntityWalk(system, len(iob), sent_starts=starts)
    first.teach(iob, labels)
    count = 0

    def least(walk: _core.EntityWalk) -> int:
        nonlocal count
        if walk.is_final():
            return loss(iob, labels, starts, walk.iob(), walk.labels())
        after = {}
        for action, allowed in enumerate(walk.valid()):
            if allowed:
                step = walk.copy()
                step.apply(action)
                after[action] = least(step)
        best = min(after.values())
        costs = walk.costs()
        assert {a: costs[a] for a in after} == {a: value - best for a, value in after.items()}
        assert walk.gold() == [a for a, value in after.items() if value == best]
        count += 1
        return best

    least(first)
    return count


VALUES = [(MISSING, -1), (OUTSIDE, -1), (BEGIN, 0), (INSIDE, 0), (BEGIN, 1), (INSIDE, 1), (BEGIN, -1)]


@pytest.mark.parametrize("n", [1, 2])
def test_costs_are_exact(n: int) -> None:
    system = _core.EntityMoves(["a", "b"], ["3"])
    for annotation in itertools.product(VALUES, repeat=n):
        iob, labels = (list(column) for column in zip(*annotation, strict=True))
        for starts in itertools.product([0, 1], repeat=n):
            assert check(system, iob, labels, list(starts)) > 0


@pytest.mark.parametrize("n", [3, 4, 5])
def test_costs_are_exact_in_a_sample(n: int) -> None:
    rng = random.Random(n)
    system = _core.EntityMoves(["a", "b"] if n < 5 else ["a"], ["3"])
    values = VALUES if n < 5 else [v for v in VALUES if v[1] != 1]
    for _ in range({3: 150, 4: 40, 5: 40}[n]):
        iob, labels = (list(column) for column in zip(*rng.choices(values, k=n), strict=True))
        assert check(system, iob, labels, rng.choices([0, 0, 1], k=n)) > 0
