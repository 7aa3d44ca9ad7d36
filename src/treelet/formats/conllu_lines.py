"""The columns of a Doc in; the CoNLL-U line of each word out.

Made column by column; what few words differ in (tags, relation and entity) is spelt once for all documents:
a call a word would take longer than annotating it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, repeat

from treelet._core import Doc as Columns
from treelet.doc.entity_tags import entity_tag
from treelet.errors import TextError
from treelet.formats.spaces import escape_spaces

Bounds = tuple[int, int]


def word_lines(columns: Columns, sentences: Sequence[Bounds], entity_key: str) -> list[str]:
    """A line a word, without its line feed; that of a multi-word token stands before its first word's, in one
    string.

    sentences: first word and the word after the last of each, covering all words.

    Raises TextError for a head outside its sentence.
    """
    forms = columns.word_column()
    miscs, ranges = _miscs(columns, forms, sentences)
    numbers = [str(i) for i in range(1, 1 + max((end - start for start, end in sentences), default=0))]
    lines = list(
        map(
            "\t".join,
            zip(
                chain.from_iterable(numbers[: end - start] for start, end in sentences),
                _fields(forms),
                _fields(columns.lemma_column()),
                map(_tag_fields, columns.upos_column(), columns.xpos_column(), columns.feats_column()),
                _head_ids(columns.head_column(), sentences, numbers),
                map(
                    _last_fields,
                    columns.deprel_column(),
                    columns.iob_column(),
                    columns.ent_type_column(),
                    repeat(entity_key),
                    miscs,
                ),
                strict=True,
            ),
        )
    )
    for first, line in ranges:
        lines[first] = f"{line}\n{lines[first]}"
    return lines


def one_line(text: str) -> str:
    """The text with a blank for each tab and line end."""
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ") if _breaks(text) else text


def _breaks(text: str) -> bool:
    return "\n" in text or "\t" in text or "\r" in text


def _fields(column: Sequence[str | None]) -> list[str]:
    values = [value or "_" for value in column]
    return [one_line(value) for value in values] if _breaks("".join(values)) else values


@lru_cache(maxsize=4096)
def _tag_fields(upos: str | None, xpos: str | None, feats: str | None) -> str:
    return "\t".join(one_line(label or "_") for label in (upos, xpos, feats))


@lru_cache(maxsize=4096)
def _last_fields(
    deprel: str | None, code: int, ent_type: str | None, entity_key: str, space_misc: str
) -> str:
    tag = entity_tag(code, ent_type)
    misc = _joined(space_misc, f"{entity_key}={tag}" if tag else "") or "_"
    return f"{one_line(deprel or '_')}\t_\t{misc}"


def _head_ids(heads: list[int], sentences: Sequence[Bounds], numbers: list[str]) -> list[str]:
    ids: list[str] = []
    for start, end in sentences:
        own = heads[start:end]
        if min(own) < start or max(own) >= end:
            _check_heads(own, start, end)
        ids += [
            "0" if head == word else "_" if head < 0 else numbers[head - start]
            for word, head in enumerate(own, start)
        ]
    return ids


def _check_heads(heads: list[int], start: int, end: int) -> None:
    for word, head in enumerate(heads, start):
        if head >= 0 and not start <= head < end:
            raise TextError(
                f"word {word}: found head {head}, expected one of its sentence, words {start} to {end - 1}"
            )


def _miscs(
    columns: Columns, forms: list[str], sentences: Sequence[Bounds]
) -> tuple[list[str], list[tuple[int, str]]]:
    """What MISC says of white space, one a word; and first word and line of each multi-word token."""
    spaces = columns.whitespace_column()
    known = {space: _space_misc(space, " ") for space in set(spaces)}
    miscs = [known[space] for space in spaces]
    miscs[-1:] = [_space_misc(space, "") for space in spaces[-1:]]
    before = columns.leading_whitespace()
    leading = _escaped("SpacesBefore", before) if before else ""
    ranges = []
    surfaces = columns.surface_column()
    for first, last, start in _multi_word_tokens(columns.part_column(), sentences):
        surface = "".join(surfaces[first : last + 1])
        inner = _escaped("SpacesInToken", surface) if _breaks(surface) else ""
        misc = _joined(miscs[last], leading if first == 0 else "", inner)
        ids = f"{first - start + 1}-{last - start + 1}"
        ranges.append((first, "\t".join([ids, one_line(surface), *["_"] * 7, misc or "_"])))
        miscs[first : last + 1] = [""] * (last + 1 - first)
    if leading and not (ranges and ranges[0][0] == 0):
        miscs[0] = _joined(miscs[0], leading)
    if _breaks("".join(forms)):
        for word, form in enumerate(forms):
            if _breaks(form):
                miscs[word] = _joined(miscs[word], _escaped("SpacesInToken", form))
    return miscs, ranges


def _space_misc(spaces: str, expected: str) -> str:
    if spaces == expected:
        return ""
    return _escaped("SpacesAfter", spaces) if spaces else "SpaceAfter=No"


def _multi_word_tokens(parts: list[int], sentences: Sequence[Bounds]) -> list[tuple[int, int, int]]:
    """First word, last word and first word of the sentence of each token of several words."""
    if 1 not in parts:
        return []
    tokens = []
    for start, end in sentences:
        own = parts[start:end]
        first = -1
        for _ in range(own.count(1)):
            first = last = own.index(1, first + 1)
            while last + 1 < len(own) and own[last + 1] == 2:
                last += 1
            if last > first:
                tokens.append((start + first, start + last, start))
    return tokens


def _escaped(key: str, spaces: str) -> str:
    return f"{key}={escape_spaces(spaces)}"


def _joined(*fields: str) -> str:
    return "|".join(field for field in fields if field)
