"""Character offsets in, word indices out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from treelet.errors import TextError

if TYPE_CHECKING:
    from treelet.doc.doc import Doc


def words_at(doc: Doc, start: int, end: int, alignment_mode: str) -> tuple[int, int] | None:
    """First and one past the last word at characters start to end, or None: see Doc.char_span."""
    if alignment_mode not in ("strict", "contract", "expand"):
        raise TextError(
            f"alignment_mode: found {alignment_mode!r}, expected 'strict', 'contract' or 'expand'"
        )
    starts, ends = doc.char_starts, doc.char_ends
    if not 0 <= start < end <= len(doc.text):
        return None
    if alignment_mode == "expand":
        first, last = bisect_right(ends, start), bisect_left(starts, end)
    else:
        first, last = bisect_left(starts, start), bisect_right(ends, end)
    if first >= last:
        return None
    if alignment_mode == "strict" and (starts[first] != start or ends[last - 1] != end):
        return None
    return first, last
