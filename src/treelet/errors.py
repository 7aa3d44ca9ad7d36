"""Every error that treelet raises on purpose.

    TreeletError
    ├── TextError        text, words or offsets that cannot be annotated       (also a ValueError)
    ├── FormatError      a file is not what its format says: path, line        (also a ValueError)
    ├── SettingsError    a hyper-parameter is unknown, of a wrong type or size (also a ValueError)
    ├── PackageError     a model package is damaged or of another structure
    │   └── PackageNotFoundError
    └── TrainingError    the data cannot teach what was asked for
"""

from __future__ import annotations


class TreeletError(Exception):
    """Base of all errors below: says where, what was found, what was expected and what to do."""


class TextError(TreeletError, ValueError):
    """Text, words or offsets that cannot be annotated."""


class FormatError(TreeletError, ValueError):
    """A file is not what its format says. `line`: where, from 1; None where no line is to blame."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class SettingsError(TreeletError, ValueError):
    """A hyper-parameter is unknown, of a wrong type, or out of range."""


class PackageError(TreeletError):
    """A model package is damaged, or of a structure that this version cannot load."""


class PackageNotFoundError(PackageError):
    """No model package of that name or path."""


class TrainingError(TreeletError):
    """The data cannot teach what was asked for."""
