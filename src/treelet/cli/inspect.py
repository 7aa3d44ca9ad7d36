"""`treelet inspect`: a package in, what is learned in it out: layers, sizes, status, a drawing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from treelet.annotators.inventory import Parameter
    from treelet.pipeline import Pipeline

HEADER = ("layer", "shape", "parameters", "stored kB", "memory kB", "stored as", "status", "used by")
RIGHT = (2, 3, 4)  # columns of numbers
GIVING_WAY = (5, 7, 4, 1, 3)  # columns that a narrow terminal does without, in that order
INDENT = "  "
Row = tuple[str, ...]


@click.command("inspect", short_help="What is learned: layers, sizes, status, a drawing.")
@click.argument("package")
@click.option("--weights", "each", is_flag=True, help="A line for every weight, not for every layer.")
@click.option("--drawing", type=click.Choice(["text", "svg"]), help="Draw the network instead.")
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file, not standard output.")
@click.option("--json", "as_json", is_flag=True, help="Print all that is known of every weight as JSON.")
def inspect_command(
    package: str, each: bool, drawing: str | None, output: Path | None, as_json: bool
) -> None:
    """Tell what is learned in PACKAGE (a name or a folder), whether it is trained, and who shares it.

    \b
    Examples:
      treelet inspect en_core_web_sm
      treelet inspect en_core_web_sm --drawing svg --output network.svg
    """
    import treelet
    from treelet.errors import PackageError

    if as_json and (drawing or each):
        raise click.UsageError("--json tells everything: leave --weights and --drawing out")
    if each and drawing:
        raise click.UsageError("--weights is for the table: leave it or --drawing out")
    nlp = treelet.load(package)
    if not nlp.pipe_names:
        raise PackageError(f"{package}: has no annotators, so nothing in it is learned")
    if drawing:
        shown = _draw(nlp, drawing)
    elif as_json:
        shown = json.dumps(_to_dict(nlp), indent=1) + "\n"
    else:
        shown = _table(nlp.parameters(), each, to_file=output is not None)
    if output is None:
        click.echo(shown, nl=False)
    else:
        output.write_text(shown, encoding="utf-8")


def _draw(nlp: Pipeline, form: str) -> str:
    from treelet.visualize import diagram_svg, diagram_text, network_diagram

    diagram = network_diagram(nlp.settings, nlp.parameters())
    return diagram_svg(diagram) if form == "svg" else diagram_text(diagram)


def _to_dict(nlp: Pipeline) -> dict[str, Any]:
    from dataclasses import asdict

    rows = nlp.parameters()
    return {
        "package": nlp.meta.name if nlp.meta else "",
        "parameters": [asdict(row) | {"count": row.count} for row in rows],
        "totals": {
            name: dict(zip(("count", "bytes", "bytes_in_memory"), _sums(own), strict=True))
            for name, own in [*_by(rows, "owner").items(), ("all", rows)]
        },
    }


def _sums(rows: Iterable[Parameter]) -> tuple[int, int, int]:
    """Numbers, bytes in the package, bytes in memory."""
    counts = [(row.count, row.bytes, row.bytes_in_memory) for row in rows]
    return sum(c[0] for c in counts), sum(c[1] for c in counts), sum(c[2] for c in counts)


def _by(rows: Sequence[Parameter], field: str) -> dict[str, list[Parameter]]:
    """Rows in the order in which the values of a field first come."""
    found: dict[str, list[Parameter]] = {}
    for row in rows:
        found.setdefault(getattr(row, field), []).append(row)
    return found


def _table(parameters: Sequence[Parameter], each: bool, to_file: bool) -> str:
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = list(_rows(parameters, each))
    console = Console()
    if to_file or not console.is_terminal:
        console = Console(width=200, no_color=True, force_terminal=False)
    widths = [max(map(cell_len, column)) + 2 for column in zip(HEADER, *rows, strict=True)]
    shown = list(range(len(HEADER)))
    for column in GIVING_WAY:
        if sum(widths[number] for number in shown) > console.width:
            shown.remove(column)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold underline")
    for number in shown:
        table.add_column(HEADER[number], justify="right" if number in RIGHT else "left", no_wrap=True)
    for row in rows:
        style = "" if row[0].startswith(INDENT) else "bold"
        table.add_row(*(Text(row[number]) for number in shown), style=style)
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _rows(parameters: Sequence[Parameter], each: bool) -> Iterator[Row]:
    """A line for each group, its layers or weights below it, then the totals."""
    for group, rows in _by(parameters, "group").items():
        parts = [[row] for row in rows] if each else list(_by(rows, "layer").values())
        yield _row(group, rows, one_layer=len(parts) == 1)
        for part in parts if len(parts) > 1 else []:
            yield _row(INDENT + (part[0].name if each else part[0].layer), part)
    yield ("",) * len(HEADER)
    for owner, rows in _by(parameters, "owner").items():
        yield _row(f"total: {owner}", rows, one_layer=False)
    yield ("total: all", "", *_numbers(parameters), "", "", "")


def _row(name: str, rows: Sequence[Parameter], one_layer: bool = True) -> Row:
    """Some weights together; the shape of a layer is that of the largest of them."""
    largest = max(rows, key=lambda row: row.count)
    shape = " × ".join(f"{size:,}" for size in largest.shape) if one_layer else ""
    statuses = dict.fromkeys(row.status for row in rows)
    users = dict.fromkeys(user for row in rows for user in row.used_by)
    used_by = "all annotators" if any(row.shared for row in rows) and len(users) > 1 else ", ".join(users)
    return name, shape, *_numbers(rows), largest.dtype if one_layer else "", ", ".join(statuses), used_by


def _numbers(rows: Sequence[Parameter]) -> Row:
    count, stored, in_memory = _sums(rows)
    return f"{count:,}", f"{stored / 1e3:,.1f}", f"{in_memory / 1e3:,.1f}"
