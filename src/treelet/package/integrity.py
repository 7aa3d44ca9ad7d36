"""A manifest and the files of its package in; PackageError out, unless every file is what the manifest says.

What a package is made of is known from the manifest, so files are only read as far as it allows.
"""

from __future__ import annotations

from treelet.errors import PackageError
from treelet.package.files import DATA_FILES, MANIFEST_FILE, SIGNATURE_FILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    from treelet.package.manifest import FileEntry, Manifest

    class Opened(Protocol):
        """What an open file must be able to do."""

        def read(self, size: int, /) -> bytes:
            """The next bytes: `size` at most, none at the end."""

        def close(self) -> object:
            """When all has been read."""


_COMPANIONS = (MANIFEST_FILE, SIGNATURE_FILE, "README.md")
_LICENCES = ("LICENSE", "LICENCE", "NOTICE", "COPYING")
_BLOCK = 1 << 20


def verify_files(
    manifest: Manifest, open_file: Callable[[str], Opened], where: str, *, present: Iterable[str] = ()
) -> None:
    """Compare size and SHA-256 of every file of a manifest, and see that there are no other files.

    open_file: gives a file of the package by its name, and raises OSError or PackageError where there is
    none. where: what errors call the package. present: names of the files that are there, if others must not
    be. Never reads more than a file should have, and holds 1 MiB of it.
    """
    for name in DATA_FILES:
        if name not in manifest.files:
            raise PackageError(f"{where}: {MANIFEST_FILE}: files: {name} is missing; the package is damaged")
    if more := sorted(name for name in present if name not in manifest.files and not is_companion(name)):
        raise PackageError(
            f"{where}: {more[0]!r} is no file of the package: expected {', '.join(manifest.files)}, which "
            f"{MANIFEST_FILE} names; remove it, or install the package again"
        )
    for name, entry in manifest.files.items():
        try:
            file = open_file(name)
        except OSError as error:
            raise PackageError(
                f"{where}: {name}: cannot be read: {error.strerror or error}; the package is damaged"
            ) from None
        try:
            _compare(file, entry, f"{where}: {name}")
        finally:
            file.close()


def is_companion(name: str) -> bool:
    """Whether a file may lie beside those of a manifest without standing in it: nothing reads it as data."""
    stem, _, suffix = name.partition(".")
    return name in _COMPANIONS or (stem in _LICENCES and suffix in ("", "txt", "md"))


def _compare(file: Opened, entry: FileEntry, where: str) -> None:
    import hashlib  # deferred: loading a package does without, unless it is asked to verify

    digest, size = hashlib.sha256(), 0
    while True:
        try:
            block = file.read(min(_BLOCK, entry.bytes + 1 - size))
        except OSError as error:
            raise PackageError(f"{where}: cannot be read: {error.strerror or error}") from None
        if not block:
            break
        size += len(block)
        digest.update(block)
        if size > entry.bytes:
            raise PackageError(f"{where}: more than the {entry.bytes} bytes expected; the package is damaged")
    if size != entry.bytes:
        raise PackageError(f"{where}: found {size} bytes, expected {entry.bytes}; the package is damaged")
    if digest.hexdigest() != entry.sha256:
        raise PackageError(f"{where}: its SHA-256 is not the manifest's; the package is damaged")
