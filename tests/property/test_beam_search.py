"""Beam search: width 1 is greedy, wide beams find what brute force finds, any width ends legally."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_arc_eager_walks import check_sentences, layers_for, rows_for

from treelet import _core
from treelet.errors import PackageError, SettingsError

HIDDEN, PIECES = 5, 2
LEFT, RIGHT = ["a", "b"], ["a", "c"]
presets_of = st.lists(st.sampled_from([-1, 0, 0, 0, 1]), max_size=24)


def parser_case(seed: int, n: int, repairs: bool, scale: float = 1.0) -> tuple[Any, ...]:
    rng = np.random.default_rng(seed)
    system = _core.ArcEager(LEFT, RIGHT, ["13"], repairs)
    layers = tuple((scale * part).astype(np.float32) for part in layers_for(system, rng, HIDDEN, PIECES))
    return system, layers, HIDDEN, PIECES, rows_for(system, rng, n)


def entity_case(seed: int, n: int, scale: float = 1.0) -> tuple[Any, ...]:
    rng = np.random.default_rng(seed)
    system = _core.EntityMoves(["PER", "LOC", "ORG"], ["6"])
    layers = tuple((scale * part).astype(np.float32) for part in layers_for(system, rng, HIDDEN, PIECES))
    return system, layers, HIDDEN, PIECES, rows_for(system, rng, n)


def columns(walk: Any) -> tuple[list[int], list[str], list[int]]:
    heads = [word if head < 0 else head for word, head in enumerate(walk.heads())]
    names = ["a", "b", "c", "root"]
    return heads, [names[label] for label in walk.deprels()], walk.sent_starts()


def replayed(walk: Any, history: list[tuple[int, float]]) -> Any:
    for action, log_probability in history:
        assert walk.valid()[action]
        assert log_probability <= 0.0
        walk.apply(action)
    assert walk.is_final()
    return walk


@given(st.integers(0, 2**32 - 1), presets_of, st.booleans())
@settings(max_examples=80, deadline=None)
def test_a_beam_of_one_is_greedy_parsing(seed: int, presets: list[int], repairs: bool) -> None:
    case, starts = parser_case(seed, len(presets), repairs), np.array(presets, np.int8)
    history = _core.search_parser(*case, 1, starts)
    walk = replayed(_core.ParseWalk(case[0], len(presets), presets), history)
    assert columns(walk) == tuple(_core.walk_parser(*case, starts))


@given(st.integers(0, 2**32 - 1), st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_a_beam_of_one_is_greedy_recognition(seed: int, n: int) -> None:
    case = entity_case(seed, n)
    walk = replayed(_core.EntityWalk(case[0], n), _core.search_entities(*case, 1))
    iob, labels = _core.walk_entities(*case)
    assert walk.iob() == iob
    assert [["PER", "LOC", "ORG", ""][label] for label in walk.labels()] == labels


def test_equal_scores_go_to_the_first_action() -> None:
    case = parser_case(0, 12, True, scale=0.0)
    assert [a for a, _ in _core.search_parser(*case, 1)] == [a for a, _ in _core.search_parser(*case, 1)]
    walk = replayed(_core.ParseWalk(case[0], 12), _core.search_parser(*case, 1))
    assert columns(walk) == tuple(_core.walk_parser(*case))


@given(st.integers(0, 2**32 - 1), presets_of, st.booleans(), st.sampled_from([2, 3, 8, 31]))
@settings(max_examples=120, deadline=None)
def test_any_width_ends_in_trees_that_its_history_made(
    seed: int, presets: list[int], repairs: bool, width: int
) -> None:
    case, starts = parser_case(seed, len(presets), repairs, 0.3), np.array(presets, np.int8)
    heads, deprels, found = _core.walk_parser(*case, starts, beam_width=width)
    check_sentences(heads, found)
    assert all(preset in (0, found[word]) for word, preset in enumerate(presets[1:], start=1))
    greedy = np.array(_core.walk_parser(*case, starts)[2], np.int8)
    assert found == greedy.tolist()  # beams keep to the sentences of greedy parsing
    history = _core.search_parser(*case, width, greedy)
    walk = replayed(_core.ParseWalk(case[0], len(presets), greedy.tolist()), history)
    assert columns(walk) == (heads, deprels, found)


@given(st.integers(0, 2**32 - 1), st.data(), st.sampled_from([2, 5, 16]))
@settings(max_examples=100, deadline=None)
def test_any_width_ends_in_legal_entities_and_keeps_presets(
    seed: int, data: st.DataObject, width: int
) -> None:
    iob = data.draw(st.lists(st.sampled_from([0, 0, 0, 1, 2, 3]), max_size=20))
    case = entity_case(seed, len(iob), 0.3)
    greedy = _core.walk_entities(*case, np.array(iob, np.uint8))
    found, labels = _core.walk_entities(*case, np.array(iob, np.uint8), beam_width=width)
    for word, (value, label) in enumerate(zip(found, labels, strict=True)):
        assert (value in (1, 3)) == bool(label)
        if value == 1:
            assert found[word - 1] in (1, 3)
            assert labels[word - 1] == label
        if iob[word]:  # presets come out as they do of greedy annotation
            assert value == greedy[0][word]


def test_long_runs_are_copied_right() -> None:
    for seed in range(4):
        presets = np.zeros(400, np.int8)
        presets[50::130] = 1
        case = parser_case(seed, 400, seed % 2 == 0, 0.4)
        replayed(_core.ParseWalk(case[0], 400, presets.tolist()), _core.search_parser(*case, 6, presets))
        greedy = np.array(_core.walk_parser(*case, presets)[2], np.int8)
        history = _core.search_parser(*case, 6, greedy)
        walk = replayed(_core.ParseWalk(case[0], 400, greedy.tolist()), history)
        assert columns(walk) == tuple(_core.walk_parser(*case, presets, beam_width=6))


class Scores:
    """The state layers in numpy: log-probabilities of the allowed actions."""

    def __init__(self, layers: tuple[np.ndarray, ...], rows: np.ndarray) -> None:
        self.padding, self.bias, self.weight, self.upper_bias = (part.astype(np.float64) for part in layers)
        self.rows = rows.reshape(len(rows), len(self.padding), -1).astype(np.float64)

    def allowed(self, walk: Any) -> dict[int, float]:
        valid = np.flatnonzero(walk.valid())
        if len(valid) == 1:
            return {int(valid[0]): 0.0}
        shown = [self.padding[f] if w < 0 else self.rows[w, f] for f, w in enumerate(walk.words())]
        hidden = (self.bias + np.sum(shown, axis=0)).reshape(PIECES, HIDDEN).max(0)
        scores = (self.weight @ hidden + self.upper_bias)[valid]
        return dict(zip(valid.tolist(), (scores - np.logaddexp.reduce(scores)).tolist(), strict=True))


def best_by_force(walk: Any, scores: Scores) -> float:
    if walk.is_final():
        return 0.0
    best = -math.inf
    for action, log_probability in scores.allowed(walk).items():
        after = walk.copy()
        after.apply(action)
        best = max(best, log_probability + best_by_force(after, scores))
    return best


@pytest.mark.parametrize("repairs", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_a_wide_beam_finds_the_best_parse(seed: int, repairs: bool) -> None:
    case = parser_case(seed, 3, repairs, 0.3)
    best = best_by_force(_core.ParseWalk(case[0], 3), Scores(case[1], case[4]))
    history = _core.search_parser(*case, 500)
    assert sum(log_probability for _, log_probability in history) == pytest.approx(best, abs=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_a_wide_beam_finds_the_best_entities(seed: int) -> None:
    case = entity_case(seed, 4, 0.5)
    best = best_by_force(_core.EntityWalk(case[0], 4), Scores(case[1], case[4]))
    history = _core.search_entities(*case, 500)
    assert sum(log_probability for _, log_probability in history) == pytest.approx(best, abs=1e-4)


def test_some_wider_beam_finds_what_greedy_misses() -> None:
    gains = []
    for seed in range(30):
        case = parser_case(seed, 15, True, 0.5)
        narrow, wide = (sum(p for _, p in _core.search_parser(*case, width)) for width in (1, 16))
        gains.append(wide - narrow)
    assert np.mean(gains) > 0.5


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_scores_that_are_not_finite_are_an_error(bad: float) -> None:
    *case, rows = parser_case(0, 9, True)
    rows[4] = bad
    with pytest.raises(PackageError, match="not finite"):
        _core.walk_parser(*case, rows, beam_width=4)
    *case, rows = entity_case(0, 9)
    rows[4] = bad
    with pytest.raises(PackageError, match="not finite"):
        _core.walk_entities(*case, rows, beam_width=4)


@pytest.mark.parametrize("width", [0, -1, 1025, 2**31 - 1])
def test_a_width_out_of_range_is_an_error(width: int) -> None:
    with pytest.raises(SettingsError, match=r"parser\.beam_width: found .*, expected 1 to 1024"):
        _core.walk_parser(*parser_case(0, 3, True), beam_width=width)
    with pytest.raises(SettingsError, match=r"ner\.beam_width"):
        _core.walk_entities(*entity_case(0, 3), beam_width=width)
