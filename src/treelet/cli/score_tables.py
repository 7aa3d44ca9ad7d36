"""Scores just measured, or those of a manifest, in; tables for people out: metrics, then labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from treelet.cli.table import printable

if TYPE_CHECKING:
    from rich.table import Table

    from treelet.package import Manifest
    from treelet.scoring import Score, Scores

_TITLES = {
    "UPOS": "part of speech (UPOS)",
    "XPOS": "tag (XPOS)",
    "UFeats": "feature (UFeats)",
    "LAS": "relation (LAS)",
    "ENTS": "entity",
}


def print_scores(scores: Scores, per_label: bool = False) -> None:
    """Metrics of tokens to trees, then entities over all and by label, in percent; per_label: all labels."""
    head = ("metric", "precision", "recall", "F1", "aligned accuracy")
    rows = [
        (name, *map(_percent, (score.precision, score.recall, score.f1, score.aligned_accuracy)))
        for name, score in scores.metrics.items()
        if name not in scores.missing
    ]
    tables = [_table(head, rows)]
    if per_label:
        labels = ((name, each) for name, each in scores.labels.items() if name != "ENTS")
        tables += [_counted(_TITLES[name], each) for name, each in labels]
    if scores.entities is not None:
        tables.append(_counted("entity", {"all": scores.entities.micro, **scores.entities.labels}))
    print_tables(tables)


def manifest_tables(manifest: Manifest) -> list[Table]:
    """One table: F1 from raw text and on gold words, a row a metric; none where no scores are told."""
    names = [*manifest.scores, *(name for name in manifest.raw_scores if name not in manifest.scores)]
    rows = [(name, _figure(manifest.raw_scores, name), _figure(manifest.scores, name)) for name in names]
    return [_table(("F1 of", "raw text", "gold words"), rows)] if rows else []


def label_tables(manifest: Manifest) -> list[Table]:
    """A table a metric: precision, recall and F1 of each label on gold words, in the manifest's order."""
    return [
        _table(
            (_TITLES.get(metric, metric), "precision", "recall", "F1"),
            ((label, *(f"{value:.2f}" for value in values)) for label, values in labels.items()),
        )
        for metric, labels in manifest.label_scores.items()
        if labels
    ]


def print_tables(tables: Iterable[Table]) -> None:
    """To standard output, an empty line between two; as wide as they are where that is no terminal."""
    from rich.console import Console

    console = Console(markup=False, highlight=False)
    console = console if console.is_terminal else Console(markup=False, highlight=False, width=1000)
    for number, table in enumerate(tables):
        if number:
            console.print()
        console.print(table)


def _counted(title: str, scores: Mapping[str, Score]) -> Table:
    rows = (
        (label, *map(_percent, (score.precision, score.recall, score.f1)), str(score.gold))
        for label, score in scores.items()
    )
    return _table((title, "precision", "recall", "F1", "gold"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """The first column on the left, figures on the right; no cell steers a terminal or is read as markup."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for number, name in enumerate(head):
        table.add_column(Text(printable(name)), justify="right" if number else "left")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.2f}"


def _figure(scores: Mapping[str, object], name: str) -> str:
    value = scores.get(name, "")
    return f"{value:.2f}" if isinstance(value, float) else str(value)
