"""Parses with arbitrary scores and presets: always one projective tree a sentence, in linear time."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treelet import _core
from treelet.errors import PackageError, TextError

LABELS = ["a", "b", "c|d"]


@given(st.integers(0, 14), st.booleans(), st.integers(0, 2**32 - 1), st.data())
@settings(max_examples=150, deadline=None)
def test_any_walk_ends_in_one_projective_tree_a_sentence(
    n: int, repairs: bool, seed: int, data: st.DataObject
) -> None:
    presets = data.draw(st.lists(st.sampled_from([-1, 0, 0, 1]), min_size=n, max_size=n))
    rng = np.random.default_rng(seed)
    system = _core.ArcEager(LABELS, LABELS[:2], ["all"], repairs)
    weights = rng.random(system.n_actions)
    walk = _core.ParseWalk(system, n, presets)
    steps = 0
    while not walk.is_final():
        allowed = np.flatnonzero(walk.valid())
        assert len(allowed) > 0
        walk.apply(int(allowed[np.argmax(weights[allowed] * rng.random(len(allowed)))]))
        steps += 1
    # Each word is pushed at most three times and leaves the stack as often; at most one Break a word.
    assert steps <= 7 * n
    heads = [word if head < 0 else head for word, head in enumerate(walk.heads())]
    starts = walk.sent_starts()
    assert not _core.nonprojective_words(heads)
    check_sentences(heads, starts)
    for word, preset in enumerate(presets[1:], start=1):
        assert preset in (0, starts[word])


def check_sentences(heads: list[int], starts: list[int]) -> None:
    bounds = [word for word, start in enumerate(starts) if start == 1] + [len(heads)]
    assert not heads or bounds[0] == 0
    for first, end in itertools.pairwise(bounds):
        assert all(first <= heads[word] < end for word in range(first, end))
        assert sum(heads[word] == word for word in range(first, end)) == 1
        for word in range(first, end):
            up = word
            for _ in range(end - first):
                up = heads[up]
            assert heads[up] == up


def layers_for(
    system: _core.ArcEager | _core.EntityMoves, rng: np.random.Generator, hidden: int = 5, pieces: int = 2
):
    wide, features = hidden * pieces, len(system.features)

    def draw(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape).astype(np.float32)

    return draw(features, wide), draw(wide), draw(system.n_actions, hidden), draw(system.n_actions)


def rows_for(system: _core.ArcEager | _core.EntityMoves, rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.standard_normal((n, len(system.features) * 10)).astype(np.float32)


@pytest.mark.parametrize("repairs", [False, True])
@pytest.mark.parametrize("n", [0, 1, 2, 60])
def test_the_parser_writes_whole_columns(n: int, repairs: bool) -> None:
    rng = np.random.default_rng(n)
    system = _core.ArcEager(LABELS, LABELS, ["13"], repairs)
    presets = np.zeros(n, np.int8)
    presets[1::7] = 1
    heads, deprels, starts = _core.walk_parser(
        system, layers_for(system, rng), 5, 2, rows_for(system, rng, n), presets
    )
    assert all(starts[word] == 1 for word in range(1, n, 7))
    check_sentences(heads, starts)
    assert [deprel == "root" for deprel in deprels] == [head == word for word, head in enumerate(heads)]
    assert set(deprels) <= {"root", "a", "b", "c"}


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_scores_that_are_not_finite_are_an_error(bad: float) -> None:
    rng = np.random.default_rng(0)
    system = _core.ArcEager(LABELS, LABELS, ["8"])
    rows = rows_for(system, rng, 9)
    rows[4] = bad
    with pytest.raises(PackageError, match="not finite"):
        _core.walk_parser(system, layers_for(system, rng), 5, 2, rows)


def test_actions_that_are_not_allowed_are_refused() -> None:
    walk = _core.ParseWalk(_core.ArcEager(["a"], ["a"], ["8"]), 3)
    for action in (-1, 1, 3, 4, 5):
        with pytest.raises(TextError, match="not allowed"):
            walk.apply(action)
    with pytest.raises(TextError, match="teach"):
        walk.costs()
    with pytest.raises(TextError, match="heads"):
        walk.teach([0, 7, 1], [0, 0, 0], [1, -1, -1])
