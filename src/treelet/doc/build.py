"""Words and annotations as Python lists to columns of the core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from treelet._core import Doc as Columns
from treelet.doc.entity_tags import INSIDE, read_entity_tags
from treelet.errors import TextError


@dataclass(frozen=True)
class Annotations:
    """One value a word in each list; None: the column is missing."""

    tags: Sequence[str | None] | None = None
    pos: Sequence[str | None] | None = None
    morphs: Sequence[str | None] | None = None
    lemmas: Sequence[str | None] | None = None
    heads: Sequence[int | None] | None = None
    deps: Sequence[str | None] | None = None
    sent_starts: Sequence[bool | int | None] | None = None
    ents: Sequence[str | None] | None = None


def columns_from_words(words: Sequence[str], spaces: Sequence[bool] | None, known: Annotations) -> Columns:
    """Raises TextError where a length differs from that of words, or a value is out of range."""
    n = len(words)
    if spaces is not None and len(spaces) != n:
        raise TextError(f"spaces: found {len(spaces)} values, expected one for each of {n} words")
    blanks = [" "] * n if spaces is None else [" " if space else "" for space in spaces]
    columns = Columns.from_tokens("", list(words), [[]] * n, blanks)
    columns.set_xpos_column(known.tags)
    columns.set_upos_column(known.pos)
    columns.set_feats_column(None if known.morphs is None else [_feats(morph) for morph in known.morphs])
    columns.set_lemma_column(known.lemmas)
    columns.set_deprel_column(known.deps)
    if known.heads is not None:
        columns.set_head_column([-1 if head is None else head for head in known.heads])
    if known.sent_starts is not None:
        columns.set_sent_start_column([_sent_start(start) for start in known.sent_starts])
    if known.ents is not None:
        try:
            codes, types = read_entity_tags(known.ents)
        except ValueError as error:
            raise TextError(f"ents: found {error}, expected O or B-, I-, L-, U- and a type") from None
        columns.set_iob_column(codes)
        columns.set_ent_type_column(types)
    return columns


def _feats(morph: object) -> str | None:
    return None if morph is None else "" if morph == "_" else str(morph)


def _sent_start(value: bool | int | None) -> int:
    if value is None:
        return 0
    if isinstance(value, bool):
        return 1 if value else -1
    return value


def slice_columns(columns: Columns, start: int, end: int) -> Columns:
    """Words start to end as columns of their own; a word whose head lies outside becomes a root."""
    starts, ends = columns.char_starts()[start:end], columns.char_ends()[start:end]
    first = starts[0] if starts else 0
    after = len(columns.whitespace(end - 1)) if starts else 0
    text = columns.text[first : ends[-1] + after] if starts else ""
    parts = columns.part_column()[start:end]
    if parts and parts[0] == 2:
        parts[0] = 1
    forms = [columns.word(i) if columns.has_form(i) else None for i in range(start, end)]
    cut = Columns.from_offsets(text, [s - first for s in starts], [e - first for e in ends], parts, forms)
    for name in ("upos", "xpos", "feats", "deprel", "ent_type", "lemma", "sent_start", "iob"):
        if getattr(columns, f"has_{name}")():
            getattr(cut, f"set_{name}_column")(getattr(columns, f"{name}_column")()[start:end])
    if columns.has_head():
        heads = columns.head_column()[start:end]
        cut.set_head_column(
            [-1 if h < 0 else h - start if start <= h < end else i for i, h in enumerate(heads)]
        )
    _slice_probabilities(columns, cut, start, end)
    return cut


def _slice_probabilities(columns: Columns, cut: Columns, start: int, end: int) -> None:
    """Once all else is set; unknown for words whose head lies outside, and entities that were cut."""
    heads = columns.head_column()
    inside = [start <= heads[i] < end for i in range(start, end)]
    for name in ("head_probability", "deprel_probability"):
        if getattr(columns, f"has_{name}")():
            values = getattr(columns, f"{name}_column")()[start:end]
            kept = [value if known else None for value, known in zip(values, inside, strict=True)]
            getattr(cut, f"set_{name}_column")(kept)
    if columns.has_ent_probability():
        values, codes = columns.ent_probability_column()[start:end], columns.iob_column()
        first, last = start, end
        while first < end and codes[first] == INSIDE:
            first += 1
        while last > start and last < len(codes) and codes[last] == INSIDE:
            last -= 1
        cut.set_ent_probability_column(
            [value if first <= start + i < last else None for i, value in enumerate(values)]
        )
