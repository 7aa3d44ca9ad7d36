"""`treelet settings`: every hyper-parameter, read off the sections that define them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import click

from treelet.settings import ANNOTATORS, Settings, settings_from_dict, settings_to_toml
from treelet.settings.section import Field

TABLE_WIDTH = 110
"""Cells a terminal must have for a table; a narrower one gets two lines a setting."""


@dataclass(frozen=True)
class SettingRow:
    """One hyper-parameter as shown to people; `low` and `high` are None where there is no range."""

    section: str
    name: str
    type: str
    default: Any
    low: float | None
    high: float | None
    unit: str
    meaning: str


@click.command("settings", short_help="List every hyper-parameter.")
@click.argument("section", required=False)
@click.option("--defaults", is_flag=True, help="Print a TOML file with every default, to be edited.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def settings_command(section: str | None, defaults: bool, as_json: bool) -> None:
    """List every hyper-parameter: name, type, default, range, unit and meaning.

    \b
    Examples:
      treelet settings parser
      treelet settings --defaults > my-settings.toml
    """
    rows = setting_rows()
    sections = list(dict.fromkeys(row.section for row in rows))
    if section is not None:
        if section not in sections:
            raise click.UsageError(
                f"{section} is not a section; known: {', '.join(name for name in sections if name)}"
            )
        rows = [row for row in rows if row.section == section]
    if defaults:
        click.echo(default_toml(), nl=False)
    elif as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        _print(rows)


def default_toml() -> str:
    """Settings with all annotators switched on and every default, as TOML."""
    return settings_to_toml(settings_from_dict({name: {} for name in ANNOTATORS}))


def setting_rows() -> list[SettingRow]:
    """All hyper-parameters in the order of the schema; those of no section have the section ""."""
    rows = []
    for field in Settings.section_fields.values():
        section = field.section()
        if section is None:
            rows.append(_row("", field))
        else:
            rows += [_row(field.name, each) for each in section.section_fields.values()]
    return rows


def _row(section: str, field: Field) -> SettingRow:
    inner = getattr(field.kind, "__args__", None)
    shown = f"list of {inner[0].__name__}" if inner else field.kind.__name__
    rule, default = field.rule, field.default()
    return SettingRow(section, field.name, shown, default, rule.low, rule.high, rule.unit, rule.meaning)


def _full_name(row: SettingRow) -> str:
    return f"{row.section}.{row.name}" if row.section else row.name


def _limits(row: SettingRow) -> str:
    return "" if row.low is None else f"{row.low:,} to {row.high:,}"


def setting_block(row: SettingRow) -> str:
    """One setting as two lines, where a table would leave no room for the meaning."""
    known = ", ".join(part for part in (row.type, f"{_limits(row)} {row.unit}".strip()) if part)
    return f"{_full_name(row)} = {json.dumps(row.default)}  ({known})\n    {row.meaning}"


def _print(rows: list[SettingRow]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if console.is_terminal and console.width < TABLE_WIDTH:
        click.echo("\n".join(map(setting_block, rows)))
        return
    table = Table("setting", "type", "default", "range", "unit", "meaning", box=None, pad_edge=False)
    table.columns[0].no_wrap = True
    for row in rows:
        name, limits = _full_name(row), _limits(row)
        table.add_row(name, row.type, Text(json.dumps(row.default)), limits, row.unit, row.meaning)
    (console if console.is_terminal else Console(width=160)).print(table)
