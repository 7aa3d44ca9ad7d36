"""A wrong path in, what helps out: its line in TOML text, the right names near it."""

from __future__ import annotations

from difflib import get_close_matches

from treelet.settings.schema import Settings, all_fields


def line_of(text: str, path: str) -> int | None:
    """The line, from 1, that gives the value at a path such as encoder.width; else that of its section."""
    section, header = "", None
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[]").strip()
            if header is None and section and _is_under(path, section):
                header = number
            continue
        name, equals, _ = line.partition("=")
        full = f"{section}.{name.strip()}" if section else name.strip()
        if equals and name.strip() and _is_under(path, full):
            return number
    return header


def _is_under(path: str, outer: str) -> bool:
    return path == outer or path.startswith(f"{outer}.")


def nearest_names(path: str) -> str:
    """That the last name of a path is no setting, and which one may be meant."""
    outer, _, name = path.rpartition(".")
    field = Settings.section_fields.get(outer)
    section = field.section() if field is not None else None
    known = list((section or Settings).section_fields)
    full = {f"{where}.{each.name}" if where else each.name: each.name for where, each in all_fields()}
    candidates = [f"{outer}.{near}" if outer else near for near in get_close_matches(name, known, n=1)]
    candidates += [each for each, last in full.items() if last == name]
    candidates += get_close_matches(path, list(full), n=1)
    candidates += get_close_matches(name, list(dict.fromkeys(full.values())), n=1)
    if candidates:
        return f"is not a setting; did you mean {candidates[0]}?"
    return f"is not a setting; known here: {', '.join(sorted(known))}"
