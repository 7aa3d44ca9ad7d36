"""JSON Lines: one Doc a line, as Doc.to_json has it; the core makes them (`core/formats/json_writer.h`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from treelet import _core
from treelet.doc import Doc, Span
from treelet.doc.entity_tags import MISSING, OUTSIDE
from treelet.doc.offsets import set_offsets
from treelet.doc.wrong_entities import wrong_to_json
from treelet.errors import FormatError, TextError
from treelet.formats.lines import Place, ReadingLog, Source, name_of, numbered_lines
from treelet.formats.tokenizing import Tokenize

ENTITY_KEYS = ("entities", "spans", "label")
"""Names under which lines without tokens hold entities as character offsets."""


def doc_to_json(doc: Doc) -> dict[str, Any]:
    """Everything known of a document as plain values: see Doc.to_json."""
    return doc.to_json()


def write_jsonl(docs: Iterable[Doc], *, probabilities: bool = False) -> Iterator[str]:
    """One line a document, with its line feed; with what annotators were how sure of, on request.

    A line is what json.dumps makes of Doc.to_json with ensure_ascii=False, or with ensure_ascii=True where it
    holds a lone surrogate: it is always UTF-8.
    """
    for doc in docs:
        yield _core.json_text(doc.columns, probabilities, _more_members(doc))


def json_bytes(doc: Doc, probabilities: bool) -> bytes:
    """One line, as write_jsonl gives it, in UTF-8."""
    return _core.json_bytes(doc.columns, probabilities, _more_members(doc))


def _more_members(doc: Doc) -> str:
    """What the columns do not hold, as JSON."""
    more = ""
    if wrong := doc.wrong_ents:
        more += f', "wrong_ents": {json.dumps(wrong_to_json(wrong), ensure_ascii=False)}'
    if doc.user_data:
        more += f', "user_data": {json.dumps(doc.user_data, ensure_ascii=False)}'
    return more


def read_jsonl(
    source: Source,
    *,
    where: str | None = None,
    label_map: Mapping[str, str] | None = None,
    tokenize: Tokenize | None = None,
    log: ReadingLog | None = None,
) -> Iterator[Doc]:
    """Docs of a JSONL file; blank lines are passed over.

    A line has `text` and `tokens`, as Doc.to_json, or `text` and `entities`, character offsets as
    [[0, 8, "PER"], …] or objects with `start`, `end` and `label`; `spans` and `label` are other names for
    `entities`. Words in none of these are outside; null says that nobody looked for any.
    label_map: renames entity types, "" to outside, "-" to missing.
    tokenize: makes the words of a line that has no tokens.
    log: goes on after errors and tells them.

    Raises FormatError with file and line for what is not JSON, not a document, or not UTF-8, and for
        entities that do not fall on tokens, all of a line at once.
    """
    name = name_of(source, where)
    for number, line in numbered_lines(source, name, log):
        if not line.strip():
            continue
        try:
            doc = _read_line(Place(name, number), line, tokenize)
        except FormatError as error:
            if log is None:
                raise
            log.problems.append(error)
            continue
        if label_map:
            _rename_entities(doc, label_map)
        if log is not None:
            log.lines.append([number])
        yield doc


def _read_line(place: Place, line: str, tokenize: Tokenize | None) -> Doc:
    try:
        return _document(json.loads(line), tokenize)
    except TextError as error:
        raise FormatError(f"{place.where}, line {place.line}: {error}", place.line) from error
    except (ValueError, RecursionError) as error:  # json raises ValueError for numbers of 4,301 digits
        raise place.error(f"what is not JSON ({error})", "one document as a JSON object") from None


def _document(data: Any, tokenize: Tokenize | None) -> Doc:
    key = next((key for key in ENTITY_KEYS if key in data), None) if isinstance(data, dict) else None
    if key is None or "tokens" in data:
        return Doc.from_json(data)
    if not isinstance(data.get("text"), str):
        raise TextError(f"text: found {data.get('text')!r}, expected a string")
    if tokenize is None:
        raise TextError(
            f"found '{key}' without 'tokens', expected a tokenizer to find the words: "
            "give a language (--lang), or tokenize=nlp.make_doc"
        )
    doc = tokenize(data["text"])
    if data[key] is not None:
        set_offsets(doc, data[key])
    return doc


def _rename_entities(doc: Doc, label_map: Mapping[str, str]) -> None:
    """In place; an entity mapped to "" becomes outside, to "-" missing, and no wrong entity has its label."""
    columns = doc.columns
    if columns.has_ent_type():
        types = columns.ent_type_column()
        renamed = [label_map.get(label, label) if label else None for label in types]
        dropped = {"": OUTSIDE, "-": MISSING}
        pairs = zip(renamed, columns.iob_column(), strict=True)
        columns.set_iob_column([code if label is None else dropped.get(label, code) for label, code in pairs])
        columns.set_ent_type_column([None if label in ("", "-") else label for label in renamed])
    if doc.wrong_ents:
        known = [(span, label_map.get(span.label_, span.label_)) for span in doc.wrong_ents]
        doc.wrong_ents = [
            Span(doc, span.start, span.end, label)
            for span, label in known
            if label not in ("", "-") or not span.label_
        ]
