"""One document as several teachers annotate it in, one document with what most of them say out.

Trees by reparsing (Sagae & Lavie 2006): the best tree over all arcs, each worth the probabilities that
teachers give it, so that the number of arcs expected to be right is as large as one tree allows. All else by
vote; of equals, what the first teacher says. How sure: of trees and entities the mean of the probabilities of
those who say so over all who say anything, of the rest their share.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from treelet.doc import Doc, Span
from treelet.silver.arborescence import best_tree
from treelet.silver.cache import Floats, Silver

_UNSAID = 0.5  # the probability of what a teacher says without one


def own_words(doc: Doc) -> Silver:
    """A document with how sure the pipeline was that annotated it: docs/confidence.md."""
    columns = doc.columns
    found: dict[str, Any] = {
        "head": columns.head_probability_column(),
        "deprel": columns.deprel_probability_column(),
        "ent": columns.ent_probability_column(),
    }
    return Silver(doc, {name: np.array(values, np.float32) for name, values in found.items()})


def voted(docs: Sequence[Doc]) -> Silver:
    """What the documents, which have the same words, say together. Each says what its teacher knows."""
    if len(docs) == 1:
        return own_words(docs[0])
    doc = docs[0].bare()
    sure: dict[str, Floats] = {}
    upos = _vote(doc, docs, "upos", sure)
    _vote(doc, docs, "feats", sure, upos)
    for name in ("xpos", "lemma"):
        _vote(doc, docs, name, sure)
    starts = _sentence_starts(docs)
    if starts:
        doc.columns.set_sent_start_column([1 if i in starts else -1 for i in range(len(doc))])
    told = [own_words(each) for each in docs]
    if trees := [each for each in told if each.doc.columns.has_head()]:
        _vote_trees(doc, trees, sorted(starts), sure)
    if known := [each for each in told if each.doc.columns.has_iob()]:
        _vote_entities(doc, known, sure)
    doc.forget_index()
    return Silver(doc, sure)


def _vote(
    doc: Doc, docs: Sequence[Doc], name: str, sure: dict[str, Floats], upos: Sequence[str | None] = ()
) -> list[str | None]:
    """Set a column, empty where nobody has it.

    upos: what was chosen of that: only those who said it too have a say.
    """
    known = [each for each in docs if getattr(each.columns, f"has_{name}")()]
    if not known:
        return []
    columns = [getattr(each.columns, f"{name}_column")() for each in known]
    tags = [each.columns.upos_column() for each in known] if upos else []
    chosen: list[str | None] = []
    shares = np.ones(len(doc), np.float32)
    for i, said in enumerate(zip(*columns, strict=True)):
        counts: dict[str | None, int] = {}
        for teacher, value in enumerate(said):
            if not upos or tags[teacher][i] == upos[i]:
                counts[value] = counts.get(value, 0) + 1
        best = max(counts, key=counts.__getitem__) if counts else said[0]
        chosen.append(best)
        shares[i] = counts.get(best, 0) / len(known)
    getattr(doc.columns, f"set_{name}_column")(chosen)
    if len(known) > 1:
        sure[name] = shares
    return chosen


def _sentence_starts(docs: Sequence[Doc]) -> set[int]:
    """Words that at least half of those say who know of sentences; the first always, if anybody does."""
    known = [each for each in docs if each.columns.has_head() or any(each.columns.sent_start_column())]
    counts: dict[int, int] = {}
    for each in known:
        for start in each.sentence_starts:
            counts[start] = counts.get(start, 0) + 1
    return {start for start, count in counts.items() if 2 * count >= len(known)}


def _vote_trees(doc: Doc, told: Sequence[Silver], starts: Sequence[int], sure: dict[str, Floats]) -> None:
    heads = [each.doc.columns.head_column() for each in told]
    deprels = [each.doc.columns.deprel_column() for each in told]
    likely = [_filled(each.sure["head"]) for each in told]
    labelled = [_filled(each.sure["deprel"]) for each in told]
    chosen: list[int] = []
    for begin, end in pairwise([*starts, len(doc)]):
        chosen += _sentence_tree([own[begin:end] for own in heads], [own[begin:end] for own in likely], begin)
    labels: list[str | None] = []
    sure["head"], sure["deprel"] = np.zeros((2, len(doc)), np.float32)
    for i, head in enumerate(chosen):
        same = [teacher for teacher, own in enumerate(heads) if own[i] == head]
        sure["head"][i] = sum(likely[teacher][i] for teacher in same) / len(told)
        worth: dict[str | None, float] = {}
        for teacher in same or range(len(told)):
            label = deprels[teacher][i]
            worth[label] = worth.get(label, 0.0) + labelled[teacher][i]
        best = max(worth, key=worth.__getitem__) if same or head != i else "root"
        labels.append(best)
        sure["deprel"][i] = worth.get(best, 0.0) / len(told) if same else 0.0
    doc.columns.set_head_column(chosen)
    doc.columns.set_deprel_column(labels)


def _sentence_tree(heads: Sequence[list[int]], likely: Sequence[list[float]], begin: int) -> list[int]:
    """Heads (words) by the teachers' heads and how likely they are; begin: the sentence's first word."""
    n = len(heads[0])
    scores: list[dict[int, float]] = [{} for _ in range(n)]
    roots: dict[int, float] = {}
    for own, shares in zip(heads, likely, strict=True):
        for i, share in enumerate(shares):
            head = own[i] - begin
            if head == i or not 0 <= head < n:  # a head beyond the sentence leaves a root
                roots[i] = roots.get(i, 0.0) + share
            else:
                scores[i][head] = scores[i].get(head, 0.0) + share
    return [begin + head for head in best_tree(scores, roots)]


def _vote_entities(doc: Doc, told: Sequence[Silver], sure: dict[str, Floats]) -> None:
    """Spans that at least half name; words of the others are outside, as surely as nobody names them."""
    counts: dict[tuple[int, int, str], int] = {}
    worth: dict[tuple[int, int, str], float] = {}
    for each in told:
        likely = _filled(each.sure["ent"])
        for ent in each.doc.ents:
            key = (ent.start, ent.end, ent.label_)
            counts[key] = counts.get(key, 0) + 1
            worth[key] = worth.get(key, 0.0) + likely[ent.start] / len(told)
    found = np.full(len(doc), np.nan, np.float32)
    taken = np.zeros(len(doc), bool)
    kept: list[Span] = []
    for key in sorted(worth, key=lambda key: -worth[key]):
        begin, end, label = key
        if 2 * counts[key] >= len(told) and not taken[begin:end].any():
            kept.append(Span(doc, begin, end, label))
            taken[begin:end], found[begin:end] = True, worth[key]
    for (begin, end, _), share in worth.items():
        free = [i for i in range(begin, end) if not taken[i]]
        found[free] = np.fmin(found[free], 1 - share)
    doc.set_ents(kept, default="outside")
    sure["ent"] = found


def _filled(values: Floats) -> list[float]:
    filled: list[float] = np.where(np.isnan(values), np.float32(_UNSAID), values).tolist()
    return filled
