"""The attributes of a token that the dependency tree decides; each step is linear in what it returns."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from treelet.doc.doc import Doc
    from treelet.doc.token import Token


class TreeNavigation:
    """What Token inherits. A word without a known head is a root. TextError where heads form a cycle."""

    __slots__ = ("doc", "i")

    doc: Doc
    i: int

    def _tokens(self, indices: list[int]) -> Iterator[Token]:
        return (self.doc[i] for i in indices)

    @property
    def lefts(self) -> Iterator[Token]:
        """Children before the word, in order."""
        return self._tokens(self.doc.tree.lefts[self.i])

    @property
    def rights(self) -> Iterator[Token]:
        """Children after the word, in order."""
        return self._tokens(self.doc.tree.rights[self.i])

    @property
    def children(self) -> Iterator[Token]:
        """Children, in order."""
        return self._tokens(self.doc.tree.children(self.i))

    @property
    def n_lefts(self) -> int:
        """Number of children before the word."""
        return len(self.doc.tree.lefts[self.i])

    @property
    def n_rights(self) -> int:
        """Number of children after the word."""
        return len(self.doc.tree.rights[self.i])

    @property
    def subtree(self) -> Iterator[Token]:
        """The word and all words below it, in order."""
        return self._tokens(self.doc.tree.subtree(self.i))

    @property
    def left_edge(self) -> Token:
        """First word of the subtree."""
        return self.doc[self.doc.tree.left_edge[self.i]]

    @property
    def right_edge(self) -> Token:
        """Last word of the subtree."""
        return self.doc[self.doc.tree.right_edge[self.i]]

    @property
    def ancestors(self) -> Iterator[Token]:
        """The head, its head, and so on to the root."""
        return self._tokens(self.doc.tree.ancestors(self.i))

    def is_ancestor(self, descendant: Token) -> bool:
        """Whether the other word is below this one."""
        return self.doc is descendant.doc and self.i in self.doc.tree.ancestors(descendant.i)

    @property
    def conjuncts(self) -> tuple[Token, ...]:
        """The other words coordinated with this one: all that `conj` joins, up and down."""
        tree, deprel, first = self.doc.tree, self.doc.columns.deprel, self.i
        while _is_conj(deprel(first)) and tree.heads[first] != first:
            first = tree.heads[first]
        joined = [first]
        for word in joined:
            joined += [child for child in tree.children(word) if _is_conj(deprel(child))]
        return tuple(self._tokens(sorted(word for word in joined if word != self.i)))


def _is_conj(deprel: str | None) -> bool:
    return deprel is not None and deprel.partition(":")[0] == "conj"
