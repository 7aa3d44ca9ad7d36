"""Every state of short sentences, and the least loss that each can still reach: what the oracle must know."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

import numpy as np

from treelet import _core

LOST = 1000
"""What one lost head, label or boundary weighs beside one repair."""


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
    repairs: dict[bytes, dict[int, int]]  # 1 for an action that puts a word back or replaces a head

    @classmethod
    def explore(cls, system: _core.ArcEager, n_words: int) -> Graph:
        graph, names = cls({}, {}, [], {}), system.actions
        entered: set[bytes] = set()
        stack = [(_core.ParseWalk(system, n_words), False)]
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
            graph.moves[key], graph.repairs[key] = {}, {}
            stack.append((walk, True))
            for action, allowed in enumerate(walk.valid()):
                if allowed:
                    after = walk.copy()
                    after.apply(action)
                    graph.moves[key][action] = after.key()
                    graph.repairs[key][action] = is_repair(walk, names[action])
                    stack.append((after, False))
        return graph

    def least_costs(self, golds: list[Gold]) -> dict[bytes, np.ndarray]:
        """Least reachable cost of each state for each gold, LOST · loss + repairs: (golds,)."""
        best: dict[bytes, np.ndarray] = {}
        for key in self.order:
            after = self.moves[key]
            if after:
                best[key] = np.min([best[k] + self.repairs[key][a] for a, k in after.items()], axis=0)
            else:
                walk = self.walks[key]
                ends = (walk.heads(), walk.deprels(), walk.sent_starts())
                best[key] = np.array([LOST * gold.loss(*ends) for gold in golds])
        return best


def is_repair(walk: _core.ParseWalk, name: str) -> int:
    stack, heads = walk.stack(), walk.heads()
    if name.startswith("Left"):
        return int(heads[stack[-1]] >= 0)
    return int(name == "Reduce" and heads[stack[-1]] < 0 and len(stack) > 1)


@dataclass
class Tally:
    """Counts over all states that are not final, and the actions allowed there."""

    actions: int = 0
    wrong_cost: int = 0  # what the action loses is off
    wrong_repairs: int = 0  # that is right, and the repairs are off
    states: int = 0
    unsound: int = 0  # an action called gold loses something
    wasteful: int = 0  # an action called gold needs more repairs than another
    empty: int = 0  # no action called gold


def compare(graph: Graph, walk: _core.ParseWalk, best: dict[bytes, np.ndarray], index: int) -> Tally:
    """Costs of the oracle in every state, walked to with the oracle watching, against brute force."""
    tally = Tally()
    seen = {walk.key()}
    stack = [walk]
    while stack:
        walk = stack.pop()
        key = walk.key()
        moves = graph.moves[key]
        exact = {}
        for action, after in moves.items():
            cost = int(best[after][index] - best[key][index])
            lost = round(cost / LOST)
            exact[action] = (lost, cost - LOST * lost)
            if after not in seen:
                seen.add(after)
                step = walk.copy()
                step.apply(action)
                stack.append(step)
        if moves:
            count(tally, exact, walk)
    return tally


def count(tally: Tally, exact: dict[int, tuple[int, int]], walk: _core.ParseWalk) -> None:
    costs, right = walk.costs(), walk.gold()
    tally.states += 1
    tally.actions += len(exact)
    for action, cost in exact.items():
        found = costs[action]
        assert found is not None
        tally.wrong_cost += found[0] != cost[0]
        tally.wrong_repairs += found[0] == cost[0] and found[1] != cost[1]
    least = min(exact.values())
    tally.unsound += any(exact[action][0] > least[0] for action in right)
    tally.wasteful += any(exact[action] > least for action in right)
    tally.empty += not right


def measure(system: _core.ArcEager, golds: list[Gold]) -> Tally:
    total = Tally()
    graph = Graph.explore(system, len(golds[0].heads))
    best = graph.least_costs(golds)
    for index, gold in enumerate(golds):
        first = _core.ParseWalk(system, len(gold.heads))
        first.teach(gold.heads, gold.deprels, gold.starts)
        one = compare(graph, first, best, index)
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
