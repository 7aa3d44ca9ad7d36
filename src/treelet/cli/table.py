"""A Doc to a table for people: aligned plain text, or a rich table on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treelet.doc import Doc, Token

COLUMNS = ("#", "token", "lemma", "part of speech", "tag", "morphology", "head", "relation", "entity")


def sentences(doc: Doc) -> Iterator[list[Token]]:
    """Words of each sentence; all words as one where nothing is known of sentences."""
    words: list[Token] = []
    for token in doc:
        if token.is_sent_start and words:
            yield words
            words = []
        words.append(token)
    if words:
        yield words


def sentence_rows(words: list[Token]) -> list[list[str]]:
    """One row of cells a word, in the order of COLUMNS; what is not annotated is empty."""
    first = words[0].i
    rows = []
    for number, token in enumerate(words, 1):
        head = ""
        if token.dep_:
            head = "0" if token.head.i == token.i else f"{token.head.i - first + 1}:{token.head.form_}"
        entity = f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else ""
        cells = [
            token.form_,
            token.lemma_,
            token.pos_,
            token.tag_,
            str(token.morph),
            head,
            token.dep_,
            entity,
        ]
        rows.append([str(number), *map(printable, cells)])
    return rows


def printable(text: str) -> str:
    """The text with control characters and lone surrogates as escapes, so that no input steers a terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def plain_table(doc: Doc) -> str:
    """Aligned text: a header, one line a word, an empty line after each sentence; `_` is an empty cell."""
    from rich.cells import cell_len

    blocks = [sentence_rows(words) for words in sentences(doc)]
    if not blocks:
        return ""
    header = [name.replace(" ", "_") for name in COLUMNS]
    widths = [
        max(cell_len(row[k]) for row in [header, *(row for rows in blocks for row in rows)])
        for k in range(len(header))
    ]
    lines = [_aligned(header, widths, cell_len)]
    for rows in blocks:
        lines += [_aligned([cell or "_" for cell in row], widths, cell_len) for row in rows]
        lines.append("")
    return "\n".join(lines) + "\n"


def _aligned(cells: list[str], widths: list[int], cell_len: Callable[[str], int]) -> str:
    return "  ".join(
        cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)
    ).rstrip()


def rich_table(doc: Doc) -> str:
    """The same for a terminal: colours, sentences apart by a rule, cells folded to the width there is."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    styles = ("dim", "bold", "", "cyan", "cyan", "dim", "", "green", "magenta")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, style in zip(COLUMNS, styles, strict=True):
        table.add_column(name, style=style, overflow="fold")
    for words in sentences(doc):
        for row in sentence_rows(words):
            table.add_row(*(Text(cell) for cell in row))
        table.add_section()
    if not table.row_count:
        return ""
    console = Console()
    with console.capture() as capture:
        console.print(table)
    return capture.get()
