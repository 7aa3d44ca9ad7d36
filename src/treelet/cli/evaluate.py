"""`treelet evaluate`: a package and a gold file to a table of scores."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import click

from treelet.errors import FormatError

if TYPE_CHECKING:
    from treelet.doc import Doc


@click.command("evaluate", short_help="Score a package on an annotated file.")
@click.argument("package", metavar="PACKAGE")
@click.argument("file", metavar="FILE")
@click.option(
    "--gold-tokens", is_flag=True, help="Give the gold words and sentences; otherwise start from raw text."
)
@click.option(
    "--gold-words", is_flag=True, help="Give the gold words alone: `treelet train` measures this way."
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
@click.option(
    "--per-label", is_flag=True, help="Also score each tag, feature and relation, most frequent first."
)
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON, those of labels too.")
def evaluate_command(
    package: str,
    file: str,
    maps: tuple[str, ...],
    threads: int,
    as_json: bool,
    assignments: tuple[str, ...],
    **options: bool,
) -> None:
    """Score PACKAGE on FILE (CoNLL-U; IOB2 or JSONL for entities), from the raw text of each paragraph.

    Metrics are those of the CoNLL 2018 shared task, and precision, recall and F of entities.

    \b
    Examples:
      treelet evaluate en_core_web_sm en_ewt-ud-dev.conllu
      treelet evaluate en_core_web_sm en_ewt-ud-dev.conllu --gold-words --per-label
      treelet evaluate ./my-package dev.iob2 --gold-tokens --map person=PER --json
    """
    if options["gold_tokens"] and options["gold_words"]:
        raise click.UsageError("--gold-tokens gives sentences too, --gold-words does not: give one of them")
    from treelet.cli.label_maps import parse_label_map
    from treelet.cli.score_tables import print_scores
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
    given: list[Doc | str]
    if options["gold_tokens"] or options["gold_words"]:
        given = [doc.bare(sentences=options["gold_tokens"]) for doc in gold]
    else:
        given = [doc.text for doc in gold]
    scores = score_docs(gold, list(nlp().pipe(given, threads=threads)))
    if as_json:
        click.echo(json.dumps(scores.to_dict(), indent=1))
    else:
        print_scores(scores, options["per_label"])
