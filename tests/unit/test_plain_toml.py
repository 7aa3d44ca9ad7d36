"""The short way to read a settings file gives what tomllib gives, or nothing."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from treelet.settings import settings_from_dict, settings_to_dict, settings_to_toml
from treelet.settings.plain_toml import read_plain_toml
from treelet.settings.schema import ANNOTATORS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TEXT = r"""
[a]
[b]
[a.b]
[[a]]
x = 1
y = -1.5
z = [
]
    1,
    2.5,
    1
    "s",
x = "text"
y = "a\nb"
z = []
z = [1, 2]
x = 01
x = 1.
x = 1_0
x = true
# note
x=1
x = inf
x = 1e5
x = -0
'q' = 1
x = 1 # one
é = 1
x = "é"
x = 1979-05-27
x = "a"b"
-1 = 2
x = -
x = .5
x = 0.5
x = "
x = 00.5
x = -01
"""
LINES = [*TEXT.splitlines(), "x = 1\r", "\tx = 1", "x = 1\x0b"]


@given(st.lists(st.sampled_from(LINES), max_size=8))
@example(["z = [", "    1,", "]", "[a]", "x = 1"])
def test_tomllib_agrees(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = read_plain_toml(text)
    if found is not None:
        assert found == tomllib.loads(text)


@pytest.mark.parametrize("names", [[], list(ANNOTATORS), ["parser"]])
def test_settings_are_read_the_short_way(names: list[str]) -> None:
    settings = settings_from_dict({"language": "pt", "pipeline": names} | {name: {} for name in names})
    text = settings_to_toml(settings)
    assert read_plain_toml(text) == tomllib.loads(text) == settings_to_dict(settings)
