"""A document with tree and parts of speech in; base noun phrases out.

A base noun phrase is a noun, proper noun or pronoun, with the run of its modifiers' subtrees that ends right
before it (determiners, adjectives, numbers, compounds, possessors: `_LEFT`) and the words right after it that
continue its name (`flat`, `fixed`: `_RIGHT`). The run stops at the first child of another relation, at a gap,
and at a modifier with a clause in it. "The first three green apples of my aunt" has "The first three green
apples" and "my aunt".

Words that are part of another's name or compound head no phrase, nor does a noun inside a longer phrase, such
as "John" in "John's car". Phrases do not overlap. Relations are those of Universal Dependencies, so the one
definition serves every language; adjectives after the noun, as in Portuguese, are not taken in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from treelet.doc.span import Span

if TYPE_CHECKING:
    from treelet.doc.doc import Doc

_HEADS = frozenset({"NOUN", "PROPN", "PRON"})
_LEFT = frozenset(
    {"det", "amod", "compound", "nummod", "flat", "nmod:poss", "nmod:desc", "clf", "advmod", "goeswith"}
)
_RIGHT = frozenset({"flat", "fixed", "goeswith"})
_NO_HEAD = frozenset({"compound", "flat", "fixed", "goeswith", "det"})


def noun_chunks(doc: Doc) -> Iterator[Span]:
    """Base noun phrases in order, labelled `NP`. Raises TextError without a tree and parts of speech."""
    doc.require("DEP", "a dependency tree", "noun_chunks")
    doc.require("POS", "parts of speech", "noun_chunks")
    tree = doc.tree
    deprels = [deprel or "" for deprel in doc.columns.deprel_column()]
    plain = [deprel.partition(":")[0] for deprel in deprels]
    pos = doc.columns.upos_column()
    found: list[tuple[int, int]] = []
    for head in range(len(doc)):
        if pos[head] not in _HEADS or plain[head] in _NO_HEAD:
            continue
        start = head
        for child in reversed(tree.lefts[head]):
            modifies = plain[child] in _LEFT or deprels[child] in _LEFT
            if (
                not modifies
                or tree.right_edge[child] + 1 != start
                or _has_clause(plain, tree.left_edge[child], start)
            ):
                break
            start = tree.left_edge[child]
        end = head + 1
        for child in tree.rights[head]:
            if plain[child] not in _RIGHT or tree.left_edge[child] != end:
                break
            end = tree.right_edge[child] + 1
        while found and start < found[-1][1] and start <= found[-1][0]:
            found.pop()  # a possessor or other noun inside the longer phrase
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return (Span(doc, start, end, "NP") for start, end in found)


def _has_clause(plain: list[str], start: int, end: int) -> bool:
    return any(deprel in ("acl", "advcl", "ccomp", "csubj", "parataxis") for deprel in plain[start:end])
