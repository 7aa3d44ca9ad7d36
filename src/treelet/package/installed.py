"""The folders of this interpreter in, the packages installed there out: by folder, and by entry point."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from treelet.errors import PackageError
from treelet.package import find
from treelet.package.files import MANIFEST_FILE
from treelet.package.manifest import parse_manifest
from treelet.package.source import MOST_TEXT_BYTES, Folder
from treelet.package.version import check_loadable

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from pathlib import Path

    from treelet.package.manifest import Manifest

GROUP = "treelet_models"
"""Entry points of distributions that hold a package: name of the package = name of its folder."""


class InstalledPackage(NamedTuple):
    """A package that has a name under which it can be loaded, unless it is broken."""

    name: str
    path: Path
    source: str
    """"installed" as a distribution of its own, or "shipped" with the library."""
    manifest: Manifest | None
    """None where it cannot be read."""
    error: str
    """Why this library cannot load it, as far as its manifest tells; "" where it can."""
    is_chosen: bool
    """Whether it is the one that treelet.load takes for the name."""


def installed_packages() -> list[InstalledPackage]:
    """All that can be loaded by name, by name; of one name, those first that count more."""
    from pathlib import Path

    found = []
    for name, places in _places_by_name().items():
        is_free = True
        for place in places:
            manifest, error = _manifest_at(place)
            is_chosen = is_free and (not error or place == places[-1])
            is_free = is_free and not is_chosen
            source = "shipped" if os.path.dirname(place) == find.MODELS else "installed"
            found.append(InstalledPackage(name, Path(place), source, manifest, error, is_chosen))
    return found


def _manifest_at(folder: str) -> tuple[Manifest | None, str]:
    manifest = None
    try:
        with Folder(folder).open(MANIFEST_FILE) as file:
            manifest = parse_manifest(file.read(MOST_TEXT_BYTES), file.where)
            check_loadable(manifest.name, manifest.version, manifest.treelet, file.where)
    except PackageError as error:
        return manifest, str(error)
    return manifest, ""


def installed_names() -> list[str]:
    """Names of the same."""
    return list(_places_by_name())


def named_by_entry_point(name: str) -> str | None:
    """Folder of the package that a distribution gives this name; nothing of it is run."""
    return next(
        (place for point in _entry_points() if point.name == name and (place := _folder_of(point))), None
    )


def _places_by_name() -> dict[str, list[str]]:
    """Names in order to the folders that `find_places` gives for each."""
    places: dict[str, list[str]] = {}
    for entry in dict.fromkeys(entry for entry in sys.path if isinstance(entry, str)):
        for folder in _names_in(entry or "."):
            name = folder.removeprefix(find.PREFIX)
            if name != folder and name.replace("_", "").isalnum():
                _add(places, name, os.path.join(entry, folder))
    for name in _names_in(find.MODELS):
        _add(places, name, os.path.join(find.MODELS, name))
    for point in _entry_points():
        if point.name not in places and (folder := _folder_of(point) or ""):
            _add(places, point.name, folder)
    return dict(sorted(places.items()))


def _add(places: dict[str, list[str]], name: str, folder: str) -> None:
    if find.is_package(folder):
        places.setdefault(name, []).append(folder)


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _entry_points() -> list[EntryPoint]:
    from importlib.metadata import entry_points

    try:
        return list(entry_points(group=GROUP))
    except Exception:  # a damaged distribution of anybody: it must not hide the others' packages
        return []


def _folder_of(point: EntryPoint) -> str | None:
    """Where the files of a module would be, without importing it."""
    from importlib.util import find_spec

    if not point.value.isidentifier():  # a module inside another would run the other
        return None
    try:
        spec = find_spec(point.value)
    except (ImportError, ValueError, AttributeError):
        return None
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return next((folder for folder in folders if find.is_package(folder)), None)
