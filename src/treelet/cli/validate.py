"""`treelet validate`: what is installed against the table, with the command that mends each row."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from treelet.cli.package_options import channel, source_option, table_option, trust_option

if TYPE_CHECKING:
    from treelet.installing.validation import Row


@click.command("validate", short_help="Whether the installed packages fit this treelet.")
@source_option
@table_option
@trust_option
@click.option("--hashes", is_flag=True, help="Compare every file with its SHA-256.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def validate_command(
    origin: str | None, table: str | None, trusted: tuple[str, ...], hashes: bool, as_json: bool
) -> None:
    """Compare what is installed with this treelet and the table of --from; exit code 1: it must be mended.

    Without --from and TREELET_MODELS no other machine is asked. States: ok; newer (there is a newer one);
    unknown (to the table); and what must be mended: incompatible, withdrawn, damaged, untrusted.

    \b
    Examples:
      treelet validate
      treelet validate --from /mnt/share/wheels --hashes
      treelet validate --table compatibility.json
    """
    from treelet.installing.acquisition import Listing
    from treelet.installing.installed import all_installed
    from treelet.installing.source import ENVIRONMENT, read_table, source_of
    from treelet.installing.validation import Checks, Offers, validate

    known = origin or os.environ.get(ENVIRONMENT)
    source = source_of(known) if known else None
    listing = Listing(read_table(table), table) if table else None
    rows = validate(all_installed(), Offers(source, listing, channel()), Checks(hashes, trusted))
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False))
    else:
        _print(rows)
    if any(row.is_mismatch for row in rows):
        click.get_current_context().exit(1)


def _print(rows: list[Row]) -> None:
    from rich.table import Table
    from rich.text import Text

    import treelet
    from treelet.cli.score_tables import print_tables
    from treelet.cli.table import printable

    click.echo(f"treelet {treelet.__version__}")
    table = Table("package", "version", "newest", "state", "where", box=None, pad_edge=False)
    for row in rows:
        cells = (row.name, row.version, row.newest, row.state, row.source)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    print_tables([table])
    for row in rows:
        if row.problem:
            click.echo(f"{printable(row.name)}: {printable(row.problem)}")
        if row.mend:
            click.echo(f"  {'mend' if row.is_mismatch else 'get it'}: {printable(row.mend)}")
