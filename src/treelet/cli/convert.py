"""`treelet convert`: one annotated file to another format."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from treelet.cli.label_maps import parse_label_map
from treelet.errors import FormatError

if TYPE_CHECKING:
    from treelet.doc import Doc


@click.command("convert", short_help="Turn CoNLL-U, IOB2 and JSONL into one another.")
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="FROM=TO",
    help="Rename an entity label; `FROM=` drops it. May be repeated.",
)
@click.option(
    "--lang",
    metavar="CODE",
    help="Language, such as en, whose tokenizer finds the words of JSONL that has texts and character "
    "offsets of entities alone.",
)
def convert_command(source: str, target: str, maps: tuple[str, ...], lang: str | None) -> None:
    """Convert IN to OUT; the ends of the names say from which format to which.

    Reads .conllu, .iob2, .iob, .tsv and .jsonl; writes .conllu, .iob2 and .jsonl.

    \b
    Examples:
      treelet convert train.iob2 train.conllu --map person=PER
      treelet convert notes.jsonl notes.iob2 --lang en
    """
    from treelet.formats import language_tokenizer, read_docs

    if Path(target).exists() and Path(source).exists() and Path(source).samefile(target):
        raise click.UsageError(f"{target}: is the input; writing would empty it")
    label_map = parse_label_map(maps)
    write = _writer(target)
    if Path(source).is_dir():
        raise FormatError(f"{source}: is a directory; expected a file")
    if not Path(source).exists():
        raise FormatError(f"{source}: no such file")
    docs = read_docs(source, label_map=label_map, tokenize=language_tokenizer(lang) if lang else None)
    first = list(islice(docs, 1))  # an IN that cannot be read leaves an OUT that is there as it was
    with open(target, "wb") as sink:
        for doc in chain(first, docs):
            sink.write(write(doc).encode("utf-8", "backslashreplace"))


def _writer(target: str) -> Callable[[Doc], str]:
    suffix = Path(target).suffix
    if suffix == ".conllu":
        from treelet.formats import write_conllu

        return write_conllu
    if suffix == ".jsonl":
        from treelet.formats import write_jsonl

        return lambda doc: next(write_jsonl([doc]))
    if suffix in (".iob", ".iob2"):
        from treelet.formats import write_iob

        return lambda doc: next(write_iob([doc]))
    raise FormatError(
        f"{target}: cannot write {suffix or 'a file without an ending'}; expected .conllu, .iob2 or .jsonl"
    )
