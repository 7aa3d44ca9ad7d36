"""FEATS of one word in, as one string; its features by name out."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class MorphAnalysis:
    """Morphological features, such as `Number=Sing|Person=3`. Prints as FEATS; empty when there are none."""

    __slots__ = ("_feats",)

    def __init__(self, feats: str | dict[str, str] = "") -> None:
        """feats: `Name=Value|Name=Value1,Value2`, `_` or "" for none, or a dict of the same."""
        if isinstance(feats, dict):
            feats = "|".join(
                f"{name}={value}" for name, value in sorted(feats.items(), key=lambda f: f[0].lower())
            )
        self._feats = "" if feats == "_" else feats

    def get(self, name: str, default: list[str] | None = None) -> list[str]:
        """Values of one feature: usually one, none where the word lacks it."""
        value = self.to_dict().get(name)
        return (default or []) if value is None else value.split(",")

    def to_dict(self) -> dict[str, str]:
        """Feature names to values as they stand in FEATS."""
        pairs = (field.partition("=") for field in self._feats.split("|") if field)
        return {name: value for name, _, value in pairs}

    def to_json(self) -> str:
        """The same as str()."""
        return self._feats

    def __iter__(self) -> Iterator[str]:
        return iter(self._feats.split("|") if self._feats else [])

    def __contains__(self, feature: object) -> bool:
        return feature in list(self)

    def __len__(self) -> int:
        return len(self.to_dict())

    def __str__(self) -> str:
        return self._feats

    def __repr__(self) -> str:
        return self._feats

    def __eq__(self, other: object) -> bool:
        if isinstance(other, MorphAnalysis):
            return set(self) == set(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self))
