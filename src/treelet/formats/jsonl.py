"""JSON Lines: one Doc a line, as Doc.to_json has it; the core makes them (`core/formats/json_writer.h`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from treelet import _core
from treelet.doc import Doc
from treelet.doc.wrong_entities import wrong_to_json
from treelet.errors import FormatError, TextError
from treelet.formats.lines import Place, Source, name_of, numbered_lines


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


def read_jsonl(source: Source, *, where: str | None = None) -> Iterator[Doc]:
    """Docs of a JSONL file; blank lines are passed over.

    Raises FormatError with file and line for what is not JSON, not a document, or not UTF-8.
    """
    name = name_of(source, where)
    for number, line in numbered_lines(source, name):
        if not line.strip():
            continue
        try:
            yield Doc.from_json(json.loads(line))
        except (json.JSONDecodeError, RecursionError) as error:
            raise Place(name, number).error(
                f"what is not JSON ({error})", "one document as a JSON object"
            ) from None
        except TextError as error:
            raise FormatError(f"{name}, line {number}: {error}") from None
