"""Lifting crossing arcs and putting them back, over random trees."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treelet import _core
from treelet.errors import FormatError, SettingsError

SCHEMES = ["head", "path", "head+path"]


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[int], list[str]]:
    """Random trees, crossing or not: each word in a random order hangs on an earlier one."""
    n = draw(st.integers(1, 12))
    order = draw(st.permutations(range(n)))
    heads = [order[0]] * n
    for place, word in enumerate(order[1:], start=1):
        heads[word] = order[draw(st.integers(0, place - 1))]
    deprels = draw(st.lists(st.sampled_from(["a", "b", "c:d"]), min_size=n, max_size=n))
    deprels[order[0]] = "root"
    return heads, deprels


def reaches_root(heads: list[int]) -> bool:
    for word in range(len(heads)):
        for _ in heads:
            word = heads[word]
        if heads[word] != word:
            return False
    return True


@given(trees(), st.sampled_from(SCHEMES))
@settings(max_examples=300, deadline=None)
def test_lifted_trees_are_projective_and_come_back_as_trees(
    tree: tuple[list[int], list[str]], scheme: str
) -> None:
    heads, deprels = tree
    lifted_heads, lifted_deprels = _core.projectivize(heads, deprels, scheme)
    assert not _core.nonprojective_words(lifted_heads)
    assert reaches_root(lifted_heads)
    moved = [word for word, head in enumerate(heads) if lifted_heads[word] != head]
    assert [word for word, deprel in enumerate(lifted_deprels) if "|" in deprel] == moved
    if not moved:
        assert (lifted_heads, lifted_deprels) == (heads, deprels)
    back_heads, back_deprels = _core.deprojectivize(lifted_heads, lifted_deprels, scheme)
    assert back_deprels == deprels
    assert reaches_root(back_heads)
    assert all(back_heads[word] == heads[word] for word in range(len(heads)) if word not in moved)


@given(st.lists(st.integers(0, 9), min_size=10, max_size=10), st.data())
def test_any_labels_are_put_back_without_cycles(ranks: list[int], data: st.DataObject) -> None:
    heads = [0 if word == 0 else ranks[word] % word for word in range(10)]
    labels = st.sampled_from(["a", "b", "a|b", "b|", "a>", "b|a>", "|", ">", "|>", ">|"])
    deprels = data.draw(st.lists(labels, min_size=10, max_size=10))
    for scheme in SCHEMES:
        back, _ = _core.deprojectivize(heads, deprels, scheme)
        assert reaches_root(back)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_one_crossing_arc_is_recovered(scheme: str) -> None:
    # "A hearing is scheduled on the issue today": the phrase "on the issue" hangs on "hearing".
    heads = [1, 3, 3, 3, 1, 6, 4, 3]
    deprels = ["det", "nsubj", "aux", "root", "nmod", "det", "pobj", "advmod"]
    lifted = _core.projectivize(heads, deprels, scheme)
    assert lifted[0][4] == 3
    assert lifted[1][4] == {"head": "nmod|nsubj", "path": "nmod|", "head+path": "nmod|nsubj"}[scheme]
    assert lifted[1][1] == {"head": "nsubj", "path": "nsubj>", "head+path": "nsubj>"}[scheme]
    assert _core.deprojectivize(*lifted, scheme) == (heads, deprels)


def random_tree(rng: random.Random, n: int) -> tuple[list[int], list[str]]:
    """Each word in a random order hangs on an earlier one, near more often than far."""
    order = rng.sample(range(n), n)
    heads = [order[0]] * n
    for place, word in enumerate(order[1:], start=1):
        near = sorted(order[:place], key=lambda other: abs(other - word))
        heads[word] = near[min(int(rng.expovariate(0.8)), place - 1)]
    deprels = [rng.choice(["nsubj", "obj", "obl", "nmod", "advmod", "case", "det", "punct"]) for _ in heads]
    deprels[order[0]] = "root"
    return heads, deprels


@pytest.mark.parametrize(("scheme", "least"), [("head", 0.60), ("path", 0.49), ("head+path", 0.80)])
def test_most_crossing_trees_come_back_exactly(scheme: str, least: float) -> None:
    """And every projective tree does, unchanged by the way."""
    rng = random.Random(7)
    crossing = exact = 0
    for _ in range(2000):
        heads, deprels = random_tree(rng, 10)
        lifted = _core.projectivize(heads, deprels, scheme)
        back = _core.deprojectivize(*lifted, scheme)
        if _core.nonprojective_words(heads):
            crossing += 1
            exact += back == (heads, deprels)
        else:
            assert lifted == back == (heads, deprels)
    assert 500 < crossing < 1900
    assert exact / crossing > least


def test_missing_heads_stay_missing() -> None:
    assert _core.projectivize([-1, 0, -1], ["a", "b", "c"]) == ([-1, 0, -1], ["a", "b", "c"])


def test_bad_trees_are_errors() -> None:
    with pytest.raises(FormatError, match="cycle"):
        _core.projectivize([1, 2, 0], ["a", "a", "a"])
    with pytest.raises(FormatError, match=r"heads\[1\]"):
        _core.projectivize([0, 5], ["a", "a"])
    with pytest.raises(FormatError, match="one a head"):
        _core.projectivize([0, 0], ["a"])
    with pytest.raises(FormatError, match="rename"):
        _core.projectivize([0, 0], ["root", "a|b"])
    with pytest.raises(SettingsError, match="scheme"):
        _core.projectivize([0], ["root"], "tail")
