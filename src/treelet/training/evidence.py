"""A pipeline and gold documents in; what its walks knew of heads and entities, and which were right, out.

Words are given, all else is predicted: as development data are scored. Logarithms are natural.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from treelet.doc import Doc
from treelet.doc.entity_tags import MISSING
from treelet.pipeline import Pipeline

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
ROOT = 2  # the third of the sides left, right, root


@dataclass(frozen=True)
class HeadEvidence:
    """Words whose gold head is known: columns of equal length (words,)."""

    side: npt.NDArray[np.int64]  # of its head that the word stands on: 0 left, 1 right, 2 a root
    known: Array  # (words, 3): log-odds of the arc's move, of the weakest move, log distance
    label: Array  # log-odds of the label among those of the move
    head_right: Flags
    both_right: Flags  # head and deprel
    document: npt.NDArray[np.int64]


@dataclass(frozen=True)
class EntityEvidence:
    """Predicted entities on words whose gold annotation is known: columns of equal length (entities,)."""

    known: Array  # (entities, 2): log-odds of the product of the actions, log length
    right: Flags
    document: npt.NDArray[np.int64]


def collect_evidence(nlp: Pipeline, docs: Sequence[Doc]) -> tuple[HeadEvidence, EntityEvidence]:
    """Evidence over all documents; documents that lack a column give none of its kind."""
    heads: list[Array] = [np.empty((0, 8))]
    entities: list[Array] = [np.empty((0, 4))]
    for number, gold in enumerate(docs):
        if not len(gold):
            continue
        found = gold.bare()
        of_heads, of_entities = nlp.annotate_with_evidence(found)
        if len(of_heads):
            heads.append(_judge_heads(gold, found, of_heads, number))
        if len(of_entities) and gold.columns.has_iob():
            entities.append(_judge_entities(gold, found, of_entities, number))
    h, e = np.concatenate(heads), np.concatenate(entities)
    return (
        HeadEvidence(
            side=h[:, 0].astype(np.int64),
            known=h[:, [1, 2, 4]],
            label=h[:, 3],
            head_right=h[:, 5] > 0,
            both_right=h[:, 6] > 0,
            document=h[:, 7].astype(np.int64),
        ),
        EntityEvidence(known=e[:, :2], right=e[:, 2] > 0, document=e[:, 3].astype(np.int64)),
    )


def _judge_heads(gold: Doc, found: Doc, evidence: Array, number: int) -> Array:
    heads = gold.columns.heads()
    right = heads == found.columns.heads()
    deprels = zip(gold.columns.deprel_column(), found.columns.deprel_column(), strict=True)
    both = right & np.array([ours == theirs for ours, theirs in deprels])
    judged = np.column_stack([evidence, right, both, np.full(len(heads), number)])
    return np.asarray(judged[heads >= 0], dtype=np.float64)


def _judge_entities(gold: Doc, found: Doc, evidence: Array, number: int) -> Array:
    expected = {(ent.start, ent.end, ent.label_) for ent in gold.ents}
    types, codes = found.columns.ent_type_column(), gold.columns.iob_column()
    rows = []
    for first, last, product, log_length in evidence:
        start, end = int(first), int(last) + 1
        if MISSING not in codes[start:end]:
            rows.append((product, log_length, (start, end, types[start]) in expected, number))
    return np.array(rows, dtype=np.float64).reshape(-1, 4)
