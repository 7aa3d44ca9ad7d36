"""A package folder in, the files of its distribution out: checked, with a card and the changes asked for."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from treelet.distribution.card import model_card
from treelet.errors import PackageError
from treelet.package import Manifest, find_package, read_package
from treelet.package.files import DATA_FILES, MANIFEST_FILE
from treelet.package.manifest import manifest_from_json, manifest_to_json

CARD_FILE = "README.md"
LICENCE_FILE = "LICENSE"
SIGNATURE_FILE = "manifest.sig"
_MOST_LICENCE_BYTES = 1_000_000
_MOST_SIGNATURE_BYTES = 1000


@dataclass(frozen=True)
class Changes:
    """What the manifest shall say instead; None leaves it."""

    name: str | None = None
    version: str | None = None
    licence: str | None = None
    description: str | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) is not None for each in fields(self))


@dataclass(frozen=True)
class Contents:
    """A package as it is distributed."""

    manifest: Manifest
    files: Mapping[str, bytes]
    """Name in the package's folder to bytes, in alphabetical order."""
    left_out: list[str] = field(default_factory=list)
    """Names in the folder that are no files of a package."""


def read_contents(name_or_path: str | Path, changes: Changes | None = None) -> Contents:
    """Read the package of a folder and check everything: it loads, and each file has the manifest's hash.

    Raises PackageError for what could not be loaded, or must not be called so.
    """
    folder = find_package(name_or_path)
    read_package(folder, verify=True)
    before = (folder / MANIFEST_FILE).read_bytes()
    manifest = manifest_from_json(before, str(folder / MANIFEST_FILE))
    made = altered(manifest, changes) if changes else manifest
    files = {name: _as_told(folder / name, made) for name in DATA_FILES}
    files[MANIFEST_FILE] = manifest_to_json(made) if made != manifest else before
    files[CARD_FILE] = model_card(made).encode("utf-8", "backslashreplace")
    for name, most in ((LICENCE_FILE, _MOST_LICENCE_BYTES), (SIGNATURE_FILE, _MOST_SIGNATURE_BYTES)):
        if os.path.lexists(folder / name):
            files[name] = _small_file(folder / name, most)
    if made != manifest and SIGNATURE_FILE in files:
        raise PackageError(
            f"{folder / SIGNATURE_FILE}: signs the manifest as it was, which must change: sign it anew "
            "(--sign KEY.pem), or remove the file"
        )
    left_out = sorted(path.name for path in folder.iterdir() if path.name not in files)
    return Contents(made, dict(sorted(files.items())), left_out)


def altered(manifest: Manifest, changes: Changes) -> Manifest:
    """The manifest with another name, version, licence or description."""
    values: dict[str, Any] = {
        each.name: value
        for each in fields(changes)
        if each.name != "name" and (value := getattr(changes, each.name)) is not None
    }
    if changes.name is not None:
        parts = changes.name.split("_")
        if len(parts) != 4 or parts[0] != manifest.lang:
            raise PackageError(
                f"name: {changes.name!r}, expected {manifest.lang}_TYPE_GENRE_SIZE, such as {manifest.name}"
            )
        values |= zip(("lang", "type", "genre", "size"), parts, strict=True)
    return replace(manifest, **values)


def _as_told(path: Path, manifest: Manifest) -> bytes:
    """What a file holds now, which is what is packed: checked here, whatever was read before."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != manifest.files[path.name].sha256:
        raise PackageError(f"{path}: its SHA-256 is not the manifest's; the package is damaged")
    return data


def _small_file(path: Path, most: int) -> bytes:
    if not path.is_file() or (size := path.stat().st_size) > most:
        found = f"{size:,} bytes" if path.is_file() else "no file"
        raise PackageError(f"{path}: found {found}, expected a file of at most {most:,} bytes")
    return path.read_bytes()
