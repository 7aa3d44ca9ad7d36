"""A package and a folder of wheels and sdists in; its own files there out, if no version changes by that."""

from __future__ import annotations

import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from treelet.distribution.contents import Contents
from treelet.distribution.metadata import import_name
from treelet.distribution.sdist import build_sdist, sdist_name
from treelet.distribution.wheel import build_wheel, wheel_name
from treelet.errors import PackageError
from treelet.package import Manifest
from treelet.package.files import MANIFEST_FILE
from treelet.package.manifest import manifest_from_json

FORMATS = ("wheel", "sdist")
_MOST_BYTES = 10_000_000
_DAMAGE = (
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    zlib.error,
    zipfile.BadZipFile,
    tarfile.TarError,
)


@dataclass(frozen=True)
class Published:
    """What `publish` did."""

    written: list[Path]
    kept: list[Path]
    """Those that were there with the same bytes."""
    notes: list[str]


def publish(contents: Contents, out: Path, formats: Sequence[str] = FORMATS) -> Published:
    """Write wheel and sdist into a folder, unless one of them would change what a version means.

    Raises PackageError where the folder holds other bytes under the same name and version.
    """
    manifest = contents.manifest
    made = {}
    if "wheel" in formats:
        made[wheel_name(manifest)] = build_wheel(contents)
    if "sdist" in formats:
        made[sdist_name(manifest)] = build_sdist(contents)
    there = _versions_in(out, manifest.name)
    kept = [name for name, data in made.items() if _is_there(out / name, data)]
    for path in [path for path, version in there if version == manifest.version]:
        if path.name in made and path.name not in kept:
            raise PackageError(
                f"{path}: version {manifest.version} is there with other bytes; a version never changes: "
                f"give --version {_next_free(manifest.version, [version for _, version in there])}"
            )
    out.mkdir(parents=True, exist_ok=True)
    written = [name for name in made if name not in kept]
    for name in written:
        _write(out / name, made[name])
    return Published([out / name for name in written], [out / name for name in kept], [])


def read_published(path: Path) -> Manifest:
    """The manifest in a wheel or an sdist. Raises PackageError."""
    return manifest_from_json(read_member(path, MANIFEST_FILE), f"{path}: {MANIFEST_FILE}")


def read_member(path: Path, name: str) -> bytes:
    """A small file of the package in a wheel or an sdist. Raises PackageError."""
    try:
        with _opened(path, name) as file:
            data = file.read(_MOST_BYTES + 1)
    except KeyError:
        raise PackageError(f"{path}: {name} is missing; it holds no package of treelet") from None
    except _DAMAGE as error:
        raise PackageError(f"{path}: cannot be read: {error}; it is damaged") from None
    if len(data) > _MOST_BYTES:
        raise PackageError(f"{path}: {name}: more than {_MOST_BYTES:,} bytes; it is damaged")
    return data


@contextmanager
def _opened(path: Path, name: str) -> Iterator[IO[bytes]]:
    if path.name.endswith(".whl"):
        folder = path.name.split("-")[0]
        with zipfile.ZipFile(path) as wheel, wheel.open(f"{folder}/{name}") as file:
            yield file
    else:
        root = path.name.removesuffix(".tar.gz")
        with tarfile.open(path, "r:gz") as sdist:
            member = sdist.extractfile(f"{root}/{root.split('-')[0]}/{name}")
            if member is None:
                raise KeyError(name)
            yield member


def _versions_in(folder: Path, name: str) -> list[tuple[Path, str]]:
    """Wheels and sdists of that name, with the version that the file's name tells, in order of names."""
    start = f"{import_name(name)}-"
    found = []
    for path in sorted(folder.glob(f"{start}*")) if folder.is_dir() else []:
        rest = path.name.removeprefix(start)
        if rest.endswith("-py3-none-any.whl"):
            found.append((path, rest.removesuffix("-py3-none-any.whl")))
        elif rest.endswith(".tar.gz"):
            found.append((path, rest.removesuffix(".tar.gz")))
    return found


def _next_free(version: str, taken: Sequence[str]) -> str:
    """The version with the lowest last number that is above all of the same structure."""
    structure = version.rpartition(".")[0]
    last = [each.rpartition(".")[2] for each in taken if each.rpartition(".")[0] == structure]
    return f"{structure}.{max(int(number) for number in last if number.isdigit()) + 1}"


def _is_there(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _write(path: Path, data: bytes) -> None:
    """The whole file or none of it, readable by all as the umask allows."""
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(data)
    os.replace(beside, path)
