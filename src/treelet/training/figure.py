"""A grid of axes in, a PNG, SVG or PDF out: drawn without a display, the same bytes for the same data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from treelet.errors import TrainingError

FORMATS = (".png", ".svg", ".pdf")
PANEL = (4.6, 3.2)  # inches, width and height
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#8c6d31", "#7b4173")
"""Told apart by most eyes (the first seven: Okabe and Ito 2008)."""


def has_matplotlib() -> bool:
    """Whether pictures can be drawn."""
    from importlib.util import find_spec

    return find_spec("matplotlib") is not None


def new_figure(panels: int, columns: int) -> tuple[Any, list[Any]]:
    """A figure and as many axes. Raises TrainingError when matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise TrainingError(
            "a picture needs matplotlib, which is not installed: pip install 'treelet[plot]'"
        ) from None
    columns = max(1, min(columns, panels))
    rows = max(1, -(-panels // columns))
    figure = Figure(figsize=(PANEL[0] * columns, PANEL[1] * rows), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False).flatten()
    for spare in grid[panels:]:
        spare.remove()
    for axes in grid[:panels]:
        axes.grid(True, color="0.9", linewidth=0.6)
        axes.set_axisbelow(True)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    return figure, list(grid[:panels])


def save_figure(figure: Any, path: Path) -> None:
    """Write the figure; the suffix of the path says the format. Raises TrainingError for another one."""
    if path.suffix.lower() not in FORMATS:
        raise TrainingError(f"{path}: expected a name that ends in {', '.join(FORMATS)}")
    import matplotlib

    path.parent.mkdir(parents=True, exist_ok=True)
    dated = {".svg": "Date", ".pdf": "CreationDate"}.get(path.suffix.lower())
    metadata = {dated: None} if dated else {}
    with matplotlib.rc_context({"svg.hashsalt": "treelet", "svg.fonttype": "none"}):
        figure.savefig(path, dpi=130, metadata=metadata)
