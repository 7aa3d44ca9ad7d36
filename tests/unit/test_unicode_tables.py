"""The tables of the core agree with Python's unicodedata, read off through features and tokens."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from treelet import _core
from treelet.languages import Tokenizer

OF_TABLES = "14.0.0"
FEATURES = _core.FeatureSettings([], [], 4)
SAME_UNICODE = pytest.mark.skipif(
    unicodedata.unidata_version != OF_TABLES, reason="Python has another Unicode version"
)
EVERY = [chr(code) for code in range(sys.maxunicode + 1)]


def test_white_space_is_what_python_says() -> None:
    tokenizer = Tokenizer({})
    assert [c for c in EVERY if len(tokenizer(c)) == 0] == [c for c in EVERY if c.isspace()]


@SAME_UNICODE
def test_shapes_are_what_python_says() -> None:
    def shape(char: str) -> str:
        category = unicodedata.category(char)
        if category[0] == "L" or category == "Nl":
            return "X" if char.isupper() else "x"
        return "d" if category in ("Nd", "No") else char

    wrong = [c for c in EVERY if _core.feature_strings(c, FEATURES)[1] != shape(c)]
    assert wrong == []


@SAME_UNICODE
def test_lower_case_is_pythons_where_it_is_one_character() -> None:
    replaced = set("`‘’‚‛´ʼ“”„‟‐‑‒–−İ")
    wrong = [
        c
        for c in EVERY
        if c not in replaced and len(c.lower()) == 1 and _core.feature_strings(c, FEATURES)[0] != c.lower()
    ]
    assert wrong == []
