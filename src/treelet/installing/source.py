"""What --from says in, where wheels come from out: a folder, a mirror, one wheel, or an index."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urldefrag, urlsplit
from urllib.request import url2pathname

from treelet.errors import PackageError
from treelet.installing.folder_table import table_of
from treelet.installing.table import (
    MOST_TABLE_BYTES,
    MOST_WHEEL_BYTES,
    TABLE_FILE,
    Entry,
    Table,
    parse_table,
)
from treelet.installing.web import beside, fetch_url, is_web, read_url, without_secrets

Bar = Callable[[str, int | None], AbstractContextManager[Callable[[int], object]]]
"""Title and number of bytes to what shows a download: yields the function that hears of more bytes."""

ENVIRONMENT = "TREELET_MODELS"
"""Where packages come from when nothing is said: as --from takes it."""


def no_bar(title: str, total: int | None) -> AbstractContextManager[Callable[[int], object]]:
    """Shows nothing."""
    return nullcontext(lambda size: None)


@dataclass(frozen=True)
class Folder:
    """A folder of wheels, here or on a share; `file` is its table where it has one."""

    path: Path
    file: Path | None

    @property
    def told(self) -> str:
        """As --from takes it."""
        return str(self.path if self.file is None or self.file.name == TABLE_FILE else self.file)

    def table(self, name: str | None = None) -> Table:
        """What it has; without a table, what the wheels (of one package) say."""
        return read_table(str(self.file)) if self.file else table_of(self.path, name)

    def fetch(self, entry: Entry, target: Path, bar: Bar) -> Path:
        """A copy of a file, so that what is checked is what is installed."""
        return _copied(self.path / entry.file, target, bar)


@dataclass(frozen=True)
class Mirror:
    """A folder of wheels and its table behind http(s)."""

    url: str

    @property
    def told(self) -> str:
        """As --from takes it, without a password."""
        return without_secrets(self.url)

    def table(self, name: str | None = None) -> Table:
        """Its table."""
        address = beside(self.url, TABLE_FILE)
        try:
            content = read_url(address, MOST_TABLE_BYTES)
        except PackageError as error:
            if "says 404" not in str(error):
                raise
            raise PackageError(
                f"{error}; a mirror needs a table: `treelet compatibility DIR` writes that of wheels"
            ) from None
        return parse_table(content, without_secrets(address))

    def fetch(self, entry: Entry, target: Path, bar: Bar) -> Path:
        """Download a file."""
        with bar(entry.file, entry.bytes) as advance:
            fetch_url(beside(self.url, entry.file), target / entry.file, entry.bytes, advance)
        return target / entry.file


@dataclass(frozen=True)
class LooseWheel:
    """One wheel, by its path or address; `#sha256=…` behind an address is held to."""

    where: str

    @property
    def told(self) -> str:
        """As --from takes it, without a password."""
        return without_secrets(self.where) if is_web(self.where) else self.where

    def fetch_it(self, target: Path, bar: Bar) -> Path:
        """A copy."""
        if not is_web(self.where):
            return _copied(Path(self.where), target, bar)
        address, _ = urldefrag(self.where)
        path = target / os.path.basename(urlsplit(address).path)
        with bar(path.name, None) as advance:
            fetch_url(address, path, MOST_WHEEL_BYTES, advance)
        return path

    @property
    def sha256(self) -> str:
        """What the address says that it is; empty where it does not."""
        name, _, value = urldefrag(self.where)[1].partition("=")
        return value.lower() if name == "sha256" else ""


@dataclass(frozen=True)
class Index:
    """A package index: `url`, or the one that pip or uv is configured for."""

    url: str | None = None

    @property
    def told(self) -> str:
        """As --from takes it, without a password."""
        return f"index+{without_secrets(self.url)}" if self.url else "index"


Source = Folder | Mirror | LooseWheel | Index


def source_of(text: str | None) -> Source:
    """What --from means: index, index+URL, a URL, a folder, a wheel, a compatibility.json; None: the
    environment's TREELET_MODELS, else the index.

    Raises PackageError for anything else.
    """
    text = text or os.environ.get(ENVIRONMENT) or "index"
    if text == "index":
        return Index()
    if text.startswith("index+"):
        if not is_web(text[6:]) and not text[6:].startswith("file:"):
            raise PackageError(f"{text}: expected index+https://… or index+file://…")
        return Index(text[6:])
    if is_web(text):
        path = urlsplit(text).path
        if path.rstrip("/").endswith("/simple"):
            return Index(text)
        if path.endswith(".whl"):
            return LooseWheel(text)
        return Mirror(text.replace(f"/{TABLE_FILE}", "/"))
    return _local(Path(_path_of(text)), text)


def _local(path: Path, text: str) -> Source:
    if path.is_dir():
        file = path / TABLE_FILE
        return Folder(path, file if file.is_file() else None)
    if path.is_file() and path.suffix == ".json":
        return Folder(path.parent, path)
    if path.is_file() and path.suffix == ".whl":
        return LooseWheel(str(path))
    there = "it is no wheel" if path.exists() else "there is no such file or folder"
    raise PackageError(
        f"{text}: {there}; expected a folder of wheels, a wheel, a {TABLE_FILE}, an http(s) address, or index"
    )


def is_wheel(text: str) -> bool:
    """Whether it is the path or address of a wheel."""
    return (urlsplit(text).path if is_web(text) else text).endswith(".whl")


def read_table(where: str) -> Table:
    """The table at a path or address, which may be that of its folder. Raises PackageError."""
    if is_web(where):
        return Mirror(where.replace(f"/{TABLE_FILE}", "/")).table()
    path = Path(_path_of(where))
    path = path / TABLE_FILE if path.is_dir() else path
    try:
        with open(path, "rb") as file:
            return parse_table(file.read(MOST_TABLE_BYTES + 1), str(path))
    except OSError as error:
        raise PackageError(f"{path}: cannot be read: {error.strerror}") from None


def _path_of(text: str) -> str:
    """The path that a file:// address names, on Windows also that of a share; other text as it is."""
    if not text.lower().startswith("file:"):
        return text
    parts = urlsplit(text)
    host = "" if parts.netloc in ("", "localhost") else f"//{parts.netloc}"
    if host and os.name != "nt":
        raise PackageError(f"{text}: a share of {parts.netloc}: mount it, and give the path that it has here")
    return url2pathname(host + parts.path)


def _copied(source: Path, target: Path, bar: Bar) -> Path:
    try:
        size = source.stat().st_size
        with (
            open(source, "rb") as file,
            open(target / source.name, "wb") as copy,
            bar(source.name, size) as advance,
        ):
            while chunk := file.read(1 << 20):
                copy.write(chunk)
                advance(len(chunk))
    except OSError as error:
        raise PackageError(f"{source}: cannot be read: {error.strerror or error}") from None
    return target / source.name
