"""What a package is called: `lang_type_genre_size`, as en_core_web_sm."""

from __future__ import annotations

from treelet.errors import PackageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

TYPES = {
    "core": "a parser and a recognizer of entities",
    "dep": "a parser, and no recognizer of entities",
    "ent": "a recognizer of entities, and no parser",
    "tag": "neither a parser nor a recognizer of entities",
}
"""The second part of a name, and what a pipeline so called has."""
SIZES = ("sm", "md", "lg")

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_CHARACTERS = _LETTERS | frozenset("0123456789")


def language_part(code: str) -> str:
    """How the name writes a language: pt of pt, zhhant of zh-Hant."""
    return "".join(c for c in code.lower() if c in _CHARACTERS)


def type_of(annotators: Sequence[str]) -> str:
    """core, dep, ent or tag, by what a pipeline annotates."""
    if "parser" in annotators:
        return "core" if "ner" in annotators else "dep"
    return "ent" if "ner" in annotators else "tag"


def check_name(name: str, annotators: Sequence[str], where: str = "name") -> None:
    """Raises PackageError for a name that is not of this form, or says another thing than is there."""
    parts = name.split("_")
    if len(parts) != 4:
        raise PackageError(
            f"{where}: {name!r}: expected four parts, lang_type_genre_size, such as en_core_web_sm"
        )
    lang, kind, genre, size = parts
    for what, part, least in (("language", lang, 2), ("genre", genre, 1)):
        if not (least <= len(part) <= 20 and part[0] in _LETTERS and _CHARACTERS.issuperset(part)):
            raise PackageError(
                f"{where}: {name!r}: {what} {part!r}, expected {least} to 20 of a-z and 0-9, a letter first"
            )
    if size not in SIZES:
        raise PackageError(f"{where}: {name!r}: size {size!r}, expected {', '.join(SIZES)}")
    if kind not in TYPES:
        raise PackageError(f"{where}: {name!r}: type {kind!r}, expected {', '.join(TYPES)}")
    fits = type_of(annotators)
    if kind != fits:
        there = ", ".join(annotators) or "none"
        raise PackageError(
            f"{where}: {name!r}: {kind} means {TYPES[kind]}, and the annotators are {there}: "
            f"call it {lang}_{fits}_{genre}_{size}"
        )
