"""A gold document in; what the recognizer learns from it out, as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from treelet.doc import Doc, Span
from treelet.doc.entity_tags import BEGIN, INSIDE, OUTSIDE
from treelet.errors import TrainingError


@dataclass(frozen=True)
class EntityColumns:
    """Entities of one document."""

    iob: npt.NDArray[np.uint8]  # (words,) as Doc: 0 missing, 1 inside, 2 outside, 3 begin
    labels: npt.NDArray[np.int32]  # (words,) -1 missing
    wrong: npt.NDArray[np.int32]  # (spans, 3) first word, last word, label, -1 = any; not entities


def entity_columns(doc: Doc, numbers: Mapping[str, int]) -> EntityColumns | None:
    """numbers: label to number. None where the document says nothing about entities.

    White space begins no entity: where a gold one starts with it, it is cut off. A wrong entity whose label
    is not taught is left out, for it cannot be predicted. Raises TrainingError where an entity is said to be
    wrong, too.
    """
    codes, types = doc.columns.iob_column(), doc.columns.ent_type_column()
    wrong = _wrong_rows(doc, numbers)
    if not any(codes) and not wrong:
        return None
    if any(map(str.isspace, doc.columns.word_column())):
        for ent in doc.ents:
            _cut_blank(ent, codes, types)
    labels = [-1 if name is None else numbers.get(name, -1) for name in types]
    return EntityColumns(
        np.array(codes, dtype=np.uint8),
        np.array(labels, dtype=np.int32),
        np.array(wrong, dtype=np.int32).reshape(-1, 3),
    )


def _wrong_rows(doc: Doc, numbers: Mapping[str, int]) -> list[tuple[int, int, int]]:
    spans = doc.wrong_ents
    if not spans:
        return []
    gold = {(ent.start, ent.end): ent for ent in doc.ents}
    for span in spans:
        ent = gold.get((span.start, span.end))
        if ent is not None and span.label_ in ("", ent.label_):
            raise TrainingError(
                f"document {doc.text[:40]!r}, words {span.start} to {span.end - 1}: {ent.text!r} is "
                f"an entity ({ent.label_}) and stands among wrong_ents, too; take it out of one of the two"
            )
    return [
        (span.start, span.end - 1, numbers[span.label_] if span.label_ else -1)
        for span in spans
        if not span.label_ or span.label_ in numbers
    ]


def _cut_blank(ent: Span, codes: list[int], types: list[str | None]) -> None:
    """Makes leading white space outside, and what follows it the entity."""
    first = ent.start
    while first < ent.end and ent.doc.columns.word(first).isspace():
        codes[first], types[first] = OUTSIDE, None
        first += 1
    if first < ent.end and codes[first] == INSIDE:
        codes[first] = BEGIN
