"""The name of a package and an index in, the wheel that pip or uv finds there out.

Which index, its password, proxy and certificate are what pip or uv is configured for: PIP_INDEX_URL,
pip.conf, UV_INDEX, uv.toml, keyrings. An address given to us replaces the index, and leaves the rest.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from treelet.errors import PackageError
from treelet.installing.installer import Installer, InstallerError, find_installer
from treelet.installing.source import Index
from treelet.installing.table import Entry
from treelet.package.files import MANIFEST_FILE
from treelet.package.manifest import parse_manifest
from treelet.publishing.contents import Contents
from treelet.publishing.metadata import import_name
from treelet.publishing.wheel import build_wheel, wheel_name

_NOT_THERE = ("No matching distribution", "no versions of", "was not found in the", "unsatisfiable")
"""What pip and uv say when an index has no such version."""
_UNPACKED = "unpacked"


class NotInIndex(PackageError):
    """The index has no wheel of that name and version."""


def download(
    index: Index, wanted: tuple[str, Sequence[str]], target: Path, entry: Entry | None = None
) -> Path:
    """The newest wheel of a package, no dependencies; pip and uv check it against the index's hash.

    wanted: name, and conditions such as "<0.1.2" or "==0.1.1"; entry: what a table says of that one version.
    Raises NotInIndex, and PackageError with what the installer said.
    """
    name, conditions = wanted
    requirement = f"{import_name(name).replace('_', '-')}{','.join(conditions)}"
    installer = find_installer()
    fetch = _with_pip if installer.name == "pip" else _with_uv
    try:
        return fetch(installer, index, requirement, target, entry)
    except InstallerError as error:
        if any(text in error.said for text in _NOT_THERE):
            raise NotInIndex(f"{index.told}: no {requirement}; {error}") from None
        raise


def _with_pip(
    installer: Installer, index: Index, requirement: str, target: Path, entry: Entry | None
) -> Path:
    """pip leaves the wheel as the index has it; its hash is compared with the table's by who asked for it."""
    only = {"PIP_INDEX_URL": index.url, "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": "", "PIP_NO_INDEX": ""}
    installer.run(
        ["download", "--no-deps", "--only-binary", ":all:", "--dest", str(target), requirement],
        {name: value for name, value in only.items() if value is not None} if index.url else {},
    )
    return _only(target.glob("treelet_*.whl"), index)


def _with_uv(installer: Installer, index: Index, requirement: str, target: Path, entry: Entry | None) -> Path:
    """uv unpacks a wheel into a folder, and downloads none: the package in it is made into a wheel again."""
    unpacked, asked = target / _UNPACKED, target / "requirement.txt"
    held = f" --hash=sha256:{entry.sha256}" if entry else ""
    asked.write_text(f"{requirement}{held}\n", encoding="utf-8")
    arguments = ["install", "--python", sys.executable, "--no-deps", "--only-binary", ":all:"]
    only = {"UV_DEFAULT_INDEX": index.url, "UV_INDEX": "", "UV_EXTRA_INDEX_URL": "", "UV_FIND_LINKS": ""}
    installer.run(
        [*arguments, *(["--require-hashes"] if entry else []), "--target", str(unpacked), "-r", str(asked)],
        {name: value for name, value in only.items() if value is not None} if index.url else {},
    )
    folder = _only(unpacked.glob(f"treelet_*/{MANIFEST_FILE}"), index).parent
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = parse_manifest(files[MANIFEST_FILE], f"{index.told}: {folder.name}/{MANIFEST_FILE}")
    path = target / wheel_name(manifest)
    path.write_bytes(build_wheel(Contents(manifest, files)))
    return path


def made_anew(path: Path) -> bool:
    """Whether the wheel was made of what uv unpacked, and had held to the table's hash."""
    return (path.parent / _UNPACKED).is_dir()


def _only(paths: Iterable[Path], index: Index) -> Path:
    found = list(paths)
    if len(found) != 1:
        raise PackageError(f"{index.told}: found {len(found)} packages, expected one")
    return found[0]
