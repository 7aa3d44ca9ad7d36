"""Span: text, places, tree and comparison."""

import pytest

from treelet.doc import Doc, Span
from treelet.errors import TextError


@pytest.fixture
def doc() -> Doc:
    return Doc(
        ["The", "old", "dog", "barked", ".", "We", "ran", "home"],
        [True, True, True, False, True, True, True, False],
        lemmas=["the", "old", "dog", "bark", ".", "we", "run", "home"],
        heads=[2, 2, 3, 3, 3, 6, 6, 6],
        deps=["det", "amod", "nsubj", "root", "punct", "nsubj", "root", "advmod"],
        ents=["O", "O", "B-PET", "O", "O", "O", "O", "B-LOC"],
    )


def test_text_and_places(doc: Doc) -> None:
    span = doc[1:4]
    assert span.text == "old dog barked"
    assert (span.start, span.end, span.start_char, span.end_char, len(span)) == (1, 4, 4, 18, 3)
    assert doc[2:3].text_with_ws == "dog "
    assert doc[3:4].text_with_ws == "barked"
    assert span.lemma_ == "old dog bark"
    assert doc[8:8].text == ""


def test_indexing_is_relative_to_the_span(doc: Doc) -> None:
    span = doc[1:4]
    assert span[0].i == 1
    assert span[-1].i == 3
    assert span[1:].text == "dog barked"
    assert [t.i for t in span] == [1, 2, 3]
    with pytest.raises(IndexError):
        span[3]


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 9)])
def test_words_outside_the_document(doc: Doc, start: int, end: int) -> None:
    with pytest.raises(IndexError, match="8 words"):
        Span(doc, start, end)


def test_char_span_counts_from_the_span(doc: Doc) -> None:
    span = doc[1:4]
    found = span.char_span(4, 7, "PET")
    assert found is not None
    assert (found.text, found.label_) == ("dog", "PET")
    assert span.char_span(0, 15) is None


def test_tree(doc: Doc) -> None:
    assert doc[0:3].root.text == "dog"
    assert doc[1:5].root.text == "barked"
    assert [t.text for t in doc[2:4].lefts] == ["The", "old"]
    assert [t.text for t in doc[2:4].rights] == ["."]
    assert (doc[2:4].n_lefts, doc[2:4].n_rights) == (2, 1)
    assert [t.text for t in doc[2:3].subtree] == ["The", "old", "dog"]
    with pytest.raises(TextError, match="no root"):
        _ = doc[2:2].root


def test_sentences_and_entities(doc: Doc) -> None:
    assert doc[1:2].sent.text == "The old dog barked."
    assert [s.text for s in doc[3:6].sents] == ["The old dog barked.", "We ran home"]
    assert [s.text for s in doc[5:8].sents] == ["We ran home"]
    assert [e.label_ for e in doc[0:5].ents] == ["PET"]


def test_comparison(doc: Doc) -> None:
    assert doc[0:2] == doc[0:2]
    assert doc[0:2] != Span(doc, 0, 2, "X")
    assert doc[0:2] != doc.copy()[0:2]
    assert doc[0:2] < doc[1:2] < doc[1:3]
    assert len({doc[0:2], doc[0:2], doc[0:3]}) == 2
