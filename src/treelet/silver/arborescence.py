"""Scored arcs in, the best tree over them out: Chu & Liu (1965), Edmonds (1967), as reparsing needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Scores = Sequence[Mapping[int, float]]
"""For each word, its possible heads with the score of that arc; of equal scores the first named wins."""


def best_tree(scores: Scores, roots: Mapping[int, float]) -> list[int]:
    """Heads of the tree with one root whose arcs and root have the largest sum; the root is its own head.

    roots: the words that may be one, at least one, with a score each. Any word may depend on the root with
    score 0, so there is a tree whatever the arcs.
    """
    heads = [max(each, key=each.__getitem__, default=-1) for each in scores]
    if greedy := _greedy(heads, scores, roots):
        return greedy
    best: list[int] = []
    most = float("-inf")
    for root, own in roots.items():
        arcs = {
            word: {head: score for head, score in ({root: 0.0} | dict(each)).items() if head != word}
            for word, each in enumerate(scores)
            if word != root
        }
        found = _arborescence(arcs, root)
        total = own + sum(arcs[word][head] for word, head in found.items())
        if total > most:
            most, best = total, [found.get(word, word) for word in range(len(scores))]
    return best


def _greedy(heads: list[int], scores: Scores, roots: Mapping[int, float]) -> list[int]:
    """The best arc of every word but the root's, where that is a tree and no other can be better; else []."""
    root = max(roots, key=roots.__getitem__)
    gains = {word: own - max(scores[word].values(), default=0.0) for word, own in roots.items()}
    if gains[root] < max(gains.values()):
        return []
    found = list(heads)
    found[root] = root
    return found if all(head >= 0 for head in found) and _is_tree(found, root) else []


def _is_tree(heads: Sequence[int], root: int) -> bool:
    """Whether every word leads up to the root."""
    good = {root}
    for word in range(len(heads)):
        path = []
        while word not in good and word not in path:
            path.append(word)
            word = heads[word]
        if word not in good:
            return False
        good.update(path)
    return True


def _arborescence(arcs: Mapping[int, Mapping[int, float]], root: int) -> dict[int, int]:
    """Word to head in the best tree that hangs from `root`; every word of `arcs` can be reached from it."""
    heads = {word: max(each, key=each.__getitem__) for word, each in arcs.items()}
    cycle = _cycle(heads, root)
    if not cycle:
        return heads
    joint = max(max(arcs), root) + 1  # stands for the whole cycle
    into: dict[int, float] = {}
    enters: dict[int, tuple[int, int]] = {}  # head outside -> the word of the cycle, and that head
    leaves: dict[int, int] = {}  # word outside -> the word of the cycle that would be its head
    smaller: dict[int, dict[int, float]] = {joint: into}
    for word, each in arcs.items():
        if word in cycle:
            lost = arcs[word][heads[word]]
            for head, score in each.items():
                if head not in cycle and score - lost > into.get(head, float("-inf")):
                    into[head], enters[head] = score - lost, (word, head)
            continue
        outer = smaller[word] = {}
        for head, score in each.items():
            if head not in cycle:
                outer[head] = score
            elif score > outer.get(joint, float("-inf")):
                outer[joint], leaves[word] = score, head
    found = _arborescence(smaller, root)
    broken, outside = enters[found.pop(joint)]
    whole = {word: leaves[word] if head == joint else head for word, head in found.items()}
    return whole | {word: heads[word] for word in cycle} | {broken: outside}


def _cycle(heads: Mapping[int, int], root: int) -> set[int]:
    """The words of one cycle, none if there is none."""
    done = {root}
    for start in heads:
        path: list[int] = []
        word = start
        while word not in done and word not in path:
            path.append(word)
            word = heads[word]
        if word not in done:
            return set(path[path.index(word) :])
        done.update(path)
    return set()
