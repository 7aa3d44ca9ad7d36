"""Boxes, lines and texts in, SVG elements out: how a card, a panel and a legend look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from treelet.visualize.text_width import text_width

if TYPE_CHECKING:
    from treelet.visualize.diagram import Block

PAD = 14.0
GAP = 12.0
_TITLE, _TEXT = 13.0, 12.0  # font sizes
_LEADING = 17.0  # from one line of a card to the next
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, 'DejaVu Sans', sans-serif"
_STATUSES = ("trained", "frozen", "pretrained")

_STYLE = f"""
text {{ font-family: {_FONT}; font-size: {_TEXT:g}px; fill: #24292f }}
.title {{ font-size: {_TITLE:g}px; font-weight: 600 }}
.quiet {{ fill: #57606a }}
.page {{ fill: #ffffff }}
.panel {{ fill: #f6f8fa; stroke: #d0d7de }}
.pill {{ fill: #eaeef2; stroke: #8c959f }}
.line {{ fill: none; stroke: #57606a; stroke-width: 1.5 }}
.head {{ fill: #57606a }}
.trained {{ fill: #dff3e4; stroke: #1a7f37; stroke-width: 1.5 }}
.frozen {{ fill: #ddeaf8; stroke: #0550ae; stroke-width: 1.5 }}
.pretrained {{ fill: #fff3d1; stroke: #9a6700; stroke-width: 1.5; stroke-dasharray: 5 3 }}
.inner {{ fill: none }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #e6edf3 }}
.quiet {{ fill: #9ba6b2 }}
.page {{ fill: #0d1117 }}
.panel {{ fill: #161b22; stroke: #3d444d }}
.pill {{ fill: #21262d; stroke: #6e7681 }}
.line {{ stroke: #9ba6b2 }}
.head {{ fill: #9ba6b2 }}
.trained {{ fill: #12301d; stroke: #4fc26b }}
.frozen {{ fill: #10233d; stroke: #6cb6ff }}
.pretrained {{ fill: #33270b; stroke: #e0b040 }}
.inner {{ fill: none }}
}}"""


@dataclass(frozen=True)
class Size:
    """In pixels."""

    width: float
    height: float


@dataclass(frozen=True)
class Box:
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def centre(self) -> float:
        """Halfway from left to right."""
        return self.x + self.width / 2


def card_size(block: Block) -> Size:
    """The least room of a card."""
    title = text_width(block.title, _TITLE, bold=True) + GAP + text_width(block.status, _TEXT)
    lines = max(text_width(line, _TEXT) for line in _lines(block))
    return Size(max(title, lines) + 2 * PAD, 2 * PAD + _TITLE + _LEADING * len(_lines(block)))


def panel_width(title: str) -> float:
    """The least width of a panel."""
    return text_width(title, _TITLE, bold=True) + 2 * PAD


def _lines(block: Block) -> list[str]:
    return [*block.lines, f"{block.count:,} parameters"]


class Drawing:
    """Elements of one SVG, in the order in which they are painted."""

    PANEL_TOP = 2 * PAD + _TITLE
    """From the upper edge of a panel to what stands in it."""

    def __init__(self, width: float) -> None:
        self._width = width
        self._parts: list[str] = []

    def card(self, box: Box, block: Block) -> None:
        """A layer: its title, its status, what it does, how many parameters."""
        rows = [self._outline(box, block.status)]
        y = box.y + PAD + _TITLE
        rows.append(_text(box.x + PAD, y, block.title, "title"))
        rows.append(_text(box.right - PAD, y, block.status, "quiet", "end"))
        for line in block.lines:
            y += _LEADING
            rows.append(_text(box.x + PAD, y, line))
        rows.append(_text(box.x + PAD, box.bottom - PAD, f"{block.count:,} parameters", "quiet"))
        self._group("card", rows)

    def panel(self, box: Box, title: str) -> None:
        """What several cards stand in."""
        text = _text(box.x + PAD, box.y + PAD + _TITLE - 2, title, "title")
        self._group("area", [_rect(box, "panel", 8), text])

    def pill(self, title: str, centre: float, y: float) -> Box:
        """What flows: a word, a vector."""
        width = text_width(title, _TITLE, bold=True) + 4 * PAD
        box = Box(centre - width / 2, y, width, 2 * PAD + 4)
        text = _text(centre, y + PAD + _TITLE / 2, title, "title", "middle")
        self._group("flow", [_rect(box, "pill", box.height / 2), text])
        return box

    def line(self, points: Sequence[tuple[float, float]]) -> None:
        """From point to point."""
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        self._parts.append(f'<polyline class="line" points="{path}"/>')

    def arrow(self, x: float, top: float, bottom: float) -> None:
        """Straight down."""
        self.line([(x, top), (x, bottom - 6)])
        tip = f"{x - 5:g},{bottom - 8:g} {x + 5:g},{bottom - 8:g} {x:g},{bottom:g}"
        self._parts.append(f'<polygon class="head" points="{tip}"/>')

    def legend(self, x: float, y: float, note: str) -> float:
        """What the outlines mean, and a note; its lower edge."""
        for status, meaning in zip(_STATUSES, _MEANINGS, strict=True):
            swatch = Box(x, y, 26, 16)
            text = _text(swatch.right + 8, y + 13, f"{status}: {meaning}", "quiet")
            self._group("key", [self._outline(swatch, status), text])
            y += 24
        self._parts.append(_text(x, y + 13, note, "title"))
        return y + 16

    def finish(self, height: float, title: str) -> str:
        """The whole file."""
        size = f'width="{self._width:g}" height="{height:g}" viewBox="0 0 {self._width:g} {height:g}"'
        page = f'<rect class="page" width="{self._width:g}" height="{height:g}"/>'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n<title>{escape(title)}</title>'
        return "\n".join([head, f"<style>{_STYLE}</style>", page, *self._parts, "</svg>"]) + "\n"

    def _outline(self, box: Box, status: str) -> str:
        outline = _rect(box, status, 6)
        if status != "frozen":
            return outline
        inner = Box(box.x + 3, box.y + 3, box.width - 6, box.height - 6)
        return outline + _rect(inner, f"{status} inner", 4)

    def _group(self, name: str, parts: Sequence[str]) -> None:
        self._parts.append(f'<g class="{name}">{"".join(parts)}</g>')


_MEANINGS = (
    "every nlp.update() moves it",
    "left as it is by nlp.freeze()",
    "read from a file of vectors, never moved",
)


def _rect(box: Box, name: str, radius: float) -> str:
    place = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
    return f'<rect class="{name}" {place} rx="{radius:g}"/>'


def _text(x: float, y: float, text: str, name: str = "", anchor: str = "") -> str:
    style = f' class="{name}"' if name else ""
    style += f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:g}" y="{y:g}"{style}>{escape(text)}</text>'
