"""The blocks of a network in, an SVG out that needs nothing else: no script, no font, no picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from treelet.visualize.svg_parts import GAP, PAD, Box, Drawing, Size, card_size

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
    drawing.panel(encoder, f"encoder: {diagram.shared:,} parameters, shared by all annotators")
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
    """Sizes of all boxes, and of what they stand in."""

    def __init__(self, diagram: Diagram) -> None:
        self.table = _largest(map(card_size, diagram.tables))
        self.table_columns = min(_TABLE_COLUMNS, len(diagram.tables))
        table_rows = -(-len(diagram.tables) // self.table_columns)
        self.tables = _grid(self.table, self.table_columns, table_rows)
        self.static = _largest(map(card_size, diagram.static)) if diagram.static else Size(0, 0)
        static_height = len(diagram.static) * (self.static.height + _STEP) - _STEP if diagram.static else 0.0
        self.inputs_height = max(self.tables.height, static_height)
        self.trunk = list(map(card_size, diagram.trunk))
        self.trunk_width = max(size.width for size in self.trunk)
        self.annotator = _largest(map(card_size, diagram.annotators))
        self.annotator_columns = min(_ANNOTATOR_COLUMNS, len(diagram.annotators))
        rows = -(-len(diagram.annotators) // self.annotator_columns)
        self.annotators = _grid(self.annotator, self.annotator_columns, rows)
        inputs = self.tables.width + (GAP + self.static.width if diagram.static else 0)
        self.inputs_width = inputs
        self.width = max(inputs + 2 * PAD, self.trunk_width + 2 * PAD, self.annotators.width)
        trunk_height = sum(size.height + _STEP for size in self.trunk) + _STEP / 2
        self.encoder_height = Drawing.PANEL_TOP + self.inputs_height + trunk_height + PAD


def _draw_inputs(drawing: Drawing, diagram: Diagram, layout: _Layout, top: float) -> float:
    """Hash tables, static vectors on their right, and the line that joins them; where that line ends."""
    left = _MARGIN + (layout.width - layout.inputs_width) / 2
    tables = Box(left, top, layout.tables.width, layout.inputs_height)
    count = sum(block.count for block in diagram.tables)
    drawing.panel(tables, f"hash tables: {count:,} parameters, 4 rows of each summed up")
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
    own = diagram.count - diagram.shared
    drawing.panel(panel, f"annotators: {own:,} parameters, each reads the token vectors")
    _draw_grid(drawing, diagram.annotators, layout.annotator, layout.annotator_columns, panel)
    return panel.bottom


def _draw_grid(drawing: Drawing, blocks: Sequence[Block], size: Size, columns: int, panel: Box) -> None:
    for number, block in enumerate(blocks):
        x = panel.x + PAD + number % columns * (size.width + GAP)
        y = panel.y + Drawing.PANEL_TOP + number // columns * (size.height + GAP)
        drawing.card(Box(x, y, size.width, size.height), block)


def _grid(size: Size, columns: int, rows: int) -> Size:
    """Of a panel around equal cards."""
    width = columns * (size.width + GAP) - GAP + 2 * PAD
    return Size(width, Drawing.PANEL_TOP + rows * (size.height + GAP) - GAP + PAD)


def _largest(sizes: Iterable[Size]) -> Size:
    found = list(sizes)
    return Size(max(size.width for size in found), max(size.height for size in found))
