"""A dictionary of what is known of a document in; columns of the Doc out, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Literal

from treelet._core import Doc as Columns
from treelet.doc import Doc
from treelet.doc.entity_tags import UnknownTagError, entity_tag, read_entity_tags
from treelet.doc.offsets import Misaligned, set_offsets
from treelet.doc.tree import Tree
from treelet.errors import TextError

Default = Literal["outside", "missing"]

LABELS = {"tags": "xpos", "pos": "upos", "morphs": "feats", "lemmas": "lemma", "deps": "deprel"}
"""Key to the column that it fills, of those that hold strings."""

Allowed = tuple[str, Callable[[Any], bool]]  # what is expected, in words, and whether a value is that

STRING: Allowed = ("a string", lambda value: isinstance(value, str))
STRING_OR_NONE: Allowed = ("a string or None", lambda value: value is None or isinstance(value, str))
NUMBER_OR_NONE: Allowed = ("a whole number or None", lambda value: value is None or type(value) is int)
BOOL: Allowed = ("True or False", lambda value: isinstance(value, (bool, int)))
START: Allowed = ("True, False or None", lambda value: value is None or value in (-1, 0, 1))

KEYS = ("words", "spaces", *LABELS, "heads", "sent_starts", "entities")


def annotate(doc: Doc, annotations: Mapping[str, Any], misaligned: Misaligned, default: Default) -> Doc:
    """The document with its columns filled, or another with the given words: see Example.from_dict."""
    if not isinstance(annotations, Mapping):
        raise TextError(f"annotations: found {type(annotations).__name__}, expected a dictionary")
    for key in annotations:
        if key not in KEYS:
            near = get_close_matches(str(key), KEYS, 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise TextError(f"annotations: found the key {key!r}, expected some of {', '.join(KEYS)}{hint}")
    given = {key: values for key, values in annotations.items() if values is not None}
    if "words" in given:
        doc = _with_words(doc, read_list(given.pop("words"), "words", None, STRING))
    n = len(doc)
    if "spaces" in given:
        _check_spaces(doc, read_list(given.pop("spaces"), "spaces", n, BOOL))
    for key, column in LABELS.items():
        if key in given:
            values = read_list(given[key], key, n, STRING_OR_NONE)
            if key == "morphs":
                values = ["" if value == "_" else value for value in values]
            getattr(doc.columns, f"set_{column}_column")(values)
    if "heads" in given:
        doc.columns.set_head_column(_heads(doc, given["heads"]))
    if "sent_starts" in given:
        starts = read_list(given["sent_starts"], "sent_starts", n, START)
        doc.columns.set_sent_start_column(
            [0 if start is None else start if type(start) is int else 1 if start else -1 for start in starts]
        )
    if "entities" in given:
        _entities(doc, given["entities"], misaligned, default)
    doc.forget_index()
    return doc


def annotations_of(doc: Doc) -> dict[str, Any]:
    """Words, spaces, and every column that is annotated, as `annotate` takes them."""
    columns = doc.columns
    spaces = [bool(space) for space in columns.whitespace_column()]
    found: dict[str, Any] = {"words": columns.word_column(), "spaces": spaces}
    for key, column in LABELS.items():
        if getattr(columns, f"has_{column}")():
            found[key] = getattr(columns, f"{column}_column")()
    if columns.has_head():
        found["heads"] = [None if head < 0 else head for head in columns.head_column()]
    if columns.has_sent_start():
        found["sent_starts"] = [{1: True, -1: False}.get(start) for start in columns.sent_start_column()]
    if columns.has_iob():
        found["entities"] = list(map(entity_tag, columns.iob_column(), columns.ent_type_column()))
    return found


def _entities(doc: Doc, entities: Any, misaligned: Misaligned, default: Default) -> None:
    """Offsets, or tags where any of them is a string or None."""
    is_list = isinstance(entities, (list, tuple))
    if not is_list or not any(entry is None or isinstance(entry, str) for entry in entities):
        set_offsets(doc, entities, misaligned=misaligned, default=default)
        return
    tags = read_list(entities, "entities", len(doc), STRING_OR_NONE)
    try:
        codes, types = read_entity_tags(tags)
    except UnknownTagError as error:
        raise TextError(
            f"entities[{error.word}]: found {error}, expected O or B-, I-, L-, U- and a type"
        ) from None
    doc.columns.set_iob_column(codes)
    doc.columns.set_ent_type_column(types)


def _heads(doc: Doc, values: Any) -> list[int]:
    n = len(doc)
    heads = [-1 if head is None else head for head in read_list(values, "heads", n, NUMBER_OR_NONE)]
    for word, head in enumerate(heads):
        if not (0 <= head < n or values[word] is None):
            raise TextError(
                f"heads[{word}]: found {head}, expected the index of a word of the document, 0 to {n - 1}, "
                "its own for a root"
            )
    Tree(heads)  # refuses cycles
    return heads


def _with_words(doc: Doc, words: list[str]) -> Doc:
    """The same text cut into other words. Raises TextError with the first difference."""
    if words == doc.columns.word_column():
        return doc
    text, place = doc.text, 0
    starts, ends = [], []
    for number, word in enumerate(words):
        while place < len(text) and text[place].isspace() and not word.startswith(text[place]):
            place += 1
        if not word or not text.startswith(word, place):
            raise TextError(
                f"words[{number}]: found {word!r}, but at character {place} the text goes on with "
                f"{text[place : place + 20]!r}, expected words that make up the text; the document's own are "
                f"{_around(doc, place)}"
            )
        starts.append(place)
        place += len(word)
        ends.append(place)
    if text[place:].strip():
        raise TextError(
            f"words: found {len(words)} that end at character {place}, but the text goes on with "
            f"{text[place : place + 20]!r}"
        )
    columns = Columns.from_offsets(text, starts, ends, [0] * len(words), [None] * len(words))
    return Doc.from_columns(columns, dict(doc.user_data))


def _around(doc: Doc, place: int) -> str:
    first = next((i for i, end in enumerate(doc.char_ends) if end > place), len(doc))
    return ", ".join(repr(doc.columns.word(i)) for i in range(max(0, first - 1), min(first + 3, len(doc))))


def _check_spaces(doc: Doc, spaces: list[bool]) -> None:
    for word, (given, found) in enumerate(zip(spaces, doc.columns.whitespace_column(), strict=True)):
        if given != bool(found) and word + 1 < len(doc):
            raise TextError(
                f"spaces[{word}]: found {given}, but in the text {'white space' if found else 'nothing'} "
                f"follows {doc.columns.word(word)!r}"
            )


def read_list(values: Any, key: str, length: int | None, allowed: Allowed) -> list[Any]:
    """A list of values of one kind. Raises TextError, naming key and index, for anything else."""
    expected, is_allowed = allowed
    if isinstance(values, (str, bytes, Mapping)) or not hasattr(values, "__iter__"):
        raise TextError(f"{key}: found {type(values).__name__}, expected a list, one value a word")
    found = list(values)
    if length is not None and len(found) != length:
        raise TextError(f"{key}: found {len(found)} values, expected one for each of {length} words")
    for word, value in enumerate(found):
        if not is_allowed(value):
            raise TextError(f"{key}[{word}]: found {value!r}, expected {expected}")
    return found
