"""JSON Lines: one Doc a line, as Doc.to_json has it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from treelet.doc import Doc
from treelet.errors import FormatError, TextError
from treelet.formats.json_line import json_line
from treelet.formats.lines import Place, Source, name_of, numbered_lines


def doc_to_json(doc: Doc) -> dict[str, Any]:
    """Everything known of a document as plain values: see Doc.to_json."""
    return doc.to_json()


def write_jsonl(docs: Iterable[Doc], *, probabilities: bool = False) -> Iterator[str]:
    """One line a document, with its line feed; with what annotators were how sure of, on request.

    Lone surrogates are written as escapes, so the line is always UTF-8.
    """
    for doc in docs:
        line = json_line(doc, probabilities)
        if not _is_unicode(line):
            line = json.dumps(doc.to_json(probabilities=probabilities), ensure_ascii=True)
        yield line + "\n"


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


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
