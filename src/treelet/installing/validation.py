"""What is installed and where packages come from in; a row a package out: its state and what mends it."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from treelet import __version__
from treelet.errors import PackageError
from treelet.installing.acquisition import (
    SILENT,
    Channel,
    Listing,
    Wanted,
    acquire,
    listing_of,
    listing_of_wheel,
)
from treelet.installing.index import NotInIndex
from treelet.installing.installed import Installed
from treelet.installing.source import LooseWheel, Source
from treelet.installing.table import Entry, is_for
from treelet.package import Manifest
from treelet.package.version import check_loadable, numbers_of, release_of, version_fits
from treelet.publishing.metadata import distribution_name

OK, NEWER, UNKNOWN = "ok", "newer", "unknown"
INCOMPATIBLE, WITHDRAWN, DAMAGED, UNTRUSTED = "incompatible", "withdrawn", "damaged", "untrusted"
MISMATCHES = (INCOMPATIBLE, WITHDRAWN, DAMAGED, UNTRUSTED)
"""States that `treelet validate` fails for. NEWER and UNKNOWN (to the table) load and stay as they are."""


@dataclass(frozen=True)
class Row:
    """What is to be said of an installed package."""

    name: str
    version: str
    source: str
    newest: str
    """That fits this library, of where packages come from; empty where nothing is known."""
    state: str
    problem: str
    mend: str
    """The command that mends it; empty where nothing needs to be mended."""

    @property
    def is_mismatch(self) -> bool:
        """Whether it must be mended."""
        return self.state in MISMATCHES


@dataclass(frozen=True)
class Checks:
    """What is asked of each package besides its version."""

    hashes: bool = False
    """Of every file; also asked when keys are, since a signature is of the hashes."""
    trusted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """What a source has of one package. `listed`: versions of its table, None where it has none."""

    newest: str = ""
    listed: Mapping[str, Entry] | None = None
    fitting: Sequence[str] = ()


def validate(packages: Iterable[Installed], offers: Offers, checks: Checks) -> list[Row]:
    """A row for each package. Raises PackageError where the source cannot be read."""
    return [_row(package, offers.of(package.name), offers.told, checks) for package in packages]


class Offers:
    """What a source has of each package; nothing where there is no source."""

    def __init__(
        self, source: Source | None, listing: Listing | None = None, channel: Channel = SILENT
    ) -> None:
        """listing: a table instead of the source's own."""
        self._source, self._channel = source, channel
        if listing is None and isinstance(source, LooseWheel):
            listing = listing_of_wheel(source, channel)
        elif listing is None and source is not None:
            listing = listing_of(source)
        self._listing = listing
        self.told = f" --from {shlex.quote(source.told)}" if source else ""

    def of(self, name: str) -> Offer:
        """What there is of a package."""
        if self._listing is not None:
            table = self._listing.table
            fitting = table.versions(name, __version__)
            return Offer(fitting[0] if fitting else "", table.files.get(name, {}), fitting)
        return self._offer_of_index(name) if self._source else Offer()

    def _offer_of_index(self, name: str) -> Offer:
        """An index tells by a download."""
        assert self._source is not None
        with tempfile.TemporaryDirectory(prefix="treelet-") as folder:
            try:
                wheel = acquire(self._source, Wanted(name), Path(folder), self._channel)
            except NotInIndex:
                return Offer(listed={})
            return Offer(wheel.manifest.version)


def _row(package: Installed, offer: Offer, told: str, checks: Checks) -> Row:
    state, problem = _state(package, offer, checks)
    mend = ""
    if state in MISMATCHES or state == NEWER:
        mend = _mend(package, offer, told, state)
        if state == UNTRUSTED:
            mend += "".join(f" --trust {shlex.quote(key)}" for key in checks.trusted)
    return Row(package.name, package.version, package.source, offer.newest, state, problem, mend)


def _state(package: Installed, offer: Offer, checks: Checks) -> tuple[str, str]:
    """One of the states, and what is wrong."""
    manifest = package.manifest
    if manifest is None:
        return DAMAGED, package.problem
    try:
        check_loadable(manifest.name, manifest.version, manifest.treelet, str(package.folder))
    except PackageError as error:
        return INCOMPATIBLE, str(error)
    if problem := package.damage(checks.hashes or bool(checks.trusted)):
        return DAMAGED, problem
    if checks.trusted and (problem := package.distrust(checks.trusted)):
        return UNTRUSTED, problem
    return _state_by_table(manifest.version, offer)


def _state_by_table(version: str, offer: Offer) -> tuple[str, str]:
    entry = offer.listed.get(version) if offer.listed else None
    if entry is not None and version not in offer.fitting:
        if is_for(__version__, version, entry.treelet):
            return WITHDRAWN, "its publisher offers it no more"
        return INCOMPATIBLE, f"by the table it is for treelet {entry.treelet}"
    if offer.newest and numbers_of(offer.newest) > numbers_of(version):
        return NEWER, ""
    unknown = entry is None and offer.listed is not None
    return (UNKNOWN, "") if unknown else (OK, "")


def _mend(package: Installed, offer: Offer, told: str, state: str) -> str:
    """The command that mends it: the same version again where only its files are wrong, else the newest."""
    again = state in (DAMAGED, UNTRUSTED) and package.version
    if again and (not offer.newest or package.version in offer.fitting):
        return f"treelet download {package.name} --version {package.version}{told}"
    if state == WITHDRAWN and not offer.newest:
        return f"pip uninstall {distribution_name(package.name)}"
    if offer.newest or state == DAMAGED or package.manifest is None:
        return f"treelet download {package.name}{told}"
    return f"pip install 'treelet{_library_of(package.manifest, offer)}'"


def _library_of(manifest: Manifest, offer: Offer) -> str:
    """The versions of the library that a package of another one is for."""
    major = numbers_of(manifest.version)[0]
    if major != release_of(__version__)[0]:
        return f">={major},<{major + 1}"
    entry = offer.listed.get(manifest.version) if offer.listed else None
    return entry.treelet if entry and version_fits(__version__, manifest.treelet) else manifest.treelet
