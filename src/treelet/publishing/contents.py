"""A package folder in, the files of its distribution out: checked, with a card and the changes asked for."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from treelet.errors import PackageError
from treelet.package import Manifest, find_package, read_package
from treelet.package.files import DATA_FILES, MANIFEST_FILE, SIGNATURE_FILE
from treelet.package.manifest import FORMAT, manifest_from_json, manifest_to_json
from treelet.package.name import check_name, language_part
from treelet.package.signature import sign_manifest
from treelet.package.structure import check_new_version, structure_of
from treelet.package.version import is_version, library_range, structure_version
from treelet.publishing.card import model_card
from treelet.settings import Settings

CARD_FILE = "README.md"
LICENCE_FILE = "LICENSE"
_MOST_LICENCE_BYTES = 1_000_000
_MOST_SIGNATURE_BYTES = 1000


@dataclass(frozen=True)
class Changes:
    """What the manifest shall say instead; None leaves it."""

    name: str | None = None
    version: str | None = None
    licence: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class Contents:
    """A package as it is distributed."""

    manifest: Manifest
    files: Mapping[str, bytes]
    """Name in the package's folder to bytes, in alphabetical order."""
    left_out: list[str] = field(default_factory=list)
    """Names in the folder that are no files of a package."""


def read_contents(
    name_or_path: str | Path, changes: Changes | None = None, key: Path | None = None
) -> Contents:
    """Read the package of a folder and check everything: it loads, and each file has the manifest's hash.

    The manifest stays byte for byte unless `changes`, or its older format, ask for another. `key`: the PEM
    file of a private Ed25519 key, to sign it with. Raises PackageError for what could not be loaded, or must
    not have this name or version, SettingsError for another key.
    """
    folder = find_package(name_or_path)
    if not folder.is_dir():
        raise PackageError(f"{folder}: expected the folder of a package; unpack the archive first")
    stored = read_package(folder, verify=True)
    before = (folder / MANIFEST_FILE).read_bytes()
    manifest = manifest_from_json(before, str(folder / MANIFEST_FILE))
    if manifest.teacher:
        raise PackageError(
            f"{folder}: is a teacher ({manifest.teacher}), which is not for shipping: `treelet distill` "
            "teaches a small package by it"
        )
    made = altered(manifest, changes or Changes(), stored.settings)
    files = {name: _as_told(folder / name, made) for name in DATA_FILES}
    files[MANIFEST_FILE] = manifest_to_json(made) if made != manifest else before
    files[CARD_FILE] = model_card(made).encode("utf-8", "backslashreplace")
    for name, most in ((LICENCE_FILE, _MOST_LICENCE_BYTES), (SIGNATURE_FILE, _MOST_SIGNATURE_BYTES)):
        if os.path.lexists(folder / name):
            files[name] = _small_file(folder / name, most)
    if key is not None:
        files[SIGNATURE_FILE] = sign_manifest(files[MANIFEST_FILE], key)
    elif made != manifest and SIGNATURE_FILE in files:
        raise PackageError(
            f"{folder / SIGNATURE_FILE}: signs the manifest as it was, which must change: sign it anew "
            "(--sign KEY.pem), or remove the file"
        )
    left_out = sorted(path.name for path in folder.iterdir() if path.name not in files)
    return Contents(made, dict(sorted(files.items())), left_out)


def altered(manifest: Manifest, changes: Changes, settings: Settings) -> Manifest:
    """The manifest in the newest format, with another name, version, licence or description.

    settings: those of the package. Raises PackageError for a name that says another thing than is there, and
    a version that has been released with another structure.
    """
    told = {name: value for name, value in asdict(changes).items() if value is not None}
    lang = language_part(manifest.lang)
    name = told.pop("name", "_".join((lang, manifest.type, manifest.genre, manifest.size)))
    check_name(name, manifest.annotators)
    parts = name.split("_")
    if parts[0] != lang:
        raise PackageError(f"name: {name!r}: the language is {manifest.lang}, as in {manifest.name}")
    version = told.get("version", manifest.version)
    if not is_version(version):
        raise PackageError(f"version: found {version!r}, expected three numbers such as 1.0.2")
    structure = structure_of(settings) if manifest.format == 1 else dict(manifest.structure)
    structure.pop("version", None)
    check_new_version(name, version, structure)
    made: dict[str, Any] = {
        **dict(zip(("lang", "type", "genre", "size"), parts, strict=True)),
        "format": FORMAT,
        "treelet": library_range() if manifest.format == 1 else manifest.treelet,
        "structure": {"version": structure_version(version), **structure},
    }
    return replace(manifest, **made | told)


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
