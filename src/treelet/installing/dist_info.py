"""The files of a wheel's .dist-info folder in; an error for all that a package of data must not ask for."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping
from email.parser import HeaderParser

from treelet.errors import PackageError

_OF_RANGES = frozenset("0123456789.,<>=!~() ")
"""What a requirement may have besides the name: versions, no addresses."""


def check_dist_info(
    texts: Mapping[str, bytes], members: Mapping[str, tuple[int, bytes]], which: tuple[str, str, str]
) -> None:
    """Raises PackageError unless the wheel is what a package's wheel is.

    texts: content of RECORD, METADATA, WHEEL, entry_points.txt; members: every file of the wheel to its bytes
    and SHA-256; which: name and version of the package, and the path of the wheel.
    """
    name, version, where = which
    info = f"treelet_{name}-{version}.dist-info/"
    needed = ("RECORD", "METADATA", "WHEEL", "entry_points.txt")
    if missing := [info + file for file in needed if file not in texts]:
        raise PackageError(f"{where}: there is no {missing[0]}; it is not a package's wheel")
    try:
        record, metadata, wheel, entry_points = (texts[file].decode() for file in needed)
    except UnicodeDecodeError as error:
        raise PackageError(
            f"{where}: {info}: not UTF-8 at byte {error.start}; the wheel is damaged"
        ) from None
    _check_record(record, members, info, where)
    found = HeaderParser().parsestr(metadata)
    if found.defects:  # where two programs may read two things
        raise PackageError(f"{where}: METADATA: a line that is no header; the wheel is damaged")
    names = (str(found["Name"]).replace("-", "_"), str(found["Version"]))
    if names != (f"treelet_{name}", version):
        raise PackageError(f"{where}: METADATA is of {names[0]} {names[1]}; the wheel is damaged")
    for wanted in found.get_all("Requires-Dist", []):
        if not _is_of_treelet(str(wanted)):
            raise PackageError(
                f"{where}: asks for {wanted}, but a package needs treelet alone: do not install it"
            )
    if HeaderParser().parsestr(wheel).get_all("Root-Is-Purelib") != ["true"]:
        raise PackageError(f"{where}: WHEEL: expected Root-Is-Purelib: true; the wheel is damaged")
    lines = ["".join(line.split()) for line in entry_points.splitlines() if line.strip()]
    if lines != ["[treelet_models]", f"{name}=treelet_{name}"]:
        raise PackageError(
            f"{where}: entry_points.txt: expected [treelet_models], {name} = treelet_{name} alone: "
            "do not install it"
        )


def _is_of_treelet(wanted: str) -> bool:
    """Whether a requirement is of the library alone: treelet>=0.1; not treelet2, nor treelet @ https://…"""
    versions = wanted.removeprefix("treelet")
    is_longer_name = versions == wanted or versions.startswith(tuple("0123456789."))
    return not is_longer_name and _OF_RANGES.issuperset(versions)


def _check_record(record: str, members: Mapping[str, tuple[int, bytes]], info: str, where: str) -> None:
    """Whether RECORD lists every file but itself, with its size and hash."""
    try:
        rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(record)) if row}
    except csv.Error as error:
        raise PackageError(f"{where}: RECORD: {error}; the wheel is damaged") from None
    if set(rows) != set(members):
        name = min(set(rows) ^ set(members))
        raise PackageError(f"{where}: {name!r} is in the wheel or in its RECORD, not in both; it is damaged")
    for name, (size, digest) in members.items():
        hashed = "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if name != f"{info}RECORD" and rows[name] != [hashed, str(size)]:
            raise PackageError(f"{where}: {name}: size or hash is not that of RECORD; the wheel is damaged")
