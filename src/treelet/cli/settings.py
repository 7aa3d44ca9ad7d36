"""`treelet settings`: every hyper-parameter, read off the sections that define them."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from treelet.settings.measured import CORPORA
from treelet.settings.rows import SettingRow, section_docs, setting_rows

TABLE_WIDTH = 110
"""Cells a terminal must have for a table; a narrower one gets two lines a setting."""


@click.command("settings", short_help="List every hyper-parameter.")
@click.argument("section", required=False)
@click.option("--defaults", is_flag=True, help="Print a TOML file with every default, to be edited.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@click.option("--markdown", is_flag=True, help="Print them as the page of the docs.")
def settings_command(section: str | None, defaults: bool, as_json: bool, markdown: bool) -> None:
    """List every hyper-parameter: name, default, what is allowed, unit, meaning, how much it matters.

    It matters as many points of the score as were between the best and the worst value tried, on two
    treebanks; in brackets where another seed makes as many. SECTION may also be one setting, such as
    parser.hidden.

    \b
    Examples:
      treelet settings parser
      treelet settings --defaults > my-settings.toml
    """
    if defaults + as_json + markdown > 1 or (section is not None and (defaults or markdown)):
        raise click.UsageError("give one option at a time; --defaults and --markdown print all sections")
    if defaults or markdown:
        from treelet.settings.documents import commented_toml, page

        click.echo(commented_toml() if defaults else page(), nl=False)
        return
    rows = setting_rows() if section is None else _of(section)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        _print(rows)


def _of(name: str) -> list[SettingRow]:
    rows = setting_rows()
    found = [row for row in rows if row.section == name] or [row for row in rows if row.path == name]
    if not found:
        known = ", ".join(section_docs())
        raise click.UsageError(f"{name} is neither a setting nor a section; sections: {known}")
    return found


def setting_block(row: SettingRow) -> str:
    """One setting as two lines, where a table would leave no room for the meaning."""
    known = [row.type, row.allowed, f"matters {row.points}" if row.points else ""]
    return f"{row.path} = {row.toml}  ({', '.join(filter(None, known))})\n    {row.meaning}"


def _print(rows: list[SettingRow]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if console.is_terminal and console.width < TABLE_WIDTH:
        click.echo("\n".join(map(setting_block, rows)))
        return
    table = Table("setting", "default", "allowed", "meaning", "matters", box=None, pad_edge=False)
    table.columns[0].no_wrap = table.columns[4].no_wrap = True
    for row in rows:
        table.add_row(row.path, Text(row.toml), row.allowed, row.meaning, row.points)
    if any(row.matters for row in rows):
        table.caption = f"matters: points between best and worst value tried, {' / '.join(CORPORA.values())}"
    (console if console.is_terminal else Console(width=160)).print(table)
