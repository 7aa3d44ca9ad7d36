"""Doc: building, indexing, offsets, sentences, entities, copies."""

import copy
import pickle

import pytest

from treelet.doc import Doc, Span, Token
from treelet.errors import TextError

WORDS = ["Ann", "'s", "dog", "saw", "Bo", "Li", ".", "It", "ran"]
SPACES = [False, True, True, True, True, False, True, True, False]


@pytest.fixture
def doc() -> Doc:
    return Doc(
        WORDS,
        SPACES,
        pos=["PROPN", "PART", "NOUN", "VERB", "PROPN", "PROPN", "PUNCT", "PRON", "VERB"],
        tags=["NNP", "POS", "NN", "VBD", "NNP", "NNP", ".", "PRP", "VBD"],
        morphs=["Number=Sing", "", "Number=Sing", None, "", "", "", "Person=3|Number=Sing", ""],
        lemmas=["Ann", "'s", "dog", "see", "Bo", "Li", ".", "it", "run"],
        heads=[2, 0, 3, 3, 3, 4, 3, 8, 8],
        deps=["nmod:poss", "case", "nsubj", "root", "obj", "flat", "punct", "nsubj", "root"],
        ents=["B-PER", "O", "O", "O", "B-PER", "I-PER", "O", "O", None],
    )


def test_text_is_rebuilt_from_words_and_spaces(doc: Doc) -> None:
    assert doc.text == "Ann's dog saw Bo Li. It ran"
    assert Doc(["a", "b"]).text == "a b "
    assert "".join(token.text_with_ws for token in doc) == doc.text
    assert [doc.text[t.idx : t.idx + len(t)] for t in doc] == WORDS


def test_offsets_count_code_points() -> None:
    doc = Doc(["né", "😀", "e\u0301x"], [True, False, False])
    assert doc.char_starts == [0, 3, 4]
    assert doc.char_ends == [2, 4, 7]


def test_indexing(doc: Doc) -> None:
    assert isinstance(doc[0], Token)
    assert doc[-1].text == "ran"
    assert isinstance(doc[2:4], Span)
    assert doc[-2:].text == "It ran"
    assert len(doc[5:2]) == 0
    for index in (9, -10):
        with pytest.raises(IndexError, match="9 words"):
            doc[index]
    with pytest.raises(ValueError, match="step 2"):
        doc[::2]


def test_sentences_come_from_trees_when_starts_are_unknown(doc: Doc) -> None:
    assert [sent.text for sent in doc.sents] == ["Ann's dog saw Bo Li.", "It ran"]
    doc.columns.set_sent_start_column([1, -1, -1, -1, -1, -1, -1, -1, -1])
    doc.forget_index()
    assert [sent.text for sent in doc.sents] == [doc.text]


def test_what_is_not_annotated_is_an_error_that_says_so() -> None:
    doc = Doc(["a", "b"])
    for name in ("sents", "noun_chunks"):
        with pytest.raises(TextError, match="doc has no .*which " + name):
            list(getattr(doc, name))
    assert list(Doc().sents) == []
    assert doc.ents == ()


def test_has_annotation(doc: Doc) -> None:
    for name in ("POS", "TAG", "MORPH", "LEMMA", "DEP", "HEAD", "ENT_IOB", "SENT_START"):
        assert doc.has_annotation(name)
        assert not Doc(["a"]).has_annotation(name)
    assert doc.has_annotation("POS", require_complete=True)
    assert not doc.has_annotation("MORPH", require_complete=True)
    assert not doc.has_annotation("ENT_IOB", require_complete=True)
    with pytest.raises(TextError, match="'COLOUR'"):
        doc.has_annotation("COLOUR")


@pytest.mark.parametrize(
    ("mode", "start", "end", "expected"),
    [
        ("strict", 0, 5, "Ann's"),
        ("strict", 1, 5, None),
        ("strict", 0, 6, None),
        ("contract", 1, 13, "'s dog saw"),
        ("contract", 1, 2, None),
        ("expand", 1, 7, "Ann's dog"),
        ("expand", 7, 8, "dog"),
        ("expand", 5, 6, None),
        ("strict", 5, 2, None),
        ("expand", 0, 99, None),
    ],
)
def test_char_span(doc: Doc, mode: str, start: int, end: int, expected: str | None) -> None:
    span = doc.char_span(start, end, "X", alignment_mode=mode)  # type: ignore[arg-type]
    assert (span and span.text) == expected
    assert span is None or span.label_ == "X"


def test_char_span_refuses_another_mode(doc: Doc) -> None:
    with pytest.raises(TextError, match="'loose'"):
        doc.char_span(0, 3, alignment_mode="loose")  # type: ignore[arg-type]


def test_entities_are_read_and_set(doc: Doc) -> None:
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Ann", "PER"), ("Bo Li", "PER")]
    doc.ents = [Span(doc, 2, 3, "PET"), Span(doc, 3, 4, "ACT")]
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("dog", "PET"), ("saw", "ACT")]
    assert doc[8].ent_iob_ == "O"
    doc.set_ents([Span(doc, 4, 5, "PER")], missing=[doc[0:2]], default="unmodified")
    assert [ent.text for ent in doc.ents] == ["dog", "saw", "Bo"]
    assert doc[0].ent_iob_ == ""


def test_entity_that_cuts_another_leaves_its_rest(doc: Doc) -> None:
    doc.set_ents([Span(doc, 4, 5, "LOC")], default="unmodified")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Ann", "PER"), ("Bo", "LOC"), ("Li", "PER")]


def test_entities_that_cannot_be_set(doc: Doc) -> None:
    with pytest.raises(TextError, match="overlap"):
        doc.ents = [Span(doc, 0, 2, "A"), Span(doc, 1, 3, "B")]
    with pytest.raises(TextError, match="no label"):
        doc.ents = [doc[0:1]]
    with pytest.raises(TextError, match="another document"):
        doc.ents = [Span(doc.copy(), 0, 1, "A")]


def test_blocked_missing_and_outside_words(doc: Doc) -> None:
    doc.set_ents([], blocked=[doc[0:2]], outside=[doc[3:4]], default="missing")
    assert [token.ent_iob_ for token in doc] == ["O", "O", "", "O", *[""] * 5]
    doc.set_ents([Span(doc, 4, 6, "PER")], missing=[doc[0:1]], blocked=[doc[6:7]])
    assert [token.ent_iob_ for token in doc] == ["", "O", "O", "O", "B", "I", "O", "O", "O"]


def test_entity_spans_that_share_a_word_are_named(doc: Doc) -> None:
    before = doc.to_json()
    with pytest.raises(TextError, match=r"blocked\[1\]: found 'dog saw', which .* with entities\[0\] 'dog'"):
        doc.set_ents([Span(doc, 2, 3, "PET")], blocked=[doc[0:1], doc[2:4]])
    with pytest.raises(TextError, match=r"missing\[0\]: found words 2 to 2 of 9"):
        doc.set_ents([], missing=[doc[2:2]])
    beyond = doc[8:9]
    beyond.end = 12
    with pytest.raises(TextError, match=r"outside\[0\]: found words 8 to 12 of 9"):
        doc.set_ents([], outside=[beyond])
    with pytest.raises(TextError, match=r"entities\[0\]: found tuple"):
        doc.ents = [(0, 1, "A")]  # type: ignore[list-item]
    with pytest.raises(TextError, match="'else'"):
        doc.set_ents([], default="else")  # type: ignore[arg-type]
    assert doc.to_json() == before


def test_noun_chunks(doc: Doc) -> None:
    assert [chunk.text for chunk in doc.noun_chunks] == ["Ann's dog", "Bo Li", "It"]
    assert {chunk.label_ for chunk in doc.noun_chunks} == {"NP"}
    assert [chunk.text for chunk in doc[3:7].noun_chunks] == ["Bo Li"]


def test_copies_are_equal_and_independent(doc: Doc) -> None:
    doc.user_data["newpar"] = "p1"
    for other in (doc.copy(), copy.copy(doc), copy.deepcopy(doc), pickle.loads(pickle.dumps(doc))):
        assert other == doc
        assert hash(other) == hash(doc)
        other[0].lemma_ = "changed"
        assert other != doc
    assert doc != "text"


def test_json_holds_everything(doc: Doc) -> None:
    data = doc.to_json()
    assert data["text"] == doc.text
    assert data["ents"][0] == {"start": 0, "end": 3, "label": "PER"}
    assert data["sents"][1] == {"start": 21, "end": 27}
    assert data["tokens"][3] == {
        "id": 3, "start": 10, "end": 13, "text": "saw", "lemma": "see", "pos": "VERB", "tag": "VBD",
        "head": 3, "dep": "root", "ent": "O",
    }  # fmt: skip
    assert Doc.from_json(data) == doc


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": 1}, "expected an object with 'text'"),
        ({"tokens": [1]}, r"tokens\[0\]"),
        ({"tokens": [{"id": 0, "start": 0}]}, r"tokens\[0\].end"),
        ({"tokens": [{"start": 0, "end": 99}]}, "past the end"),
        ({"tokens": [{"start": 1, "end": 2}]}, "no token covers"),
        ({"tokens": [{"start": 0, "end": 2, "part": 2}]}, "later part"),
        ({"tokens": [{"start": 0, "end": 0}, {"start": 0, "end": 2}]}, "surface is empty"),
        ({"tokens": [{"start": 0, "end": 2, "head": 5}]}, "head"),
        ({"tokens": [{"start": 0, "end": 2, "lemma": 5}]}, "lemma"),
        ({"tokens": [{"start": 0, "end": 2, "form": ""}]}, "form is empty"),
        ({"tokens": [{"start": 0, "end": 2, "ent": "X"}]}, "'X'"),
        ({"tokens": [{"start": 2**40, "end": 2}]}, "whole number"),
    ],
)
def test_json_that_is_not_a_document(change: dict[str, object], message: str) -> None:
    data = {"text": "ab", "tokens": [{"start": 0, "end": 2}]} | change
    with pytest.raises(TextError, match=message):
        Doc.from_json(data)


@pytest.mark.parametrize(
    "arguments",
    [
        {"spaces": [True]},
        {"heads": [0]},
        {"heads": [0, 2]},
        {"heads": [0, -2]},
        {"pos": ["X"]},
        {"lemmas": ["a", "b", "c"]},
        {"sent_starts": [True]},
        {"sent_starts": [5, 5]},
        {"ents": ["B-X", "X"]},
        {"ents": ["O"]},
        {"words": ["a", ""]},
    ],
)
def test_arguments_that_do_not_fit(arguments: dict[str, list[object]]) -> None:
    with pytest.raises(TextError):
        Doc(**{"words": ["a", "b"], **arguments})  # type: ignore[arg-type]


def test_heads_in_a_cycle_are_an_error() -> None:
    doc = Doc(["a", "b", "c"], heads=[1, 0, 2])
    with pytest.raises(TextError, match="cycle"):
        list(doc[0].children)


def test_slice_keeps_what_lies_inside(doc: Doc) -> None:
    part = doc[3:7].as_doc()
    assert part.text == "saw Bo Li. "
    assert [token.head.i for token in part] == [0, 0, 1, 0]
    assert [ent.text for ent in part.ents] == ["Bo Li"]
    inner = doc[4:6].as_doc()
    assert [token.head.i for token in inner] == [0, 0]
