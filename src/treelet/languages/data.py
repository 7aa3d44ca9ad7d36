"""Language code in, the rules of its data file out: plain dictionaries that JSON can hold."""

from __future__ import annotations

import sys
from importlib.resources import files
from typing import Any, TypeAlias

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Rules: TypeAlias = dict[str, Any]
"""Keys as in the TOML files: lists of strings, flags, and `exceptions`, from a string to its words."""

_FOLDER = files("treelet.languages")
_NEUTRAL = "xx"

LANGUAGES: tuple[str, ...] = tuple(
    sorted(entry.name[: -len(".toml")] for entry in _FOLDER.iterdir() if entry.name.endswith(".toml"))
)
"""Codes of the languages with a data file; every other code gets the neutral one, `xx`."""


def _read(code: str) -> Rules:
    rules: Rules = tomllib.loads(_FOLDER.joinpath(f"{code}.toml").read_text(encoding="utf-8"))
    return rules


def load_language(code: str) -> Rules:
    """Rules of a language: those of `xx` and what its own file adds or replaces. Unknown codes are `xx`."""
    rules = _read(_NEUTRAL)
    own = _read(code) if code in LANGUAGES and code != _NEUTRAL else {}
    for key, value in own.items():
        known = rules.get(key)
        rules[key] = known + value if isinstance(known, list) else value
    rules["language"] = code
    return rules
