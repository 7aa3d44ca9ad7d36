"""Which package it is: settings, and what people ask for, to name, version and structure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from treelet.package.manifest import Manifest
from treelet.package.name import check_name, language_part, type_of
from treelet.package.structure import check_new_version, first_version, structure_of
from treelet.package.version import numbers_of, structure_version
from treelet.settings import Settings

IDENTITY = ("lang", "type", "genre", "size", "version", "structure")
"""Fields of a manifest that say which package it is."""


def identity(settings: Settings, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Those fields of a package that is to be made.

    asked: fields of Manifest; what of the identity it lacks follows from the settings. Raises PackageError
    for a name or a version that this package must not have.
    """
    name, annotators, structure = name_of(settings, asked), settings.annotators(), structure_of(settings)
    check_name(name, annotators)
    version = asked.get("version") or first_version(name, structure)
    check_new_version(name, version, structure)
    return {
        **dict(zip(IDENTITY, name.split("_"), strict=False)),
        "version": version,
        "structure": {"version": structure_version(version), **structure},
    }


def name_of(settings: Settings, asked: Mapping[str, Any]) -> str:
    """The name of a package that is to be made: its parts as asked for, else by what it annotates."""
    parts = {
        "lang": language_part(settings.language),
        "type": type_of(settings.annotators()),
        "genre": "custom",
        "size": "sm",
    }
    return "_".join(asked.get(part, usual) for part, usual in parts.items())


def successor(
    old: Manifest, settings: Settings, asked: Mapping[str, Any], same_weights: bool = False
) -> dict[str, Any]:
    """Fields of the manifest of a package that comes of an older one: asked for, else from that.

    With other weights c is one more, with another structure b; another name begins anew.
    """
    fields = {"genre": old.genre, "size": old.size, "licence": old.licence, **asked}
    if "version" in asked or name_of(settings, fields) != old.name:
        return fields
    structure = structure_of(settings)
    major, b, c = numbers_of(old.version)
    if not old.structure or structure == _without_version(old.structure):
        return {**fields, "version": f"{major}.{b}.{c if same_weights else c + 1}"}
    first = first_version(old.name, structure)
    return {**fields, "version": max(first, f"{major}.{b + 1}.0", key=numbers_of)}


def _without_version(structure: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in structure.items() if name != "version"}
