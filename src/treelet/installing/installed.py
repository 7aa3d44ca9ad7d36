"""The running environment in, its packages out: those of any library, with what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from treelet.errors import PackageError, TreeletError
from treelet.package import InstalledPackage, Manifest, installed_packages, read_package
from treelet.package.files import MANIFEST_FILE, SIGNATURE_FILE
from treelet.package.find import find_places
from treelet.package.integrity import verify_files
from treelet.package.manifest import parse_manifest
from treelet.package.source import open_source
from treelet.package.version import check_loadable

_MOST_MANIFEST_BYTES = 20_000_000
_MOST_SIGNATURE_BYTES = 1000


@dataclass(frozen=True)
class Installed:
    """A package that is there; `manifest` None: it cannot be read, `problem` says why."""

    name: str
    folder: Path
    shipped: bool
    """With treelet itself; else as a wheel of its own."""
    manifest: Manifest | None
    """Also of a package that another library is for."""
    problem: str = ""

    @property
    def version(self) -> str:
        """Of the manifest; empty where that cannot be read."""
        return self.manifest.version if self.manifest else ""

    @property
    def source(self) -> str:
        """Where it is, in words."""
        return "with treelet" if self.shipped else str(self.folder)

    def damage(self, verify: bool) -> str:
        """Why it cannot be loaded, or (`verify`) a file is not the manifest's; empty where all is well."""
        try:
            manifest = read_package(self.folder).manifest
            if verify:
                present = [path.name for path in self.folder.iterdir()]
                verify_files(manifest, self._open, str(self.folder), present=present)
        except (TreeletError, OSError) as error:
            return str(error)
        return ""

    def _open(self, name: str) -> BinaryIO:
        return open(self.folder / name, "rb")

    def distrust(self, keys: Sequence[str]) -> str:
        """Why none of the keys vouches for it; empty where one does."""
        from treelet.package.signature import check_signature

        path = self.folder / MANIFEST_FILE
        signature = _head(self.folder / SIGNATURE_FILE, _MOST_SIGNATURE_BYTES)
        try:
            check_signature(_head(path, _MOST_MANIFEST_BYTES) or b"", signature, keys, str(path))
        except PackageError as error:
            return str(error)
        return ""


def all_installed() -> list[Installed]:
    """Every package of this environment by name: the one that `treelet.load` takes, after those it cannot."""
    rows: list[Installed] = []
    chosen: set[str] = set()
    for package in installed_packages():
        if package.name not in chosen:
            rows.append(_read(package))
        if package.is_chosen:
            chosen.add(package.name)
    return rows


def find_installed(name: str) -> Installed | None:
    """The package that `treelet.load(name)` takes."""
    return next((_read(each) for each in installed_packages() if each.name == name and each.is_chosen), None)


def read_anywhere(name_or_path: str) -> Installed:
    """The package of a name, folder, wheel or zip file, also of one that another library is for.

    Raises PackageError where there is none, or its manifest cannot be read.
    """
    places = find_places(name_or_path)
    chosen = {str(each.path): each for each in installed_packages() if each.is_chosen}
    place = next((place for place in places if place in chosen), places[0])
    with open_source(place) as source, source.open(MANIFEST_FILE) as file:
        manifest = parse_manifest(file.read(_MOST_MANIFEST_BYTES), file.where)
    problem = ""
    try:
        check_loadable(manifest.name, manifest.version, manifest.treelet, place)
    except PackageError as error:
        problem = str(error)
    shipped = place in chosen and chosen[place].source == "shipped"
    return Installed(manifest.name, Path(place), shipped, manifest, problem)


def _read(package: InstalledPackage) -> Installed:
    manifest, problem, path = package.manifest, package.error, package.path / MANIFEST_FILE
    if manifest is None:
        try:
            manifest = parse_manifest(_head(path, _MOST_MANIFEST_BYTES) or b"", str(path))
        except PackageError as error:
            problem = str(error)
    if manifest is not None and manifest.name != package.name:
        problem = f"{path}: is of {manifest.name}, expected {package.name}; the package is damaged"
        manifest = None
    return Installed(package.name, package.path, package.source == "shipped", manifest, problem)


def _head(path: Path, most: int) -> bytes | None:
    """The first bytes of a file; None where there is none that can be read."""
    try:
        with open(path, "rb") as file:
            return file.read(most)
    except OSError:
        return None
