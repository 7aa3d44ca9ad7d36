"""Entity scores by exact borders and type."""

import pytest

from treelet.doc import Doc, Span
from treelet.errors import TextError
from treelet.scoring import Score, entity_scores, score_docs


def test_counts_by_label() -> None:
    gold = Doc(["a", "b", "c", "d"], ents=["B-X", "I-X", "O", "B-Y"])
    predicted = Doc(["a", "b", "c", "d"], ents=["B-X", "I-X", "B-Y", "B-X"])
    scores = entity_scores([gold], [predicted])
    assert scores is not None
    assert scores.micro == Score(2, 3, 1)
    assert scores.labels == {"X": Score(1, 2, 1), "Y": Score(1, 1, 0)}
    assert (scores.micro.precision, scores.micro.recall, scores.micro.f1) == (1 / 3, 1 / 2, 2 / 5)


def test_tokens_and_white_space_may_differ() -> None:
    gold = Doc(["New", "York", "!"], [True, False, False], ents=["B-L", "I-L", "O"])
    predicted = Doc(["New York", "!"], [True, False], ents=["B-L", "O"])
    scores = entity_scores([gold], [predicted])
    assert scores is not None
    assert scores.micro == Score(1, 1, 1)


def test_missing_gold_counts_neither_for_nor_against() -> None:
    gold = Doc(["a", "b", "c"], ents=["B-X", None, "O"])
    predicted = Doc(["a", "b", "c"], ents=["B-X", "B-X", "B-X"])
    scores = entity_scores([gold], [predicted])
    assert scores is not None
    assert scores.micro == Score(1, 2, 1)
    assert entity_scores([Doc(["a"])], [Doc(["a"], ents=["B-X"])]) is None


def test_errors() -> None:
    doc = Doc(["a"], ents=["O"])
    with pytest.raises(TextError, match="document 0"):
        entity_scores([doc], [Doc(["b"])])
    with pytest.raises(TextError, match="as many"):
        entity_scores([doc], [])
    with pytest.raises(TextError, match="white space alone"):
        score_docs([Doc(["a", "\n"])], [Doc(["a", "\n"])])


def test_what_gold_lacks_is_not_reported() -> None:
    gold = Doc(["a", "b"], pos=["X", "Y"], sent_starts=[True, False])
    scores = score_docs([gold], [gold])
    assert "LAS" in scores.missing
    assert set(scores.to_dict()) == {"Tokens", "Sentences", "Words", "UPOS", "AllTags", "labels"}
    assert scores.to_dict()["UPOS"]["f1"] == 1.0
    assert set(scores.to_dict()["labels"]) == {"UPOS"}


def test_what_is_known_to_be_wrong_counts_against_even_where_nothing_is_annotated() -> None:
    gold = Doc(["a", "b", "c", "d"], ents=["B-X", None, None, None])
    gold.wrong_ents = [Span(gold, 1, 2, "X"), gold[2:4]]
    predicted = Doc(["a", "b", "c", "d"], ents=["B-X", "B-X", "B-Y", "I-Y"])
    elsewhere = Doc(["a", "b", "c", "d"], ents=["B-X", "B-Y", "B-X", "B-X"])
    for found, score in ((predicted, Score(1, 3, 1)), (elsewhere, Score(1, 1, 1))):
        scores = entity_scores([gold], [found])
        assert scores is not None
        assert scores.micro == score
