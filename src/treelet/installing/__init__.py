"""Wheels of packages: which fits, where it is, whether it is whole, and into this interpreter with it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from treelet.installing.acquisition import Wanted, acquire
    from treelet.installing.folder_table import table_of
    from treelet.installing.installed import all_installed
    from treelet.installing.installer import install
    from treelet.installing.source import source_of
    from treelet.installing.table import Table, parse_table
    from treelet.installing.validation import Offers, validate
    from treelet.installing.wheel_check import read_wheel

# Public name to the module that has it, imported on first use: each verb needs a few of them.
_HOME = {
    "Offers": "validation",
    "Table": "table",
    "Wanted": "acquisition",
    "acquire": "acquisition",
    "all_installed": "installed",
    "install": "installer",
    "parse_table": "table",
    "read_wheel": "wheel_check",
    "source_of": "source",
    "table_of": "folder_table",
    "validate": "validation",
}

__all__ = [
    "Offers",
    "Table",
    "Wanted",
    "acquire",
    "all_installed",
    "install",
    "parse_table",
    "read_wheel",
    "source_of",
    "table_of",
    "validate",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module 'treelet.installing' has no attribute {name!r}")
    return getattr(import_module(f"treelet.installing.{_HOME[name]}"), name)
