"""TOML text and plain dictionaries to Settings and back; a wrong value is an error that names its path."""

from __future__ import annotations

from treelet.errors import SettingsError
from treelet.settings.plain_toml import read_plain_toml
from treelet.settings.schema import ANNOTATION_SETTINGS, ANNOTATORS, Settings
from treelet.settings.section import Section, WrongValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Any


def settings_from_dict(values: dict[str, Any], where: str = "settings") -> Settings:
    """Settings from nested dictionaries; missing fields take their defaults.

    Raises SettingsError for an unknown name (with the nearest right one), a wrong type or a value out of
    range.
    """
    _reject_unknown(values, Settings, where, "")
    try:
        settings = Settings.read(values)
    except WrongValue as error:
        raise SettingsError(f"{where}: {error.path}: {error}") from None
    for name in settings.pipeline:
        if name not in ANNOTATORS:
            known = ", ".join(ANNOTATORS)
            raise SettingsError(f"{where}: pipeline: {name!r} is no annotator; there are {known}")
    if any(distance < 1 for distance in settings.encoder.dilation) or not settings.encoder.dilation:
        raise SettingsError(f"{where}: encoder.dilation: expected one or more distances of at least 1")
    _check_tables(settings, where)
    return settings


def settings_from_toml(text: str, where: str = "settings.toml") -> Settings:
    """Settings from TOML text. Raises SettingsError, also when it is not TOML."""
    values = read_plain_toml(text)
    return settings_from_dict(_parse_toml(text, where) if values is None else values, where)


def read_settings(path: str | Path) -> Settings:
    """Settings from a TOML file."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8 text") from None
    return settings_from_toml(text, str(path))


def read_values(path: str | Path) -> dict[str, Any]:
    """What a TOML file names, as nested dictionaries. Raises SettingsError where that cannot be settings."""
    read_settings(path)
    with open(path, encoding="utf-8") as file:
        return _parse_toml(file.read(), str(path))


def settings_to_dict(settings: Settings) -> dict[str, Any]:
    """Nested dictionaries of plain values; annotators that are absent are left out."""
    return {name: value for name, value in settings.to_dict().items() if value is not None}


def settings_to_toml(settings: Settings) -> str:
    """TOML text that reads back as the same settings."""
    import tomli_w  # deferred: only writers pay for it

    return tomli_w.dumps(settings_to_dict(settings))


def override(values: dict[str, Any], assignment: str) -> None:
    """Apply `section.name=value`, the value in TOML notation or a bare word, to nested dictionaries."""
    names, value = _parse_assignment(assignment)
    for name in names[:-1]:
        values = values.setdefault(name, {})
        if not isinstance(values, dict):
            raise SettingsError(f"--set {assignment}: {name} is not a section")
    values[names[-1]] = value


def parse_changes(assignments: Iterable[str]) -> dict[str, Any]:
    """`section.name=value` as `override` reads it -> {"section.name": value}."""
    return {".".join(names): value for names, value in map(_parse_assignment, assignments)}


def changed_for_annotation(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """The settings of a taught pipeline with some values ("section.name": value) changed.

    Raises SettingsError for a setting that is no matter of annotation, or of an annotator that is not there.
    """
    if not changes:
        return settings
    values = settings_to_dict(settings)
    for path, value in changes.items():
        section, _, name = path.partition(".")
        if path not in ANNOTATION_SETTINGS:
            known = ", ".join(ANNOTATION_SETTINGS)
            raise SettingsError(f"{path}: cannot change after teaching; what can: {known}")
        if section not in values:
            raise SettingsError(f"{path}: this pipeline has no {section}")
        values[section] = values[section] | {name: value}
    return settings_from_dict(values)


def _parse_toml(text: str, where: str) -> dict[str, Any]:
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where}: not TOML: {error}") from None
    return values


def _parse_assignment(assignment: str) -> tuple[list[str], Any]:
    path, equals, text = assignment.partition("=")
    names = path.strip().split(".")
    if not equals or not all(name.replace("_", "a").isalnum() for name in names):
        raise SettingsError(f"--set {assignment}: expected section.name=value, such as encoder.width=128")
    try:
        value: Any = _parse_toml(f"value = {text}", assignment)["value"]
    except SettingsError:
        value = text.strip()
    return names, value


def _check_tables(settings: Settings, where: str) -> None:
    features, encoder = settings.features, settings.encoder
    for kind, lengths, rows in (
        ("prefix", features.prefix_lengths, encoder.rows_prefix),
        ("suffix", features.suffix_lengths, encoder.rows_suffix),
    ):
        if len(set(lengths)) < len(lengths) or not all(1 <= length <= 8 for length in lengths):
            raise SettingsError(
                f"{where}: features.{kind}_lengths: found {lengths}, expected lengths of 1 to 8, none twice"
            )
        name = f"{where}: encoder.rows_{kind}: found {rows}"
        if len(rows) > len(lengths) or (lengths and not rows):
            raise SettingsError(
                f"{name}, expected {'none' if not lengths else f'1 to {len(lengths)} numbers'},"
                f" as features.{kind}_lengths is {lengths}"
            )
        if not all(1 <= number <= 1_000_000 for number in rows):
            raise SettingsError(f"{name}, expected 1 to 1,000,000 rows a table")


def _reject_unknown(values: dict[str, Any], schema: type[Section], where: str, path: str) -> None:
    for name, value in values.items():
        known = schema.section_fields.get(name)
        if known is None:
            raise SettingsError(f"{where}: {path}{name} is not a setting; {_nearest(name, schema, path)}")
        inner = known.section()
        if inner is not None and isinstance(value, dict):
            _reject_unknown(value, inner, where, f"{path}{name}.")


def _nearest(name: str, schema: type[Section], path: str) -> str:
    from difflib import get_close_matches

    known = sorted(schema.section_fields)
    near = get_close_matches(name, known, n=1)
    return f"did you mean {path}{near[0]}?" if near else f"known here: {', '.join(known)}"
