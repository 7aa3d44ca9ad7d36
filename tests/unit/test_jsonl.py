"""JSON Lines in and out."""

import json

import pytest

from treelet.doc import Doc, Span
from treelet.errors import FormatError
from treelet.formats import doc_to_json, language_tokenizer, read_jsonl, write_jsonl


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


def test_texts_with_character_offsets() -> None:
    lines = [
        '{"text": "Ann met Tim Cook.", "entities": [[0, 3, "person"], [8, 16, "person"]], "meta": 1}',
        '{"text": "In Rome.", "spans": [{"start": 3, "end": 7, "label": "LOC"}]}',
        '{"text": "No.", "label": []}',
        '{"text": "No.", "entities": null}',
    ]
    docs = list(read_jsonl(lines, tokenize=language_tokenizer("en"), label_map={"person": "PER", "LOC": ""}))
    assert [[(ent.text, ent.label_) for ent in doc.ents] for doc in docs] == [
        [("Ann", "PER"), ("Tim Cook", "PER")],
        [],
        [],
        [],
    ]
    assert [doc.has_annotation("ENT_IOB") for doc in docs] == [True, True, True, False]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            '{"text": "Ann met", "entities": [[0, 2, "P"], [3, 7, "P"]]}',
            r"(?s)line 1.*\(0, 3\) 'Ann'.*\(4, 7\)",
        ),
        ('{"text": 1, "entities": []}', "line 1: text: found 1, expected a string"),
        ('{"text": "Ann", "entities": 1}', "line 1: entities: found 1, expected a list"),
        ('{"text": "Ann", "entities": [[0, 3]]}', "line 1: entities"),
    ],
)
def test_offsets_that_cannot_be_taken(line: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        list(read_jsonl([line], tokenize=language_tokenizer("en")))


def test_labels_are_renamed() -> None:
    doc = Doc(["a", "b", "c", "d"], ents=["B-X", "I-X", "B-Y", "B-Z"])
    doc.wrong_ents = [Span(doc, 0, 1, "X"), Span(doc, 0, 1, "Y"), Span(doc, 0, 2, "")]
    (found,) = read_jsonl(write_jsonl([doc]), label_map={"X": "W", "Y": "", "Z": "-"})
    assert [token.ent_iob_ for token in found] == ["B", "I", "O", ""]
    assert [token.ent_type_ for token in found] == ["W", "W", "", ""]
    assert [(span.text, span.label_) for span in found.wrong_ents] == [("a", "W"), ("a b", "")]
