"""`treelet evaluate`: a package and a gold file to a table of scores."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import click

from treelet.errors import FormatError

if TYPE_CHECKING:
    from treelet.doc import Doc
    from treelet.pipeline import Pipeline
    from treelet.scoring import Scores


@click.command("evaluate", short_help="Score a package on an annotated file.")
@click.argument("package", metavar="PACKAGE")
@click.argument("file", metavar="FILE")
@click.option(
    "--gold-tokens", is_flag=True, help="Give the gold words and sentences; otherwise start from raw text."
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="FROM=TO",
    help="Rename an entity label of the gold file; `FROM=` drops it. May be repeated.",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="SECTION.NAME=VALUE",
    help="Change how the package annotates, such as parser.beam_width=8. May be repeated.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 1024),
    default=1,
    show_default=True,
    help="Documents annotated at once.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
def evaluate_command(
    package: str,
    file: str,
    gold_tokens: bool,
    maps: tuple[str, ...],
    threads: int,
    as_json: bool,
    assignments: tuple[str, ...],
) -> None:
    """Score PACKAGE on FILE (CoNLL-U; IOB2 or JSONL for entities), from the raw text of each paragraph.

    Metrics are those of the CoNLL 2018 shared task, and precision, recall and F of entities.

    \b
    Examples:
      treelet evaluate en_core_web_sm en_ewt-ud-dev.conllu
      treelet evaluate ./my-package dev.iob2 --gold-tokens --map person=PER --json
    """
    from treelet.cli.label_maps import parse_label_map
    from treelet.formats import read_docs
    from treelet.pipeline import load
    from treelet.scoring import score_docs
    from treelet.settings import parse_changes

    label_map = parse_label_map(maps)
    nlp = cache(lambda: load(package, settings=parse_changes(assignments)))
    docs = read_docs(file, label_map=label_map, tokenize=lambda text: nlp().make_doc(text))
    gold = [doc for doc in docs if len(doc)]
    if not gold:
        raise FormatError(f"{file}: holds no words to score on")
    scores = score_docs(gold, _annotate(nlp(), gold, gold_tokens, threads))
    if as_json:
        click.echo(json.dumps(scores.to_dict(), indent=1))
    else:
        print_scores(scores)


def _annotate(nlp: Pipeline, gold: list[Doc], gold_tokens: bool, threads: int) -> list[Doc]:
    if gold_tokens:
        return list(nlp.pipe((doc.bare(sentences=True) for doc in gold), threads=threads))
    return list(nlp.pipe((doc.text for doc in gold), threads=threads))


def print_scores(scores: Scores) -> None:
    """Two tables: metrics of tokens to trees, then entities over all and by label; percentages."""
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False)
    table = Table("metric", "precision", "recall", "F1", "aligned accuracy", box=None, pad_edge=False)
    for name, score in scores.metrics.items():
        if name not in scores.missing:
            table.add_row(
                name, *map(_percent, (score.precision, score.recall, score.f1, score.aligned_accuracy))
            )
    console.print(table)
    if scores.entities is not None:
        table = Table("entity", "precision", "recall", "F1", "gold", box=None, pad_edge=False)
        for name, score in {"all": scores.entities.micro, **scores.entities.labels}.items():
            table.add_row(name, *map(_percent, (score.precision, score.recall, score.f1)), str(score.gold))
        console.print()
        console.print(table)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.2f}"
