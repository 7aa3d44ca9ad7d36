"""A text in, the room it needs in an SVG out: no less than what the fonts named there take."""

from __future__ import annotations

BOLD = 1.13
"""How much wider bold letters are."""

# Shares of the font size, from above, for DejaVu Sans, which is wider than the other fonts that are named.
_SHARES = dict.fromkeys("iljtfr.,:;'|!()[]/ -", 0.44) | dict.fromkeys("mwMW@%#&+<=>^~", 1.0)
_CAPITAL, _LETTER, _OTHER = 0.79, 0.65, 1.0


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Of one line, in the units of `size`, the font size."""
    shares = (_SHARES.get(c) or _share(c) for c in text)
    return sum(shares) * size * (BOLD if bold else 1.0)


def _share(character: str) -> float:
    if not character.isascii():
        return _OTHER
    return _CAPITAL if character.isupper() else _LETTER
