"""`treelet download`: the newest package that fits this library, checked, then installed by pip or uv."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from treelet.cli.package_options import channel, source_option, table_option, trust_option

if TYPE_CHECKING:
    from treelet.installing.wheel_check import Wheel


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

    Its hash, every file in it, and that it is data alone are checked before pip, or uv where there is no
    pip, installs it into the running Python. NAME may also be the path or address of a wheel.

    \b
    Examples:
      treelet download en_core_web_sm --from /mnt/share/wheels
      treelet download en_core_web_sm --from https://mirror.example.org/treelet --version 0.1.0
      treelet download en_core_web_sm --from index -- --user
    """
    from treelet.installing.acquisition import Listing, Wanted, acquire, listing_of
    from treelet.installing.source import LooseWheel, is_wheel, read_table, source_of

    if is_wheel(name):
        if origin or version:
            raise click.UsageError(f"{name} is one wheel already: leave out --from and --version")
        name, origin = _parts(name)[0], name
    source = source_of(origin)
    if isinstance(source, LooseWheel) and version is None:
        version = _parts(source.where)[1]
    listing = Listing(read_table(table), table) if table else listing_of(source, _checked(name))
    chosen = listing.choose(name, version)[0] if listing else version
    needed = force or to is not None or bool(installer_arguments)
    keeps = Kept(name, version, trusted) if not needed else None
    if keeps and chosen and keeps.tell(chosen):
        return
    with tempfile.TemporaryDirectory(prefix="treelet-") as folder:
        wheel = acquire(source, Wanted(name, chosen, listing, trusted), Path(folder), channel())
        if to is not None:
            to.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(wheel.path, to / wheel.path.name)
            click.echo(f"{to / wheel.path.name}: {_about(wheel)}")
        elif not (keeps and chosen is None and keeps.tell(wheel.manifest.version)):
            _install(wheel, installer_arguments)


def _parts(wheel: str) -> tuple[str, str]:
    from treelet.installing.wheel_check import parts_of_name

    return parts_of_name(re.split(r"[/\\]", re.sub(r"[?#].*", "", wheel))[-1])


def _checked(name: str) -> str:
    from treelet.installing.table import is_model_name

    if not is_model_name(name):
        raise click.UsageError(f"{name!r}: expected a name such as en_core_web_sm, or a wheel")
    return name


@dataclass(frozen=True)
class Kept:
    """What is installed, and whether it stays."""

    name: str
    asked: str | None
    """The version that was asked for; None: the newest."""
    trusted: tuple[str, ...]

    def tell(self, version: str) -> bool:
        """Whether that version is there, or a newer one where none was asked for, and is whole."""
        from treelet.installing.installed import find_installed
        from treelet.package.version import numbers_of

        there = find_installed(self.name)
        if there is None or not there.version:
            return False
        newer = numbers_of(there.version) > numbers_of(version) and self.asked is None
        if (there.version != version and not newer) or there.damage(verify=True):
            return False
        if self.trusted and there.distrust(self.trusted):
            return False
        back = f"; --version {version} goes back" if newer else ""
        click.echo(f"{self.name} {there.version} is installed and whole: nothing to do{back}")
        return True


def _install(wheel: Wheel, arguments: tuple[str, ...]) -> None:
    from treelet.installing.installed import find_installed
    from treelet.installing.installer import install

    name, version = wheel.manifest.name, wheel.manifest.version
    before = find_installed(name)
    install(wheel.path, arguments)
    after = find_installed(name)
    is_there = after is not None and after.version == version
    was = f", was {before.version}" if is_there and before and before.version not in ("", version) else ""
    click.echo(f"installed {name} {_about(wheel)}{was}")
    if not is_there:
        found = f"finds {after.version} in {after.source}" if after else "does not find it"
        click.echo(f"note: this Python {found}; it loads what is on its import path", err=True)


def _about(wheel: Wheel) -> str:
    from treelet.cli.table import printable

    told = f"{wheel.manifest.version}, {wheel.size / 1e6:.1f} MB"
    return f"{told}, {printable(wheel.manifest.licence)}" if wheel.manifest.licence else told
