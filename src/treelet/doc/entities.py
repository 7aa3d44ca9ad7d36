"""Entity columns of a document to spans and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from treelet.doc.entity_tags import BEGIN, INSIDE, MISSING, OUTSIDE
from treelet.doc.span import Span
from treelet.errors import TextError

if TYPE_CHECKING:
    from treelet.doc.doc import Doc

Default = Literal["outside", "missing", "unmodified"]


def get_entities(doc: Doc) -> tuple[Span, ...]:
    """Entities in order. An inside word that continues nothing of its type begins one."""
    codes, types = doc.columns.iob_column(), doc.columns.ent_type_column()
    entities: list[Span] = []
    start = 0
    label: str | None = None
    for i, (code, found) in enumerate([*zip(codes, types, strict=True), (OUTSIDE, None)]):
        inside = code in (INSIDE, BEGIN) and bool(found)
        if label and not (code == INSIDE and found == label):
            entities.append(Span(doc, start, i, label))
            label = None
        if inside and not label:
            start, label = i, found
    return tuple(entities)


def set_entities(
    doc: Doc, entities: Sequence[Span], others: dict[int, Sequence[Span]], default: Default
) -> None:
    """Writes the columns. others: spans by code (OUTSIDE, MISSING); default: what all remaining words become.

    Raises TextError for spans of another document, without a label, empty, or overlapping.
    """
    if default not in ("outside", "missing", "unmodified"):
        raise TextError(f"default: found {default!r}, expected 'outside', 'missing' or 'unmodified'")
    n = len(doc)
    if default == "unmodified":
        codes, types = doc.columns.iob_column(), doc.columns.ent_type_column()
    else:
        codes = [OUTSIDE if default == "outside" else MISSING] * n
        types = [None] * n
    owner: dict[int, Span] = {}
    for code, spans in [(BEGIN, entities), *others.items()]:
        for span in spans:
            _check(doc, span, labelled=code == BEGIN)
            for i in range(span.start, span.end):
                if i in owner:
                    raise TextError(f"entities {owner[i].text!r} and {span.text!r} overlap at word {i}")
                owner[i] = span
                codes[i] = INSIDE if code == BEGIN and i > span.start else code
                types[i] = span.label_ if code == BEGIN else None
            if span.end < n and span.end not in owner and codes[span.end] == INSIDE:
                codes[span.end] = BEGIN  # the rest of an entity that this span cut
    doc.columns.set_iob_column(codes)
    doc.columns.set_ent_type_column(types)


def _check(doc: Doc, span: Span, labelled: bool) -> None:
    if span.doc is not doc:
        raise TextError(f"entity {span.text!r}: it is a span of another document")
    if not len(span):
        raise TextError(f"entity at word {span.start}: the span is empty")
    if labelled and not span.label_:
        raise TextError(f"entity {span.text!r}: it has no label")
