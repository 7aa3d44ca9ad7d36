"""Scores by label: counted by hand, and by plain loops over random analyses of one text."""

import random
from collections import Counter
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from random_analysis import random_analysis
from treelet.doc import Doc, Token
from treelet.formats import read_conllu
from treelet.scoring import Score, Scores, score_docs
from treelet.scoring.conll18 import compare_words
from treelet.scoring.word_list import UNIVERSAL_FEATURES

GOLD = """\
1\tDogs\tdog\tNOUN\tNNS\tNumber=Plur\t2\tnsubj\t_\tNER=O
2\tsaw\tsee\tVERB\tVBD\tMood=Ind|Tense=Past\t0\troot\t_\tNER=O
3\tAna\tAna\tPROPN\tNNP\tNumber=Sing\t2\tobj\t_\tNER=B-PER
4\tin\tin\tADP\tIN\t_\t5\tcase\t_\tNER=O
5\tRome\tRome\tPROPN\tNNP\tNumber=Sing\t2\tobl:loc\t_\tNER=B-LOC

"""
FOUND = """\
1\tDogs\tdog\tNOUN\tNN\tNumber=Sing\t2\tnsubj:pass\t_\tNER=O
2\tsaw\tsee\tVERB\tVBD\tMood=Ind|Tense=Pres|Typo=Yes\t0\troot\t_\tNER=O
3\tAna\tAna\tNOUN\tNN\tNumber=Sing\t2\tobl\t_\tNER=B-PER
4\tin\tin\tADP\tIN\t_\t5\tcase\t_\tNER=O
5\tRome\tRome\tPROPN\tNNP\tNumber=Sing\t3\tobl\t_\tNER=B-PER

"""


def read(text: str) -> list[Doc]:
    return list(read_conllu(text.split("\n"), per="document"))


def labels(gold: str, found: str) -> dict[str, dict[str, Score]]:
    return score_docs(read(gold), read(found)).labels


def test_counted_by_hand() -> None:
    found = labels(GOLD, FOUND)
    assert found["UPOS"] == {
        "PROPN": Score(2, 1, 1),
        "ADP": Score(1, 1, 1),
        "NOUN": Score(1, 2, 1),
        "VERB": Score(1, 1, 1),
    }
    assert found["XPOS"]["NN"] == Score(0, 2, 0)
    assert found["UFeats"] == {
        "Number=Sing": Score(2, 3, 2),
        "Mood=Ind": Score(1, 1, 1),
        "Number=Plur": Score(1, 0, 0),
        "Tense=Past": Score(1, 0, 0),
        "Tense=Pres": Score(0, 1, 0),
    }
    assert found["LAS"] == {
        "case": Score(1, 1, 1),
        "nsubj": Score(1, 1, 1),
        "obj": Score(1, 0, 0),
        "obl": Score(1, 2, 0),
        "root": Score(1, 1, 1),
    }
    assert found["ENTS"] == {"LOC": Score(1, 0, 0), "PER": Score(1, 2, 1)}


def test_most_frequent_in_gold_first() -> None:
    found = labels(GOLD, FOUND)
    assert list(found) == ["UPOS", "XPOS", "UFeats", "LAS", "ENTS"]
    assert list(found["UPOS"]) == ["PROPN", "ADP", "NOUN", "VERB"]
    assert list(found["UFeats"])[:: len(found["UFeats"]) - 1] == ["Number=Sing", "Tense=Pres"]


def test_words_are_cut_differently() -> None:
    gold = Doc(["New", "York"], [True, False], pos=["ADJ", "PROPN"], morphs=["", "Number=Sing"])
    one = Doc(["New York"], [False], pos=["PROPN"], morphs=["Number=Sing"])
    found = score_docs([gold], [one]).labels
    assert found["UPOS"] == {"ADJ": Score(1, 0, 0), "PROPN": Score(1, 1, 0)}
    assert found["UFeats"] == {"Number=Sing": Score(1, 1, 0)}


def test_what_gold_lacks_has_no_labels() -> None:
    found = score_docs([Doc(["a"], pos=["X"])], [Doc(["a"], pos=["Y"], tags=["T"], ents=["B-E"])])
    assert found.labels == {"UPOS": {"X": Score(1, 0, 0), "Y": Score(0, 1, 0)}}


def test_as_plain_values() -> None:
    scores = score_docs(read(GOLD), read(FOUND))
    case = scores.to_dict()["labels"]["LAS"]["obl"]
    assert (case["precision"], case["recall"], case["f1"], case["gold"]) == (0.0, 0.0, 0.0, 1)
    assert scores.to_dict()["labels"]["ENTS"]["PER"]["precision"] == 0.5
    assert Scores({}).to_dict() == {"labels": {}}


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="abç", min_size=1, max_size=25), st.integers(0, 2**32))
def test_the_same_as_plain_loops(characters: str, seed: int) -> None:
    rng = random.Random(seed)
    gold, guess = (read(random_analysis(characters, rng)) for _ in range(2))
    scores = score_docs(gold, guess)
    pairs = compare_words(gold, guess).pairs
    sides = [[word for doc in docs for word in doc] for docs in (gold, guess)]
    heads = [[-1 if word.head.i == word.i else word.head.i for word in side] for side in sides]
    twin = {p: g for g, p in pairs} | {-1: -1}
    for metric, labels_of in LABELS.items():
        counts = [Counter(label for word in side for label in labels_of(word)) for side in sides]
        correct: Counter[str] = Counter()
        for g, p in pairs:
            if metric != "LAS" or twin.get(heads[1][p]) == heads[0][g]:
                correct.update(labels_of(sides[0][g]) & labels_of(sides[1][p]))
        unlabelled = counts[0].pop("_", 0), correct.pop("_", 0)
        names = {*counts[0], *counts[1]} - {"_", ""}
        expected = {name: Score(counts[0][name], counts[1][name], correct[name]) for name in names}
        assert scores.labels.get(metric, expected) == expected
        assert (metric in scores.labels) == (metric not in scores.missing)
        if metric != "UFeats":
            assert sum(score.gold for score in expected.values()) + unlabelled[0] == scores[metric].gold
            assert sum(score.correct for score in expected.values()) + unlabelled[1] == scores[metric].correct


LABELS: dict[str, Callable[[Token], set[str]]] = {
    "UPOS": lambda word: {word.pos_ or "_"},
    "XPOS": lambda word: {word.tag_ or "_"},
    "UFeats": lambda word: {
        each for each in str(word.morph).split("|") if each.partition("=")[0] in UNIVERSAL_FEATURES
    },
    "LAS": lambda word: {(word.dep_ or "_").partition(":")[0]},
}
