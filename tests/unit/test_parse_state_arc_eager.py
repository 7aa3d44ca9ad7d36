"""What each action of the parser needs and does, and bad constructor arguments."""

from __future__ import annotations

import pytest

from treelet import _core
from treelet.errors import SettingsError


def allowed(walk: _core.ParseWalk, system: _core.ArcEager) -> set[str]:
    return {name for name, valid in zip(system.actions, walk.valid(), strict=True) if valid}


def walked(system: _core.ArcEager, n: int, *names: str, presets: list[int] | None = None) -> _core.ParseWalk:
    walk = _core.ParseWalk(system, n, presets)
    for name in names:
        assert name in allowed(walk, system)
        walk.apply(system.actions.index(name))
    return walk


@pytest.fixture(params=[False, True], ids=["plain", "repairs"])
def system(request: pytest.FixtureRequest) -> _core.ArcEager:
    return _core.ArcEager(["l"], ["r"], ["8"], request.param)


def test_actions_and_labels_are_in_order() -> None:
    system = _core.ArcEager(["a", "b"], ["c", "b"], ["8"])
    assert system.actions == ["Shift", "Reduce", "Break", "Left-a", "Left-b", "Right-c", "Right-b"]
    assert system.labels == ["a", "b", "c"]
    assert system.n_actions == 7


def test_without_a_stack_only_shift_and_break(system: _core.ArcEager) -> None:
    assert allowed(_core.ParseWalk(system, 2), system) == {"Shift", "Break"}
    assert allowed(_core.ParseWalk(system, 1), system) == {"Shift"}
    assert allowed(_core.ParseWalk(system, 0), system) == set()


def test_the_last_word_is_not_shifted_onto_a_stack(system: _core.ArcEager) -> None:
    assert allowed(walked(system, 2, "Shift"), system) == {"Left-l", "Right-r"}


def test_repairs_allow_left_over_a_head_and_put_back() -> None:
    plain, repairs = (_core.ArcEager(["l"], ["r"], ["8"], flag) for flag in (False, True))
    attached = ("Shift", "Right-r")
    assert "Left-l" not in allowed(walked(plain, 3, *attached), plain)
    walk = walked(repairs, 3, *attached, "Left-l", "Right-r")
    assert walk.heads() == [-1, 2, 0]
    headless = ("Shift", "Shift")
    assert "Reduce" not in allowed(walked(plain, 4, *headless), plain)
    walk = walked(repairs, 4, *headless, "Reduce")
    assert (walk.stack(), walk.buffer()) == ([0], [1, 2, 3])
    assert allowed(walk, repairs) == {"Left-l", "Right-r"}  # bound to attach; word 0 is the last on the stack


def test_with_repairs_two_headless_words_at_the_end_are_joined() -> None:
    system = _core.ArcEager(["l"], ["r"], ["8"], True)
    walk = walked(system, 3, "Shift", "Shift", "Right-r", "Reduce")
    assert (walk.stack(), walk.buffer()) == ([0, 1], [])
    assert allowed(walk, system) == {"Reduce"}
    walk.apply(1)
    assert (walk.stack(), walk.buffer()) == ([0], [1])
    assert allowed(walk, system) == {"Left-l", "Right-r"}
    walk.apply(system.actions.index("Left-l"))
    assert walk.heads() == [1, -1, 1]
    assert allowed(walk, system) == {"Shift"}


def test_without_repairs_the_last_word_takes_all_headless_words_but_one() -> None:
    system = _core.ArcEager(["l"], ["r"], ["8"], False)
    walk = walked(system, 3, "Shift", "Shift")
    assert allowed(walk, system) == {"Left-l"}
    walk.apply(system.actions.index("Left-l"))
    assert allowed(walk, system) == {"Left-l", "Right-r"}
    under = walked(system, 4, "Shift", "Shift", "Right-r")  # word 2 hides the waiting word 1
    assert allowed(under, system) == {"Reduce"}
    under.apply(1)
    assert allowed(under, system) == {"Left-l"}
    assert allowed(walked(system, 4, "Shift", "Shift", "Break"), system) == {"Left-l"}


def test_without_left_labels_no_word_waits_on_the_stack() -> None:
    system = _core.ArcEager([], ["r"], ["8"], False)
    assert allowed(walked(system, 3, "Shift"), system) == {"Right-r", "Break"}
    walk = walked(system, 3, "Shift", "Right-r", "Reduce", "Right-r", "Reduce", "Reduce")
    assert (walk.is_final(), walk.heads()) == (True, [-1, 0, 0])


def test_presets_force_and_forbid_a_start(system: _core.ArcEager) -> None:
    walk = walked(system, 4, presets=[0, -1, 1, 0])
    assert walk.buffer() == [0, 1]
    assert "Break" not in allowed(walk, system)
    for name in ("Shift", "Right-r", "Reduce", "Reduce"):
        walk.apply(system.actions.index(name))
    assert walk.buffer() == [2, 3]
    assert "Break" in allowed(walk, system)


@pytest.mark.parametrize(
    ("left", "right"), [([], []), (["root"], ["a"]), (["a"], ["b", "b"]), (["a", "a"], ["b"]), ([""], ["a"])]
)
def test_bad_labels_are_errors(left: list[str], right: list[str]) -> None:
    with pytest.raises(SettingsError, match="labels"):
        _core.ArcEager(left, right, ["8"])
