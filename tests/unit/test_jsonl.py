"""JSON Lines in and out."""

import json

import pytest

from treelet.doc import Doc
from treelet.errors import FormatError
from treelet.formats import doc_to_json, read_jsonl, write_jsonl


def test_round_trip_with_any_character() -> None:
    docs = [
        Doc(["ç", "\u2028", "\udc80", "\x00"], pos=["X", None, "Y", None], ents=["B-A", "I-A", "O", None]),
        Doc(),
    ]
    lines = list(write_jsonl(docs))
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines)
    assert list(read_jsonl([line.encode("utf-8") for line in lines])) == docs
    assert doc_to_json(docs[0]) == json.loads(lines[0])


@pytest.mark.parametrize(
    "line", ["{", "[]", "1", '{"text": "a"}', '{"text": "a", "tokens": []}', "[" * 100_000]
)
def test_malformed_lines_are_named(line: str) -> None:
    with pytest.raises(FormatError, match=r"f.jsonl, line 3"):
        list(read_jsonl(['{"text": "", "tokens": []}', "", line], where="f.jsonl"))
