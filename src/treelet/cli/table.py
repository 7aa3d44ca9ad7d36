"""A Doc to a table for people: aligned plain text, or a rich table on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import cell_len

from treelet.doc.entity_tags import entity_tag

if TYPE_CHECKING:
    from treelet.doc import Doc

COLUMNS = ("#", "token", "lemma", "POS", "tag", "morphology", "head", "relation", "entity")
GAP = 2
"""Blanks between two columns."""

GIVING_WAY = (
    *(("token", 24), ("lemma", 16), ("morphology", 16), ("head", 11)),
    *(("token", 12), ("lemma", 9), ("morphology", 10), ("head", 9), ("morphology", 4)),
)
"""Columns and least widths on a terminal too narrow for all, in the order in which they give way."""

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
    rows: list[Row] = [COLUMNS]
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
    """The same for a terminal: colours, sentences apart, a line a word; what is too wide is cut."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    sentences = table_rows(doc)
    if not sentences:
        return ""
    console = Console()
    cells = [COLUMNS, *(row for sentence in sentences for row in sentence)]
    widths = fitted_widths([max(map(cell_len, column)) for column in zip(*cells, strict=True)], console.width)
    styles = ("dim", "bold", "", "cyan", "cyan", "dim", "", "green", "magenta")
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold underline")
    for name, style, width in zip(COLUMNS, styles, widths, strict=True):
        table.add_column(name, style=style, width=width, no_wrap=True, overflow="ellipsis")
    for sentence in sentences:
        for row in sentence:
            table.add_row(*map(Text, row))
        table.add_row()
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def fitted_widths(widths: Sequence[int], room: int) -> list[int]:
    """Widths of the columns in terminal cells, so that they and the gaps between them fit into room.

    The columns of GIVING_WAY give way in that order, each down to its least width.
    """
    fitted = list(widths)
    excess = sum(fitted) + GAP * (len(fitted) - 1) - room
    for name, least in GIVING_WAY:
        column = COLUMNS.index(name)
        given = max(0, min(excess, fitted[column] - least))
        fitted[column] -= given
        excess -= given
    return fitted
