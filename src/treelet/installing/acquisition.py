"""A name, perhaps a version, and a source in; the wheel to install out, in a folder of ours and checked."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from treelet import __version__
from treelet.errors import PackageError
from treelet.installing.index import NotInIndex, download, made_anew
from treelet.installing.source import Bar, Folder, Index, LooseWheel, Mirror, Source, no_bar
from treelet.installing.table import Entry, Table, choose, is_for, make_table
from treelet.installing.wheel_check import Wheel, read_wheel, sha256_of
from treelet.package.version import check_loadable

MOST_TRIES = 20
"""Versions of an index that are looked at, newest first, for one that fits this library."""


@dataclass(frozen=True)
class Listing:
    """A table, and where it is, for errors."""

    table: Table
    told: str

    def choose(self, name: str, version: str | None) -> tuple[str, Entry]:
        """As `table.choose` for the running library, and its file."""
        chosen = choose(self.table, name, version, __version__, self.told)
        return chosen, self.table.files[name][chosen]


@dataclass(frozen=True)
class Wanted:
    """What to have: the newest version that fits, where none is given."""

    name: str
    version: str | None = None
    listing: Listing | None = None
    """A table instead of the source's own."""
    trusted: tuple[str | os.PathLike[str], ...] = ()
    """Public keys, one of which must have signed it; none: signatures do not count."""


@dataclass(frozen=True)
class Channel:
    """What is heard while it is fetched: `bar` shows bytes, `tell` lines for people."""

    bar: Bar = no_bar
    tell: Callable[[str], object] = lambda line: None


SILENT = Channel()


def acquire(source: Source, wanted: Wanted, target: Path, channel: Channel = SILENT) -> Wheel:
    """Fetch a wheel into a folder and check it: by the table, every file, name, library, signature.

    Raises PackageError where there is none that fits, or it is not what it should be.
    """
    if isinstance(source, LooseWheel):
        wheel = _loose(source, target, channel)
    elif isinstance(source, Index) and wanted.listing is None and wanted.version is None:
        wheel = _newest_of_index(source, wanted, target, channel)
    elif isinstance(source, Index):
        wheel = _of_index(source, wanted, target)
    else:
        wheel = _of_table(source, wanted, target, channel)
    manifest = wheel.manifest
    if manifest.name != wanted.name or wanted.version not in (None, manifest.version):
        asked = f"{wanted.name} {wanted.version or ''}".rstrip()
        raise PackageError(f"{source.told}: holds {manifest.name} {manifest.version}, not {asked}")
    check_loadable(manifest.name, manifest.version, manifest.treelet, wheel.path.name)
    wheel.check_trust(wanted.trusted)
    return wheel


def listing_of(source: Source, name: str | None = None) -> Listing | None:
    """What a source has, at least of one package; None for one without a table."""
    return Listing(source.table(name), source.told) if isinstance(source, (Folder, Mirror)) else None


def listing_of_wheel(source: LooseWheel, channel: Channel) -> Listing:
    """The same of one wheel, which is fetched for it."""
    with tempfile.TemporaryDirectory(prefix="treelet-") as folder:
        wheel = _loose(source, Path(folder), channel)
        return Listing(make_table([(wheel.manifest.name, wheel.manifest.version, wheel.entry)]), source.told)


def _of_table(source: Folder | Mirror, wanted: Wanted, target: Path, channel: Channel) -> Wheel:
    listing = wanted.listing or Listing(source.table(wanted.name), source.told)
    _, entry = listing.choose(wanted.name, wanted.version)
    return _held_to(entry, source.fetch(entry, target, channel.bar))


def _held_to(entry: Entry, path: Path) -> Wheel:
    """The wheel of a file, which must be the one that a table lists."""
    if path.stat().st_size != entry.bytes:
        raise PackageError(
            f"{path.name}: found {path.stat().st_size} bytes, expected {entry.bytes} by the table: it is "
            "damaged, or the table is older: `treelet compatibility DIR` writes another"
        )
    found = sha256_of(path)
    if found != entry.sha256:
        raise PackageError(
            f"{path.name}: its SHA-256 is {found[:16]}…, expected {entry.sha256[:16]}… by the table: "
            "it is damaged, or another file: do not install it"
        )
    return _read(path)


def _read(path: Path) -> Wheel:
    """As errors tell of it: by its name, not by our folder, which is gone by then."""
    return read_wheel(path, path.name)


def _loose(source: LooseWheel, target: Path, channel: Channel) -> Wheel:
    wheel = _read(source.fetch_it(target, channel.bar))
    if source.sha256 and source.sha256 != wheel.sha256:
        raise PackageError(
            f"{source.told}: its SHA-256 is {wheel.sha256}, expected {source.sha256}: do not install it"
        )
    return wheel


def _of_index(source: Index, wanted: Wanted, target: Path) -> Wheel:
    """One version: the one asked for, or the table's choice."""
    if wanted.listing is None:
        return _read(download(source, (wanted.name, [f"=={wanted.version}"]), target))
    version, entry = wanted.listing.choose(wanted.name, wanted.version)
    path = download(source, (wanted.name, [f"=={version}"]), target, entry)
    return _read(path) if made_anew(path) else _held_to(entry, path)


def _newest_of_index(source: Index, wanted: Wanted, target: Path, channel: Channel) -> Wheel:
    """An index knows no libraries, so its versions are looked at one by one, newest first."""
    passed: list[str] = []
    for number in range(MOST_TRIES):
        folder = target / str(number)
        folder.mkdir()
        try:
            path = download(source, (wanted.name, [f"<{passed[-1]}"] if passed else []), folder)
        except NotInIndex:
            if not passed:
                raise
            break
        wheel = _read(path)
        manifest = wheel.manifest
        if is_for(__version__, manifest.version, manifest.treelet):
            return wheel
        channel.tell(f"passed over {manifest.name} {manifest.version}: it is for treelet {manifest.treelet}")
        passed.append(manifest.version)
    raise PackageError(
        f"{source.told}: no {wanted.name} for treelet {__version__}; for others there are "
        f"{', '.join(passed)}: pip install --upgrade treelet"
    )
