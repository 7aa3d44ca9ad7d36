"""A silver document and a least probability in, a document out that is silent where nobody is sure.

A missing head, label or entity costs nothing in teaching: the oracle lets the student decide.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from treelet.doc import Doc
from treelet.doc.entity_tags import MISSING
from treelet.silver.cache import Silver

_TAGS = ("upos", "xpos", "feats", "lemma")


def with_gaps(silver: Silver, least: float, types: Collection[str]) -> Doc:
    """The document, changed in place: heads, labels, entities below `least` are missing; unknown stays.

    types: of entities that are taught; of others nothing is known, so their words are missing, too.
    """
    columns = silver.doc.columns
    for name in _TAGS:
        if least > 0 and name in silver.sure:
            unsure = silver.sure[name] < least
            found = getattr(columns, f"{name}_column")()
            kept = [None if no else value for value, no in zip(found, unsure, strict=True)]
            getattr(columns, f"set_{name}_column")(kept)
    if least > 0 and columns.has_head() and "head" in silver.sure:
        unsure = silver.sure["head"] < least  # NaN is not
        vague = unsure | (silver.sure["deprel"] < least)
        if vague.any():
            heads, deprels = columns.head_column(), columns.deprel_column()
            columns.set_head_column([-1 if no else head for head, no in zip(heads, unsure, strict=True)])
            columns.set_deprel_column([None if no else name for name, no in zip(deprels, vague, strict=True)])
    if columns.has_iob():
        _cut_entities(silver, least, types)
    silver.doc.forget_index()
    return silver.doc


def _cut_entities(silver: Silver, least: float, types: Collection[str]) -> None:
    columns = silver.doc.columns
    found = columns.ent_type_column()
    foreign = [name is not None and name not in types for name in found]
    unsure = np.array(foreign, bool)
    if least > 0 and "ent" in silver.sure:
        unsure |= silver.sure["ent"] < least
    if not unsure.any():
        return
    codes = columns.iob_column()
    columns.set_iob_column([MISSING if no else code for code, no in zip(codes, unsure, strict=True)])
    columns.set_ent_type_column([None if no else name for name, no in zip(found, unsure, strict=True)])
