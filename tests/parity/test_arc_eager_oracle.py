"""The arc-eager oracle against brute force: least reachable loss over every state of short sentences."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

import numpy as np
import pytest

from treelet import _core


def projective_trees(n: int) -> list[list[int]]:
    """Heads of every projective tree over n words; the root is its own head."""
    trees = []
    for heads in itertools.product(range(n), repeat=n):
        if sum(head == word for word, head in enumerate(heads)) == 1 and is_tree(heads):
            trees.append(list(heads))
    return trees


def is_tree(heads: tuple[int, ...]) -> bool:
    n = len(heads)
    for word in range(n):
        seen, up = set(), word
        while heads[up] != up:
            if up in seen:
                return False
            seen.add(up)
            up = heads[up]
    return not _core.nonprojective_words(list(heads))


@dataclass
class Gold:
    heads: list[int]
    deprels: list[int]
    starts: list[int]

    def loss(self, heads: list[int], deprels: list[int], starts: list[int]) -> int:
        lost = 0
        for word, gold in enumerate(self.heads):
            head = word if heads[word] < 0 else heads[word]
            if (gold >= 0 and head != gold) or (
                gold >= 0 and gold != word and self.deprels[word] >= 0 and deprels[word] != self.deprels[word]
            ):
                lost += 1
        pairs = zip(self.starts[1:], starts[1:], strict=True)
        return lost + sum(want != 0 and want != found for want, found in pairs)


@dataclass
class Graph:
    """Every state that can be reached: walks by key, and successors by action."""

    walks: dict[bytes, _core.ParseWalk]
    moves: dict[bytes, dict[int, bytes]]
    order: list[bytes]  # successors first

    @classmethod
    def explore(cls, first: _core.ParseWalk) -> Graph:
        graph = cls({}, {}, [])
        entered: set[bytes] = set()
        stack = [(first, False)]
        while stack:
            walk, leaving = stack.pop()
            key = walk.key()
            if leaving:
                graph.order.append(key)
                continue
            if key in entered:
                continue
            entered.add(key)
            graph.walks[key] = walk
            graph.moves[key] = {}
            stack.append((walk, True))
            for action, allowed in enumerate(walk.valid()):
                if allowed:
                    after = walk.copy()
                    after.apply(action)
                    graph.moves[key][action] = after.key()
                    stack.append((after, False))
        return graph

    def least_losses(self, golds: list[Gold]) -> dict[bytes, np.ndarray]:
        """Least reachable loss of each state for each gold: (golds,)."""
        best: dict[bytes, np.ndarray] = {}
        for key in self.order:
            after = self.moves[key]
            if after:
                best[key] = np.min([best[k] for k in after.values()], axis=0)
            else:
                walk = self.walks[key]
                ends = (walk.heads(), walk.deprels(), walk.sent_starts())
                best[key] = np.array([gold.loss(*ends) for gold in golds])
        return best


@dataclass
class Tally:
    actions: int = 0
    wrong_cost: int = 0
    states: int = 0
    unsound: int = 0  # states where an action called gold loses something
    empty: int = 0


def compare(
    system: _core.ArcEager, graph: Graph, gold: Gold, best: dict[bytes, np.ndarray], index: int
) -> Tally:
    """Costs of the oracle in every state, walked to with the oracle watching, against brute force."""
    tally = Tally()
    first = _core.ParseWalk(system, len(gold.heads))
    first.teach(gold.heads, gold.deprels, gold.starts)
    seen = {first.key()}
    stack = [first]
    while stack:
        walk = stack.pop()
        key = walk.key()
        costs = walk.costs()
        right = walk.gold()
        moves = graph.moves[key]
        if not moves:
            continue
        tally.states += 1
        exact = {action: int(best[after][index] - best[key][index]) for action, after in moves.items()}
        tally.unsound += any(exact[action] > 0 for action in right) and len(moves) > 1
        tally.empty += not right
        for action, after in moves.items():
            tally.actions += 1
            tally.wrong_cost += costs[action][0] != exact[action]
            if after not in seen:
                seen.add(after)
                step = walk.copy()
                step.apply(action)
                stack.append(step)
    return tally


def measure(system: _core.ArcEager, golds: list[Gold]) -> Tally:
    total = Tally()
    graph = Graph.explore(_core.ParseWalk(system, len(golds[0].heads)))
    best = graph.least_losses(golds)
    for index, gold in enumerate(golds):
        one = compare(system, graph, gold, best, index)
        for name in vars(total):
            setattr(total, name, getattr(total, name) + getattr(one, name))
    return total


def single(n: int) -> list[Gold]:
    return [Gold(tree, [0] * n, [1] + [-1] * (n - 1)) for tree in projective_trees(n)]


def several(n: int) -> list[Gold]:
    """Every way to cut n words in sentences, with every projective tree in each."""
    golds = []
    for cuts in itertools.product([-1, 1], repeat=n - 1):
        bounds = [0, *(i + 1 for i, cut in enumerate(cuts) if cut == 1), n]
        parts = [projective_trees(b - a) for a, b in itertools.pairwise(bounds)]
        for trees in itertools.product(*parts):
            heads = [a + head for a, tree in zip(bounds, trees, strict=False) for head in tree]
            golds.append(Gold(heads, [0] * n, [1, *cuts]))
    return golds


def masked(golds: list[Gold], seed: int) -> list[Gold]:
    """The same with a third of heads, labels and starts missing."""
    rng = random.Random(seed)

    def mask(values: list[int], missing: int) -> list[int]:
        return [missing if rng.random() < 0.33 else value for value in values]

    return [Gold(mask(g.heads, -1), mask(g.deprels, -1), mask(g.starts, 0)) for g in golds]


def deprels_at_random(golds: list[Gold], seed: int) -> list[Gold]:
    rng = random.Random(seed)
    return [Gold(g.heads, [rng.randrange(2) for _ in g.heads], g.starts) for g in golds]


def unknown_starts(golds: list[Gold]) -> list[Gold]:
    return [Gold(g.heads, g.deprels, [0] * len(g.heads)) for g in golds]


KINDS = {
    "trees of 1": lambda: single(1),
    "trees of 2": lambda: single(2),
    "trees of 3": lambda: single(3),
    "trees of 4": lambda: single(4),
    "trees of 5": lambda: single(5),
    "sentences in 4 words": lambda: several(4),
    "sentences in 5 words": lambda: random.Random(1).sample(several(5), 60),
    "annotation missing in 4 words": lambda: masked(several(4), 1) + masked(several(4), 2),
    "annotation missing in 5 words": lambda: masked(random.Random(2).sample(several(5), 60), 3),
}


@pytest.mark.parametrize("kind", KINDS)
def test_with_repairs_the_oracle_is_exact(kind: str) -> None:
    tally = measure(_core.ArcEager(["a"], ["a"], ["8"], True), KINDS[kind]())
    assert tally.states > 0
    assert (tally.wrong_cost, tally.unsound, tally.empty) == (0, 0, 0)


def test_with_repairs_the_oracle_is_exact_for_labels() -> None:
    golds = deprels_at_random(several(3), 0) + masked(deprels_at_random(several(3), 1), 2)
    tally = measure(_core.ArcEager(["a", "b"], ["a", "b"], ["8"], True), golds)
    assert (tally.wrong_cost, tally.unsound, tally.empty) == (0, 0, 0)


def test_with_repairs_unknown_starts_mislead_no_choice() -> None:
    """After mistakes the trees alone do not tell sentences apart: 1 cost in 2000 is off, no gold one."""
    tally = measure(_core.ArcEager(["a"], ["a"], ["8"], True), unknown_starts(several(4)))
    assert tally.wrong_cost <= tally.actions * 0.001
    assert (tally.unsound, tally.empty) == (0, 0)


@pytest.mark.parametrize("kind", [*KINDS, "unknown starts"])
def test_without_repairs_the_oracle_is_nearly_exact(kind: str) -> None:
    """Arcs that only the putting back at the end of a sentence can still make count as lost."""
    golds = unknown_starts(several(4)) if kind == "unknown starts" else KINDS[kind]()
    tally = measure(_core.ArcEager(["a"], ["a"], ["8"], False), golds)
    assert tally.wrong_cost <= tally.actions * 0.05
    assert tally.unsound <= tally.states * 0.01
    assert tally.empty == 0


def test_gold_walk_reaches_the_gold_tree() -> None:
    for non_monotonic in (False, True):
        system = _core.ArcEager(["a"], ["a"], ["8"], non_monotonic)
        for gold in [*single(5), *several(4)]:
            walk = _core.ParseWalk(system, len(gold.heads))
            walk.teach(gold.heads, gold.deprels, gold.starts)
            while not walk.is_final():
                walk.apply(walk.gold()[-1])
            assert gold.loss(walk.heads(), walk.deprels(), walk.sent_starts()) == 0
