"""The recognizer's oracle against brute force over every annotation of short texts and every state."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest

from treelet import _core
from treelet.errors import TextError, TrainingError

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
    gold_iob: list[int],
    gold_labels: list[int],
    starts: list[int],
    iob: list[int],
    labels: list[int],
    wrong: Sequence[Span] = (),
) -> int:
    gold = spans_of(gold_iob, gold_labels, starts)
    dropped = set(spans_of(gold_iob, gold_labels)) - set(gold)
    unknown = {word for word, value in enumerate(gold_iob) if value == MISSING}
    unknown |= {word for a, b, _ in dropped for word in range(a, b + 1)}
    found = spans_of(iob, labels)

    def same(a: Span, b: Span) -> bool:
        return (a[:2] == b[:2] and -1 in (a[2], b[2])) or a == b

    def known_wrong(f: Span) -> bool:
        return any(same(w, f) for w in wrong)

    right = [f for f in found if any(same(g, f) for g in gold) and not known_wrong(f)]
    missed = sum(not any(same(g, f) for f in right) for g in gold)
    spurious = sum(
        f not in right and (known_wrong(f) or not set(range(f[0], f[1] + 1)) <= unknown) for f in found
    )
    return missed + spurious


def check(
    system: _core.EntityMoves,
    iob: list[int],
    labels: list[int],
    starts: list[int],
    wrong: Sequence[Span] = (),
) -> int:
    """Walks every state; returns how many there were."""
    first = _core.EntityWalk(system, len(iob), sent_starts=starts)
    first.teach(iob, labels, list(wrong))
    count = 0

    def least(walk: _core.EntityWalk) -> int:
        nonlocal count
        if walk.is_final():
            return loss(iob, labels, starts, walk.iob(), walk.labels(), wrong)
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


def contradicts(system: _core.EntityMoves, gold: list[Span], wrong: Sequence[Span]) -> bool:
    """Whether a gold entity may have no label that is not known to be wrong."""

    def excluded(first: int, last: int, label: int) -> bool:
        return (first, last, label) in wrong or (first, last, -1) in wrong

    labels = range(len(system.labels))
    return any(
        all(excluded(first, last, one) for one in (labels if label == -1 else [label]))
        for first, last, label in gold
    )


def check_with_wrong(
    system: _core.EntityMoves, annotation: list[tuple[int, int]], starts: list[int], wrong: Sequence[Span]
) -> bool:
    """True where the annotation says nothing that contradicts itself."""
    iob, labels = (list(column) for column in zip(*annotation, strict=True))
    if contradicts(system, spans_of(iob, labels, starts), wrong):
        with pytest.raises(TrainingError, match="known to be wrong"):
            check(system, iob, labels, starts, wrong)
        return False
    assert check(system, iob, labels, starts, wrong) > 0
    return True


def all_spans(n: int, labels: Sequence[int]) -> list[Span]:
    return [(a, b, label) for a in range(n) for b in range(a, n) for label in labels]


@pytest.mark.parametrize("n", [1, 2])
def test_costs_are_exact_with_every_set_of_wrong_entities(n: int) -> None:
    system = _core.EntityMoves(["a", "b"], ["3"])
    labels = [-1, 0, 1] if n == 1 else [-1, 0]
    spans = all_spans(n, labels)
    sets = [[s for i, s in enumerate(spans) if bits >> i & 1] for bits in range(1, 1 << len(spans))]
    agreed = [
        check_with_wrong(system, list(annotation), [0] * n, wrong)
        for annotation in itertools.product(VALUES, repeat=n)
        for wrong in sets
    ]
    assert any(agreed)
    assert not all(agreed)


@pytest.mark.parametrize("n", [3, 4, 5])
def test_costs_are_exact_in_a_sample_with_wrong_entities(n: int) -> None:
    rng = random.Random(n)
    system = _core.EntityMoves(["a", "b"], ["3"])
    values = [*VALUES, *[(MISSING, -1)] * 9]  # on words without annotation they say something new
    spans = all_spans(n, [-1, 0, 1])
    agreed = [
        check_with_wrong(
            system,
            rng.choices(values, k=n),
            rng.choices([0, 0, 0, 1], k=n),
            rng.sample(spans, rng.randint(1, min(n + 3, 7))),
        )
        for _ in range({3: 1000, 4: 250, 5: 50}[n])
    ]
    assert sum(agreed) > len(agreed) // 2


def test_a_wrong_entity_costs_only_itself() -> None:
    system = _core.EntityMoves(["a", "b"], ["3"])
    out, begin, last, unit, unit_b = 0, 1, 3, 4, 8
    walk = _core.EntityWalk(system, 3)
    walk.teach([MISSING] * 3, [-1] * 3, [(0, 0, 0), (0, 1, 0)])
    assert [walk.costs()[action] for action in (out, begin, unit, unit_b)] == [0, 0, 1, 0]
    walk.apply(begin)
    assert walk.costs()[last] == 1
    any_label = _core.EntityWalk(system, 1)
    any_label.teach([MISSING], [-1], [(0, 0, -1)])
    assert any_label.gold() == [out]


def test_an_oracle_taken_along_in_a_copy_knows_what_is_wrong() -> None:
    walk = _core.EntityWalk(_core.EntityMoves(["a"], ["3"]), 1)
    walk.teach([MISSING], [-1], [(0, 0, 0)])
    assert walk.copy().gold() == [0]


@pytest.mark.parametrize("wrong", [(0, 3, 0), (-1, 0, 0), (1, 0, 0), (0, 0, 1), (0, 0, -2)])
def test_wrong_entities_out_of_range_are_errors(wrong: Span) -> None:
    walk = _core.EntityWalk(_core.EntityMoves(["a"], ["3"]), 3)
    with pytest.raises(TextError, match=r"wrong\[0\]"):
        walk.teach([MISSING] * 3, [-1] * 3, [wrong])
