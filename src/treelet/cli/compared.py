"""Scores of a base package and of what it became, to a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treelet.cli.table import printable

if TYPE_CHECKING:
    from treelet.training.progress import Compared

_OF = {"gold": "gold", "base": "what the base says"}


def show_compared(event: Compared) -> None:
    """A row a metric, then all old entity types together, then each type, new ones last."""
    from rich.console import Console
    from rich.table import Table

    columns = ("F1 of base and now", "before", "after", "change", "of", "compared with")
    table = Table(*columns, box=None, pad_edge=False)
    for column in table.columns[1:5]:
        column.justify = "right"
    for score in event.scores:
        name = "old entity types" if score.name == "ents" else printable(score.name)
        is_new = score.before is None
        change = "new" if score.before is None else f"{score.after - score.before:+.2f}"
        before = "" if is_new else f"{score.before:.2f}"
        table.add_row(name, before, f"{score.after:.2f}", change, f"{score.items:,}", _OF[score.of])
    Console(markup=False, highlight=False).print(table)
