"""The blocks of a network in, a drawing in box characters out, at most WIDTH cells wide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treelet.visualize.diagram import Diagram

WIDTH = 98
_TABLES = 54
_CENTRE = 27  # column of the line that joins the boxes

# Corners, horizontal and vertical line, and where a line leaves below.
_BORDERS = {
    "trained": tuple("┌┐└┘─│┬"),
    "frozen": tuple("╔╗╚╝═║╤"),
    "pretrained": tuple("┌┐└┘┄┆┬"),
}


def diagram_text(diagram: Diagram) -> str:
    """Top to bottom. Lines say what is trained ──, frozen ══ or pretrained ┄┄, and so do words."""
    lines = [" " * (_CENTRE - len(diagram.word) // 2) + diagram.word, _line_down()]
    lines += _inputs(diagram)
    for block in diagram.trunk:
        right = f"{block.count:,}  {block.status}"
        lines += _box(block.title, block.status, [(line, "") for line in block.lines], WIDTH, right)
    lines += _outputs(diagram)
    own = diagram.count - diagram.shared
    lines.append(f"encoder {diagram.shared:,} + annotators {own:,} = {diagram.count:,} parameters")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _inputs(diagram: Diagram) -> list[str]:
    """Hash tables, with the static vectors on their right."""
    status = diagram.tables[0].status
    count = sum(block.count for block in diagram.tables)
    widest = max(len(block.lines[0]) for block in diagram.tables)
    rows = [
        (f"{block.title:<10}{block.lines[0]:<{widest}}  {block.lines[1]:>18}", f"{block.count:,}")
        for block in diagram.tables
    ]
    rows.append(("4 rows of each are summed up", ""))
    tables = _box("hash tables", status, rows, _TABLES, f"{count:,}  {status}")
    if not diagram.static:
        return tables
    right: list[str] = []
    room = WIDTH - _TABLES - 2
    for block in diagram.static:
        shown = [(line, "") for line in block.lines[:-1]] + [(block.lines[-1], f"{block.count:,}")]
        right += _box(block.title, block.status, shown, room, block.status, room // 2)
    height = max(len(tables), len(right)) - 1
    left = _stretched(tables, height, _CENTRE)
    right = _stretched(right, height, room // 2)
    joined = [f"{a:<{_TABLES}}  {b}" for a, b in zip(left, right, strict=True)]
    corner = _TABLES + 2 + room // 2
    return [*joined, " " * _CENTRE + "├" + "─" * (corner - _CENTRE - 1) + "┘"]


def _stretched(box: Sequence[str], height: int, centre: int) -> list[str]:
    """The box without the line below it, that line drawn on down to the height."""
    return [*box[:-1], *([" " * centre + "│"] * (height - len(box) + 1))]


def _outputs(diagram: Diagram) -> list[str]:
    title = f"token vector: {diagram.width} numbers a word, read by every annotator"
    lines = [" " * max(0, _CENTRE - len(title) // 2) + title]
    rail = 3
    lines.append(" " * rail + "┌" + "─" * (_CENTRE - rail - 1) + "┘")
    name = max(len(block.title) for block in diagram.annotators)
    for block in diagram.annotators:
        arm = "╞═" if block.status == "frozen" else "├─"
        for number, line in enumerate(block.lines):
            start = f"{arm} {block.title:<{name}}" if not number else f"│  {'':<{name}}"
            end = f"{block.count:,}  {block.status}" if not number else ""
            text = " " * rail + f"{start}  {line}"
            lines.append(text + end.rjust(max(len(end) + 2, WIDTH - len(text))))
    last = max(number for number, line in enumerate(lines) if line[rail] in "├╞")
    lines[last] = lines[last].replace("├", "└").replace("╞", "╘")
    lines[last + 1 :] = [line.replace("│", " ", 1) for line in lines[last + 1 :]]
    return lines


def _box(
    title: str, status: str, rows: Sequence[tuple[str, str]], width: int, right: str, centre: int = _CENTRE
) -> list[str]:
    """A box, and the line that leaves it; the texts of a row stand at its two ends."""
    north_west, north_east, south_west, south_east, flat, side, leaving = _BORDERS[status]
    rule = flat * (width - len(title) - len(right) - 8)
    lines = [f"{north_west}{flat} {title} {rule} {right} {flat}{north_east}"]
    lines += [f"{side} {a}{' ' * (width - len(a) - len(b) - 4)}{b} {side}" for a, b in rows]
    lines.append(f"{south_west}{flat * (centre - 1)}{leaving}{flat * (width - centre - 2)}{south_east}")
    return [*lines, " " * centre + "│"]


def _line_down() -> str:
    return " " * _CENTRE + "│"
