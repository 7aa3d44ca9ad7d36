"""The blocks of a network in, an SVG out that needs nothing else: no script, no font, no picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from treelet.visualize.svg_parts import GAP, PAD, Box, Drawing, Size, card_size, panel_width

if TYPE_CHECKING:
    from treelet.visualize.diagram import Block, Diagram

_TABLE_COLUMNS = 4
_ANNOTATOR_COLUMNS = 3
_STEP = 30.0  # from one layer to the next
_MARGIN = 24.0


def diagram_svg(diagram: Diagram) -> str:
    """Top to bottom. Frozen boxes have a double outline, pretrained ones a dashed one, and words say so.

    Light or dark as the reader's settings ask for.
    """
    layout = _Layout(diagram)
    drawing = Drawing(layout.width + 2 * _MARGIN)
    centre = _MARGIN + layout.width / 2
    word = drawing.pill(f"word: {diagram.word}", centre, _MARGIN)
    top = word.bottom + _STEP
    encoder = Box(_MARGIN, top, layout.width, layout.encoder_height)
    drawing.panel(encoder, layout.encoder_title)
    drawing.arrow(centre, word.bottom, top)
    below = _draw_inputs(drawing, diagram, layout, top + Drawing.PANEL_TOP)
    for block, size in zip(diagram.trunk, layout.trunk, strict=True):
        drawing.arrow(centre, below, below + _STEP)
        box = Box(centre - layout.trunk_width / 2, below + _STEP, layout.trunk_width, size.height)
        drawing.card(box, block)
        below = box.bottom
    vector = drawing.pill(f"token vector: {diagram.width} numbers a word", centre, encoder.bottom + _STEP)
    drawing.arrow(centre, below, vector.y)
    below = _draw_annotators(drawing, diagram, layout, vector.bottom + _STEP)
    drawing.arrow(centre, vector.bottom, vector.bottom + _STEP)
    height = drawing.legend(_MARGIN, below + GAP, f"{diagram.count:,} parameters in all")
    return drawing.finish(height + _MARGIN, f"Network of {len(diagram.annotators)} annotators")


class _Layout:
    """Titles of the panels, sizes of all boxes, and of what they stand in."""

    def __init__(self, diagram: Diagram) -> None:
        hashed, own = sum(block.count for block in diagram.tables), diagram.count - diagram.shared
        self.encoder_title = f"encoder: {diagram.shared:,} parameters, shared by all annotators"
        self.tables_title = f"hash tables: {hashed:,} parameters, 4 rows of each summed up"
        self.annotators_title = f"annotators: {own:,} parameters, each reads the token vectors"

        self.table = _largest(map(card_size, diagram.tables))
        self.table_columns = min(_TABLE_COLUMNS, len(diagram.tables))
        self.tables = _grid(self.table, self.table_columns, len(diagram.tables), self.tables_title)
        self.static = _largest(map(card_size, diagram.static)) if diagram.static else Size(0, 0)
        self.trunk = list(map(card_size, diagram.trunk))
        self.trunk_width = max(size.width for size in self.trunk)
        self.annotator = _largest(map(card_size, diagram.annotators))
        self.annotator_columns = min(_ANNOTATOR_COLUMNS, len(diagram.annotators))
        of_annotators = len(diagram.annotators), self.annotators_title
        self.annotators = _grid(self.annotator, self.annotator_columns, *of_annotators)

        static_height = len(diagram.static) * (self.static.height + _STEP) - _STEP
        self.inputs_height = max(self.tables.height, static_height)
        self.inputs_width = self.tables.width + (GAP + self.static.width if diagram.static else 0)
        inside = max(self.inputs_width, self.trunk_width) + 2 * PAD
        self.width = max(inside, self.annotators.width, panel_width(self.encoder_title))
        trunk_height = sum(size.height + _STEP for size in self.trunk) + _STEP / 2
        self.encoder_height = Drawing.PANEL_TOP + self.inputs_height + trunk_height + PAD


def _draw_inputs(drawing: Drawing, diagram: Diagram, layout: _Layout, top: float) -> float:
    """Hash tables, static vectors on their right, and the line that joins them; where that line ends."""
    left = _MARGIN + (layout.width - layout.inputs_width) / 2
    tables = Box(left, top, layout.tables.width, layout.inputs_height)
    drawing.panel(tables, layout.tables_title)
    _draw_grid(drawing, diagram.tables, layout.table, layout.table_columns, tables)
    x, y = tables.right + GAP, top
    for block in diagram.static:
        box = Box(x, y, layout.static.width, layout.static.height)
        drawing.card(box, block)
        if block is not diagram.static[-1]:
            drawing.arrow(box.centre, box.bottom, box.bottom + _STEP)
        y = box.bottom + _STEP
    bottom, join = top + layout.inputs_height, top + layout.inputs_height + _STEP / 2
    starts = [(tables.centre, tables.bottom)]
    if diagram.static:
        starts.append((x + layout.static.width / 2, y - _STEP))
    centre = _MARGIN + layout.width / 2
    for start, lowest in starts:
        drawing.line([(start, lowest), (start, join), (centre, join)])
    return bottom + _STEP / 2


def _draw_annotators(drawing: Drawing, diagram: Diagram, layout: _Layout, top: float) -> float:
    left = _MARGIN + (layout.width - layout.annotators.width) / 2
    panel = Box(left, top, layout.annotators.width, layout.annotators.height)
    drawing.panel(panel, layout.annotators_title)
    _draw_grid(drawing, diagram.annotators, layout.annotator, layout.annotator_columns, panel)
    return panel.bottom


def _draw_grid(drawing: Drawing, blocks: Sequence[Block], size: Size, columns: int, panel: Box) -> None:
    for number, block in enumerate(blocks):
        x = panel.x + PAD + number % columns * (size.width + GAP)
        y = panel.y + Drawing.PANEL_TOP + number // columns * (size.height + GAP)
        drawing.card(Box(x, y, size.width, size.height), block)


def _grid(size: Size, columns: int, cards: int, title: str) -> Size:
    """Of a panel around equal cards."""
    width, rows = columns * (size.width + GAP) - GAP + 2 * PAD, -(-cards // columns)
    height = Drawing.PANEL_TOP + rows * (size.height + GAP) - GAP + PAD
    return Size(max(width, panel_width(title)), height)


def _largest(sizes: Iterable[Size]) -> Size:
    found = list(sizes)
    return Size(max(size.width for size in found), max(size.height for size in found))
