"""`treelet train`: gold files and settings to a package, with a bar and rows of scores."""

from __future__ import annotations

import collections
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from treelet.cli.base_options import base_options, check_base_options, settings_of_run
from treelet.cli.label_maps import parse_label_map
from treelet.cli.training_options import chosen_values, data_options, settings_options
from treelet.errors import TrainingError

if TYPE_CHECKING:
    from treelet.settings import Settings
    from treelet.training.job import TrainingJob
    from treelet.training.progress import Evaluated, Progress


@click.command("train", short_help="Teach a pipeline from annotated files.")
@data_options
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where the package goes.",
)
@settings_options
@base_options
@click.option(
    "--name", metavar="NAME", help="LANG_TYPE_GENRE_SIZE, for the manifest; the name of DIR when it is one."
)
@click.option(
    "--version",
    metavar="A.B.C",
    help="Version of the package: major version of treelet, structure, parameters. The next b of its name "
    "where its structure is new, else that structure's first.",
)
@click.option("--description", metavar="TEXT", help="One sentence on the package, for its manifest.")
@click.option("--licence", metavar="TEXT", help="Licence of the package, for its manifest.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="TEXT",
    help="Where data came from, for the manifest. May be repeated.",
)
@click.option(
    "--encoder",
    type=click.Choice(["small", "transformer"]),
    default="small",
    show_default=True,
    help="`transformer` teaches a teacher, from which `treelet distill` teaches a small pipeline.",
)
@click.option(
    "--transformer",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="PATH",
    help="Folder of a pretrained transformer, as Hugging Face writes it: pip install 'treelet[transformer]'.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on where a run of the same command was stopped (DIR.checkpoint); else begin.",
)
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where losses and scores go as JSON lines, for `treelet plot`; DIR.log.jsonl when not given.",
)
@click.option("--no-log", is_flag=True, help="Write no log.")
@click.option(
    "--tensorboard",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write losses and scores for TensorBoard too: pip install 'treelet[tensorboard]'.",
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
      treelet train --base en_core_web_sm --train albums.iob2 --dev albums-dev.iob2 --raw texts.txt
        --out my-package
    """
    check_base_options(options)
    _check_transformer(options)
    values = chosen_values(settings_file, assignments, options["lang"], options["seed"])
    settings = settings_of_run(values, options["base"])
    if "WORLD_SIZE" in os.environ:  # one process of several: files are looked for when the others hear of it
        os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")  # our own errors say who is gone
    else:
        vectors = [options["vectors"]] if options["vectors"] else []
        start = [options["start"]] if options["start"] else []
        for path in (*train_files, *dev_files, *vectors, *options["raw_files"], *start):
            if not path.is_file():
                raise TrainingError(f"{path}: no such file")
    from treelet.teaching import need_torch

    need_torch()
    from treelet.training import TrainingJob, train
    from treelet.training.distributed import find_place

    job = TrainingJob(
        train=train_files,
        dev=dev_files,
        out=out,
        settings=settings,
        label_map=parse_label_map(maps),
        vectors=options["vectors"],
        transformer=options["transformer"],
        manifest=manifest_fields(out, settings, options),
        base=options["base"],
        raw=options["raw_files"],
        start=options["start"],
        freeze=options["freeze"],
        rehearse=not options["no_rehearsal"],
        resume=options["resume"],
    )
    events = train(job, options["device"])
    if find_place().rank > 0:  # the first process tells for all
        collections.deque(events, maxlen=0)
        return
    with logged_run(events, job, options) as told:
        show(told, as_json)


def _check_transformer(options: dict[str, Any]) -> None:
    """Raises click.UsageError for options that do not go together."""
    if (options["encoder"] == "transformer") != (options["transformer"] is not None):
        raise click.UsageError("--encoder transformer and --transformer PATH go together")
    if options["transformer"] is not None and options["base"] is not None:
        raise click.UsageError("--transformer: a package that is taught more keeps its encoder")


@contextmanager
def logged_run(
    events: Iterable[Progress], job: TrainingJob, options: dict[str, Any]
) -> Iterator[Iterable[Progress]]:
    """The events, which also go to the log and to TensorBoard as the options say."""
    from treelet.training.log import JsonLines, about_job, default_log, recorded
    from treelet.training.tensorboard import TensorBoard

    sinks: list[JsonLines | TensorBoard] = []
    try:
        if options["tensorboard"] is not None:
            sinks.append(TensorBoard(options["tensorboard"]))
        if not options["no_log"]:
            sinks.append(JsonLines(options["log"] or default_log(job.out), resume=job.resume))
        yield recorded(events, about_job(job, options["device"]), sinks)
    finally:
        for sink in sinks:
            sink.close()


def manifest_fields(out: Path, settings: Settings, options: dict[str, Any]) -> dict[str, Any]:
    """Fields of the manifest that the command line knows; the parts of the name are four of them."""
    from treelet.package.name import SIZES, TYPES, language_part
    from treelet.package.version import is_version

    asked, language = options["name"], language_part(settings.language)
    parts = (asked or out.resolve().name).split("_")
    named = len(parts) == 4 and parts[0] == language and (asked or (parts[1] in TYPES and parts[3] in SIZES))
    values: dict[str, Any] = dict(zip(("lang", "type", "genre", "size"), parts, strict=True)) if named else {}
    if asked and not named:
        expected = f"{language}_TYPE_GENRE_SIZE, such as {language}_core_web_sm"
        raise click.UsageError(f"--name {asked}: expected {expected}")
    if options["version"] and not is_version(options["version"]):
        raise click.UsageError(f"--version {options['version']}: expected three numbers such as 0.1.2")
    given = {name: options[name] for name in ("version", "description", "licence") if options[name]}
    return values | given | ({"sources": list(options["sources"])} if options["sources"] else {})


def show(progress: Iterable[Progress], as_json: bool) -> None:
    """Tell a training run as it goes: rows to standard output, the bar to standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    from treelet.cli.compared import show_compared
    from treelet.training.progress import Compared, Evaluated, Finished, Prepared, Stepped

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
                kind = type(event).__name__.lower()
                click.echo(json.dumps({"event": kind, **asdict(event)}, default=str))
            elif isinstance(event, Evaluated):
                click.echo(_row(event, header_due))
                header_due = False
            elif isinstance(event, Compared):
                show_compared(event)
            elif isinstance(event, Finished):
                click.echo(f"{event.reason}; the package is in {event.path}")
            sys.stdout.flush()


def _row(event: Evaluated, with_header: bool) -> str:
    names = [f"loss {name}" for name in event.losses] + [*event.scores, "score"]
    cells = [f"{value:.3f}" for value in event.losses.values()]
    cells += [f"{value:.2f}" for value in (*event.scores.values(), event.score)]
    start = f"{event.epoch:4}  {event.words:11,}  {event.seconds:7.0f}"
    row = "  ".join([start, *(f"{cell:>{len(name)}}" for name, cell in zip(names, cells, strict=True))])
    header = "  ".join(["pass", f"{'words':>11}", f"{'seconds':>7}", *names]) + "\n" if with_header else ""
    return header + row + ("  best" if event.best else "")
