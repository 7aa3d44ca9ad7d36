"""The path of a package in, the bytes of its files out: of a folder here, of an archive in archive.py."""

from __future__ import annotations

import os

from treelet.errors import PackageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import FileIO
    from typing import TypeAlias

    from treelet.package.archive import Archive

    Source: TypeAlias = "Folder | Archive"

MOST_TEXT_BYTES = 16_000_000
"""Of all files of a package but its weights."""


class FileBytes:
    """Bytes [begin, begin + size) of an open file: one file of a package. A `with` statement closes it."""

    __slots__ = ("_begin", "_file", "size", "where")

    def __init__(self, file: FileIO, begin: int, size: int, where: str) -> None:
        self._file, self._begin, self.size, self.where = file, begin, size, where

    def __enter__(self) -> FileBytes:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read_into(self, at: int, buffer: memoryview) -> None:
        """Fill the buffer with what stands at byte `at`. Raises PackageError where the file ends before."""
        try:
            self._file.seek(self._begin + at)
            done = self._file.readinto(buffer)
            while done < len(buffer):  # a system reads two gigabytes at a time at most
                more = self._file.readinto(buffer[done:])
                if not more:
                    raise PackageError(f"{self.where}: cut short at byte {at + done}; the package is damaged")
                done += more
        except (OSError, ValueError, OverflowError) as error:
            raise unreadable(self.where, error) from None

    def read(self, most: int) -> bytes:
        """All of it. Raises PackageError where that is more than `most` bytes."""
        if self.size > most:
            raise PackageError(
                f"{self.where}: {self.size} bytes, expected {most} at most; the package is damaged"
            )
        content = bytearray(self.size)
        self.read_into(0, memoryview(content))
        return bytes(content)

    def sha256(self) -> str:
        """Of all of it, in hexadecimal digits."""
        from hashlib import sha256  # deferred: loading does without unless it is asked to verify

        found, block = sha256(), memoryview(bytearray(min(self.size, 1 << 20)))
        for at in range(0, self.size, 1 << 20):
            part = block[: self.size - at]
            self.read_into(at, part)
            found.update(part)
        return found.hexdigest()

    def map(self) -> memoryview | None:
        """The same bytes in memory that the system reads when they are touched; None where it cannot."""
        from mmap import ACCESS_READ, mmap

        try:
            whole = mmap(self._file.fileno(), self._begin + self.size, access=ACCESS_READ)
        except (OSError, ValueError):  # a file system without maps, or the file has been cut short
            return None
        return memoryview(whole)[self._begin :]


class Folder:
    """A package as a folder of files."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = os.path.join(path, "")

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def where(self, name: str) -> str:
        """A file, as errors name it."""
        return self.path + name

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return os.path.lexists(self.path + name)

    def open(self, name: str) -> FileBytes:
        """For a `with` statement. Raises PackageError."""
        path = self.path + name
        if os.path.lexists(path) and not os.path.isfile(path):  # opening a pipe would wait for its other end
            raise PackageError(f"{path}: no plain file; the package is damaged")
        try:
            file = open(path, "rb", buffering=0)  # noqa: SIM115 - what is returned closes it
            return FileBytes(file, 0, os.fstat(file.fileno()).st_size, path)
        except (OSError, ValueError) as error:
            raise unreadable(path, error) from None


def open_source(path: str) -> Source:
    """Where a package's files are, by its path; for a `with` statement. Raises PackageError."""
    if not os.path.isfile(path):
        return Folder(path)
    from treelet.package.archive import Archive  # deferred: folders do without

    return Archive(path)


def unreadable(where: str, error: Exception) -> PackageError:
    """What the system said, as an error of ours."""
    reason = getattr(error, "strerror", None) or error
    return PackageError(f"{where}: cannot be read: {reason}; the package is damaged")
