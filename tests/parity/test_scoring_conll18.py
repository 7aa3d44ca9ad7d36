"""Our CoNLL 2018 metrics against the official scorer, number by number."""

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from udtools import udeval

from random_analysis import FEATS, RELATIONS, random_analysis
from treelet.formats import read_conllu
from treelet.scoring import METRICS, conll18_scores, score_docs


def official(conllu: str) -> object:
    return udeval.load_conllu(io.StringIO(conllu), "in memory", {"multiple_roots_okay": True})


def assert_same(gold: str, predicted: str) -> None:
    expected = udeval.evaluate(official(gold), official(predicted))
    read = [list(read_conllu(text.split("\n"), per="document")) for text in (gold, predicted)]
    found = conll18_scores(*read)
    assert tuple(found) == METRICS
    for name, score in found.items():
        theirs = expected[name]
        assert (score.correct, score.gold, score.predicted) == (
            theirs.correct,
            theirs.gold_total,
            theirs.system_total,
        ), name
        assert (score.precision, score.recall, score.f1) == (theirs.precision, theirs.recall, theirs.f1), name
        assert score.aligned_accuracy == theirs.aligned_accuracy, name


@settings(max_examples=250, deadline=None)
@given(st.text(alphabet="abç", min_size=1, max_size=25), st.integers(0, 2**32))
def test_random_analyses_of_one_text(characters: str, seed: int) -> None:
    rng = random.Random(seed)
    assert_same(random_analysis(characters, rng), random_analysis(characters, rng))


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="abç", min_size=1, max_size=40), st.integers(0, 2**32))
def test_small_differences(characters: str, seed: int) -> None:
    gold = random_analysis(characters, random.Random(seed))
    rng = random.Random(seed + 1)
    lines = gold.split("\n")
    for i, line in enumerate(lines):
        fields = line.split("\t")
        if len(fields) == 10 and "-" not in fields[0] and rng.random() < 0.2:
            column = rng.choice([2, 3, 4, 5, 7])
            fields[column] = rng.choice(
                {2: ["x", "_"], 3: ["NOUN", "ADJ"], 4: ["X"], 5: FEATS, 7: RELATIONS}[column]
            )
            lines[i] = "\t".join(fields)
    assert_same(gold, "\n".join(lines))


def test_equal_analyses_score_one() -> None:
    rng = random.Random(3)
    docs = list(read_conllu(random_analysis("abcabcabc" * 5, rng).split("\n")))
    assert all(score.f1 == 1.0 for score in conll18_scores(docs, docs).values() if score.gold)


def test_documents_in_pairs_score_as_one_file() -> None:
    rng = random.Random(5)
    texts = ["abcab" * 8, "bca" * 9]
    gold = "".join("# newpar\n" + random_analysis(text, rng) for text in texts)
    predicted = "".join("# newpar\n" + random_analysis(text, rng) for text in texts)
    pairs = [list(read_conllu(text.split("\n"))) for text in (gold, predicted)]
    assert len(pairs[0]) == len(pairs[1]) == 2
    expected = udeval.evaluate(official(gold), official(predicted))
    scores = score_docs(*pairs)
    assert {name: scores[name].f1 for name in METRICS} == {name: expected[name].f1 for name in METRICS}


def test_different_texts_are_an_error_that_shows_the_place() -> None:
    gold = list(read_conllu(["1\tabc\t_\t_\t_\t_\t0\troot\t_\t_", ""]))
    predicted = list(read_conllu(["1\tabd\t_\t_\t_\t_\t0\troot\t_\t_", ""]))
    with pytest.raises(ValueError, match=r"document 0.*after 'ab'.*'c'.*'d'"):
        score_docs(gold, predicted)
    with pytest.raises(ValueError, match="as many as gold"):
        score_docs(gold, [])
