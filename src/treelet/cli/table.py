"""A Doc to a table for people: aligned plain text, or a rich table on a terminal."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import cell_len

from treelet.doc.entity_tags import entity_tag

if TYPE_CHECKING:
    from treelet.doc import Doc

COLUMNS = ("#", "token", "lemma", "part of speech", "tag", "morphology", "head", "relation", "entity")
Row = tuple[str, ...]


def table_rows(doc: Doc) -> list[list[Row]]:
    """For each sentence its rows, a row a word, cells in the order of COLUMNS; empty where not annotated."""
    if not len(doc):
        return []
    columns = doc.columns
    forms = [printable(form) for form in columns.word_column()]
    starts = doc.sentence_starts if doc.has_annotation("SENT_START") else [0]
    first_words = [start for start, end in pairwise([*starts, len(doc)]) for _ in range(start, end)]
    heads = [
        "" if head < 0 else "0" if head == i else f"{head - first_words[i] + 1}:{forms[head]}"
        for i, head in enumerate(columns.head_column())
    ]
    tags = map(entity_tag, columns.iob_column(), columns.ent_type_column())
    rows = list(
        zip(
            (str(i - first + 1) for i, first in enumerate(first_words)),
            forms,
            map(printable, columns.lemma_column()),
            map(printable, columns.upos_column()),
            map(printable, columns.xpos_column()),
            map(printable, columns.feats_column()),
            heads,
            map(printable, columns.deprel_column()),
            ("" if tag in (None, "O") else printable(tag) for tag in tags),
            strict=True,
        )
    )
    return [rows[start:end] for start, end in pairwise([*starts, len(doc)])]


def printable(text: str | None) -> str:
    """The text with control characters and lone surrogates as escapes, so that no input steers a terminal."""
    if text is None or text.isprintable():
        return text or ""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def plain_table(doc: Doc) -> str:
    """Aligned text: a header, one line a word, an empty line after each sentence; `_` is an empty cell."""
    sentences = table_rows(doc)
    if not sentences:
        return ""
    header = tuple(name.replace(" ", "_") for name in COLUMNS)
    rows = [header]
    for sentence in sentences:
        rows += [tuple(cell or "_" for cell in row) for row in sentence]
        rows.append(("",) * len(COLUMNS))
    padded = [_padded(column) for column in zip(*rows, strict=True)]
    return "".join("  ".join(row).rstrip() + "\n" for row in zip(*padded, strict=True))


def _padded(column: Row) -> list[str]:
    """Cells filled up with blanks to the width of the widest, as a terminal shows them."""
    widths = [len(cell) if cell.isascii() else cell_len(cell) for cell in column]
    widest = max(widths)
    return [cell + " " * (widest - width) for cell, width in zip(column, widths, strict=True)]


def rich_table(doc: Doc) -> str:
    """The same for a terminal: colours, sentences apart, cells folded to the width there is."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    styles = ("dim", "bold", "", "cyan", "cyan", "dim", "", "green", "magenta")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, style in zip(COLUMNS, styles, strict=True):
        table.add_column(name, style=style, overflow="fold")
    for sentence in table_rows(doc):
        for row in sentence:
            table.add_row(*(Text(cell) for cell in row))
        table.add_row()
    if not table.row_count:
        return ""
    console = Console()
    with console.capture() as capture:
        console.print(table)
    return capture.get()
