"""What a check finds: its weight, what to do about it, and where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["error", "warning", "note"]
"""Training would fail; worth a look; good to know."""

Place = tuple[str, int]
"""File and line, from 1."""


@dataclass(frozen=True)
class Finding:
    """One thing that was found, in one place or in many."""

    level: Level
    kind: str
    """For programs, such as "overlap"; messages may change."""
    message: str
    places: tuple[Place, ...] = ()
    twins: tuple[Place, ...] = ()  # of repeated sentences: for each place, where the same stands first

    def to_dict(self) -> dict[str, Any]:
        """Plain values; places as objects with `file` and `line`."""
        places: list[dict[str, Any]] = [{"file": path, "line": line} for path, line in self.places]
        for place, (path, line) in zip(places, self.twins, strict=False):
            place["twin"] = {"file": path, "line": line}
        return {"level": self.level, "kind": self.kind, "message": self.message, "places": places}


MESSAGES: dict[str, tuple[Level, str, str]] = {
    "cycle": ("warning", "documents whose heads form a cycle", "give every word a way to a root"),
    "bad label": ("warning", "relations with '|' or '>'", "these mark lifted arcs: rename the relations"),
    "wrong entity": ("warning", "entities that stand among wrong_ents, too", "take them out of one"),
    "several roots": ("warning", "sentences with several roots", ""),
    "head crosses": ("warning", "words whose head is in another sentence", ""),
    "no relation": ("warning", "words with a head and no relation", "they teach arcs alone"),
    "entity crosses": ("warning", "entities that reach over the start of a sentence", "they come out as two"),
    "entity white space": ("warning", "entities that begin or end with a word of white space", ""),
    "damaged text": ("warning", "words with U+FFFD or a control character", "text was damaged before"),
    "long sentence": ("note", "sentences of more than {long_sentence} words", ""),
    "long document": ("note", "documents of more than {long_document} words", "they are taught in pieces"),
}
"""Kind of what is found in a document: how much it weighs, what it is, and what follows."""


FATAL = {"cycle": "cycle", "bad label": "deprels[", "wrong entity": "wrong_ents"}
"""Kinds that make training fail where it uses them, to what its message then says."""


@dataclass
class Faults:
    """Places of each kind of MESSAGES."""

    places: dict[str, list[Place]] = field(default_factory=dict)

    def add(self, kind: str, place: Place) -> None:
        """One more of a kind."""
        self.places.setdefault(kind, []).append(place)

    def findings(self, **limits: int) -> list[Finding]:
        """One finding a kind; `limits` fill in messages."""
        return [
            Finding(
                level,
                kind,
                f"{what.format(**limits)}: {len(places):,}" + (f"; {then}" if then else ""),
                tuple(places),
            )
            for kind, (level, what, then) in MESSAGES.items()
            if (places := self.places.get(kind))
        ]


def shown_places(places: Sequence[Place], most: int = 3) -> str:
    """The first places as `file:line`, `:line` in the same file, and how many more there are."""
    text, before = "", ""
    for path, line in places[:most]:
        text += f"{', ' if text else ''}{path if path != before else ''}:{line}"
        before = path
    return text + (f" and {len(places) - most:,} more" if len(places) > most else "")
