"""Settings in, the structure of a pipeline out: what another number b in the version a.b.c stands for.

Whatever shapes the network is structure; what only taught it, and what a loaded pipeline may change, is not.
"""

from __future__ import annotations

import os

from treelet import __version__, _core
from treelet.errors import PackageError
from treelet.package.version import numbers_of, release_of, structure_version
from treelet.settings import structure_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from treelet.package.manifest import Manifest
    from treelet.settings import Settings

    Structure = Mapping[str, Any]

_RELEASED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "released.json")


def structure_of(settings: Settings) -> dict[str, Any]:
    """The annotators, and every setting that shapes the network, by `section.name`."""
    return {"annotators": settings.annotators(), **structure_settings(settings)}


def differences(before: Structure, after: Structure) -> list[str]:
    """What differs between two structures, such as "encoder.width 96, now 128"."""
    names = [*before, *(name for name in after if name not in before)]
    return [
        f"{name} {before.get(name, 'absent')}, now {after.get(name, 'absent')}"
        for name in names
        if before.get(name) != after.get(name)
    ]


def released_structures(name: str) -> dict[str, dict[str, Any]]:
    """a.b to structure, of the packages of that name that have been released; none for people's own."""
    with open(_RELEASED, encoding="utf-8") as file:
        released: dict[str, dict[str, dict[str, Any]]] = _core.read_json(file.read())
    return released.get(name, {})


def first_version(name: str, structure: Structure) -> str:
    """The version that a package gets when none is asked for: a.b.0, b by what has been released."""
    major = release_of(__version__)[0]
    released = released_structures(name)
    for known, its in released.items():
        if dict(its) == dict(structure) and numbers_of(known)[0] == major:
            return f"{known}.0"
    own = [numbers_of(known)[1] for known in released if numbers_of(known)[0] == major]
    return f"{major}.{max(own, default=0) + 1}.0"


def check_new_version(name: str, version: str, structure: Structure, where: str = "version") -> None:
    """Raises PackageError for a version that a new package of this name and structure must not have."""
    major = release_of(__version__)[0]
    if numbers_of(version)[:1] != (major,):
        raise PackageError(
            f"{where}: {version}: the first number is the library's major version, {major}: "
            f"try {first_version(name, structure)}"
        )
    its = released_structures(name).get(structure_version(version))
    if its is not None and (changed := differences(its, structure)):
        raise PackageError(
            f"{where}: {name} {structure_version(version)} has been released with another structure "
            f"({'; '.join(changed[:3])}): give it another second number, {first_version(name, structure)}, "
            "or another name"
        )


def check_structure(manifest: Manifest, found: Structure, where: str) -> None:
    """Whether the structure that a manifest tells is that of its version, and the one found in the settings.

    Raises PackageError, which says what to install, where it is not.
    """
    name, version = manifest.name, manifest.version
    told = dict(manifest.structure)
    promised = told.pop("version", None)
    if promised != structure_version(version):
        raise PackageError(
            f"{where}: {name} {version} has the structure of {promised}: it was given another number without "
            f"being made anew; install one that is whole: treelet download {name}"
        )
    if changed := differences(told, found):
        raise PackageError(
            f"{where}: {name} {version} has other settings than its structure {promised} tells "
            f"({changed[0]}): install it again, treelet download {name} --version {version}, or make it anew "
            "under another second number"
        )
