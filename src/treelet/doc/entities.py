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
    return tuple(Span(doc, first, end, label) for first, end, label in doc.columns.entity_spans())


def set_entities(
    doc: Doc,
    entities: Sequence[Span],
    others: Sequence[tuple[str, int, Sequence[Span]]],
    default: Default,
) -> None:
    """Writes the columns. others: name, code (OUTSIDE, MISSING) and spans; default: what all remaining words
    become.

    Raises TextError for spans of another document, without a label, empty, or overlapping; the document is
    then as it was.
    """
    if default not in ("outside", "missing", "unmodified"):
        raise TextError(f"default: found {default!r}, expected 'outside', 'missing' or 'unmodified'")
    n = len(doc)
    if default == "unmodified":
        codes, types = doc.columns.iob_column(), doc.columns.ent_type_column()
    else:
        codes = [OUTSIDE if default == "outside" else MISSING] * n
        types = [None] * n
    owner: dict[int, str] = {}
    for name, code, spans in [("entities", BEGIN, entities), *others]:
        for number, span in enumerate(spans):
            where = f"{name}[{number}]"
            _check(doc, span, where, labelled=code == BEGIN)
            for i in range(span.start, span.end):
                if i in owner:
                    raise TextError(
                        f"{where}: found {span.text!r}, which overlaps with {owner[i]} at word {i}, "
                        "expected spans that share no word; leave one of them out"
                    )
                owner[i] = f"{where} {span.text!r}"
                codes[i] = INSIDE if code == BEGIN and i > span.start else code
                types[i] = span.label_ if code == BEGIN else None
            if span.end < n and span.end not in owner and codes[span.end] == INSIDE:
                codes[span.end] = BEGIN  # the rest of an entity that this span cut
    doc.columns.set_iob_column(codes)
    doc.columns.set_ent_type_column(types)


def _check(doc: Doc, span: Span, where: str, labelled: bool) -> None:
    if not isinstance(span, Span):
        raise TextError(f"{where}: found {type(span).__name__}, expected a Span of the document")
    if span.doc is not doc:
        raise TextError(f"{where}: found {span.text!r}, a span of another document, expected one of this")
    if not 0 <= span.start < span.end <= len(doc):
        raise TextError(
            f"{where}: found words {span.start} to {span.end} of {len(doc)}, "
            "expected a span that is not empty and lies within the document"
        )
    if labelled and not span.label_:
        raise TextError(f"{where}: {span.text!r} has no label, expected Span(doc, start, end, label)")
