"""The files of a package in, the bytes of an sdist out, of which treelet builds the same wheel."""

from __future__ import annotations

import io
import tarfile
import zlib

from treelet.package import Manifest
from treelet.publishing.contents import LICENCE_FILE, Contents
from treelet.publishing.metadata import encoded, import_name, metadata_of, requirement

_DATE = 315532800
"""1980-01-01 in seconds of Unix, as in the wheel."""
_MOST_STORED = 65535
_PROJECT = """\
# Plain data, packaged by `treelet package`; treelet itself turns it into a wheel.
[build-system]
requires = ["{requirement}"]
build-backend = "treelet.publishing.backend"
"""


def sdist_name(manifest: Manifest) -> str:
    """treelet_en_core_web_sm-0.1.0.tar.gz"""
    return f"{import_name(manifest.name)}-{manifest.version}.tar.gz"


def build_sdist(contents: Contents) -> bytes:
    """A source distribution: the package's folder, PKG-INFO, and the name of the library that builds it."""
    manifest = contents.manifest
    folder, licence = import_name(manifest.name), contents.files.get(LICENCE_FILE)
    files = {
        "PKG-INFO": encoded(metadata_of(manifest, has_licence=licence is not None)),
        "pyproject.toml": _PROJECT.format(requirement=requirement(manifest)).encode(),
        **({} if licence is None else {LICENCE_FILE: licence}),
        **{f"{folder}/{name}": data for name, data in contents.files.items()},
    }
    root = f"{folder}-{manifest.version}"
    return gzipped(_tar({f"{root}/{name}": data for name, data in sorted(files.items())}))


def gzipped(data: bytes) -> bytes:
    """A gzip file (RFC 1952) of blocks that are stored (RFC 1951, 3.2.4): no compressor decides its bytes."""
    parts = [b"\x1f\x8b\x08\0", b"\0\0\0\0", b"\0\xff"]  # no date, no operating system
    starts = range(0, len(data), _MOST_STORED) if data else (0,)
    for start in starts:
        block = data[start : start + _MOST_STORED]
        size = len(block)
        last = start + _MOST_STORED >= len(data)
        parts += [bytes([last]), size.to_bytes(2, "little"), (size ^ 0xFFFF).to_bytes(2, "little"), block]
    parts += [zlib.crc32(data).to_bytes(4, "little"), (len(data) % 2**32).to_bytes(4, "little")]
    return b"".join(parts)


def _tar(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, data in files.items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mtime, entry.mode = len(data), _DATE, 0o644
            archive.addfile(entry, io.BytesIO(data))
    return target.getvalue()
