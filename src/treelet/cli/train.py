"""`treelet train`: gold files and settings to a package, with a bar and rows of scores."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from treelet.cli.label_maps import parse_label_map
from treelet.errors import SettingsError, TrainingError

if TYPE_CHECKING:
    from treelet.settings import Settings
    from treelet.training.progress import Evaluated, Progress


@click.command("train", short_help="Teach a pipeline from annotated files.")
@click.option(
    "--train",
    "train_files",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CoNLL-U, IOB2 or JSONL to teach from; each teaches what it annotates. May be repeated.",
)
@click.option(
    "--dev",
    "dev_files",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File to measure on; decides what is kept and when teaching ends. May be repeated.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where the package goes.",
)
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML with hyper-parameters; see `treelet settings --defaults`.",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="SECTION.NAME=VALUE",
    help="Change one setting. May be repeated.",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="FROM=TO",
    help="Rename an entity label; `FROM=` drops it, `FROM=-` leaves its words unannotated. May be repeated.",
)
@click.option(
    "--vectors",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Pretrained word vectors as a fixed feature: GloVe or word2vec text, or .npy beside a .vocab.txt; "
    "may be compressed.",
)
@click.option(
    "--device",
    default="cpu",
    show_default=True,
    metavar="NAME",
    help="Where PyTorch computes, such as cuda or cuda:1; walks stay on the processor.",
)
@click.option("--lang", metavar="CODE", help="Language code, such as en; the same as --set language=CODE.")
@click.option(
    "--name", metavar="NAME", help="LANG_TYPE_GENRE_SIZE, for the manifest; the name of DIR when it is one."
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    help="Fixes every random choice; the same as --set training.seed=N.",
)
@click.option("--licence", metavar="TEXT", help="Licence of the package, for its manifest.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="TEXT",
    help="Where data came from, for the manifest. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print each evaluation and the end as a JSON line.")
def train_command(
    train_files: tuple[Path, ...],
    dev_files: tuple[Path, ...],
    out: Path,
    settings_file: Path | None,
    assignments: tuple[str, ...],
    maps: tuple[str, ...],
    as_json: bool,
    **options: Any,
) -> None:
    """Teach a pipeline and write it to DIR as a package. Needs PyTorch: pip install 'treelet[train]'.

    \b
    Examples:
      treelet train --train en-train.conllu --dev en-dev.conllu --lang en --out my-package
      treelet train --train en-train.conllu --train names.iob2 --map person=PER --dev en-dev.conllu
        --dev names-dev.iob2 --set encoder.width=128 --seed 1 --out my-package
    """
    settings = _settings(settings_file, assignments, options["lang"], options["seed"])
    for path in (*train_files, *dev_files, *([options["vectors"]] if options["vectors"] else [])):
        if not path.is_file():
            raise TrainingError(f"{path}: no such file")
    try:
        from treelet.training import TrainingJob, train
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise TrainingError(
            "teaching needs PyTorch, which is not installed: pip install 'treelet[train]'"
        ) from None
    job = TrainingJob(
        train=train_files,
        dev=dev_files,
        out=out,
        settings=settings,
        label_map=parse_label_map(maps),
        vectors=options["vectors"],
        manifest=_manifest(out, settings, options),
    )
    show(train(job, options["device"]), as_json)


def _settings(path: Path | None, assignments: Iterable[str], lang: str | None, seed: int | None) -> Settings:
    from treelet.settings import override, read_settings, settings_from_dict, settings_to_dict

    values = settings_to_dict(read_settings(path)) if path is not None else {}
    try:
        for assignment in assignments:
            override(values, assignment)
        if lang is not None:
            values["language"] = lang
        if seed is not None:
            values.setdefault("training", {})["seed"] = seed
        return settings_from_dict(values, "settings")
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


def _manifest(out: Path, settings: Settings, options: dict[str, Any]) -> dict[str, Any]:
    """Fields of the manifest that the command line knows; the parts of the name are four of them."""
    values: dict[str, Any] = {}
    name = options["name"]
    parts = (name or out.resolve().name).split("_")
    if len(parts) == 4 and parts[0] == settings.language:
        values = dict(zip(("lang", "type", "genre", "size"), parts, strict=True))
    elif name is not None:
        expected = f"{settings.language}_TYPE_GENRE_SIZE, such as {settings.language}_core_web_sm"
        raise click.UsageError(f"--name {name}: expected {expected}")
    if options["licence"]:
        values["licence"] = options["licence"]
    if options["sources"]:
        values["sources"] = list(options["sources"])
    return values


def show(progress: Iterable[Progress], as_json: bool) -> None:
    """Tell a training run as it goes: rows to standard output, the bar to standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    from treelet.training.progress import Evaluated, Finished, Prepared, Stepped

    columns = (
        TextColumn("pass {task.fields[epoch]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("words"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    bars = Bars(
        *columns,
        console=console,
        transient=True,
        disable=not console.is_terminal,
        redirect_stdout=sys.stdout.isatty(),
    )
    with bars:
        task = bars.add_task("", total=None, epoch=0)
        header_due = True
        for event in progress:
            if isinstance(event, Stepped):
                bars.update(task, completed=event.words, epoch=event.epoch)
            elif isinstance(event, Prepared):
                bars.update(task, total=event.words * event.epochs)
                if not as_json:
                    click.echo(
                        f"{event.documents:,} documents, {event.words:,} words a pass, "
                        f"{event.parameters:,} parameters; "
                        f"teaching {', '.join(event.annotators)}"
                    )
            elif as_json:
                kind = "evaluated" if isinstance(event, Evaluated) else "finished"
                click.echo(json.dumps({"event": kind, **asdict(event)}, default=str))
            elif isinstance(event, Evaluated):
                click.echo(_row(event, header_due))
                header_due = False
            elif isinstance(event, Finished):
                click.echo(f"{event.reason}; the best is in {event.path}")
            sys.stdout.flush()


def _row(event: Evaluated, with_header: bool) -> str:
    names = [f"loss {name}" for name in event.losses] + [*event.scores, "score"]
    cells = [f"{value:.3f}" for value in event.losses.values()]
    cells += [f"{value:.2f}" for value in (*event.scores.values(), event.score)]
    start = f"{event.epoch:4}  {event.words:11,}  {event.seconds:7.0f}"
    row = "  ".join([start, *(f"{cell:>{len(name)}}" for name, cell in zip(names, cells, strict=True))])
    header = "  ".join(["pass", f"{'words':>11}", f"{'seconds':>7}", *names]) + "\n" if with_header else ""
    return header + row + ("  best" if event.best else "")
