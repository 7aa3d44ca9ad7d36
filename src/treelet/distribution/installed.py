"""The running environment in, its packages out: those that ship with treelet, and wheels that were installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from treelet.distribution.metadata import ENTRY_POINTS, import_name
from treelet.errors import PackageError, TreeletError
from treelet.package import Manifest, read_package
from treelet.package.files import MANIFEST_FILE, SIGNATURE_FILE
from treelet.package.find import MODELS, find_folder
from treelet.package.manifest import parse_manifest

MOST_MANIFEST_BYTES = 20_000_000


@dataclass(frozen=True)
class Installed:
    """A package that is there; `manifest` None: it cannot be read, `problem` says why."""

    name: str
    folder: Path
    shipped: bool
    """With treelet itself; else as a wheel of its own."""
    manifest: Manifest | None
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
        """Why it cannot be loaded, or is not whole; empty where it can and is."""
        try:
            read_package(self.folder, verify=verify)
        except TreeletError as error:
            return str(error)
        return ""

    def distrust(self, keys: tuple[str, ...]) -> str:
        """Why none of the keys vouches for it; empty where one does."""
        from treelet.package.signature import check_signature

        path, signed = self.folder / MANIFEST_FILE, self.folder / SIGNATURE_FILE
        try:
            signature = signed.read_bytes() if signed.is_file() else None
            check_signature(path.read_bytes(), signature, list(keys), str(path))
        except PackageError as error:
            return str(error)
        return ""


def read_installed(folder: Path, name: str, shipped: bool = False) -> Installed:
    """A package of any library in a folder; what is wrong with it is told, not raised."""
    path = folder / MANIFEST_FILE
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_MANIFEST_BYTES)
        manifest = parse_manifest(content, str(path))
    except OSError as error:
        return Installed(name, folder, shipped, None, f"{path}: cannot be read: {error.strerror}")
    except PackageError as error:
        return Installed(name, folder, shipped, None, str(error))
    return Installed(name, folder, shipped, manifest)


def all_installed() -> list[Installed]:
    """Every package of this environment, by name: of two with one name only the one that `treelet.load` takes."""
    found = {each.name: each for each in (*_shipped(), *_wheels())}
    return [_as_loaded(found[name]) for name in sorted(found)]


def installed(name: str) -> Installed | None:
    """The package that `treelet.load(name)` takes."""
    return next((each for each in all_installed() if each.name == name), None)


def _as_loaded(found: Installed) -> Installed:
    try:
        folder = Path(find_folder(found.name))
    except PackageError:
        return found
    if os.path.samefile(folder, found.folder):
        return found
    return read_installed(folder, found.name, Path(MODELS) in folder.parents)


def _shipped() -> Iterator[Installed]:
    for name in sorted(os.listdir(MODELS)) if os.path.isdir(MODELS) else ():
        if os.path.isfile(os.path.join(MODELS, name, MANIFEST_FILE)):
            yield read_installed(Path(MODELS, name), name, shipped=True)


def _wheels() -> Iterator[Installed]:
    for distribution in metadata.distributions():
        for point in distribution.entry_points.select(group=ENTRY_POINTS):
            if point.value == import_name(point.name):
                yield read_installed(Path(str(distribution.locate_file(point.value))), point.name)
