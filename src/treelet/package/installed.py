"""The folders of this interpreter in, the packages installed there out: by folder, and by entry point."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from treelet.errors import PackageError
from treelet.package import find

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from pathlib import Path

    from treelet.package.manifest import Manifest

GROUP = "treelet_models"
"""Entry points of distributions that hold a package: name of the package = name of its folder."""


class InstalledPackage(NamedTuple):
    """A package that can be loaded by a name, or one that is broken."""

    name: str
    path: Path
    source: str
    """"installed" as a distribution of its own, or "shipped" with the library."""
    manifest: Manifest | None
    """None where it cannot be read or is not for this library."""
    error: str
    """Why not."""
    is_chosen: bool
    """Whether it is the one that treelet.load takes for the name."""


def installed_packages() -> list[InstalledPackage]:
    """All that can be loaded by name, by name; of one name, those before that count more."""
    from pathlib import Path

    found: list[InstalledPackage] = []
    for name, places in _places_by_name().items():
        chosen = False
        for place in places:
            manifest, error = None, ""
            try:
                manifest = find.manifest_at(place)
            except PackageError as reason:
                error = str(reason)
            takes = not chosen and (manifest is not None or place == places[-1])
            chosen = chosen or takes
            source = "shipped" if os.path.dirname(place) == find.MODELS else "installed"
            found.append(InstalledPackage(name, Path(place), source, manifest, error, takes))
    return found


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
