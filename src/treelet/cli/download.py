"""`treelet download`: the newest package that fits this library, checked, then installed by pip or uv."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from treelet.cli.package_options import channel, source_option, table_option, trust_option
from treelet.cli.table import printable

if TYPE_CHECKING:
    from treelet.distribution.acquisition import Wanted
    from treelet.distribution.source import Source
    from treelet.distribution.wheel_check import Wheel


@click.command("download", short_help="Install a package that fits this treelet.")
@click.argument("name")
@click.argument("installer_arguments", nargs=-1, metavar="[-- ARGUMENTS OF PIP OR UV]")
@source_option
@click.option("--version", metavar="A.B.C", help="This version, not the newest that fits.")
@table_option
@trust_option
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Put the checked wheel into DIR, and install nothing.",
)
@click.option("--force", is_flag=True, help="Install it even where it is there and whole.")
def download_command(
    name: str,
    installer_arguments: tuple[str, ...],
    origin: str | None,
    version: str | None,
    table: str | None,
    trusted: tuple[str, ...],
    to: Path | None,
    force: bool,
) -> None:
    """Install the package NAME: the newest version that fits this treelet, of a folder, mirror or index.

    Its hash, every file in it, and that it is data alone are checked before pip, or uv where there is no pip, installs it
    into the running Python. NAME may also be the path or address of a wheel.

    \b
    Examples:
      treelet download en_core_web_sm --from /mnt/share/wheels
      treelet download en_core_web_sm --from https://mirror.example.org/treelet --version 0.1.0
      treelet download en_core_web_sm --from index -- --user
    """
    from treelet.distribution.acquisition import Listing, Wanted, acquire, listing_of
    from treelet.distribution.installed import find_installed
    from treelet.distribution.source import is_wheel, read_table, source_of

    name, origin = _named(name, origin) if is_wheel(name) else (_checked(name), origin)
    source = source_of(origin)
    listing = Listing(read_table(table), table) if table else listing_of(source, name)
    if listing is not None:
        version, _ = listing.choose(name, version)
    wanted = Wanted(name, version, listing, trusted)
    before = find_installed(name)
    goes_elsewhere = to is not None or bool(installer_arguments)
    if version and before and not force and not goes_elsewhere and _stays(before, wanted, exact):
        return
    with tempfile.TemporaryDirectory(prefix="treelet-") as folder:
        wheel = acquire(source, wanted, Path(folder), channel())
        if to is not None:
            _keep(wheel, to)
        elif 
            _install(wheel, installer_arguments)
