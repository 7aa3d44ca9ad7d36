"""`treelet pretrain`: raw text and settings to an encoder that `treelet train --start` begins from."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from treelet.cli.training_options import chosen_settings, network_options
from treelet.errors import TrainingError


@click.command("pretrain", short_help="Teach an encoder from raw text.")
@click.option(
    "--raw",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Plain text, a text a line (.xz, .gz, .bz2 too), or CoNLL-U, whose words are read as they are. "
    "May be repeated.",
)
@click.option(
    "--objective",
    type=click.Choice(["characters", "vectors"]),
    default="characters",
    show_default=True,
    help="What is told of a hidden word: its first and last four characters, or its vector.",
)
@click.option(
    "--vectors",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Word vectors, as of `treelet train`: what the objective `vectors` tells; with `characters` the "
    "encoder reads them.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where the encoder goes.",
)
@click.option(
    "--masked",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.15,
    show_default=True,
    help="Share of words that are hidden.",
)
@click.option(
    "--held-out",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.01,
    show_default=True,
    help="Share of texts that is measured on.",
)
@network_options
@click.option(
    "--resume",
    is_flag=True,
    help="Go on where a run of the same command was stopped (FILE.checkpoint); else begin.",
)
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where losses go as JSON lines, for `treelet plot`; OUT.log.jsonl when not given.",
)
@click.option("--no-log", is_flag=True, help="Write no log.")
@click.option("--json", "as_json", is_flag=True, help="Print each evaluation and the end as a JSON line.")
def pretrain_command(raw: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Teach an encoder to tell hidden words from those around them, and write it to a file, for languages
    with little annotated text. Needs PyTorch: pip install 'treelet[train]'.

    \b
    Example:
      treelet pretrain --raw texts.txt.xz --raw pt-train.conllu --lang pt --out pt.encoder
      treelet train --start pt.encoder --train pt-train.conllu --dev pt-dev.conllu --lang pt
        --out pt_core_mine_sm
    """
    vectors: Path | None = options["vectors"]
    if options["objective"] == "vectors" and vectors is None:
        raise click.UsageError("--objective vectors: --vectors names the file whose vectors are told")
    settings = chosen_settings(
        options["settings_file"], options["assignments"], options["lang"], options["seed"]
    )
    for path in (*raw, *([vectors] if vectors else [])):
        if not path.is_file():
            raise TrainingError(f"{path}: no such file")
    from treelet.teaching import need_torch

    need_torch()
    from treelet.cli.train import show
    from treelet.training.log import JsonLines, about_job, default_log, recorded
    from treelet.training.pretrain import PretrainingJob, pretrain

    chosen = ("out", "objective", "vectors", "masked", "held_out", "resume")
    job = PretrainingJob(raw, settings=settings, **{name: options[name] for name in chosen})
    events = pretrain(job, options["device"])
    if options["no_log"]:
        show(events, as_json)
        return
    about = {**about_job(job.as_training(), options["device"]), "objective": job.objective}
    with closing(JsonLines(options["log"] or default_log(job.out), resume=job.resume)) as log:
        show(recorded(events, about, [log]), as_json)
