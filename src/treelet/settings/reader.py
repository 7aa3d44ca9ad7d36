"""TOML text and plain dictionaries to Settings and back; a wrong value is an error that names its path."""

from __future__ import annotations

from treelet.errors import SettingsError
from treelet.settings.combinations import check_combinations, check_teaching
from treelet.settings.plain_toml import read_plain_toml
from treelet.settings.rule import UnknownName, WrongValue
from treelet.settings.schema import ANNOTATION_SETTINGS, Settings, TrainingSettings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Any


def settings_from_dict(values: dict[str, Any], where: str = "settings") -> Settings:
    """Settings from nested dictionaries; missing fields take their defaults.

    Raises SettingsError for an unknown name (with the nearest right one), a wrong type, a value out of range
    or a combination that cannot work.
    """
    return _checked(values, where, "")


def settings_from_toml(text: str, where: str = "settings.toml") -> Settings:
    """Settings from TOML text. Raises SettingsError, also when it is not TOML."""
    values = read_plain_toml(text)
    return _checked(_parse_toml(text, where) if values is None else values, where, text)


def settings_of_package(text: str, where: str) -> Settings:
    """The same of a package's TOML, but that a later treelet may have taught it by settings unknown here.

    Those of `training` shape no network, and are passed over.
    """
    values = read_plain_toml(text)
    values = _parse_toml(text, where) if values is None else values
    training = values.get("training")
    if isinstance(training, dict):
        values["training"] = {
            key: value for key, value in training.items() if key in TrainingSettings.section_fields
        }
    return _checked(values, where, text)


def settings_for_teaching(settings: Settings, has_vectors: bool) -> Settings:
    """The same, checked once more, however they were made. `has_vectors`: static vectors are there.

    Raises SettingsError, also for what only matters in teaching.
    """
    checked = settings_from_dict(settings_to_dict(settings))
    try:
        check_teaching(checked, has_vectors)
    except WrongValue as error:
        raise _explained(error, "settings", "") from None
    return checked


def _checked(values: Any, where: str, text: str) -> Settings:
    try:
        settings = Settings.read(values)
        check_combinations(settings)
    except WrongValue as error:
        raise _explained(error, where, text) from None
    return settings


def _explained(error: WrongValue, where: str, text: str) -> SettingsError:
    """`text`: the TOML that the values were read from, to tell the line; empty where there is none."""
    from treelet.settings.explanations import line_of, nearest_names  # deferred: nothing is wrong mostly

    line = line_of(text, error.path) if text else None
    place = [where, f"line {line}" if line else "", error.path]
    said = nearest_names(error.path) if isinstance(error, UnknownName) else str(error)
    return SettingsError(": ".join(filter(None, [*place, said])))


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
        if path not in ANNOTATION_SETTINGS:
            known = ", ".join(ANNOTATION_SETTINGS)
            raise SettingsError(f"{path}: cannot change after teaching; what can: {known}")
        section, _, name = path.partition(".")
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
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        raise SettingsError(f"{where}: not TOML: {error}") from None
    except RecursionError:
        raise SettingsError(f"{where}: lists in lists are too deep, expected name = value") from None
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
