"""TOML as settings_to_toml writes it in, nested dictionaries out: the little that loading a package needs.

The whole of TOML is tomllib's, which takes longer to import than a pipeline to load.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def read_plain_toml(text: str) -> dict[str, Any] | None:
    """The same values as tomllib's, or None where the text has anything but what is known here.

    That is: sections of one name; names of letters, digits and underscores; numbers, true, false, text
    without escapes, and lists of these, empty or with one value a line.
    """
    values: dict[str, Any] = {}
    try:
        _read(text.split("\n"), values)
    except ValueError:
        return None
    return values


def _read(lines: list[str], values: dict[str, Any]) -> None:
    section = values
    items: list[Any] | None = None
    for line in lines:
        line = line.strip(" ")
        if items is not None:
            if line == "]":
                items = None
            else:
                items.append(_scalar(line.removesuffix(","), line.endswith(",")))
        elif line.startswith("["):
            section = {}
            _add(values, line[1:].removesuffix("]"), section, line.endswith("]"))
        elif line:
            name, equals, rest = line.partition(" = ")
            if rest == "[":
                items = []
            _add(section, name, items if rest == "[" else [] if rest == "[]" else _scalar(rest), bool(equals))
    if items is not None:
        raise ValueError


def _add(section: dict[str, Any], name: str, value: Any, well_formed: bool) -> None:
    if not (well_formed and name.isascii() and name.isidentifier()) or name in section:
        raise ValueError
    section[name] = value


def _scalar(text: str, well_formed: bool = True) -> Any:
    if not well_formed or not text.isascii():
        raise ValueError
    if text[:1] == '"':
        inner = text[1:-1]
        if len(text) < 2 or text[-1] != '"' or '"' in inner or "\\" in inner or not inner.isprintable():
            raise ValueError
        return inner
    if text in ("true", "false"):
        return text == "true"
    whole, point, rest = text.removeprefix("-").partition(".")
    if not whole.isdigit() or (whole[0] == "0" and whole != "0") or (point and not rest.isdigit()):
        raise ValueError
    return float(text) if point else int(text)
