"""manifest.json to a Manifest and back: what a package is, where it comes from, what its files must be."""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from treelet import __version__
from treelet.errors import PackageError

FORMAT = 1
"""Structure of a package. A library reads exactly the formats it knows."""

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9.+-]{1,40}$")]


class FileEntry(msgspec.Struct, frozen=True):
    """What a file of the package must be."""

    bytes: Annotated[int, Meta(ge=0)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything there is to know of a package before it is loaded."""

    format: int = FORMAT
    lang: Name
    type: Name = "core"
    """core: words, syntax and entities; dep: syntax; ent: entities."""
    genre: Name
    size: Name = "sm"
    version: Annotated[str, Meta(pattern=r"^\d{1,6}\.\d{1,6}\.\d{1,6}$")] = "0.1.0"
    treelet: str = f">={__version__}"
    """Versions of the library that can load it, such as ">=0.1.0,<0.2"."""
    description: str = ""
    licence: str = ""
    sources: list[str] = []
    annotators: list[str] = []
    labels: dict[str, int] = {}
    """Label set to its size."""
    parameters: int = 0
    scores: dict[str, Any] = {}
    files: dict[str, FileEntry] = {}

    @property
    def name(self) -> str:
        """`lang_type_genre_size`, as load() takes it."""
        return f"{self.lang}_{self.type}_{self.genre}_{self.size}"


def manifest_to_json(manifest: Manifest) -> bytes:
    """Readable JSON."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def manifest_from_json(content: bytes, where: str) -> Manifest:
    """Raises PackageError when it is damaged or of a structure that this version does not know."""
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PackageError(f"{where}: {error}; the package is damaged") from None
    if manifest.format != FORMAT:
        raise PackageError(
            f"{where}: format {manifest.format}, expected {FORMAT}; "
            f"{'upgrade treelet' if manifest.format > FORMAT else 'train or download the package again'}"
        )
    if not version_fits(__version__, manifest.treelet, where):
        raise PackageError(f"{where}: needs treelet {manifest.treelet}, this is {__version__}")
    return manifest


def version_fits(version: str, wanted: str, where: str = "manifest.json") -> bool:
    """Whether a version is within a range like ">=0.1.0,<0.2". Raises PackageError for another notation."""
    found = _parts(version)
    for condition in filter(None, (part.strip() for part in wanted.split(","))):
        match = re.fullmatch(r"(>=|<=|<|>|==)\s*(\d{1,6}(?:\.\d{1,6}){0,2})", condition)
        if match is None:
            raise PackageError(f"{where}: treelet: {condition!r}, expected a range such as >=0.1.0,<0.2")
        bound = _parts(match[2])
        holds = {
            ">=": found >= bound,
            "<=": found <= bound,
            "<": found < bound,
            ">": found > bound,
            "==": found == bound,
        }
        if not holds[match[1]]:
            return False
    return True


def _parts(version: str) -> tuple[int, ...]:
    numbers = [int(n) for n in re.findall(r"\d+", version)[:3]]
    return tuple(numbers + [0] * (3 - len(numbers)))
