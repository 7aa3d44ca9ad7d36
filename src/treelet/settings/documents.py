"""Rows of hyper-parameters in; the commented TOML file and the page of the docs out."""

from __future__ import annotations

from importlib.resources import files
from itertools import groupby
from textwrap import wrap

from treelet.settings.measured import CORPORA, NOISE, spreads
from treelet.settings.rows import SettingRow, section_docs, setting_rows
from treelet.settings.schema import ANNOTATION_SETTINGS

_LINE = 110


def commented_toml() -> str:
    """Every setting with its default, and above each what it means and what is allowed."""
    lines = [
        "# Settings of treelet, with their defaults: change some, delete the rest, and give the file to",
        "# treelet train --settings. The section of an annotator asks for it: delete those that your data",
        "# cannot teach, or name those that you want in `pipeline`.",
    ]
    docs = section_docs()
    for section, rows in groupby(setting_rows(), key=lambda row: row.section):
        if section:
            lines += ["", *_comment(docs[section]), f"[{section}]"]
        for row in rows:
            lines += ["", *_comment(_explained(row)), f"{row.name} = {row.toml}"]
    return "\n".join(lines) + "\n"


def _explained(row: SettingRow) -> str:
    said = f"{row.meaning}: {row.allowed}" if row.allowed else row.meaning
    return f"{said}. Matters: {row.points} points" if row.points else said


def _comment(text: str) -> list[str]:
    return wrap(text, _LINE, initial_indent="# ", subsequent_indent="#   ")


def page() -> str:
    """docs/settings.md: what a reader needs, then a table for each section."""
    docs, blocks = section_docs(), [_opening()]
    for section, rows in groupby(setting_rows(), key=lambda row: row.section):
        title = f"## `{section}`\n\n{docs[section]}" if section else "## Of no section"
        head = "| setting | default | allowed | meaning | matters |\n|---|---|---|---|---|"
        blocks.append("\n".join([title, "", head, *map(_table_row, rows)]))
    return "\n\n".join(blocks) + "\n"


def _opening() -> str:
    text = files("treelet.settings").joinpath("opening.md").read_text(encoding="utf-8").strip()
    noise = spreads().get(NOISE)
    corpora = " / ".join(CORPORA.values())
    told = f"of {corpora}"
    if noise:
        seeds = " / ".join(f"{noise.get(corpus, 0.0):.1f}" for corpus in CORPORA)
        told += f"; another seed alone makes {seeds}, and what is within that stands in brackets"
    changes = ", ".join(f"`{name}`" for name in ANNOTATION_SETTINGS)
    return text.replace("{corpora}", told).replace("{annotation}", changes)


def _table_row(row: SettingRow) -> str:
    cells = [f"`{row.name}`", f"`{row.toml}`", row.allowed, row.meaning, row.points]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
