"""What a package says of itself in; PackageError out for text that is not only there to be read.

A manifest is printed on terminals and web pages by people who do not trust it yet: control characters, lone
surrogates and what reverses the direction of writing would show them something else than is there.
"""

from __future__ import annotations

from treelet.errors import PackageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HIDDEN = frozenset(
    chr(c)
    for c in (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    if chr(c) not in "\n\t"
)


def check_plain_text(values: Any, where: str) -> None:
    """Of nested lists and dictionaries, all texts and names. Raises PackageError at the first that hides."""
    if isinstance(values, str):
        if not values.isprintable() and (found := hidden_character(values)):
            raise PackageError(
                f"{where}: the text {values[:60]!r} has the control character U+{ord(found):04X}, "
                "which nobody could see; the package is refused"
            )
    elif isinstance(values, dict):
        for name, value in values.items():
            check_plain_text(name, where)
            check_plain_text(value, where)
    elif isinstance(values, list):
        for value in values:
            check_plain_text(value, where)


def hidden_character(text: str) -> str | None:
    """The first character that is not only there to be read; None: there is none."""
    return next((c for c in text if c in _HIDDEN or "\ud800" <= c <= "\udfff"), None)
