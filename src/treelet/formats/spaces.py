"""White space to and from the escapes of Universal Dependencies, such as `SpacesAfter=\\n`."""

from __future__ import annotations

import re

_ESCAPES = {" ": "\\s", "\t": "\\t", "\r": "\\r", "\n": "\\n", "|": "\\p", "\\": "\\\\"}
_MEANINGS = {escape[1]: character for character, escape in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def escape_spaces(text: str) -> str:
    """`text` with blanks, tabs, line ends, bars and backslashes written as two characters each."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def unescape_spaces(text: str) -> str:
    """Reverses escape_spaces; a backslash before anything else stands for itself."""
    return _ESCAPED.sub(lambda match: _MEANINGS.get(match[1], match[0]), text)


def misc_fields(misc: str) -> dict[str, str]:
    """The `Key=Value` pairs of a MISC column; what has no `=` is left out."""
    pairs = (field.partition("=") for field in misc.split("|"))
    return {key: value for key, equals, value in pairs if equals}


def space_after(fields: dict[str, str]) -> str | None:
    """White space after a token as its MISC says, or None where it says nothing that is white space."""
    if fields.get("SpaceAfter") == "No" or fields.get("SpacesAfter") == "No":
        return ""
    if "SpacesAfter" in fields:
        spaces = unescape_spaces(fields["SpacesAfter"])
        if spaces.isspace():
            return spaces
    return None
