"""Offsets that fall on no tokens in; what is wrong with them, and what was probably meant, out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from treelet.doc.alignment import words_at

if TYPE_CHECKING:
    from treelet.doc.doc import Doc

AROUND = 16
"""Characters shown on each side of an entity."""

UNITS = (("bytes (UTF-8)", "utf-8", 1), ("UTF-16 units", "utf-16-le", 2))
"""What other programs count: name, encoding, bytes a unit."""

OFF_BY_ONE = (
    ("ends one character early (the end is the first that is not included)", 0, 1),
    ("begins one character late (characters are counted from 0)", -1, 0),
    ("lies one character late (characters are counted from 0)", -1, -1),
    ("begins one character early", 1, 0),
    ("ends one character late", 0, -1),
    ("lies one character early", 1, 1),
)
"""What is wrong, and what sets start and end right."""

Offsets = tuple[int, int]


def explain(doc: Doc, start: int, end: int) -> tuple[str, str, Offsets | None]:
    """The kind of problem, a message with the text around it, and a suggestion that falls on tokens.

    No suggestion where the document has no words.
    """
    kind, what, suggestion = _diagnose(doc, start, end)
    message = f"{what}, in {in_context(doc.text, start, end)}"
    if suggestion is not None:
        message += f"; did you mean {suggestion} {_shown(doc.text[slice(*suggestion)])}?"
    return kind, message, suggestion


def in_context(text: str, start: int, end: int) -> str:
    """The text around characters start to end, these in double brackets; what is long is cut."""
    first, last = sorted((min(max(start, 0), len(text)), min(max(end, 0), len(text))))
    before, after = text[max(0, first - AROUND) : first], text[last : last + AROUND]
    left, right = "…" * (first > AROUND), "…" * (last + AROUND < len(text))
    return repr(f"{left}{before}[[{_cut(text[first:last])}]]{after}{right}")


def _diagnose(doc: Doc, start: int, end: int) -> tuple[str, str, Offsets | None]:
    text = doc.text
    if start > end:
        return "reversed", "ends before it starts", nearest(doc, end, start)
    if start == end:
        return "empty", "is empty", nearest(doc, start, end)
    for name, offsets in _in_other_units(text, start, end):
        if _fits(doc, *offsets):
            return "units", f"counts {name} instead of characters", offsets
    if start < 0 or end > len(text):
        what = f"lies outside of the text, which has {len(text)} characters"
        return "outside", what, nearest(doc, start, end)
    piece = text[start:end]
    bare = (start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip()))
    if bare != (start, end) and _fits(doc, *bare):
        where = "begins" if bare[0] != start else "ends"
        return "white space", f"is {_shown(piece)}, which {where} with white space", bare
    for reason, first, last in OFF_BY_ONE:
        offsets = (start + first, end + last)
        if offsets[0] < end and start < offsets[1] and _fits(doc, *offsets):
            return "off by one", f"is {_shown(piece)}, which {reason}", offsets
    if not piece.strip():
        return "white space", "is white space alone", nearest(doc, start, end)
    tokens = words_at(doc, start, end, "expand")
    names = ", ".join(repr(doc[i].text) for i in range(*tokens)[:4]) if tokens else "none"
    names += ", …" if tokens and tokens[1] - tokens[0] > 4 else ""
    what = f"is {_shown(piece)}, which does not fall on token borders (tokens there: {names})"
    return "misaligned", what, nearest(doc, start, end)


def nearest(doc: Doc, start: int, end: int) -> Offsets | None:
    """The start of a word nearest to `start`, and the end nearest to `end` that is not before it.

    The words touched where those are others; None where there are no words, or outside the text.
    """
    starts, ends = doc.char_starts, doc.char_ends
    if not len(doc) or start > len(doc.text) or end < 0:
        return None
    if start == end:
        first = last = min(bisect_left(ends, start), len(doc) - 1)
    else:
        first = _closest(starts, start, 0)
        last = _closest(ends, end, first)
    touched = words_at(doc, max(start, 0), min(end, len(doc.text)), "expand")
    if touched and not (first < touched[1] and touched[0] <= last):
        first, last = touched[0], touched[1] - 1
    while first and starts[first] == ends[last]:  # words that stand on no character, as in `à`: `a` and `a`
        first -= 1
    return starts[first], ends[last]


def _closest(places: list[int], place: int, least: int) -> int:
    """Index, `least` or more, of the entry of a rising list that is nearest to a place."""
    after = max(bisect_left(places, place), least)
    if after == len(places) or (after > least and place - places[after - 1] <= places[after] - place):
        after -= 1
    return after


def _fits(doc: Doc, start: int, end: int) -> bool:
    return words_at(doc, start, end, "strict") is not None


def _in_other_units(text: str, start: int, end: int) -> Iterator[tuple[str, Offsets]]:
    """The same offsets read as counts of bytes and of UTF-16 units, where that says something else."""
    if start < 0 or text.isascii():
        return
    for name, encoding, size in UNITS:
        encoded = text.encode(encoding, "surrogatepass")
        if end * size > len(encoded):
            continue
        try:
            first = len(encoded[: start * size].decode(encoding, "surrogatepass"))
            last = first + len(encoded[start * size : end * size].decode(encoding, "surrogatepass"))
        except UnicodeDecodeError:  # within a character
            continue
        if (first, last) != (start, end):
            yield name, (first, last)


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:30]}…{text[-29:]}"


def _shown(text: str) -> str:
    return repr(_cut(text))
