"""Files of the data folder in; files as a recipe wants them out: other columns, fewer sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Rows = list[list[str]]
"""Columns of the lines of one sentence."""

_HYPHEN = re.compile(r"(?<=\w)(-)(?=\w)")


def prepare(wanted: dict[str, dict[str, Any]], data: Path, out: Path) -> None:
    """Write each file that is wanted, from `file` of the data folder.

    `columns`: those that are kept, counted from 0. `without`: a file whose sentences are left out.
    `split_hyphens`: words of two-column files are parted at their hyphens, as the treebank parts them.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name, how in wanted.items():
        left_out = set(map(_words, _sentences(data / how["without"]))) if "without" in how else set()
        kept = [rows for rows in _sentences(data / how["file"]) if _words(rows) not in left_out]
        if "columns" in how:
            kept = [[[row[column] for column in how["columns"]] for row in rows] for rows in kept]
        if how.get("split_hyphens"):
            kept = [[part for row in rows for part in _parts(*row)] for rows in kept]
        text = "".join("\n".join(map("\t".join, rows)) + "\n\n" for rows in kept)
        (out / name).write_text(text, encoding="utf-8")


def _sentences(path: Path) -> Iterator[Rows]:
    rows: Rows = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            rows.append(line.split("\t"))
        elif rows:
            yield rows
            rows = []
    if rows:
        yield rows


def _words(rows: Rows) -> tuple[str, ...]:
    """Of a sentence, as CoNLL-U or with the word in the first column."""
    if any(row[0].startswith("# text") for row in rows):
        return tuple(row[1] for row in rows if row[0].isdigit())
    return tuple(row[0] for row in rows)


def _parts(word: str, tag: str) -> Rows:
    first, *others = _HYPHEN.split(word)
    return [[first, tag], *([part, tag.replace("B-", "I-")] for part in others)]
