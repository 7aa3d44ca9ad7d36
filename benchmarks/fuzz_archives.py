"""The files of a package in, a wheel or zip of them out that lies: in its directory, names and sizes."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile
from random import Random

from fuzz_mutations import Files, change_bytes

NAMES = (
    "../x",
    "/etc/x",
    "p/../../x",
    "p\\x",
    "C:x",
    "p//x",
    "p/",
    "\x1b[1m",
    "é\u202e",
    "x" * 3000,
    "p/__init__.py",
)
FIELDS = (
    "file_size",
    "compress_size",
    "header_offset",
    "CRC",
    "flag_bits",
    "compress_type",
    "external_attr",
    "extra",
)
NUMBERS = (0, 1, 7, 8, 14, 99, 2**15, 2**31 - 1, 2**32 - 2)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
BOMB = bytes(40_000_000)


def damaged_archive(files: Files, chance: Random) -> bytes:
    """Of the names, numbers and bytes of an archive, one or several wrong; sometimes none."""
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that stand there twice
        try:
            with zipfile.ZipFile(out, "w", chance.choice(METHODS[:3])) as archive:
                _fill(archive, files, chance)
        except (ValueError, TypeError, OverflowError, struct.error, zipfile.LargeZipFile):
            pass  # zipfile itself refuses to write some of it: the archive has no directory, or half of one
    data = out.getvalue()
    directory = max(data.rfind(b"PK\1\2"), 0) if chance.random() < 0.5 else max(data.find(b"PK\1\2"), 0)
    kind = chance.randrange(6)
    if kind == 0:
        data = data[:directory] + change_bytes(data[directory:], chance)
    elif kind == 1:
        data = change_bytes(data, chance, data)
    elif kind == 2:
        data = chance.choice((data[:100], b"", b"#!/bin/sh\n", data)) + data
    return data


def _entry(name: str, method: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    """Of a fixed date: a case is the same whenever it is made."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = method
    return entry


def _fill(archive: zipfile.ZipFile, files: Files, chance: Random) -> None:
    folder = chance.choice(("treelet_xx/", "treelet_xx/", "", "p/", "a/b/"))
    for name, data in files.items():
        method = chance.choice(METHODS) if chance.random() < 0.1 else None
        archive.writestr(_entry(folder + name, archive.compression if method is None else method), data)
    kind = chance.randrange(9)
    if kind == 0:
        archive.writestr(_entry(chance.choice(NAMES)), chance.randbytes(30))
    elif kind == 1:
        archive.writestr(_entry(folder + chance.choice(sorted(files))), b"{}")
    elif kind == 2:
        link = _entry(folder + chance.choice(("labels.json", "x")))
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    elif kind == 3:
        name = folder + chance.choice(("labels.json", "weights.safetensors"))
        archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), BOMB)
    elif kind == 4:
        archive.comment = chance.randbytes(chance.choice((1, 300, 65_000)))
    elif kind <= 7:
        for _ in range(chance.choice((1, 1, 3))):
            entry = chance.choice(archive.infolist())
            field = chance.choice(FIELDS)
            other = getattr(chance.choice(archive.infolist()), field)
            odd = chance.randbytes(chance.choice((3, 20, 40))) if field == "extra" else chance.choice(NUMBERS)
            setattr(entry, field, chance.choice((other, odd)))
