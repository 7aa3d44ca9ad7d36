"""Section: frozen values with defaults of their own, read from dictionaries and checked to the last."""

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from treelet.settings.section import Annotated, Rule, Section, WrongValue, field


class Inner(Section):
    """One."""

    size: Annotated[int, Rule("how large", low=1, high=2000, unit="rows")] = 3
    share: Annotated[float, Rule(low=0.0, high=1.0)] = 0.5
    kind: Annotated[str, Rule(fits=lambda text: text in ("a", "b"), expected="a or b")] = "a"


class Outer(Section):
    """Another that holds it."""

    name: str
    flag: bool = False
    numbers: Annotated[list[int], Rule("some")] = field(default_factory=lambda: [1, 2])
    inner: Inner = field(default_factory=Inner)
    maybe: Inner | None = None
    table: dict[str, Inner] = field(default_factory=dict)
    anything: object = None


class Lenient(Section):
    """Passes over what it does not know."""

    known_only = False
    name: str = "x"


def test_defaults_are_made_anew() -> None:
    first, second = Outer(name="n"), Outer(name="n")
    assert first == second
    assert hash(first) == hash(second)
    first.numbers.append(3)
    assert first != second
    assert repr(Inner()) == "Inner(size=3, share=0.5, kind='a')"
    with pytest.raises(TypeError, match="name is missing"):
        Outer()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="no field 'other'"):
        Outer(name="n", other=1)  # type: ignore[call-arg]


def test_it_stands_for_a_frozen_dataclass() -> None:
    outer = Outer(name="n", table={"one": Inner(size=9)})
    with pytest.raises(AttributeError, match=r"dataclasses\.replace makes another"):
        outer.name = "other"  # type: ignore[misc]
    assert dataclasses.replace(outer, flag=True) == Outer(name="n", table={"one": Inner(size=9)}, flag=True)
    assert dataclasses.asdict(outer) == outer.to_dict() == {
        "name": "n",
        "flag": False,
        "numbers": [1, 2],
        "inner": {"size": 3, "share": 0.5, "kind": "a"},
        "maybe": None,
        "table": {"one": {"size": 9, "share": 0.5, "kind": "a"}},
        "anything": None,
    }  # fmt: skip
    assert [each.name for each in dataclasses.fields(Outer)] == list(Outer.section_fields)
    for same in (copy.copy(outer), copy.deepcopy(outer), pickle.loads(pickle.dumps(outer))):
        assert same == outer
    assert Outer.section_fields["maybe"].section() is Inner
    assert Outer.section_fields["numbers"].section() is None


def test_what_is_read() -> None:
    values = {"name": "n", "inner": {"share": 1}, "maybe": {"kind": "b"}, "anything": [None], "numbers": []}
    read = Outer.read(values)
    assert read == Outer(name="n", inner=Inner(share=1.0), maybe=Inner(kind="b"), anything=[None], numbers=[])
    assert type(read.inner.share) is float
    assert Outer.read(read.to_dict()) == read
    assert Lenient.read({"name": "y", "more": 1}) == Lenient(name="y")


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ([], "", r"found \[\], expected a table"),
        ({}, "name", "is missing"),
        ({"name": 1}, "name", "found 1, expected text"),
        ({"name": "n", "flag": 1}, "flag", "found 1, expected true or false"),
        ({"name": "n", "numbers": [1, True]}, "numbers.1", "found True, expected a whole number"),
        ({"name": "n", "numbers": 1}, "numbers", "found 1, expected a list"),
        ({"name": "n", "inner": {"size": 0}}, "inner.size", "found 0, expected 1 to 2,000 rows"),
        ({"name": "n", "inner": {"size": 1.0}}, "inner.size", "found 1.0, expected a whole number"),
        ({"name": "n", "maybe": {"share": float("nan")}}, "maybe.share", "found nan, expected 0.0 to 1.0"),
        ({"name": "n", "maybe": {"share": "1"}}, "maybe.share", "expected a number"),
        ({"name": "n", "table": {"a": {"kind": "c"}}}, "table.a.kind", "found 'c', expected a or b"),
        ({"name": "n", "table": []}, "table", "expected a table"),
        ({"name": "n", "nam": 1}, "nam", "is not known"),
    ],
)
def test_what_is_wrong(values: Any, path: str, message: str) -> None:
    with pytest.raises(WrongValue, match=message) as caught:
        Outer.read(values)
    assert caught.value.path == path
