"""Entities known to be wrong: spans in, plain (start, end, label) out, and their JSON form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from treelet.doc.span import Span
from treelet.errors import TextError

if TYPE_CHECKING:
    from treelet.doc.doc import Doc

WrongEntity = tuple[int, int, str]
"""Start, end (not included) and label; "" is any label."""


def wrong_entities(doc: Doc, spans: Iterable[Span]) -> tuple[WrongEntity, ...]:
    """In order, each once. Raises TextError for spans of another document, or empty."""
    found: set[WrongEntity] = set()
    for span in spans:
        if span.doc is not doc:
            raise TextError(f"wrong entity {span.text!r}: it is a span of another document")
        if not len(span):
            raise TextError(f"wrong entity at word {span.start}: the span is empty")
        found.add((span.start, span.end, span.label_))
    return tuple(sorted(found))


def within(wrong: Iterable[WrongEntity], start: int, end: int) -> tuple[WrongEntity, ...]:
    """Those wholly in words start to end, counted from start."""
    return tuple((a - start, b - start, label) for a, b, label in wrong if start <= a and b <= end)


def wrong_to_json(spans: Iterable[Span]) -> list[dict[str, Any]]:
    """Objects with the ids of the `first` and `last` token and, where it is not any, the `label`."""
    return [
        {"first": span.start, "last": span.end - 1} | ({"label": span.label_} if span.label_ else {})
        for span in spans
    ]


def wrong_from_json(data: Any, n_words: int) -> tuple[WrongEntity, ...]:
    """What wrong_to_json made, read. Raises TextError, naming the entry, for anything else."""
    if not isinstance(data, list):
        raise TextError(f"wrong_ents: found {data!r}, expected a list")
    found: set[WrongEntity] = set()
    for i, entry in enumerate(data):
        if not isinstance(entry, Mapping):
            raise TextError(f"wrong_ents[{i}]: found {entry!r}, expected an object")
        first, last, label = entry.get("first"), entry.get("last"), entry.get("label")
        if type(first) is not int or type(last) is not int or not 0 <= first <= last < n_words:
            raise TextError(
                f"wrong_ents[{i}]: found first {first!r} and last {last!r}, "
                f"expected ids of the {n_words} tokens, in order"
            )
        if label is not None and not isinstance(label, str):
            raise TextError(f"wrong_ents[{i}].label: found {label!r}, expected a string")
        found.add((first, last + 1, label or ""))
    return tuple(sorted(found))
