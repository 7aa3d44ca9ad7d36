"""The files of a package in, the bytes of a wheel out: data alone, and the same for the same input.

The binary distribution format of packaging.python.org: the package's folder, then a .dist-info folder that
tells pip and uv what it is. Nothing is compressed: compressors of different machines give different bytes,
and weights that are stored as they are can be read where they lie. A package of 3.2 MB would have 2.9.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping

from treelet.package import Manifest
from treelet.publishing.contents import LICENCE_FILE, Contents
from treelet.publishing.metadata import encoded, entry_points_of, import_name, metadata_of

DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file: the first that a zip archive can tell."""
_MODE = 0o100644 << 16
_UNIX = 3
_WHEEL = "Wheel-Version: 1.0\nGenerator: treelet\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel_name(manifest: Manifest) -> str:
    """treelet_en_core_web_sm-0.1.0-py3-none-any.whl"""
    return f"{import_name(manifest.name)}-{manifest.version}-py3-none-any.whl"


def build_wheel(contents: Contents) -> bytes:
    """A wheel that pip and uv install."""
    folder = import_name(contents.manifest.name)
    files = {f"{folder}/{name}": data for name, data in contents.files.items()}
    files |= dist_info(contents)
    record = f"{dist_info_name(contents.manifest)}/RECORD"
    files[record] = _record(files, record)
    return zipped(files)


def dist_info_name(manifest: Manifest) -> str:
    """treelet_en_core_web_sm-0.1.0.dist-info"""
    return f"{import_name(manifest.name)}-{manifest.version}.dist-info"


def dist_info(contents: Contents) -> dict[str, bytes]:
    """Its files but RECORD, by their paths in the wheel."""
    manifest, licence = contents.manifest, contents.files.get(LICENCE_FILE)
    files = {
        "METADATA": encoded(metadata_of(manifest, has_licence=licence is not None)),
        "WHEEL": _WHEEL.encode(),
        "entry_points.txt": entry_points_of(manifest).encode(),
    }
    if licence is not None:
        files[f"licenses/{LICENCE_FILE}"] = licence
    return {f"{dist_info_name(manifest)}/{name}": data for name, data in files.items()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive of files in their order, stored as they are, each of the same date and mode."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, DATE)
            entry.create_system, entry.external_attr = _UNIX, _MODE
            archive.writestr(entry, data)
    return target.getvalue()


def _record(files: Mapping[str, bytes], own: str) -> bytes:
    """A line a file: path, hash, size; of itself only the path."""
    lines = []
    for path, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(data)}\n")
    return "".join([*lines, f"{own},,\n"]).encode()
