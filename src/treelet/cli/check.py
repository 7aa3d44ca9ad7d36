"""`treelet check`: gold files to tables of what they hold, what is wrong, and whether training would fail."""

from __future__ import annotations

import json
from pathlib import Path

import click

from treelet.cli.label_maps import parse_label_map
from treelet.cli.training_options import chosen_settings


@click.command("check", short_help="Look gold files over before they teach.")
@click.argument("files", nargs=-1, required=True, metavar="FILES…", type=click.Path(path_type=Path))
@click.option(
    "--dev",
    "dev_files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Development file, compared with FILES. May be repeated.",
)
@click.option(
    "--lang",
    metavar="CODE",
    help="Language, whose tokenizer finds the words of JSONL that has texts and offsets alone.",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="FROM=TO",
    help="Rename an entity label, as in train; `FROM=` drops it, `FROM=-` leaves its words unannotated.",
)
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML with the hyper-parameters that training would have.",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="SECTION.NAME=VALUE",
    help="Change one setting, as in train.",
)
@click.option(
    "--rare",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    metavar="N",
    help="Labels used fewer times are told.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def check_command(
    files: tuple[Path, ...],
    dev_files: tuple[Path, ...],
    lang: str | None,
    maps: tuple[str, ...],
    settings_file: Path | None,
    assignments: tuple[str, ...],
    rare: int,
    as_json: bool,
) -> None:
    """Read FILES (CoNLL-U, IOB2, JSONL), go on after errors, and tell what they hold and what is wrong.

    Errors would make training fail: the exit code is 1 then, else 0. Warnings are worth a look.

    \b
    Examples:
      treelet check en-train.conllu --dev en-dev.conllu
      treelet check notes.jsonl --lang pt --map person=PER --json
    """
    from treelet.cli.check_tables import show
    from treelet.formats import language_tokenizer
    from treelet.gold.corpus import read_corpus
    from treelet.gold.findings import Finding
    from treelet.gold.report import examine
    from treelet.teaching.verdict import judge

    settings = chosen_settings(settings_file, assignments, lang, None)
    label_map, tokenize = parse_label_map(maps), language_tokenizer(settings.language)
    train = [read_corpus(path, label_map, tokenize) for path in files]
    dev = [read_corpus(path, label_map, tokenize) for path in dev_files]
    report = examine(train, dev, rare=rare, long_document=settings.training.most_words)
    train_docs = [doc for corpus in train for doc in corpus.docs]
    dev_docs = [doc for corpus in dev for doc in corpus.docs]
    verdict = judge(train_docs, dev_docs if dev else None, settings)
    if train_docs:
        report.blame(verdict.errors)
    if verdict.unlearnable_lemmas:
        report.findings.append(Finding("note", "lemmas", verdict.lemma_message()))
    if as_json:
        told = {"fails": bool(report.errors), "annotators": verdict.annotators, "labels": verdict.labels}
        click.echo(json.dumps({**told, **report.to_dict()}, indent=1, ensure_ascii=False))
    else:
        show(report, verdict, train=len(train))
    if report.errors:
        click.get_current_context().exit(1)
