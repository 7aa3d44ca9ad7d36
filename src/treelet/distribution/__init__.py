"""Package folders to what pip and uv install, and back: wheels, cards; tables, sources, installing."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from treelet.distribution.acquisition import Wanted, acquire
    from treelet.distribution.card import model_card
    from treelet.distribution.contents import Changes, Contents, read_contents
    from treelet.distribution.folder_table import table_of
    from treelet.distribution.installed import all_installed
    from treelet.distribution.installer import install
    from treelet.distribution.published import Published, publish, read_published
    from treelet.distribution.sdist import build_sdist, sdist_name
    from treelet.distribution.source import source_of
    from treelet.distribution.table import Table, parse_table
    from treelet.distribution.validation import Offers, validate
    from treelet.distribution.wheel import build_wheel, wheel_name
    from treelet.distribution.wheel_check import read_wheel

# Public name to the module that has it, imported on first use: each verb needs a few of them.
_HOME = {
    "Changes": "contents",
    "Contents": "contents",
    "Offers": "validation",
    "Published": "published",
    "Table": "table",
    "Wanted": "acquisition",
    "acquire": "acquisition",
    "all_installed": "installed",
    "build_sdist": "sdist",
    "build_wheel": "wheel",
    "install": "installer",
    "model_card": "card",
    "parse_table": "table",
    "publish": "published",
    "read_contents": "contents",
    "read_published": "published",
    "read_wheel": "wheel_check",
    "sdist_name": "sdist",
    "source_of": "source",
    "table_of": "folder_table",
    "validate": "validation",
    "wheel_name": "wheel",
}

__all__ = [
    "Changes",
    "Contents",
    "Offers",
    "Published",
    "Table",
    "Wanted",
    "acquire",
    "all_installed",
    "build_sdist",
    "build_wheel",
    "install",
    "model_card",
    "parse_table",
    "publish",
    "read_contents",
    "read_published",
    "read_wheel",
    "sdist_name",
    "source_of",
    "table_of",
    "validate",
    "wheel_name",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module 'treelet.distribution' has no attribute {name!r}")
    return getattr(import_module(f"treelet.distribution.{_HOME[name]}"), name)
