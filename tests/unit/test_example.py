"""Example: gold documents from offsets, dictionaries, words and CoNLL-U."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

import small_corpus
from treelet import Doc, Example, FormatError, TextError
from treelet.formats import language_tokenizer
from treelet.gold import OffsetsError, check_offsets, gold_docs

TEXT = "Él vio a Tim Cook, no a Ann."
DOC = Doc(
    ["Él", "vio", "a", "Tim", "Cook", ",", "no", "a", "Ann", "."],
    [True, True, True, True, False, True, True, True, False, False],
)


@pytest.mark.parametrize(
    ("start", "end", "kind", "suggestion"),
    [
        (9, 16, "off by one", (9, 17)),
        (10, 17, "off by one", (9, 17)),
        (9, 18, None, None),
        (8, 17, "white space", (9, 17)),
        (9, 17, None, None),
        (17, 9, "reversed", (9, 17)),
        (10, 18, "units", (9, 17)),
        (10, 15, "misaligned", (9, 17)),
        (3, 3, "empty", (3, 6)),
        (25, 99, "outside", (24, 28)),
        (90, 99, "outside", None),
        (6, 7, "white space", (7, 8)),
    ],
)
def test_what_is_wrong(start: int, end: int, kind: str | None, suggestion: tuple[int, int] | None) -> None:
    assert DOC.text == TEXT
    found = check_offsets(DOC, [(start, end, "PER")])
    assert [(problem.kind, problem.suggestion) for problem in found] == ([(kind, suggestion)] if kind else [])


def test_utf16_units() -> None:
    doc = Doc(["🙂", "Ann"])
    (problem,) = check_offsets(doc, [(3, 6, "PER")])
    assert problem.suggestion == (2, 5)
    assert "UTF-16" in problem.message


def test_all_problems_are_shown_with_the_text_around() -> None:
    with pytest.raises(OffsetsError) as caught:
        Example.from_offsets(DOC, [(9, 17, "PER"), (10, 17, "PER"), (13, 17, "PER"), (25, 27, "PER")])
    assert [problem.number for problem in caught.value.problems] == [1, 2, 3]
    text = str(caught.value)
    assert "Él vio a T[[im Cook]], no a Ann." in text
    assert "did you mean (9, 17) 'Tim Cook'?" in text
    assert "shares a token with entities[0] (9, 17, 'PER')" in text


def tags(example: Example) -> list[str]:
    return [token.ent_iob_ or "-" for token in example.reference]


def test_choices_for_misaligned_offsets() -> None:
    offsets = [(10, 17, "PER")]
    chosen = {
        mode: tags(Example.from_offsets(DOC, offsets, misaligned=mode)) for mode in ("expand", "contract")
    }
    assert chosen["expand"][2:6] == ["O", "B", "I", "O"]
    assert chosen["contract"][2:6] == ["O", "O", "B", "O"]
    assert tags(Example.from_offsets(DOC, offsets, misaligned="missing"))[2:6] == ["O", "-", "-", "O"]
    with pytest.raises(OffsetsError):  # no token is wholly inside
        Example.from_offsets(DOC, [(10, 12, "PER")], misaligned="contract")


def test_words_in_no_entity() -> None:
    assert tags(Example.from_offsets(DOC, [(24, 27, "PER")])) == ["O"] * 8 + ["B", "O"]
    assert tags(Example.from_offsets(DOC, [(24, 27, "PER")], default="missing")) == ["-"] * 8 + ["B", "-"]


def test_the_document_given_stays_as_it_was() -> None:
    doc = DOC.copy()
    doc[0].tag_ = "X"
    example = Example.from_offsets(doc, [(9, 17, "PER")])
    assert not doc.ents
    assert not example.reference.has_annotation("TAG")


ALL: dict[str, Any] = {
    "tags": ["PRP", None, "P"],
    "pos": ["PRON", "VERB", None],
    "morphs": ["Case=Nom", "", None],
    "lemmas": ["él", "ver", None],
    "heads": [1, 1, None],
    "deps": ["nsubj", "root", None],
    "sent_starts": [True, None, False],
    "entities": ["B-PER", None, "O"],
}


def test_a_dictionary_and_back() -> None:
    example = Example.from_dict(Doc(["Él", "vio", "a"]), ALL)
    doc = example.reference
    assert [token.tag_ for token in doc] == ["PRP", "", "P"]
    assert [token.has_morph() for token in doc] == [True, True, False]
    assert [token.has_head() for token in doc] == [True, True, False]
    assert tags(example) == ["B", "-", "O"]
    assert example.to_dict() == {"words": ["Él", "vio", "a"], "spaces": [True] * 3, **ALL}
    assert Example.from_dict(doc, example.to_dict()) == example
    assert Example.from_words(["Él", "vio", "a"], **ALL) == example


def test_entities_as_offsets_in_a_dictionary() -> None:
    example = Example.from_dict(DOC, {"entities": [{"start": 24, "end": 27, "label": "PER", "id": 3}]})
    assert [ent.text for ent in example.reference.ents] == ["Ann"]
    assert tags(Example.from_dict(DOC, {"entities": []})) == ["O"] * 10
    assert tags(Example.from_dict(DOC, {"entities": None})) == ["-"] * 10


def test_other_words_of_the_same_text() -> None:
    doc = Doc(["Ann", "did", "n't", "go"], [True, False, True, False])
    example = Example.from_dict(doc, {"words": ["Ann", "didn't", "go"], "pos": ["PROPN", "AUX", "VERB"]})
    assert [token.text for token in example.reference] == ["Ann", "didn't", "go"]
    assert example.text == "Ann didn't go"
    assert [token.pos_ for token in example.reference] == ["PROPN", "AUX", "VERB"]


@pytest.mark.parametrize(
    ("annotations", "message"),
    [
        ({"tag": []}, r"'tag'.*did you mean 'tags'"),
        ({"tags": ["X"]}, "tags: found 1 values, expected one for each of 10 words"),
        ({"tags": "ABCDEFGHIJ"}, "tags: found str"),
        ({"tags": [1] * 10}, r"tags\[0\]: found 1, expected a string or None"),
        ({"heads": [10] + [None] * 9}, r"heads\[0\]: found 10, expected the index"),
        ({"heads": [-1] + [None] * 9}, r"heads\[0\]: found -1"),
        ({"heads": [1, 0] + [None] * 8}, "cycle"),
        ({"heads": [True] * 10}, r"heads\[0\]: found True"),
        ({"sent_starts": [5] * 10}, r"sent_starts\[0\]: found 5"),
        ({"entities": ["X"] + [None] * 9}, r"entities\[0\]: found entity tag 'X'"),
        ({"entities": ["O"]}, "entities: found 1 values"),
        ({"entities": [(0, 2)]}, r"entities\[0\]: found \(0, 2\), expected \(start, end, label\)"),
        ({"entities": [(0, "2", "X")]}, "whole numbers"),
        ({"entities": [(0, 2, "")]}, "expected a label"),
        ({"entities": {"PER": (0, 2)}}, "expected a list of"),
        ({"words": ["Él", "ve"]}, r"words\[1\]: found 've', but at character 3 .* 'vio a Tim"),
        ({"words": ["Él", "vio"]}, "the text goes on with ' a Tim"),
        ({"spaces": [False] * 10}, r"spaces\[0\]: found False, but in the text white space follows 'Él'"),
    ],
)
def test_what_cannot_be_taken(annotations: dict[str, Any], message: str) -> None:
    with pytest.raises(TextError, match=message):
        Example.from_dict(DOC, annotations)


def test_files(tmp_path: Path) -> None:
    text = small_corpus.conllu(12)
    examples = Example.from_conllu(text)
    assert [len(list(example.reference.sents)) for example in examples] == [10, 2]
    path = small_corpus.write(tmp_path / "a.conllu", text)
    assert list(Example.from_file(path)) == examples
    assert {ent.label_ for ent in next(Example.from_file(path, label_map={"place": ""})).reference.ents} == {
        "person"
    }
    with pytest.raises(FormatError, match="<text>, line 1"):
        Example.from_conllu("1\tA\n")
    notes = small_corpus.write(
        tmp_path / "n.jsonl", '{"text": "Ann didn\'t.", "entities": [[0, 3, "PER"]]}\n'
    )
    (example,) = Example.from_file(notes, tokenize=language_tokenizer("en"))
    assert tags(example) == ["B", "O", "O", "O"]
    with pytest.raises(FormatError, match="line 1: found 'entities' without 'tokens'"):
        list(Example.from_file(notes))


def test_an_example_travels() -> None:
    example = Example.from_offsets(DOC, [(9, 17, "PER")])
    assert pickle.loads(pickle.dumps(example)) == example
    assert repr(example) == f"Example({TEXT!r})"
    assert len(example) == 10


def test_a_list_of_examples() -> None:
    example = Example(DOC)
    assert gold_docs([example, DOC]) == [DOC, DOC]
    for wrong in (DOC, example, [TEXT], TEXT):
        with pytest.raises(TextError, match=r"examples"):
            gold_docs(wrong)  # type: ignore[arg-type]
    for wrong in (TEXT, None, [DOC]):
        with pytest.raises(TextError, match="gold Doc"):
            Example(wrong)  # type: ignore[arg-type]
    with pytest.raises(TextError, match="make_doc"):
        Example.from_offsets(TEXT, [])  # type: ignore[arg-type]
