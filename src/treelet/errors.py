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

_MOST_CHARACTERS = 4000
_CONTROLS = {c: f"\\x{c:02x}" for c in (*range(32), *range(127, 160)) if chr(c) not in "\n\t"}
_CONTROLS |= {c: f"\\u{c:04x}" for c in (*range(0x2028, 0x202F), *range(0x2066, 0x206A))}


class TreeletError(Exception):
    """Base of all errors below: says where, what was found, what was expected and what to do.

    Its text may quote a file that nobody has checked: as it is shown, characters that would do something to
    a terminal are escapes, and it is not long.
    """

    def __str__(self) -> str:
        text = super().__str__()
        if len(text) > _MOST_CHARACTERS:
            text = f"{text[: _MOST_CHARACTERS // 2]} … {text[-_MOST_CHARACTERS // 2 :]}"
        if text.isprintable():
            return text
        return text.translate(_CONTROLS).encode("utf-8", "backslashreplace").decode()


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
