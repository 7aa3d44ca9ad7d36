"""Entities as character offsets in; the entity columns of a Doc out, or what is wrong with each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from treelet.doc.alignment import words_at
from treelet.doc.entity_tags import BEGIN, INSIDE, MISSING, OUTSIDE
from treelet.doc.offset_problems import explain, in_context
from treelet.errors import TextError

if TYPE_CHECKING:
    from treelet.doc.doc import Doc

Misaligned = Literal["raise", "expand", "contract", "missing"]
OffsetEntity = tuple[int, int, str]
"""First character, one past the last, and label."""

Words = tuple[int, int, int]  # number of the entity, first word, one past the last


@dataclass(frozen=True)
class OffsetProblem:
    """An entity whose offsets cannot be taken as they are."""

    number: int  # of the entity in what was given, from 0
    entity: OffsetEntity
    kind: str
    """"reversed", "empty", "units" (bytes, not characters), "outside", "white space", "off by one",
    "misaligned" or "overlap"."""
    message: str  # what is wrong, the text around, and the suggestion
    suggestion: tuple[int, int] | None = None  # offsets that fall on token borders; None: leave it out


class OffsetsError(TextError):
    """Entities that do not fall on tokens; `problems` has all of a document's."""

    def __init__(self, problems: Sequence[OffsetProblem], total: int) -> None:
        lines = "".join(f"\n  {problem.message}" for problem in problems)
        super().__init__(
            f"entities: found {len(problems)} of {total} that cannot be taken as they are, expected offsets "
            f"in characters on token borders, no two entities sharing a token:{lines}"
        )
        self.problems = tuple(problems)


def check_offsets(doc: Doc, entities: Iterable[Any]) -> list[OffsetProblem]:
    """What is wrong with entities given as character offsets; nothing where each falls on tokens.

    entities: (start, end, label), or mappings with these keys; characters are code points of `doc.text`.
    Raises TextError for anything else.
    """
    given = read_offsets(entities)
    _, _, problems = _align(doc, given, "raise")
    return problems


def set_offsets(
    doc: Doc,
    entities: Iterable[Any],
    *,
    misaligned: Misaligned = "raise",
    default: Literal["outside", "missing"] = "outside",
) -> None:
    """Writes the entity columns of a document: see Example.from_offsets, which explains the choices.

    Raises OffsetsError with all problems at once, and TextError for wrong types; the document then stays as
    it was.
    """
    if misaligned not in ("raise", "expand", "contract", "missing"):
        raise TextError(
            f"misaligned: found {misaligned!r}, expected 'raise', 'expand', 'contract' or 'missing'"
        )
    if default not in ("outside", "missing"):
        raise TextError(f"default: found {default!r}, expected 'outside' or 'missing'")
    given = read_offsets(entities)
    aligned, unknown, problems = _align(doc, given, misaligned)
    if problems:
        raise OffsetsError(problems, len(given))
    codes = [OUTSIDE if default == "outside" else MISSING] * len(doc)
    types: list[str | None] = [None] * len(doc)
    for _, first, last in unknown:
        codes[first:last] = [MISSING] * (last - first)
    for number, first, last in aligned:
        codes[first:last] = [BEGIN] + [INSIDE] * (last - first - 1)
        types[first:last] = [given[number][2]] * (last - first)
    doc.columns.set_iob_column(codes)
    doc.columns.set_ent_type_column(types)


def read_offsets(entities: Iterable[Any]) -> list[OffsetEntity]:
    """Triples of start, end and label. Raises TextError, naming the entry, for what is none."""
    if isinstance(entities, (str, bytes, Mapping)) or not isinstance(entities, Iterable):
        raise TextError(f"entities: found {entities!r}, expected a list of (start, end, label)")
    found: list[OffsetEntity] = []
    for number, entry in enumerate(entities):
        values = entry
        if isinstance(entry, Mapping):
            values = [entry.get(key) for key in ("start", "end", "label")]
        if not isinstance(values, (list, tuple)) or len(values) != 3:
            raise TextError(f"entities[{number}]: found {entry!r}, expected (start, end, label)")
        start, end, label = values
        if type(start) is not int or type(end) is not int:
            raise TextError(f"entities[{number}]: found {entry!r}, expected whole numbers as start and end")
        if not isinstance(label, str) or not label:
            raise TextError(f"entities[{number}]: found {entry!r}, expected a label, such as 'PER'")
        found.append((start, end, label))
    return found


def _align(
    doc: Doc, given: Sequence[OffsetEntity], misaligned: Misaligned
) -> tuple[list[Words], list[Words], list[OffsetProblem]]:
    """Entities as words; entities whose words become unknown; what is wrong."""
    aligned: list[Words] = []
    unknown: list[Words] = []
    problems: list[OffsetProblem] = []
    for number, (start, end, label) in enumerate(given):
        words = words_at(doc, start, end, "strict")
        if words is None and misaligned in ("expand", "contract"):
            words = words_at(doc, start, end, misaligned)
        if words is not None:
            aligned.append((number, *words))
        elif misaligned == "missing" and (touched := words_at(doc, start, end, "expand")) is not None:
            unknown.append((number, *touched))
        else:
            name = f"entities[{number}] ({start}, {end}, {label!r})"
            kind, message, suggestion = explain(doc, start, end)
            problems.append(OffsetProblem(number, given[number], kind, f"{name}: {message}", suggestion))
    problems += _overlaps(doc, given, aligned)
    return aligned, unknown, sorted(problems, key=lambda problem: problem.number)


def _overlaps(doc: Doc, given: Sequence[OffsetEntity], aligned: Sequence[Words]) -> list[OffsetProblem]:
    owner: dict[int, int] = {}
    problems = []
    for number, first, last in aligned:
        other = next((owner[word] for word in range(first, last) if word in owner), None)
        if other is None:
            owner.update(dict.fromkeys(range(first, last), number))
            continue
        start, end, label = given[number]
        what = "is given twice: as" if given[other] == given[number] else "shares a token with"
        message = (
            f"entities[{number}] ({start}, {end}, {label!r}): {what} entities[{other}] {given[other]}, in "
            f"{in_context(doc.text, start, end)}; leave one of them out"
        )
        problems.append(OffsetProblem(number, given[number], "overlap", message))
    return problems
