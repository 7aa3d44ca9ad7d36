"""`treelet annotate`: texts, files or standard input to a table, CoNLL-U or JSONL."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, BinaryIO

import click

from treelet.cli.inputs import Input, InputText, classify, read_texts

if TYPE_CHECKING:
    from treelet.doc import Doc
    from treelet.pipeline import Pipeline

DEFAULT_MODEL = "en_core_web_sm"
HELD_BYTES = 1 << 16
"""Of output that waits for more, while there is input: about a thousand words."""

Formatter = Callable[["Doc", InputText], bytes]


@click.command("annotate", short_help="Raw text to a table, CoNLL-U or JSONL.")
@click.argument("inputs", nargs=-1, metavar="[TEXT | FILES… | -]")
@click.option(
    "--model",
    default=DEFAULT_MODEL,
    show_default=True,
    metavar="NAME",
    help="Installed package, or its folder.",
)
@click.option(
    "--to",
    type=click.Choice(["table", "text", "conllu", "jsonl"]),
    help="table (the same as text) for a TEXT or on a terminal, else conllu.",
)
@click.option(
    "--per",
    type=click.Choice(["file", "paragraph", "line"]),
    default="paragraph",
    show_default=True,
    help="What becomes one document; blank lines part paragraphs.",
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
    "--probabilities", is_flag=True, help="With --to jsonl: how sure heads, relations and entities are."
)
@click.option(
    "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write here, not to standard output."
)
def annotate_command(
    inputs: tuple[str, ...],
    model: str,
    to: str | None,
    per: str,
    threads: int,
    probabilities: bool,
    output: str | None,
    assignments: tuple[str, ...],
) -> None:
    """Annotate texts, files, or standard input (when piped, or `-`).

    An argument that names a file is read; one with white space, or that does not look like a path, is a text.

    \b
    Examples:
      treelet annotate "Apple is looking at buying a U.K. startup for $1 billion."
      treelet annotate corpus/*.txt --to conllu --threads 2 --output corpus.conllu
      zcat news.gz | treelet annotate - --per line --to jsonl
    """
    if not inputs and sys.stdin.isatty():
        raise click.UsageError("nothing to annotate: give a TEXT, FILES, or pipe text in")
    if probabilities and to != "jsonl":
        raise click.UsageError("--probabilities: only --to jsonl holds them")
    entries = classify(inputs or ("-",))
    if output is not None:
        _refuse_overwriting(entries, output)
    from treelet.pipeline import load
    from treelet.settings import parse_changes

    nlp = load(model, settings=parse_changes(assignments))
    to_terminal = output is None and sys.stdout.isatty()
    if to is None:
        to = "table" if to_terminal or all(entry.text is not None for entry in entries) else "conllu"
    texts = _Texts(read_texts(entries, per))
    with _naming(output or "standard output"), ExitStack() as stack:
        sink: BinaryIO = stack.enter_context(open(output, "wb")) if output is not None else sys.stdout.buffer
        advance = stack.enter_context(_progress(entries))
        _write_all(nlp, texts, _formatter(to, to_terminal, probabilities), _Job(sink, advance, threads, per))
    if texts.error is not None:
        raise texts.error


@contextmanager
def _naming(output: str) -> Iterator[None]:
    """Tells where writing failed: a full disk says no name of its own."""
    try:
        yield
    except OSError as error:
        if error.filename is not None or isinstance(error, BrokenPipeError):
            raise
        raise OSError(error.errno, error.strerror, output) from None


class _Job:
    """Where documents go, who is told of the bytes done, and how many are worked on at once."""

    def __init__(self, sink: BinaryIO, advance: Callable[[int], None], threads: int, per: str) -> None:
        self.sink, self.advance, self.threads = sink, advance, threads
        self.batch_size = 1 if per == "file" else 32  # whole files are held in memory


class _Texts:
    """Texts in runs, each of which ends where the input pauses, so that what is there can be written.

    An error ends the last one and is kept, so that what came before is annotated and written first.
    """

    def __init__(self, texts: Iterator[InputText | None]) -> None:
        self.texts = texts
        self.ended = False
        self.error: Exception | None = None

    def run(self) -> Iterator[tuple[str, InputText]]:
        try:
            for entry in self.texts:
                if entry is None:
                    return
                yield entry.text, entry
        except Exception as error:
            self.error = error
        self.ended = True


def _write_all(nlp: Pipeline, texts: _Texts, formatter: Formatter, job: _Job) -> None:
    held: list[bytes] = []  # a call of the system for each document would take longer than making it
    size = 0
    while not texts.ended:
        try:
            for doc, entry in nlp.pipe(
                texts.run(), batch_size=job.batch_size, threads=job.threads, as_tuples=True
            ):
                held.append(formatter(doc, entry))
                size += len(held[-1])
                if size >= HELD_BYTES:
                    job.sink.write(b"".join(held))
                    held, size = [], 0
                job.advance(entry.bytes_read)
        finally:
            job.sink.write(b"".join(held))
            job.sink.flush()
            held, size = [], 0


def _formatter(to: str, to_terminal: bool, probabilities: bool) -> Formatter:
    if to == "conllu":
        return _conllu_formatter()
    if to == "jsonl":
        from treelet.formats.jsonl import json_bytes

        return lambda doc, entry: json_bytes(doc, probabilities)
    from treelet.cli.table import plain_table, rich_table

    table = rich_table if to_terminal else plain_table
    return lambda doc, entry: table(doc).encode("utf-8", "backslashreplace")


def _conllu_formatter() -> Formatter:
    from treelet.formats.conllu_writer import ConlluMarks, conllu_bytes, mark_lines

    later, first = (mark_lines(ConlluMarks(newdoc, True), {}) for newdoc in (False, True))
    return lambda doc, entry: conllu_bytes(doc, first if entry.opens_source else later)


def _refuse_overwriting(entries: list[Input], output: str) -> None:
    for entry in entries:
        if (
            entry.path not in (None, "-")
            and os.path.exists(output)
            and os.path.samefile(str(entry.path), output)
        ):
            raise click.UsageError(f"--output {output}: is one of the inputs; writing would empty it")


def _progress(entries: list[Input]) -> AbstractContextManager[Callable[[int], None]]:
    """A bar of bytes read on standard error, where people look on and files are read; else nothing."""
    if not sys.stderr.isatty() or all(entry.path is None for entry in entries):
        return nullcontext(lambda size: None)
    from treelet.cli.progress import byte_bar

    sizes = [entry.size() for entry in entries]
    return byte_bar("annotating", None if None in sizes else sum(size or 0 for size in sizes))
