"""Heads in; children, edges and depths out, each in time linear in the number of words."""

from __future__ import annotations

from collections.abc import Sequence

from treelet.errors import TextError

MISSING = -1


class Tree:
    """The dependency forest of a document. A word without a known head is a root here."""

    def __init__(self, heads: Sequence[int]) -> None:
        """heads: index of each word's head, its own for a root, −1 unknown.

        Raises TextError where they form a cycle.
        """
        n = len(heads)
        self.heads = [i if head == MISSING else head for i, head in enumerate(heads)]
        self.lefts: list[list[int]] = [[] for _ in range(n)]  # children before the word, in order
        self.rights: list[list[int]] = [[] for _ in range(n)]
        for i, head in enumerate(self.heads):
            if i < head:
                self.lefts[head].append(i)
            elif i > head:
                self.rights[head].append(i)
        self.depth = [0] * n
        order = [i for i in range(n) if self.heads[i] == i]
        for word in order:  # grows while it is walked: parents stand before their children
            for child in self.children(word):
                self.depth[child] = self.depth[word] + 1
                order.append(child)
        if len(order) < n:
            inside = min(set(range(n)) - set(order))
            raise TextError(
                f"heads: the head of word {inside} leads into a cycle, expected every word to lead to a root"
            )
        self.left_edge = list(range(n))
        self.right_edge = list(range(n))
        for word in reversed(order):
            head = self.heads[word]
            self.left_edge[head] = min(self.left_edge[head], self.left_edge[word])
            self.right_edge[head] = max(self.right_edge[head], self.right_edge[word])

    def children(self, word: int) -> list[int]:
        """Children of a word, in order."""
        return self.lefts[word] + self.rights[word]

    def subtree(self, word: int) -> list[int]:
        """The word and all that hangs below it, in order."""
        below = [word]
        for node in below:
            below += self.lefts[node]
            below += self.rights[node]
        return sorted(below)

    def ancestors(self, word: int) -> list[int]:
        """The word's head, the head's head and so on up to the root."""
        above = []
        while self.heads[word] != word:
            word = self.heads[word]
            above.append(word)
        return above
