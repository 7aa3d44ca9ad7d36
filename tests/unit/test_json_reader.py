"""_core.read_json reads what the standard library reads, and refuses what is no JSON."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treelet import _core
from treelet.errors import FormatError

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_what_the_library_writes(value: object, ascii_only: bool, indent: int | None) -> None:
    assert _core.read_json(json.dumps(value, ensure_ascii=ascii_only, indent=indent)) == value


@given(st.text('{}[]",:\\u0d8af19.eE+-tf nul', max_size=12))
def test_the_library_agrees(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(FormatError, match="not JSON at byte"):
            _core.read_json(text)
        return
    twice = contextlib.nullcontext() if text.count(":") < 2 else contextlib.suppress(FormatError)
    with twice:
        assert _core.read_json(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a value"),
        ('{"a": 1, "a": 2}', "a name stands twice"),
        ("[" * 201 + "]" * 201, "nested too deeply"),
        ('"a\nb"', "a control character"),
        ('"a', "a string without an end"),
        ('"\\x"', "an escape that is none"),
        ('"\\u12', "hexadecimal"),
        ("[1,]", "expected a value"),
        ("[1 2]", r"byte 3: expected ',' or '\]'"),
        ("{1: 2}", "expected a name"),
        ("01", "more after the end"),
        ("NaN", "expected a value"),
        ("1" * 500, "400 characters"),
    ],
)
def test_what_is_none(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        _core.read_json(text)
    assert _core.read_json("[" * 200 + "]" * 200)


def test_escapes() -> None:
    assert _core.read_json(r'"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83d\ud83dx\udE00"') == (
        '"\\/\b\f\n\r\t\u00e9\U0001f600\ud83d\ud83dx\ude00'
    )
    assert _core.read_json("1e999") == float("inf")
