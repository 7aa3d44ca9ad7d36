"""A package folder in, an archive of it out: as a wheel has it, and with whatever a test wants wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path


def pack(package: Path, out: Path, folder: str = "treelet_xx/", method: int = zipfile.ZIP_STORED) -> Path:
    """Files of a package in a folder of an archive, beside what else a wheel has."""
    with zipfile.ZipFile(out, "w", method) as archive:
        for path in sorted(package.iterdir()):
            archive.write(path, folder + path.name)
        archive.writestr("treelet_xx-0.1.0.dist-info/METADATA", "Name: treelet-xx\n")
    return out


def data_begins(archive: Path, name: str) -> int:
    """Where the bytes of a stored file are in an archive."""
    with zipfile.ZipFile(archive) as opened:
        entry = next(entry for entry in opened.infolist() if entry.filename.endswith(name))
    content = archive.read_bytes()
    sizes = content[entry.header_offset + 26 : entry.header_offset + 30]
    return (
        entry.header_offset + 30 + int.from_bytes(sizes[:2], "little") + int.from_bytes(sizes[2:], "little")
    )
