"""A Doc to and from a dictionary of plain values that holds everything known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from treelet._core import Doc as Columns
from treelet.doc.entity_tags import entity_tag, read_entity_tags
from treelet.doc.wrong_entities import wrong_to_json
from treelet.errors import TextError

if TYPE_CHECKING:
    from treelet.doc.doc import Doc

_FIELDS = (("lemma", "lemma"), ("pos", "upos"), ("tag", "xpos"), ("morph", "feats"), ("dep", "deprel"))
PROBABILITIES = (  # key of a token, column
    ("head_probability", "head_probability"),
    ("dep_probability", "deprel_probability"),
    ("ent_probability", "ent_probability"),
)


def doc_to_json(doc: Doc, probabilities: bool = False) -> dict[str, Any]:
    """`text`, `tokens`, and, where known, `sents` and `ents` with `start` and `end` in characters.

    A token has `id`, `start`, `end`, `text`, and what is annotated of `form` (where it is not the text),
    `part` (1 first, 2 later word of a multi-word token), `lemma`, `pos`, `tag`, `morph`, `head` (an id),
    `dep`, `ent` (an IOB2 tag) and `sent_start`; with probabilities, how sure annotators were of `head`, of
    `head` and `dep`, and of the entity. What is missing is left out. `wrong_ents`, if any, have the ids of
    their `first` and `last` token and, unless it is any, a `label`.
    """
    columns = doc.columns
    tokens: list[dict[str, Any]] = []
    places = zip(doc.char_starts, doc.char_ends, columns.surface_column(), columns.part_column(), strict=True)
    for i, (start, end, text, part) in enumerate(places):
        token: dict[str, Any] = {"id": i, "start": start, "end": end, "text": text}
        if columns.has_form(i):
            token["form"] = columns.word(i)
        if part:
            token["part"] = part
        tokens.append(token)
    for key, column in _FIELDS:
        _fill(tokens, key, getattr(columns, f"{column}_column")())
    _fill(tokens, "head", [head if head >= 0 else None for head in columns.head_column()])
    tags = map(entity_tag, columns.iob_column(), columns.ent_type_column())
    _fill(tokens, "ent", list(tags))
    _fill(tokens, "sent_start", [{1: True, -1: False}.get(start) for start in columns.sent_start_column()])
    if probabilities:
        for key, column in PROBABILITIES:
            _fill(tokens, key, getattr(columns, f"{column}_column")())
    data: dict[str, Any] = {"text": doc.text, "tokens": tokens}
    if doc.has_annotation("SENT_START"):
        data["sents"] = [{"start": sent.start_char, "end": sent.end_char} for sent in doc.sents]
    if doc.has_annotation("ENT_IOB"):
        data["ents"] = [
            {"start": ent.start_char, "end": ent.end_char, "label": ent.label_} for ent in doc.ents
        ]
    if wrong := doc.wrong_ents:
        data["wrong_ents"] = wrong_to_json(wrong)
    if doc.user_data:
        data["user_data"] = dict(doc.user_data)
    return data


def _fill(tokens: list[dict[str, Any]], key: str, values: list[Any]) -> None:
    for token, value in zip(tokens, values, strict=True):
        if value is not None:
            token[key] = value


def columns_from_json(data: Mapping[str, Any]) -> Columns:
    """The columns of what doc_to_json returns; `sents` and `ents` are not read, tokens say it all.

    Raises TextError, naming the token, for values that are missing, of a wrong type or out of range.
    """
    if (
        not isinstance(data, Mapping)
        or not isinstance(data.get("text"), str)
        or not isinstance(data.get("tokens"), list)
    ):
        raise TextError("a document: expected an object with 'text', a string, and 'tokens', a list")
    text, tokens = data["text"], data["tokens"]
    for i, token in enumerate(tokens):
        if not isinstance(token, Mapping):
            raise TextError(f"tokens[{i}]: found {token!r}, expected an object")
    starts, ends = _numbers(tokens, "start"), _numbers(tokens, "end")
    _check_gaps(text, starts, ends)
    columns = Columns.from_offsets(text, starts, ends, _numbers(tokens, "part", 0), _strings(tokens, "form"))
    for key, column in _FIELDS:
        getattr(columns, f"set_{column}_column")(_strings(tokens, key))
    heads = _numbers(tokens, "head", -1)
    if any(head != -1 for head in heads):
        columns.set_head_column(heads)
    known = [token.get("sent_start") for token in tokens]
    sent_starts = [1 if start is True else -1 if start is False else 0 for start in known]
    if any(sent_starts):
        columns.set_sent_start_column(sent_starts)
    try:
        codes, types = read_entity_tags(_strings(tokens, "ent"))
    except ValueError as error:
        raise TextError(f"tokens: found {error}, expected O or B-, I- and a type") from None
    if any(codes):
        columns.set_iob_column(codes)
        columns.set_ent_type_column(types)
    for key, column in PROBABILITIES:
        values = [token.get(key) for token in tokens]
        if any(value is not None for value in values):
            _check_probabilities(values, key)
            getattr(columns, f"set_{column}_column")(values)
    return columns


def _check_probabilities(values: list[Any], key: str) -> None:
    for i, value in enumerate(values):
        known = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
        if value is not None and not known:
            raise TextError(f"tokens[{i}].{key}: found {value!r}, expected a number from 0 to 1")


def _numbers(tokens: list[Mapping[str, Any]], key: str, default: int | None = None) -> list[int]:
    values = [token.get(key, default) for token in tokens]
    for i, value in enumerate(values):
        if not isinstance(value, int) or isinstance(value, bool) or not -1 <= value < 2**31:
            raise TextError(f"tokens[{i}].{key}: found {value!r}, expected a whole number")
    return values


def _strings(tokens: list[Mapping[str, Any]], key: str) -> list[str | None]:
    values = [token.get(key) for token in tokens]
    for i, value in enumerate(values):
        if value is not None and not isinstance(value, str):
            raise TextError(f"tokens[{i}].{key}: found {value!r}, expected a string")
    return values


def _check_gaps(text: str, starts: list[int], ends: list[int]) -> None:
    for i, (end, start) in enumerate(zip([0, *ends], [*starts, len(text)], strict=True)):
        gap = text[end:start]
        if gap and not gap.isspace():
            raise TextError(
                f"tokens: found {gap[:40]!r} before word {i} that no token covers, expected white space alone"
            )
