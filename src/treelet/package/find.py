"""The name or path of a package in, the places where it is out: those that count most first."""

from __future__ import annotations

import os
import sys

from treelet.errors import PackageError, PackageNotFoundError
from treelet.package.files import MANIFEST_FILE
from treelet.package.manifest import manifest_from_json
from treelet.package.source import MOST_TEXT_BYTES, open_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from treelet.package.manifest import Manifest

MODELS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "models")
"""Where the packages that ship with the library live."""
PREFIX = "treelet_"
"""Begins the name of the folder that a wheel installs: the rest is the name of the package in it."""
ARCHIVES = (".whl", ".zip")


def find_package(name_or_path: str | Path) -> Path:
    """Folder or archive of the package that treelet.load takes. Errors are those of treelet.load."""
    from pathlib import Path

    return Path(choose_place(name_or_path))


def read_manifest(name_or_path: str | Path) -> Manifest:
    """What the package of that name or path says of itself. Errors are those of treelet.load."""
    return manifest_at(choose_place(name_or_path))


def choose_place(name_or_path: str | Path) -> str:
    """Path of the folder or archive that counts: the first one that this library can load."""
    places = find_places(name_or_path)
    for place in places[:-1]:
        try:
            manifest_at(place)
            return place
        except PackageError as error:
            _warn(str(error), name_or_path)
    return places[-1]


def find_places(name_or_path: str | Path) -> list[str]:
    """Paths of folders or archives that answer to a name or path; those installed before the one that ships.

    Raises PackageNotFoundError listing what is installed.
    """
    name = os.fspath(name_or_path)
    if places := [folder for folder in folders_of(name_or_path) if is_package(folder)]:
        return places
    if name and (is_package(name) or (name.lower().endswith(ARCHIVES) and os.path.isfile(name))):
        return [name]
    from treelet.package.installed import installed_names, named_by_entry_point  # deferred: slow

    if name.replace("_", "").isalnum() and (place := named_by_entry_point(name)):
        return [place]
    there = "there is no such folder or archive"
    if name and os.path.exists(name):
        there = "no wheel or zip file" if os.path.isfile(name) else "it has no manifest.json"
    raise PackageNotFoundError(
        f"{name_or_path}: not an installed package ({', '.join(installed_names()) or 'none'}), nor a path: "
        f"{there}; `treelet download NAME` installs one"
    )


def folders_of(name: str | Path) -> list[str]:
    """Where a package of that name would be, if it is a name: as wheels install it, and as it ships."""
    if not (isinstance(name, str) and name.replace("_", "").isalnum()):
        return []
    installed = [os.path.join(entry, PREFIX + name) for entry in sys.path if isinstance(entry, str)]
    return [*installed, os.path.join(MODELS, name)]


def manifest_at(place: str) -> Manifest:
    """The manifest of a folder or archive. Raises PackageError."""
    with open_source(place) as source, source.open(MANIFEST_FILE) as file:
        return manifest_from_json(file.read(MOST_TEXT_BYTES), file.where)


def is_package(folder: str) -> bool:
    """Whether a package lies there: a folder with a manifest."""
    return os.path.isfile(os.path.join(folder, MANIFEST_FILE))


def _warn(reason: str, name: str | Path) -> None:
    from warnings import warn

    warn(
        f"{reason}; the next package of that name is taken: `treelet download {name}` installs one that fits",
        stacklevel=5,
    )
