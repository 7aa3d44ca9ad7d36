"""treelet: raw text to tokens, sentences, tags, lemmas, dependency trees and named entities."""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # importing typing would take longer than all else that loading a pipeline imports
if TYPE_CHECKING:
    from typing import Any

    from treelet.doc import Doc, Span, Token
    from treelet.errors import (
        FormatError,
        PackageError,
        PackageNotFoundError,
        SettingsError,
        TextError,
        TrainingError,
        TreeletError,
    )
    from treelet.gold import Example
    from treelet.pipeline import Pipeline, blank, load

# Public name to the module that has it; imported on first use, so that `import treelet` costs nothing.
_HOME = {
    "Doc": "treelet.doc",
    "Example": "treelet.gold",
    "FormatError": "treelet.errors",
    "PackageError": "treelet.errors",
    "PackageNotFoundError": "treelet.errors",
    "Pipeline": "treelet.pipeline",
    "blank": "treelet.pipeline",
    "SettingsError": "treelet.errors",
    "Span": "treelet.doc",
    "TextError": "treelet.errors",
    "Token": "treelet.doc",
    "TrainingError": "treelet.errors",
    "TreeletError": "treelet.errors",
    "load": "treelet.pipeline",
}

__all__ = [
    "Doc",
    "Example",
    "FormatError",
    "PackageError",
    "PackageNotFoundError",
    "Pipeline",
    "SettingsError",
    "Span",
    "TextError",
    "Token",
    "TrainingError",
    "TreeletError",
    "__version__",
    "blank",
    "load",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module 'treelet' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
