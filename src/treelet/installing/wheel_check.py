"""The file of a wheel in; what package it holds out, after every byte of it has been checked.

A wheel of ours is data: a folder `treelet_<name>` with the files that its manifest lists, and what tells pip
of it. Whatever else a wheel may bring (modules, .pth files, scripts, entry points, requirements) is refused
here, before an installer sees it. A ZIP file can be made to look different to two programs that read it: so
nothing may lie between its members, before or behind them.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from treelet.errors import PackageError
from treelet.installing.dist_info import check_dist_info
from treelet.installing.table import MOST_WHEEL_BYTES, Entry
from treelet.package.files import DATA_FILES, MANIFEST_FILE, SIGNATURE_FILE
from treelet.package.manifest import Manifest, parse_manifest

MOST_FILES = 50
MOST_DIRECTORY_BYTES = 100_000
"""Of the list of members at the end of the file."""
MOST_TEXT_BYTES = 100_000_000
"""Of all members that are compressed, unpacked."""
MOST_CARD_BYTES = 20_000_000
"""Of a member that is read as a whole."""

_LICENCES = ("LICENSE", "LICENCE", "NOTICE", "COPYING")
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError),
    *(EOFError, ValueError, ArithmeticError, LookupError),
)
"""What zipfile raises for a file that is none, is damaged, encrypted, or compressed in some rare way."""


@dataclass(frozen=True)
class Wheel:
    """A wheel that has been checked."""

    path: Path
    size: int
    """Bytes."""
    sha256: str
    manifest: Manifest
    manifest_json: bytes
    """As it is stored: what a signature is of."""
    signature: bytes | None

    @property
    def entry(self) -> Entry:
        """What a table says of it."""
        wanted = self.manifest.treelet
        return Entry(file=self.path.name, sha256=self.sha256, bytes=self.size, treelet=wanted)

    def check_trust(self, keys: Sequence[str | os.PathLike[str]]) -> None:
        """Raises PackageError unless one of the public keys has signed it; nothing is asked of no keys."""
        if keys:
            from treelet.package.signature import check_signature

            where = f"{self.path.name}: {MANIFEST_FILE}"
            check_signature(self.manifest_json, self.signature, keys, where)


def read_wheel(path: Path, told: str | None = None) -> Wheel:
    """`told`: what errors call it, its path if nothing else.

    Raises PackageError, which says what is wrong, for any file but a whole wheel of one package.
    Whether this library can load the package is not asked.
    """
    (name, version), where = parts_of_name(path.name), told or str(path)
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MOST_WHEEL_BYTES:
                raise PackageError(f"{where}: {size} bytes, expected at most {MOST_WHEEL_BYTES:,}")
            _check_end(file, size, where)
            with zipfile.ZipFile(file) as archive:
                _check_members(archive, file, where)
                return _read(archive, path, (name, version, where))
    except _BROKEN as error:
        raise PackageError(f"{where}: not a wheel, or damaged: {error}") from None
    except OSError as error:
        raise PackageError(f"{where}: cannot be read: {error.strerror or error}") from None


def sha256_of(path: Path) -> str:
    """In hexadecimal digits."""
    with open(path, "rb") as file:
        return _digest(iter(lambda: file.read(1 << 20), b"")).hexdigest()


def parts_of_name(file: str) -> tuple[str, str]:
    """Name and version of a package, by the file name of its wheel. Raises PackageError for another name."""
    name, _, rest = file.removeprefix("treelet_").partition("-")
    version = rest.removesuffix("-py3-none-any.whl")
    if file != f"treelet_{name}-{version}-py3-none-any.whl" or len(name.split("_")) != 4:
        raise PackageError(f"{file}: expected a name such as treelet_en_core_web_sm-0.1.0-py3-none-any.whl")
    return name, version


def _check_end(file: BinaryIO, size: int, where: str) -> None:
    """Whether the file ends with its list of members, which is of a sensible size."""
    file.seek(max(0, size - 22))
    end = file.read(22)
    if len(end) < 22 or not end.startswith(b"PK\5\6"):
        raise PackageError(f"{where}: {size} bytes without the end of a ZIP file; it is cut short or damaged")
    *_, count, length, start, comment = struct.unpack("<4s4H2LH", end)
    if count > MOST_FILES or length > MOST_DIRECTORY_BYTES or comment or start + length + 22 != size:
        raise PackageError(f"{where}: the list of files at its end contradicts itself; it is damaged")


def _read(archive: zipfile.ZipFile, path: Path, named: tuple[str, str, str]) -> Wheel:
    name, version, where = named
    folder, info = f"treelet_{name}/", f"treelet_{name}-{version}.dist-info/"
    hashes = {}
    for member in archive.infolist():
        _check_name(member.filename, folder, info, where)
        hashes[member.filename] = _digest(_chunks(archive, member))
    texts = {m.filename.removeprefix(info): _whole(archive, m, where) for m in _inside(archive, info)}
    members = {m.filename: (m.file_size, hashes[m.filename].digest()) for m in archive.infolist()}
    check_dist_info(texts, members, (name, version, where))
    small = {m.filename.removeprefix(folder): m for m in _inside(archive, folder)}
    if MANIFEST_FILE not in small:
        raise PackageError(f"{where}: there is no {folder}{MANIFEST_FILE}")
    manifest_json = _whole(archive, small[MANIFEST_FILE], where)
    manifest = parse_manifest(manifest_json, f"{where}: {MANIFEST_FILE}")
    if (manifest.name, manifest.version) != (name, version):
        raise PackageError(f"{where}: holds {manifest.name} {manifest.version}, not what its name says")
    for file in DATA_FILES:
        entry, member_name = manifest.files.get(file), folder + file
        if entry is None or member_name not in hashes:
            raise PackageError(f"{where}: {file} is missing in the wheel or in its manifest")
        if (small[file].file_size, hashes[member_name].hexdigest()) != (entry.bytes, entry.sha256):
            raise PackageError(
                f"{where}: {file} is not the one that the manifest lists; the wheel is damaged"
            )
    signature = _whole(archive, small[SIGNATURE_FILE], where) if SIGNATURE_FILE in small else None
    return Wheel(path, os.path.getsize(path), sha256_of(path), manifest, manifest_json, signature)


def _check_members(archive: zipfile.ZipFile, file: BinaryIO, where: str) -> None:
    """Whether members follow one another without a gap, are of sensible sizes, and are plain files."""
    at, unpacked, names = 0, 0, set()
    for member in sorted(archive.infolist(), key=lambda each: each.header_offset):
        file.seek(member.header_offset)
        head = file.read(30)
        if member.header_offset != at or len(head) < 30:
            raise PackageError(f"{where}: bytes before {member.filename!r} belong to no file; it is damaged")
        name_length, extra_length = struct.unpack("<2H", head[26:30])
        at += 30 + name_length + extra_length + member.compress_size
        stored = member.compress_type == zipfile.ZIP_STORED
        if stored and member.file_size != member.compress_size:
            raise PackageError(f"{where}: {member.filename!r} has two sizes; it is damaged")
        if not stored and member.compress_type != zipfile.ZIP_DEFLATED:  # others may ask for gigabytes
            raise PackageError(f"{where}: {member.filename!r}: expected no compression, or deflate")
        unpacked += 0 if stored else member.file_size
        kind = member.external_attr >> 16 & 0o170000
        plain = kind in (0, 0o100000) and member.orig_filename == member.filename
        if member.flag_bits & 0b1001 or not plain or member.filename.lower() in names:
            raise PackageError(f"{where}: {member.filename!r}: expected plain files, each once")
        names.add(member.filename.lower())
    if unpacked > MOST_TEXT_BYTES:
        raise PackageError(f"{where}: {unpacked:,} bytes compressed, expected at most {MOST_TEXT_BYTES:,}")
    if at != getattr(archive, "start_dir", at):
        raise PackageError(f"{where}: bytes behind its last file belong to none; it is damaged")


def _check_name(name: str, folder: str, info: str, where: str) -> None:
    if name.startswith(folder):
        inside = name.removeprefix(folder)
        fits = inside in (*DATA_FILES, MANIFEST_FILE, SIGNATURE_FILE, "README.md") or _is_licence(inside)
    else:
        inside = name.removeprefix(info) if name.startswith(info) else ""
        fits = inside in ("METADATA", "WHEEL", "RECORD", "entry_points.txt")
        fits = fits or (inside.startswith("licenses/") and _is_licence(inside.removeprefix("licenses/")))
    if not fits:
        raise PackageError(
            f"{where}: has a file {name!r}, which no package of ours has; "
            "a package is data and must hold nothing else: do not install it"
        )


def _is_licence(name: str) -> bool:
    stem, _, suffix = name.partition(".")
    return stem in _LICENCES and suffix in ("", "txt", "md")


def _inside(archive: zipfile.ZipFile, folder: str) -> list[zipfile.ZipInfo]:
    return [member for member in archive.infolist() if member.filename.startswith(folder)]


def _whole(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> bytes:
    if member.file_size > MOST_CARD_BYTES:
        raise PackageError(f"{where}: {member.filename}: {member.file_size:,} bytes; the wheel is damaged")
    return b"".join(_chunks(archive, member))


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Its bytes; zipfile stops at the size that it told, and checks their CRC."""
    with archive.open(member) as file:
        size = 0
        while chunk := file.read(1 << 20):
            size += len(chunk)
            yield chunk
    if size != member.file_size:
        raise zipfile.BadZipFile(f"{member.filename} is cut short")


def _digest(chunks: Iterator[bytes]) -> hashlib._Hash:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest
