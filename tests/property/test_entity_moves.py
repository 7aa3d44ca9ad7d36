"""Recognition with arbitrary scores, presets and sentence starts: legal columns only, presets kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treelet import _core
from treelet.errors import PackageError, SettingsError

MISSING, INSIDE, OUTSIDE, BEGIN = 0, 1, 2, 3


@given(st.integers(0, 10), st.integers(0, 2**32 - 1), st.data())
@settings(max_examples=300, deadline=None)
def test_any_walk_is_legal_and_keeps_presets(n: int, seed: int, data: st.DataObject) -> None:
    def column(values: list[int]) -> list[int]:
        return data.draw(st.lists(st.sampled_from(values), min_size=n, max_size=n))

    preset, labels, starts = column([0, 0, 0, 1, 2, 3]), column([-1, -1, 0, 1]), column([-1, 0, 1])
    blank = column([0, 0, 0, 1])
    rng = np.random.default_rng(seed)
    walk = _core.EntityWalk(_core.EntityMoves(["PER", "LOC"], ["all"]), n, preset, labels, starts, blank)
    while not walk.is_final():
        allowed = np.flatnonzero(walk.valid())
        assert len(allowed) > 0
        walk.apply(int(rng.choice(allowed)))
    iob, found = walk.iob(), walk.labels()
    for word in range(n):
        assert iob[word] in (INSIDE, OUTSIDE, BEGIN)
        assert (found[word] == -1) == (iob[word] == OUTSIDE)
        if iob[word] == INSIDE:
            assert word > 0
            assert found[word - 1] == found[word]
            assert starts[word] != 1
        if blank[word] and preset[word] == MISSING:
            assert iob[word] != BEGIN
        if preset[word] in (OUTSIDE, BEGIN):
            assert iob[word] == preset[word]
        if preset[word] == INSIDE:
            assert iob[word] in (INSIDE, BEGIN)
        if preset[word] in (BEGIN, INSIDE) and labels[word] >= 0:
            assert found[word] == labels[word]


def annotate(iob: list[int] | None = None, labels: list[str] | None = None, n: int = 6, bad: float = 0.0):
    rng = np.random.default_rng(1)
    system = _core.EntityMoves(["PER", "LOC"], ["6"])
    shapes = [(6, 8), (8,), (system.n_actions, 4), (system.n_actions,)]
    layers = tuple(rng.standard_normal(shape).astype(np.float32) for shape in shapes)
    rows = rng.standard_normal((n, 6 * 8)).astype(np.float32) + np.float32(bad)
    return _core.walk_entities(
        system, layers, 4, 2, rows, None if iob is None else np.array(iob, np.uint8), labels
    )


def test_the_recognizer_writes_whole_columns() -> None:
    iob, labels = annotate()
    assert len(iob) == len(labels) == 6
    assert all((value == OUTSIDE) == (label == "") for value, label in zip(iob, labels, strict=True))
    assert annotate(n=0) == ([], [])


def test_preset_entities_stay_whatever_their_label() -> None:
    iob, labels = annotate([0, 3, 1, 2, 3, 1], ["", "DRUG", "DRUG", "", "LOC", "LOC"])
    assert iob[1:] == [3, 1, 2, 3, 1]
    assert labels[1:] == ["DRUG", "DRUG", "", "LOC", "LOC"]


@pytest.mark.parametrize("bad", ["nan", "inf", "-inf"])
def test_scores_that_are_not_finite_are_an_error(bad: str) -> None:
    with pytest.raises(PackageError, match="not finite"):
        annotate(bad=float(bad))


@pytest.mark.parametrize("labels", [["PER", "PER"], [""]])
def test_bad_labels_are_errors(labels: list[str]) -> None:
    with pytest.raises(SettingsError, match="labels"):
        _core.EntityMoves(labels, ["3"])


def test_actions_are_in_order() -> None:
    assert _core.EntityMoves(["A", "B"], ["3"]).actions == [
        "Out",
        "Begin-A",
        "Inside-A",
        "Last-A",
        "Unit-A",
        "Begin-B",
        "Inside-B",
        "Last-B",
        "Unit-B",
    ]
