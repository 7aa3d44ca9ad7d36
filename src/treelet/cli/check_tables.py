"""What a check found to tables and lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from treelet.gold.counts import COLUMNS, LABELLED, Counts
from treelet.gold.findings import Finding, shown_places
from treelet.gold.report import Report
from treelet.teaching.verdict import Verdict

SPELLED_OUT = ("upos", "deprel", "entities")
"""Label sets that are small enough to be shown whole."""

MOST_LABELS = 60
"""Labels of one set that are shown."""

MOST_ERRORS = 20
"""Errors that are shown; --json has all."""

SIZES = (
    *("documents", "sentences", "words", "multi-word tokens"),
    *("longest sentence", "% crossing arcs", "% crossing trees"),
)

LEVELS = {
    "error": "errors: training would fail",
    "warning": "warnings: worth a look",
    "note": "notes",
}


def show(report: Report, verdict: Verdict, *, train: int) -> None:
    """Tables of sizes, of what is annotated and of labels, what was found, and the verdict.

    train: how many of the report's files teach; the others measure.
    """
    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console = Console(markup=False, highlight=False, emoji=False, width=120)
    roles = ["train"] * train + ["dev"] * (len(report.files) - train)
    console.print(_sizes(report.files, roles))
    console.print()
    console.print(_annotation(report.files))
    console.print()
    _print_labels(console, report)
    for level, title in LEVELS.items():
        _print_findings(console, title, [each for each in report.findings if each.level == level])
    _print_verdict(report, verdict)


def _sizes(files: Sequence[Counts], roles: Sequence[str]) -> Table:
    table = _table("file", "for", *SIZES)
    for name, counts, role in zip(_names(files), files, roles, strict=True):
        numbers = (
            counts.documents,
            counts.sentences,
            counts.words,
            counts.multiword_tokens,
            counts.longest_sentence,
        )
        shares = (_percent(counts.crossing_arcs, counts.arcs), _percent(counts.crossing_trees, counts.trees))
        table.add_row(name, role, *(f"{number:,}" for number in numbers), *shares)
    return table


def _annotation(files: Sequence[Counts]) -> Table:
    """Share of words."""
    table = _table("annotated, % of words", *COLUMNS.values())
    for name, counts in zip(_names(files), files, strict=True):
        shares = (_percent(counts.annotated.get(column, 0), counts.words) for column in COLUMNS)
        table.add_row(name, *shares)
    return table


def _print_labels(console: Console, report: Report) -> None:
    for column in LABELLED:
        labels = report.train.labels[column]
        dev = report.dev.labels[column] if report.dev is not None else {}
        if not labels:
            continue
        name = COLUMNS.get(column, column)
        if column not in SPELLED_OUT:
            console.print(f"{name}: {len(labels):,} labels")
            continue
        known = [
            f"{label} {n:,}" + (f"/{dev.get(label, 0):,}" if dev else "") for label, n in labels.most_common()
        ]
        console.print(f"{name}: {len(labels)} labels, uses in training" + ("/development" if dev else ""))
        shown = known[:MOST_LABELS] + (["…"] if len(known) > MOST_LABELS else [])
        for line in _lines(shown, console.width - 2):
            console.print(f"  {line}", soft_wrap=True)
    console.print()


def _lines(items: Sequence[str], width: int) -> Iterator[str]:
    """Items with commas between them, as many on a line as fit."""
    line = ""
    for item in items:
        if line and len(line) + 2 + len(item) > width:
            yield line + ","
            line = ""
        line += f", {item}" if line else item
    if line:
        yield line


def _print_findings(console: Console, title: str, findings: Sequence[Finding]) -> None:
    if not findings:
        return
    console.print(Text(title, style="bold"))
    for finding in findings[:MOST_ERRORS]:
        places = shown_places(finding.places)
        is_line = finding.kind in ("format", "offsets")
        text = (
            f"{places}: {finding.message}"
            if is_line
            else finding.message + (f" ({places})" if places else "")
        )
        console.print(Text(f"  {text}"), soft_wrap=True)
    if len(findings) > MOST_ERRORS:
        console.print(Text(f"  … and {len(findings) - MOST_ERRORS:,} more; --json has all"))
    console.print()


def _print_verdict(report: Report, verdict: Verdict) -> None:
    taught = ", ".join(verdict.annotators) or "nothing"
    if report.errors:
        n = len(report.errors)
        click.echo(f"Training would fail: {n:,} error{'s' if n > 1 else ''}.")
    elif report.dev is None:
        click.echo(f"These files can teach {taught}; training needs development files, too (--dev).")
    else:
        click.echo(f"Training would run, and teach {taught}.")


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for number, name in enumerate(names):
        table.add_column(name, justify="left" if number == 0 or name == "for" else "right")
    return table


def _names(files: Sequence[Counts]) -> list[str]:
    """The last part of each path, and as many more as tell the files apart."""
    paths = [PurePath(counts.path).parts for counts in files]
    longest = max(map(len, paths))
    for n in range(1, longest):
        names = [str(PurePath(*parts[-n:])) for parts in paths]
        if len(set(names)) == len(set(paths)):
            return names
    return [counts.path for counts in files]


def _percent(part: int, whole: int) -> str:
    if not whole or not part:
        return "-" if not whole else "0"
    share = 100 * part / whole
    return "100" if part == whole else f"{share:.2f}" if share < 99.995 else "99.99"
