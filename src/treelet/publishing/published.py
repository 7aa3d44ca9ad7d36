"""A package and a folder of wheels and sdists in; its own files there out, if no version changes by that."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from treelet.errors import PackageError
from treelet.package import Manifest
from treelet.package.archive import Archive
from treelet.package.files import MANIFEST_FILE
from treelet.package.manifest import parse_manifest
from treelet.package.source import MOST_TEXT_BYTES
from treelet.package.structure import differences, first_version
from treelet.package.version import is_version, numbers_of, structure_version
from treelet.package.writer import write_file
from treelet.publishing.contents import Contents
from treelet.publishing.metadata import import_name
from treelet.publishing.sdist import build_sdist, sdist_name
from treelet.publishing.wheel import build_wheel, wheel_name

FORMATS = ("wheel", "sdist")
_MOST_TOLD = 5


@dataclass(frozen=True)
class Published:
    """What `publish` did."""

    written: list[Path]
    kept: list[Path]
    """Those that were there with the same bytes."""
    notes: list[str]


def publish(contents: Contents, out: Path, formats: Sequence[str] = FORMATS) -> Published:
    """Write wheel and sdist into a folder, unless one of them would change what a version means.

    Raises PackageError where the folder holds other bytes under the same name and version, or another
    structure under the same a.b.
    """
    manifest = contents.manifest
    there = _files_of(out, manifest.name)
    notes = check_version(manifest, there)
    if not manifest.licence:
        notes.append(
            "the manifest tells no licence, so nobody may use it: --licence 'CC BY-SA 4.0' tells one"
        )
    makers = {"wheel": (wheel_name(manifest), build_wheel), "sdist": (sdist_name(manifest), build_sdist)}
    made = {name: make(contents) for each, (name, make) in makers.items() if each in formats}
    kept = []
    for name, make in makers.values():
        if out / name not in there:
            continue
        if (out / name).read_bytes() != (made[name] if name in made else make(contents)):
            raise PackageError(
                f"{out / name}: {manifest.version} is there with other bytes, and a version never changes: "
                f"give --version {_next_parameters(manifest.version, there.values())}"
            )
        kept += [name] if name in made else []
    out.mkdir(parents=True, exist_ok=True)
    written = [name for name in made if name not in kept]
    for name in written:
        write_file(out / name, made[name])
    return Published([out / name for name in written], [out / name for name in kept], notes)


def check_version(manifest: Manifest, there: Mapping[Path, str]) -> list[str]:
    """What is to be said of its version beside the versions of the same package that are there.

    there: wheels and sdists, and their versions. Raises PackageError where one of the same a.b has another
    structure.
    """
    name, own = manifest.name, structure_version(manifest.version)
    alike = []
    for path, version in there.items():
        try:
            its = read_published(path).structure
        except PackageError:
            if structure_version(version) == own:
                raise
            continue  # what another structure is like matters to a note alone
        changed = differences(_settings(its), _settings(manifest.structure)) if its else []
        if its and not changed:
            alike.append(version)
        elif structure_version(version) == own and changed:
            more = [f"{len(changed) - _MOST_TOLD} more"] if len(changed) > _MOST_TOLD else []
            told = "; ".join([*changed[:_MOST_TOLD], *more])
            raise PackageError(
                f"{path}: {name} {own} has another structure there ({told}): "
                f"give --version {_next_version(manifest, there.values())}, or another --name"
            )
    if alike and not any(structure_version(version) == own for version in alike):
        same = structure_version(max(alike, key=numbers_of))
        return [
            f"{manifest.version} has the structure of {same}: another second number says that it has not; "
            f"{_next_parameters(max(alike, key=numbers_of), there.values())} would say what it is"
        ]
    return []


def read_published(path: Path) -> Manifest:
    """The manifest in a wheel or an sdist, of any version of the library. Raises PackageError."""
    if path.name.endswith(".whl"):
        with Archive(str(path)) as wheel, wheel.open(MANIFEST_FILE) as file:
            return parse_manifest(file.read(MOST_TEXT_BYTES), file.where)
    root = path.name.removesuffix(".tar.gz")
    name = f"{root}/{root.rpartition('-')[0]}/{MANIFEST_FILE}"
    return parse_manifest(_member(path, name), f"{path}/{name}")


def _member(path: Path, name: str) -> bytes:
    """A file of an sdist, in which the weights come last: what is before them is bounded."""
    room = MOST_TEXT_BYTES
    try:
        with gzip.open(path) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as sdist:
            for member in sdist:
                room -= member.size + tarfile.BLOCKSIZE
                if room < 0:
                    raise PackageError(
                        f"{path}: {member.name!r}: {member.size:,} bytes; the sdist is damaged"
                    )
                if member.name == name and (file := sdist.extractfile(member)):
                    return file.read()
    except (OSError, EOFError, ValueError, ArithmeticError, zlib.error, tarfile.TarError) as error:
        raise PackageError(f"{path}: cannot be read: {error}; it is damaged") from None
    raise PackageError(f"{path}/{name}: there is no such file; it holds no package of treelet")


def _files_of(folder: Path, name: str) -> dict[Path, str]:
    """Wheels and sdists of that name, with the version that the file's name tells."""
    start = f"{import_name(name)}-"
    found = {}
    for path in sorted(folder.glob(f"{start}*")) if folder.is_dir() else []:
        rest = path.name.removeprefix(start)
        version = rest.removesuffix("-py3-none-any.whl").removesuffix(".tar.gz")
        if version != rest and is_version(version):
            found[path] = version
    return found


def _next_parameters(version: str, taken: Iterable[str]) -> str:
    """The same a.b with a last number above all that are taken."""
    structure = structure_version(version)
    numbers = [numbers_of(each) for each in (version, *taken) if structure_version(each) == structure]
    return f"{structure}.{max(numbers)[2] + 1}"


def _next_version(manifest: Manifest, taken: Iterable[str]) -> str:
    """The first version of a structure that is new."""
    major = numbers_of(manifest.version)[0]
    seconds = [b for a, b, _ in map(numbers_of, taken) if a == major]
    first = first_version(manifest.name, _settings(manifest.structure))
    return max(first, f"{major}.{max(seconds) + 1}.0", key=numbers_of)


def _settings(structure: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in structure.items() if name != "version"}
