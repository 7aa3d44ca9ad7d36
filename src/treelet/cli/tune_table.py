"""A tuning as it goes on in; bars of the running trials, a row for each that ended, and the table out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from treelet.tuning import Begun, TrialRecord, Tuned, TuningJob, Went

if TYPE_CHECKING:
    from rich.progress import Progress

    from treelet.tuning.run import Ended, TuningProgress

SHOWN = 30
"""Rows of the final table; the record has all."""
_ORDER = {"done": 0, "pruned": 1, "failed": 2, "unfinished": 3}


def show(progress: Iterable[TuningProgress], job: TuningJob, as_json: bool) -> None:
    """Tell a tuning as it goes: rows and tables to standard output, bars to standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), TextColumn("{task.fields[note]}"))
    bars = Bars(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
        redirect_stdout=sys.stdout.isatty(),
    )
    teller = _Teller(job, as_json, bars)
    try:
        with bars:
            for event in progress:
                teller.hear(event)
                sys.stdout.flush()
    finally:  # also after Ctrl-C
        if teller.tuned is not None:
            _tell_end(teller.tuned, job, as_json)


class _Teller:
    def __init__(self, job: TuningJob, as_json: bool, bars: Progress) -> None:
        self.tuned: Tuned | None = None
        self._job, self._as_json, self._bars = job, as_json, bars
        self._tasks: dict[int, Any] = {}
        self._all = bars.add_task("trials", total=job.trials, note="")
        self._counted = 0
        self._header_due = not as_json

    def hear(self, event: TuningProgress) -> None:
        if isinstance(event, Tuned):
            self._summary(event)
        elif isinstance(event, Begun):
            title = "  ".join([f"trial {event.trial.number}", *map(_cell, event.trial.values.values())])
            if event.trial.number in self._tasks:
                self._bars.remove_task(self._tasks[event.trial.number])
            self._tasks[event.trial.number] = self._bars.add_task(title, total=1.0, note="")
        elif isinstance(event, Went):
            task, trial = self._tasks[event.trial.number], event.trial
            note = "" if trial.value is None else f"pass {trial.passes}, best {trial.value:.2f}"
            self._bars.update(task, completed=event.share, note=note)
        else:
            self._ended(event)

    def _summary(self, event: Tuned) -> None:
        if event.reason:
            self.tuned = event
            return
        self._counted = sum(trial.state != "unfinished" for trial in event.trials)
        note = f"best {event.best.value:.2f}" if event.best else ""
        self._bars.update(self._all, completed=self._counted, note=note)
        if event.trials and not self._as_json:
            click.echo(f"goes on: {self._counted} trials have ended{_best(event.best)}")

    def _ended(self, event: Ended) -> None:
        trial = event.trial
        self._bars.remove_task(self._tasks.pop(trial.number))
        self._counted += 1
        self._bars.update(self._all, completed=self._counted)
        if event.best:
            self._bars.update(self._all, note=f"best {trial.value:.2f}")
        if self._as_json:
            click.echo(json.dumps({"event": "trial", **asdict(trial), "best": event.best}))
            return
        names = ["trial", "state ", f"{self._job.metric:>7}", *(p.path for p in self._job.space), "passes"]
        cells = [str(trial.number), trial.state, _score(trial), *map(_cell, trial.values.values())]
        cells += [str(trial.passes), f"{trial.seconds:.0f}"]
        if self._header_due:
            click.echo("  ".join([*names, "seconds"]))
            self._header_due = False
        row = "  ".join(f"{cell:>{len(name)}}" for cell, name in zip(cells, [*names, "seconds"], strict=True))
        click.echo(row + ("  best" if event.best else "") + (f"  {trial.reason}" if trial.reason else ""))


def _tell_end(tuned: Tuned, job: TuningJob, as_json: bool) -> None:
    """The table, best first, with the picture where matplotlib is there."""
    pictures = _draw(tuned, job)
    ordered = sorted(tuned.trials, key=lambda trial: (_ORDER[trial.state], -(trial.value or 0.0)))
    if as_json:
        known = {
            "event": "tuned",
            "reason": tuned.reason,
            "metric": job.metric,
            "best": asdict(tuned.best) if tuned.best else None,
            "importance": tuned.importance,
            "trials": [asdict(trial) for trial in ordered],
            "settings": str(job.out / "best.toml") if tuned.best else None,
            "package": str(job.out / "best") if tuned.best else None,
            "pictures": [str(path) for path in pictures],
        }
        click.echo(json.dumps(known))
        return
    click.echo(f"\n{tuned.reason}{_best(tuned.best)}\n")
    _print(ordered, job)
    if tuned.importance:
        shares = ", ".join(f"{name} {share:.2f}" for name, share in tuned.importance.items())
        click.echo(f"\nimportance: {shares}")
    else:
        click.echo("\nimportance: not told, too few trials have ended")
    if tuned.best:
        click.echo(f"settings: {job.out / 'best.toml'}, package: {job.out / 'best'}")
    if pictures:
        click.echo(f"pictures: {', '.join(str(path) for path in pictures)}")
    else:
        click.echo("no picture: pip install 'treelet[plot]'")


def _draw(tuned: Tuned, job: TuningJob) -> list[Path]:
    from treelet.training.figure import has_matplotlib
    from treelet.tuning.picture import draw_tuning

    if not has_matplotlib():
        return []
    pictures = [job.out / "tuning.png", job.out / "tuning.svg"]
    draw_tuning(tuned, job.space, job.metric, pictures)
    return pictures


def _print(trials: list[TrialRecord], job: TuningJob) -> None:
    from rich.console import Console
    from rich.table import Table

    columns = ["trial", "state", job.metric, *(parameter.path for parameter in job.space)]
    table = Table(*columns, "best pass", "passes", "seconds", box=None, pad_edge=False)
    for column in table.columns[2:]:
        column.justify = "right"
    for trial in trials[:SHOWN]:
        cells = [str(trial.number), trial.state, _score(trial), *map(_cell, trial.values.values())]
        table.add_row(*cells, str(trial.best_pass or ""), str(trial.passes), f"{trial.seconds:.0f}")
    console = Console(markup=False, highlight=False)
    wide = Console(width=200, markup=False, highlight=False)
    (console if console.is_terminal else wide).print(table)
    if len(trials) > SHOWN:
        click.echo(f"and {len(trials) - SHOWN} more")


def _best(best: TrialRecord | None) -> str:
    return f"; the best is trial {best.number} with {best.value:.2f}" if best is not None else ""


def _score(trial: TrialRecord) -> str:
    return "" if trial.value is None else f"{trial.value:.2f}"


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
