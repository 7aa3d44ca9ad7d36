"""Entity tags in (IOB1, IOB2, BILUO, BIOES; None: not annotated); one code and one type a word out."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MISSING, INSIDE, OUTSIDE, BEGIN = range(4)

_UNSET = ("", "-", "_")


class UnknownTagError(ValueError):
    """A tag of no known scheme, and the index of its word."""

    def __init__(self, tag: str, word: int) -> None:
        super().__init__(f"entity tag '{tag}'")
        self.word = word


def read_entity_tags(
    tags: Sequence[str | None], label_map: Mapping[str, str] | None = None
) -> tuple[list[int], list[str | None]]:
    """Codes (0 missing, 1 inside, 2 outside, 3 begin) and entity types of the words of one sentence.

    An `I-` that continues nothing of its type begins an entity, so IOB1 and damaged sequences come out as
    IOB2. `label_map` renames types; a type mapped to "" becomes outside, to "-" missing; a type it lacks
    stays.

    Raises UnknownTagError for a tag that is none of these schemes'.
    """
    codes: list[int] = []
    types: list[str | None] = []
    open_type: str | None = None  # as the file calls it, so that merged types keep their borders
    for tag in tags:
        if tag is None or tag in _UNSET:
            codes.append(MISSING)
            types.append(None)
            open_type = None
            continue
        if tag == "O":
            codes.append(OUTSIDE)
            types.append(None)
            open_type = None
            continue
        prefix, dash, found = tag.partition("-")
        if not dash or not found or prefix not in "BILUSEM":
            raise UnknownTagError(tag, len(codes))
        begins = prefix in "BUS" or open_type != found
        open_type = None if prefix in "LUSE" else found
        mapped = found if label_map is None else label_map.get(found, found)
        if mapped in ("", "-"):
            codes.append(OUTSIDE if mapped == "" else MISSING)
            types.append(None)
        else:
            codes.append(BEGIN if begins else INSIDE)
            types.append(mapped)
    return codes, types


def entity_tag(code: int, label: str | None) -> str | None:
    """The IOB2 tag of one word, or None where nothing is annotated."""
    if code == MISSING:
        return None
    if code == OUTSIDE or not label:
        return "O"
    return f"{'B' if code == BEGIN else 'I'}-{label}"
