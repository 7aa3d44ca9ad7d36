"""The path of a wheel or zip file in, the bytes of the package's files in it out; nothing is written to disk.

The directory of an archive is read by `zipfile`, and no word of it is taken on trust: names, sizes and places
are compared with each other, with the headers before the data and with the file before any data is read.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from io import FileIO

from treelet.errors import PackageError
from treelet.package.files import MANIFEST_FILE
from treelet.package.source import FileBytes, unreadable

_MOST_DIRECTORY_BYTES = 1 << 20
"""A package has ten files: a directory of a megabyte has tens of thousands."""
_MOST_RATIO, _ANY_RATIO_BYTES = 50, 1 << 20
"""How far a file may be deflated; numbers and texts of a package are to a half and a tenth."""
_ENCRYPTED, _UTF8 = 1, 1 << 11
_HEADER_BYTES = 30
_WRONG = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    struct.error,
    RuntimeError,
    ValueError,
    ArithmeticError,
    LookupError,
    EOFError,
)
"""What zipfile raises for directories that are none; NotImplementedError is a RuntimeError."""


class Archive:
    """A package as a wheel or zip file: in it at the top, or in the one folder that has a manifest.json."""

    __slots__ = ("_ends", "_entries", "_file", "_folder", "path")

    def __init__(self, path: str) -> None:
        """Raises PackageError for a file that is no archive, one that lies, and one without one package."""
        self.path = path
        try:
            self._file = _BoundedFile(path)
        except (OSError, ValueError) as error:
            raise unreadable(path, error) from None
        try:
            self._read_directory()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def where(self, name: str) -> str:
        """A file, as errors name it."""
        return os.path.join(self.path, self._folder + name)

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self._folder + name in self._entries

    def open(self, name: str) -> FileBytes:
        """For a `with` statement. Raises PackageError."""
        where, entry = self.where(name), self._entries.get(self._folder + name)
        if entry is None:
            raise PackageError(f"{where}: there is no such file in the archive; the package is damaged")
        begin = self._data_of(entry)
        file = FileIO(os.dup(self._file.fileno()))
        if entry.compress_type == zipfile.ZIP_STORED:
            return FileBytes(file, begin, entry.file_size, where)
        return InflatedBytes(file, begin, entry, where)

    def _read_directory(self) -> None:
        try:
            with zipfile.ZipFile(self._file) as archive:
                entries, end = archive.infolist(), archive.start_dir
        except OSError as error:
            raise unreadable(self.path, error) from None
        except _WRONG as error:
            raise PackageError(f"{self.path}: not a zip archive, or a damaged one: {error}") from None
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            self._check(entry)
            self._entries[entry.orig_filename] = entry
        begins = sorted(entry.header_offset for entry in entries)
        if len(set(begins)) < len(begins):
            raise PackageError(f"{self.path}: two files are at the same place; the archive is refused")
        self._ends = dict(zip(begins, [*begins[1:], end], strict=False))
        names = [
            name for name in self._entries if name.split("/")[-1] == MANIFEST_FILE and name.count("/") < 2
        ]
        if len(names) != 1:
            found = ", ".join(names) or "none"
            raise PackageError(
                f"{self.path}: expected one package, a folder with manifest.json; found {found}"
            )
        self._folder = names[0].removesuffix(MANIFEST_FILE)

    def _check(self, entry: zipfile.ZipInfo) -> None:
        name = entry.orig_filename
        parts = name.removesuffix("/").split("/")
        wrong = ""
        if any(part in ("", ".", "..") for part in parts) or any(sign in name for sign in ("\0", "\\", ":")):
            wrong = "a name that leads out of the archive"
        elif name in self._entries:
            wrong = "it stands there twice"
        elif entry.flag_bits & _ENCRYPTED:
            wrong = "it is encrypted"
        elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            wrong = f"compression {entry.compress_type}, expected none or deflate"
        elif stat.S_ISLNK(entry.external_attr >> 16):
            wrong = "a link, expected a file"
        elif entry.compress_type == zipfile.ZIP_STORED and entry.file_size != entry.compress_size:
            wrong = f"{entry.compress_size} bytes are stored for one of {entry.file_size}"
        elif entry.file_size > max(_ANY_RATIO_BYTES, _MOST_RATIO * entry.compress_size):
            wrong = f"{entry.compress_size} bytes that claim to be {entry.file_size}"
        if wrong:
            raise PackageError(f"{self.path}: {name!r}: {wrong}; the archive is refused")

    def _data_of(self, entry: zipfile.ZipInfo) -> int:
        """Where the data of an entry begins."""
        header = bytearray(_HEADER_BYTES)
        at, name = entry.header_offset, entry.orig_filename
        file = FileBytes(self._file, 0, 0, f"{self.path}: {name!r}")
        file.read_into(at, memoryview(header))
        magic, flags, method, name_size, more = struct.unpack("<4s2x2H16x2H", header)
        text = bytearray(name_size)
        file.read_into(at + _HEADER_BYTES, memoryview(text))
        begin: int = at + _HEADER_BYTES + name_size + more
        if magic != b"PK\3\4" or method != entry.compress_type or flags & _ENCRYPTED:
            raise PackageError(
                f"{file.where}: directory and header contradict each other; the archive is damaged"
            )
        if text.decode("utf-8" if flags & _UTF8 else "cp437", "replace") != name:
            raise PackageError(f"{file.where}: its header has another name; the archive is damaged")
        if begin + entry.compress_size > self._ends[at]:
            raise PackageError(f"{file.where}: its data overlaps with what follows; the archive is damaged")
        return begin


class InflatedBytes(FileBytes):
    """A file that is compressed in its archive, inflated as far as it is read, in order."""

    __slots__ = ("_at", "_crc", "_entry", "_inflate", "_taken")

    def __init__(self, file: FileIO, begin: int, entry: zipfile.ZipInfo, where: str) -> None:
        super().__init__(file, begin, entry.file_size, where)
        self._entry = entry
        self._begin_again()

    def read_into(self, at: int, buffer: memoryview) -> None:
        """As FileBytes does; going back begins again."""
        if at + len(buffer) > self.size:
            raise PackageError(f"{self.where}: cut short at byte {self.size}; the package is damaged")
        if at < self._at:
            self._begin_again()
        while self._at < at:
            self._next(min(at - self._at, 1 << 16))
        done = 0
        while done < len(buffer):
            part = self._next(len(buffer) - done)
            buffer[done : done + len(part)] = part
            done += len(part)

    def map(self) -> None:
        """There are no such bytes on disk."""

    def _begin_again(self) -> None:
        self._inflate, self._at, self._taken, self._crc = zlib.decompressobj(-15), 0, 0, 0

    def _next(self, most: int) -> bytes:
        """1 to `most` bytes, never more than the archive's directory says that there are."""
        part = b""
        while not part:
            rest = self._inflate.unconsumed_tail or self._compressed()
            try:
                part = self._inflate.decompress(rest, min(most, 1 << 20))
            except zlib.error as error:
                raise PackageError(f"{self.where}: cannot be inflated: {error}; it is damaged") from None
            if not part and (not rest or self._inflate.eof):
                raise PackageError(
                    f"{self.where}: found {self._at} bytes, expected {self.size}; it is damaged"
                )
        self._at += len(part)
        self._crc = zlib.crc32(part, self._crc)
        if self._at == self.size:
            self._check_end()
        return part

    def _compressed(self) -> bytes:
        part = bytearray(min(self._entry.compress_size - self._taken, 1 << 16))
        super().read_into(self._taken, memoryview(part))
        self._taken += len(part)
        return bytes(part)

    def _check_end(self) -> None:
        try:
            more = self._inflate.decompress(self._inflate.unconsumed_tail or self._compressed(), 1)
        except zlib.error as error:
            raise PackageError(f"{self.where}: cannot be inflated: {error}; it is damaged") from None
        if more or not self._inflate.eof or self._crc != self._entry.CRC:
            raise PackageError(
                f"{self.where}: more than {self.size} bytes, or others; the archive is damaged"
            )


class _BoundedFile(FileIO):
    """A file of which nobody reads more than a directory at once: zipfile takes sizes as it finds them."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            size = _MOST_DIRECTORY_BYTES
        if size > _MOST_DIRECTORY_BYTES:
            raise zipfile.BadZipFile(f"a directory of {size} bytes")
        return super().read(size) or b""
