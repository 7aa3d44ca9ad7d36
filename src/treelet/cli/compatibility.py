"""`treelet compatibility`: a folder of wheels to the table that `treelet download` chooses by."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("compatibility", short_help="Write the table of a folder of wheels, to publish them.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where the table goes; DIR/compatibility.json when not given.",
)
@click.option("--skip-damaged", is_flag=True, help="Leave out wheels that are damaged, and tell which.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def compatibility_command(folder: Path, out: Path | None, skip_damaged: bool, as_json: bool) -> None:
    """Check every package wheel in DIR and write compatibility.json: library version -> package -> versions.

    A folder, share or web server that has the wheels and this file is what `treelet download --from` takes.

    \b
    Examples:
      treelet compatibility wheels
      treelet compatibility wheels --skip-damaged --out /srv/treelet/compatibility.json
    """
    from treelet.errors import PackageError
    from treelet.installing.folder_table import table_of
    from treelet.installing.table import TABLE_FILE, table_to_json
    from treelet.package.writer import write_file

    def tell(error: PackageError) -> None:
        click.echo(f"left out: {error}", err=True)

    table = table_of(folder, skip=tell if skip_damaged else None)
    count = sum(map(len, table.files.values()))
    if not count:
        raise PackageError(f"{folder}: no wheel of a package; `treelet package DIR OUT` makes one")
    path = out or folder / TABLE_FILE
    write_file(path, table_to_json(table))
    if as_json:
        click.echo(json.dumps({"path": str(path), "packages": len(table.files), "wheels": count}))
    else:
        click.echo(f"{path}: packages: {len(table.files)}, wheels: {count}")
