"""Names of positions -> words, of parser and recognizer."""

from __future__ import annotations

import pytest

from treelet import _core
from treelet.errors import SettingsError


def act(walk: _core.ParseWalk, system: _core.ArcEager, *names: str) -> None:
    for name in names:
        walk.apply(system.actions.index(name))


def test_sets_are_lists_of_names() -> None:
    eight = ["B0", "B1", "S0", "S1", "S2", "B0.left1", "S0.left1", "S0.right1"]
    sizes = {name: len(_core.ArcEager([], ["a"], [name]).features) for name in ("8", "13", "all")}
    assert sizes == {"8": 8, "13": 13, "all": 21}
    assert _core.ArcEager([], ["a"], ["8"]).features == eight
    assert _core.ArcEager([], ["a"], ["13"]).features[:8] == eight
    assert _core.EntityMoves([], ["3"]).features == ["B0", "E0", "B-1"]
    assert len(_core.EntityMoves([], ["6"]).features) == 6


def test_own_lists_keep_their_order() -> None:
    assert _core.ArcEager([], ["a"], ["S0.right2", "B0"]).features == ["S0.right2", "B0"]
    assert _core.ArcEager([], ["a"], ["8", "S1.right2"]).features[-1] == "S1.right2"


@pytest.mark.parametrize("bad", [["S3"], ["S0.left3"], ["B0", "B0"], ["8", "S0"], [], ["b0"]])
def test_bad_names_are_errors_that_list_the_names(bad: list[str]) -> None:
    with pytest.raises(SettingsError, match=r"S0.left1|twice"):
        _core.ArcEager([], ["a"], bad)
    with pytest.raises(SettingsError, match=r"E0|twice"):
        _core.EntityMoves(["PER"], bad)


def test_children_are_outermost_first() -> None:
    names = ["S0", "S1", "B0", "B1", "S0.left1", "S0.left2", "S0.right1", "S0.right2", "B0.left1", "B0.left2"]
    system = _core.ArcEager(["a"], ["a"], names)
    walk = _core.ParseWalk(system, 7)

    def shown() -> dict[str, int]:
        return dict(zip(names, walk.words(), strict=True))

    act(walk, system, "Shift", "Shift", "Left-a", "Left-a")
    assert (shown()["B0"], shown()["B0.left1"], shown()["B0.left2"], shown()["S0"]) == (2, 0, 1, -1)
    act(walk, system, "Shift")
    assert (shown()["S0"], shown()["S0.left1"], shown()["S0.left2"], shown()["S0.right1"]) == (2, 0, 1, -1)
    act(walk, system, "Right-a", "Reduce", "Right-a")
    assert (shown()["S0"], shown()["S1"]) == (4, 2)
    act(walk, system, "Reduce")
    assert (shown()["S0"], shown()["S0.right1"], shown()["S0.right2"]) == (2, 4, 3)
    act(walk, system, "Right-a", "Left-a")  # a repair: word 5 moves from word 2 to word 6
    assert (shown()["S0"], shown()["S0.right1"], shown()["S0.right2"], shown()["B0.left1"]) == (2, 4, 3, 5)


def test_the_buffer_ends_with_the_sentence() -> None:
    system = _core.ArcEager(["a"], ["a"], ["B0", "B1"])
    walk = _core.ParseWalk(system, 3)
    assert walk.words() == [0, 1]
    act(walk, system, "Break")
    assert walk.words() == [0, -1]
    act(walk, system, "Shift", "Reduce")
    assert walk.words() == [1, 2]
    assert walk.sent_starts() == [1, 1, -1]


def test_positions_of_an_open_entity() -> None:
    system = _core.EntityMoves(["PER"], ["all"])
    walk = _core.EntityWalk(system, 6)
    for name in ("Out", "Unit-PER", "Begin-PER", "Inside-PER"):
        walk.apply(system.actions.index(name))
    shown = dict(zip(system.features, walk.words(), strict=True))
    assert shown == {
        "B0": 4,
        "B1": 5,
        "B2": -1,
        "B3": -1,
        "B-1": 3,
        "B-2": 2,
        "E0": 2,
        "E1": 3,
        "E2": -1,
        "E-1": 1,
        "L0": 1,
        "L-1": 1,
    }


def test_positions_far_ahead_and_deep_in_an_entity() -> None:
    system = _core.EntityMoves(["PER"], ["B3", "E2"])
    walk = _core.EntityWalk(system, 8)
    for name in ("Out", "Begin-PER", "Inside-PER", "Inside-PER"):
        walk.apply(system.actions.index(name))
    assert walk.words() == [7, 3]
    with pytest.raises(SettingsError, match=r"found 'B9', expected a set .*B3.*E2"):
        _core.EntityMoves(["PER"], ["B9"])
