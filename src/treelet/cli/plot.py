"""`treelet plot`: logs of training runs to a picture of their curves and a table of their best passes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from treelet.training.log_reader import RunLog


@click.command("plot", short_help="Draw loss curves and scores of training runs.")
@click.argument("logs", nargs=-1, required=True, metavar="LOG…", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="PNG, SVG or PDF by its suffix; beside the first log when not given.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def plot_command(logs: tuple[Path, ...], out: Path | None, as_json: bool) -> None:
    """Draw the curves of one training run, or of several over one another. Needs matplotlib: pip install
    'treelet[plot]'.

    LOG is what `treelet train` writes beside its package; a run may still be going on.

    \b
    Examples:
      treelet plot my-package.log.jsonl
      treelet plot wide.log.jsonl narrow.log.jsonl --out compared.svg
    """
    from treelet.training.curves import draw_curves
    from treelet.training.figure import FORMATS
    from treelet.training.log_reader import read_log

    path = out or logs[0].with_name(logs[0].name.removesuffix(".jsonl").removesuffix(".log") + ".png")
    if path.suffix.lower() not in FORMATS:
        raise click.UsageError(f"--out {path}: expected a name that ends in {', '.join(FORMATS)}")
    runs = [read_log(log) for log in logs]
    _tell_apart(runs, logs)
    draw_curves(runs, path)
    rows = [_row(run) for run in runs]
    if as_json:
        click.echo(json.dumps({"picture": str(path), "runs": rows}, indent=1))
    else:
        _print(rows)
        click.echo(f"drawn: {path}")


def _tell_apart(runs: list[RunLog], logs: tuple[Path, ...]) -> None:
    """Logs of one name are called by their paths."""
    names = [run.name for run in runs]
    for run, log in zip(runs, logs, strict=True):
        if names.count(run.name) > 1:
            run.name = str(log)


def _row(run: RunLog) -> dict[str, Any]:
    best = run.best()
    row: dict[str, Any] = {"run": run.name, "passes": len(run.evaluations), "ended": run.reason or "not yet"}
    if best is not None:
        row |= {"best pass": best.epoch, "seconds": round(best.seconds, 1)}
        row |= {"score": best.score, **best.scores}
    return row


def _print(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    from treelet.training.curves import SHOWN

    scores = [name for name in SHOWN if any(name in row for row in rows)]
    table = Table("run", "passes", "best pass", "seconds", *scores, "ended", box=None, pad_edge=False)
    for row in rows:
        cells = [f"{row[name]:.2f}" if name in row else "" for name in scores]
        best = [str(row.get(name, "")) for name in ("best pass", "seconds")]
        table.add_row(row["run"], str(row["passes"]), *best, *cells, row["ended"])
    console = Console(markup=False)
    (console if console.is_terminal else Console(width=160, markup=False)).print(table)
