"""`treelet distill`: teachers, raw text, gold files and settings to a student's package."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from treelet.cli.label_maps import parse_label_map
from treelet.cli.train import logged_run, manifest_fields, show, train_command
from treelet.cli.training_options import chosen_settings
from treelet.errors import TrainingError

if TYPE_CHECKING:
    from treelet.settings import Settings
    from treelet.silver import Labelled

Command = TypeVar("Command", bound=Callable[..., Any])
_NOT_OURS = ("base", "raw_files", "freeze", "no_rehearsal", "encoder", "transformer")


def _options_of_train(command: Any) -> Any:
    """All options of `treelet train` that mean the same here."""
    command.params += [option for option in train_command.params if option.name not in _NOT_OURS]
    return command


@_options_of_train
@click.command("distill", short_help="Teach a pipeline what larger ones say of raw text.")
@click.option(
    "--teacher",
    "teachers",
    multiple=True,
    metavar="PACKAGE",
    help="Folder or name of a pipeline that labels the raw text; several vote. May be repeated.",
)
@click.option(
    "--raw",
    "raw_files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Plain text, a line a paragraph, an empty line between documents; may be compressed. "
    "May be repeated.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where labelled text goes, or is: without --teacher and --raw it is taught as it is. "
    "OUT.silver when not given.",
)
@click.option(
    "--words",
    type=click.IntRange(min=1),
    metavar="N",
    help="Raw words to label, of each file as many until it has no more; all when not given.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 1024),
    default=1,
    show_default=True,
    help="Label in so many processes; what comes out is the same.",
)
@click.option(
    "--least-confidence",
    type=click.FloatRange(0, 1),
    metavar="P",
    help="Leave open what a teacher is less sure of; the same as --set training.least_confidence=P.",
)
@click.option(
    "--no-fill",
    is_flag=True,
    help="Leave gold files as they are; else the teachers fill in the columns and entities that they lack.",
)
@click.option("--label-only", is_flag=True, help="Label, and end there.")
def distill_command(
    train_files: tuple[Path, ...],
    dev_files: tuple[Path, ...],
    out: Path,
    maps: tuple[str, ...],
    as_json: bool,
    **options: Any,
) -> None:
    """Label raw text by teachers, then teach a student from it beside gold. Needs PyTorch: pip install
    'treelet[train]'.

    Stopped while labelling, the same command goes on; while teaching, with --resume.

    \b
    Examples:
      treelet distill --teacher my-teacher --raw wiki.txt.xz --words 4000000 --processes 2
        --train en-train.conllu --dev en-dev.conllu --lang en --out my-package
      treelet distill --cache my-package.silver --train en-train.conllu --dev en-dev.conllu
        --set training.silver=8 --out another-package
    """
    if bool(options["teachers"]) != bool(options["raw_files"]):
        raise click.UsageError("--teacher, --raw: labelling takes both; without both, --cache is taught")
    if not options["teachers"] and (options["cache"] is None or options["label_only"]):
        raise click.UsageError("--teacher and --raw, or --cache with what was labelled before, are needed")
    settings = _settings(options)
    vectors = [options["vectors"]] if options["vectors"] else []
    start = [options["start"]] if options["start"] else []
    for path in (*train_files, *dev_files, *vectors, *options["raw_files"], *start):
        if not path.is_file():
            raise TrainingError(f"{path}: no such file")
    from treelet.silver.cache import told_teachers
    from treelet.silver.filled import FilledGold

    cache = options["cache"] or out.with_name(out.name + ".silver")
    if options["teachers"]:
        _label(cache, settings.language, (train_files, parse_label_map(maps)), options | {"as_json": as_json})
    label_map = parse_label_map(maps)
    filled = FilledGold(cache, settings.language, label_map)
    if not options["no_fill"] and options["teachers"]:
        for path in filled.make(train_files, options["teachers"], options["device"]):
            click.echo(f"{path}: gold, and what the teachers say where it is silent", err=as_json)
    if options["label_only"]:
        return
    from treelet.teaching import need_torch

    need_torch()
    from treelet.training import TrainingJob, train

    sources = [*options["sources"], *told_teachers(cache)]
    job = TrainingJob(
        train=train_files if options["no_fill"] else filled.of(train_files),
        dev=dev_files,
        words_from=train_files,
        out=out,
        settings=settings,
        label_map=label_map,
        vectors=options["vectors"],
        manifest=manifest_fields(out, settings, options | {"sources": sources}),
        silver=cache,
        start=options["start"],
        resume=options["resume"],
    )
    with logged_run(train(job, options["device"]), job, options) as told:
        show(told, as_json)


def _settings(options: dict[str, Any]) -> Settings:
    assignments = list(options["assignments"])
    if options["least_confidence"] is not None:
        assignments.append(f"training.least_confidence={options['least_confidence']}")
    return chosen_settings(options["settings_file"], assignments, options["lang"], options["seed"])


def _label(
    cache: Path, language: str, gold: tuple[tuple[Path, ...], dict[str, str]], options: dict[str, Any]
) -> None:
    from treelet.silver import Labelling, label
    from treelet.teaching.tokenization import taught_rules
    from treelet.training.corpus import read_corpora

    rules = taught_rules(language, read_corpora(*gold, language))
    job = Labelling(
        teachers=options["teachers"],
        raw=options["raw_files"],
        cache=cache,
        tokenizer=json.dumps(rules, ensure_ascii=False),
        words=options["words"],
        processes=options["processes"],
        device=options["device"],
    )
    show_labelling(label(job), cache, options["as_json"])


def show_labelling(progress: Iterable[Labelled], cache: Path, as_json: bool) -> None:
    """Tell how far labelling is: a bar on standard error, what there is in the end on standard output."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("labelling"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("shards, {task.fields[words]:,} words"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, words=0)
        for event in progress:
            bar.update(task, completed=event.shards, total=event.of, words=event.words)
    if as_json:
        click.echo(json.dumps({"event": "labelled", "cache": str(cache), **vars(event)}))
    else:
        click.echo(f"{event.words:,} words of silver in {event.shards} shards: {cache}")
