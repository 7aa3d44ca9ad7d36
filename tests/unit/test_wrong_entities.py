"""Entities known to be wrong: on a Doc, in its JSON form, and as numbers for teaching."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

from treelet import Doc, Span
from treelet.errors import TextError, TrainingError
from treelet.formats import read_jsonl, write_jsonl
from treelet.teaching.entity_columns import entity_columns

NUMBERS = {"PER": 0, "LOC": 1}


@pytest.fixture
def doc() -> Doc:
    doc = Doc(words=["Ann", "saw", "New", "York", "."], ents=["B-PER", "O", None, None, None])
    doc.wrong_ents = [doc[2:4], Span(doc, 1, 2, "LOC"), doc[2:4]]
    return doc


def texts(doc: Doc) -> list[tuple[str, str]]:
    return [(span.text, span.label_) for span in doc.wrong_ents]


def test_they_are_kept_in_order_and_once(doc: Doc) -> None:
    assert texts(doc) == [("saw", "LOC"), ("New York", "")]
    assert all(span.doc is doc for span in doc.wrong_ents)
    assert doc.bare().wrong_ents == ()
    assert Doc(words=["x"]).wrong_ents == ()
    doc.wrong_ents = []
    assert doc.wrong_ents == ()


def test_they_travel_along(doc: Doc) -> None:
    copies = [doc.copy(), copy.deepcopy(doc), pickle.loads(pickle.dumps(doc)), Doc.from_json(doc.to_json())]
    for other in copies:
        assert other == doc
        assert texts(other) == texts(doc)
        other.wrong_ents = []
        assert other != doc
    assert texts(doc[1:4].as_doc()) == [("saw", "LOC"), ("New York", "")]
    assert texts(doc[3:5].as_doc()) == []


def test_jsonl_holds_them(doc: Doc) -> None:
    doc.user_data["newdoc"] = "d1"
    (line,) = write_jsonl([doc])
    assert json.loads(line) == doc.to_json()
    assert line == json.dumps(doc.to_json(), ensure_ascii=False) + "\n"
    assert doc.to_json()["wrong_ents"] == [{"first": 1, "last": 1, "label": "LOC"}, {"first": 2, "last": 3}]
    assert list(read_jsonl([line])) == [doc]


@pytest.mark.parametrize(
    "entry",
    [
        {},
        3,
        {"first": 0},
        {"first": 1, "last": 0},
        {"first": 0, "last": 5},
        {"first": True, "last": 1},
        {"first": -1, "last": 0},
        {"first": 0, "last": 0, "label": 3},
    ],
)
def test_json_that_is_none(doc: Doc, entry: Any) -> None:
    with pytest.raises(TextError, match=r"wrong_ents\[1\]"):
        Doc.from_json(doc.to_json() | {"wrong_ents": [{"first": 0, "last": 1}, entry]})
    with pytest.raises(TextError, match="expected a list"):
        Doc.from_json(doc.to_json() | {"wrong_ents": "no"})


def test_spans_that_cannot_be_wrong_entities(doc: Doc) -> None:
    with pytest.raises(TextError, match="another document"):
        doc.wrong_ents = [doc.copy()[0:1]]
    with pytest.raises(TextError, match="empty"):
        doc.wrong_ents = [doc[2:2]]
    assert len(doc.wrong_ents) == 2


def test_they_are_numbers_for_teaching(doc: Doc) -> None:
    doc.wrong_ents = [*doc.wrong_ents, Span(doc, 0, 1, "LOC"), Span(doc, 0, 2, "NEVER-TAUGHT")]
    columns = entity_columns(doc, NUMBERS)
    assert columns is not None
    assert columns.iob.tolist() == [3, 2, 0, 0, 0]
    assert columns.labels.tolist() == [0, -1, -1, -1, -1]
    assert columns.wrong.tolist() == [[0, 0, 1], [1, 1, 1], [2, 3, -1]]


def test_they_teach_alone() -> None:
    doc = Doc(words=["a", "b"])
    assert entity_columns(doc, NUMBERS) is None
    doc.wrong_ents = [doc[0:1]]
    columns = entity_columns(doc, NUMBERS)
    assert columns is not None
    assert columns.wrong.tolist() == [[0, 0, -1]]


@pytest.mark.parametrize("label", ["", "PER"])
def test_a_contradiction_says_where(doc: Doc, label: str) -> None:
    doc.wrong_ents = [Span(doc, 0, 1, label)]
    with pytest.raises(TrainingError, match=r"'Ann saw New York \. ?', words 0 to 0: 'Ann' is an entity"):
        entity_columns(doc, NUMBERS)


def test_white_space_begins_no_gold_entity() -> None:
    doc = Doc(words=[" ", "\u3000", "Ann", "\n"], ents=["B-PER", "I-PER", "I-PER", "B-LOC"])
    columns = entity_columns(doc, NUMBERS)
    assert columns is not None
    assert columns.iob.tolist() == [2, 2, 3, 2]
    assert columns.labels.tolist() == [-1, -1, 0, -1]
