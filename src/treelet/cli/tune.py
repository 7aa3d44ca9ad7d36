"""`treelet tune`: gold files and a search space to the best settings, a package, a table and a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from treelet.cli.label_maps import parse_label_map
from treelet.cli.training_options import chosen_settings, data_options, settings_options
from treelet.errors import TrainingError


def _print_space(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from treelet.tuning.space import DEFAULT_SPACE

        click.echo(DEFAULT_SPACE, nl=False)
        ctx.exit()


@click.command("tune", short_help="Search for the best settings.")
@data_options
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where all trials go; the same command goes on with what is there.",
)
@click.option(
    "--space",
    "space_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML with what to tune; batch size and dropout when not given. See --show-space.",
)
@click.option(
    "--show-space",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_space,
    help="Print the file that stands for no --space, to be edited.",
)
@click.option(
    "--trials", type=click.IntRange(1, 100_000), default=20, show_default=True, help="How many in all."
)
@click.option(
    "--processes",
    type=click.IntRange(1, 1024),
    default=1,
    show_default=True,
    help="Trials at a time. More than one: what is proposed depends on which ends first.",
)
@click.option(
    "--timeout", type=click.FloatRange(0, min_open=True), metavar="MINUTES", help="Then begin no more trials."
)
@click.option(
    "--metric",
    default="score",
    show_default=True,
    metavar="NAME",
    help="What to tune for: a score such as LAS or ENTS; score: the mean that training chooses passes by.",
)
@click.option(
    "--pruning",
    type=click.Choice(("median", "halving", "none")),
    default="median",
    show_default=True,
    help="Which trials end early: those below the median of others at the same pass, those outside of the "
    "best third at passes 1, 3, 9 …, or none.",
)
@click.option(
    "--epochs",
    type=click.IntRange(1, 10_000),
    help="Passes of each trial at most; the same as --set training.epochs=N.",
)
@settings_options
@click.option("--json", "as_json", is_flag=True, help="Print each trial and the end as a JSON line.")
def tune_command(out: Path, assignments: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Train again and again with other settings; the best go to DIR/best.toml, their package to DIR/best.

    Killed or stopped, the same command goes on. Needs Optuna and PyTorch: pip install 'treelet[train,tune]'.

    \b
    Examples:
      treelet tune --train train.conllu --dev dev.conllu --lang en --out tuning --processes 2
      treelet tune --show-space > space.toml
      treelet tune --train names.iob2 --dev dev.iob2 --lang en --metric ENTS --space space.toml
        --trials 40 --epochs 8 --out tuning
    """
    from importlib.util import find_spec

    from treelet.cli.tune_table import show
    from treelet.tuning import METRICS, TuningJob, default_space, read_space, tune

    if options["metric"] not in METRICS:
        raise click.UsageError(f"--metric {options['metric']}: expected one of {', '.join(METRICS)}")
    if options["epochs"] is not None:
        assignments = (*assignments, f"training.epochs={options['epochs']}")
    settings = chosen_settings(options["settings_file"], assignments, options["lang"], options["seed"])
    space = default_space() if options["space_file"] is None else read_space(options["space_file"])
    if find_spec("torch") is None:
        raise TrainingError("teaching needs PyTorch, which is not installed: pip install 'treelet[train]'")
    job = TuningJob(
        train=options["train_files"],
        dev=options["dev_files"],
        out=out,
        settings=settings,
        label_map=parse_label_map(options["maps"]),
        vectors=options["vectors"],
        device=options["device"],
        space=space,
        metric=options["metric"],
        trials=options["trials"],
        processes=options["processes"],
        timeout=60 * options["timeout"] if options["timeout"] is not None else None,
        pruning=options["pruning"],
    )
    show(tune(job), job, as_json)
