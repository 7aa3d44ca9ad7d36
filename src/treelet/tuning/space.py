"""A TOML file of settings and ranges in, checked parameters to tune out; values of them to settings.

    [training.dropout]
    low = 0.05
    high = 0.5
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from treelet.errors import SettingsError
from treelet.settings import Settings, settings_from_dict, settings_to_dict
from treelet.settings.section import Field, WrongValue

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT_SPACE = """\
# What to tune, and in which range: one table a setting, as `treelet settings` names them.
#   low, high   a range, both included      log = true   orders of magnitude count the same
#   step        whole steps from low        choices      a list of values instead of a range
#   follow      settings that keep their proportion to this one

[training.batch_stop]  # words in a batch
low = 250
high = 4000
log = true
follow = ["training.batch_start"]

[training.dropout]
low = 0.05
high = 0.5
"""
KEYS = ("low", "high", "log", "step", "choices", "follow")


@dataclass(frozen=True)
class Parameter:
    """One setting to tune: a range (`low`, `high`) or else `choices`."""

    path: str  # section.name
    field: Field
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    step: float | None = None
    choices: tuple[Any, ...] = ()
    follow: tuple[str, ...] = ()  # settings that keep their proportion to it

    def suggest(self, trial: Any) -> Any:
        """Ask an Optuna trial for a value, and let it through `value`."""
        if self.choices:  # as text: Optuna knows no lists
            return self.value(trial.suggest_categorical(self.path, [json.dumps(c) for c in self.choices]))
        options = {"log": True} if self.log else {"step": self.step} if self.step is not None else {}
        if self.field.kind is int:
            return self.value(trial.suggest_int(self.path, int(self.low), int(self.high), **options))
        return self.value(trial.suggest_float(self.path, self.low, self.high, **options))

    def value(self, stored: Any) -> Any:
        """A value as Optuna stores it -> the setting; fractions have three figures, for people to read."""
        if self.choices:
            return json.loads(stored)
        if self.field.kind is int:
            return int(stored)
        return min(max(float(f"{stored:.3g}"), self.low), self.high)

    def stored(self, value: Any) -> Any:
        """The setting -> a value as Optuna stores it, or None where the parameter leaves it out."""
        if self.choices:
            return json.dumps(value) if value in self.choices else None
        return value if self.low <= value <= self.high else None


def default_space() -> list[Parameter]:
    """The two that matter first: words in a batch, and dropout."""
    return space_from_toml(DEFAULT_SPACE, "default space")


def read_space(path: Path) -> list[Parameter]:
    """Parameters of a TOML file. Raises SettingsError with the path in the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8 text") from None
    return space_from_toml(text, str(path))


def space_from_toml(text: str, where: str) -> list[Parameter]:
    """Parameters of TOML text. Raises SettingsError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where}: not TOML: {error}") from None
    space: list[Parameter] = []
    for name, table in tables.items():
        known = Settings.section_fields.get(name)
        if known is None:
            find_field(f"{name}.{next(iter(table))}" if table and isinstance(table, dict) else name, where)
        elif known.section() is None:
            space.append(_parameter(name, table, where))
        elif not isinstance(table, dict):
            raise SettingsError(f"{where}: {name}: found {table!r}, expected tables such as [{name}.NAME]")
        else:
            space += [_parameter(f"{name}.{key}", entry, where) for key, entry in table.items()]
    if not space:
        raise SettingsError(f"{where}: names no setting to tune, expected tables such as [training.dropout]")
    for parameter in space:
        _check_followers(parameter, space, where)
    return space


def find_field(path: str, where: str) -> Field:
    """The field of `section.name`. Raises SettingsError with the nearest right name."""
    section, _, name = path.rpartition(".")
    fields = Settings.section_fields
    if section:
        inner = fields[section].section() if section in fields else None
        fields = inner.section_fields if inner is not None else {}
    found = fields.get(name)
    if found is not None and found.section() is None:
        return found
    known = all_settings()
    near = get_close_matches(path, known, n=1) or [each for each in known if each.endswith(f".{name}")]
    hint = f"did you mean {near[0]}?" if near else "`treelet settings` lists all"
    raise SettingsError(f"{where}: {path} is not a setting; {hint}")


def all_settings() -> list[str]:
    """`section.name` of every setting."""
    paths: list[str] = []
    for name, field in Settings.section_fields.items():
        inner = field.section()
        paths += [name] if inner is None else [f"{name}.{each}" for each in inner.section_fields]
    return paths


def _parameter(path: str, entry: Any, where: str) -> Parameter:
    field = find_field(path, where)
    if not isinstance(entry, dict):
        raise SettingsError(f"{where}: {path}: found {entry!r}, expected a table: low and high, or choices")
    for key in entry:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(KEYS)}"
            raise SettingsError(f"{where}: {path}.{key} is not known; {hint}")
    follow = _texts(entry.get("follow", []), f"{where}: {path}.follow")
    if "choices" in entry:
        return Parameter(path, field, choices=_choices(path, field, entry, where), follow=follow)
    if field.kind not in (int, float):
        raise SettingsError(f"{where}: {path}: is no number: give choices = [...] instead of a range")
    return _range(path, field, entry, where, follow)


def _range(path: str, field: Field, entry: dict[str, Any], where: str, follow: tuple[str, ...]) -> Parameter:
    for key in ("low", "high"):
        if key not in entry:
            raise SettingsError(f"{where}: {path}.{key}: is missing; expected low and high, or choices")
    low, high = (_checked(field, entry[key], f"{where}: {path}.{key}") for key in ("low", "high"))
    if low >= high:
        raise SettingsError(f"{where}: {path}: found low {low} and high {high}, expected low below high")
    log, step = entry.get("log", False), entry.get("step")
    if not isinstance(log, bool):
        raise SettingsError(f"{where}: {path}.log: found {log!r}, expected true or false")
    if log and low <= 0:
        raise SettingsError(f"{where}: {path}.low: found {low}, expected more than 0, as log is true")
    if step is not None:
        whole = type(step) is int or (field.kind is float and type(step) is float)
        if not whole or not 0 < step <= high - low or log:
            expected = "no step, as log is true" if log else f"a number above 0, at most {high - low}"
            raise SettingsError(f"{where}: {path}.step: found {step!r}, expected {expected}")
    return Parameter(path, field, low, high, log, step, follow=follow)


def _choices(path: str, field: Field, entry: dict[str, Any], where: str) -> tuple[Any, ...]:
    if more := [key for key in ("low", "high", "log", "step") if key in entry]:
        raise SettingsError(f"{where}: {path}.{more[0]}: expected nothing beside choices")
    choices = entry["choices"]
    if not isinstance(choices, list) or len(choices) < 2:
        raise SettingsError(f"{where}: {path}.choices: found {choices!r}, expected a list of two or more")
    found = [_checked(field, each, f"{where}: {path}.choices.{i}") for i, each in enumerate(choices)]
    if len({json.dumps(each) for each in found}) < len(found):
        raise SettingsError(f"{where}: {path}.choices: found {found}, expected none twice")
    return tuple(found)


def _checked(field: Field, value: Any, where: str) -> Any:
    try:
        return field.read(value)
    except WrongValue as error:
        raise SettingsError(f"{where}: {error}") from None


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise SettingsError(f"{where}: found {value!r}, expected a list of settings")
    return tuple(value)


def _check_followers(parameter: Parameter, space: Sequence[Parameter], where: str) -> None:
    for path in parameter.follow:
        place = f"{where}: {parameter.path}.follow"
        field = find_field(path, place)
        if field.kind not in (int, float) or parameter.field.kind not in (int, float):
            raise SettingsError(f"{place}: only numbers can follow numbers, in proportion")
        if path in [each.path for each in space]:
            raise SettingsError(f"{place}: {path} is tuned itself")


def changed_settings(base: Settings, space: Sequence[Parameter], values: Mapping[str, Any]) -> Settings:
    """The settings with the values of a trial, and what follows them. Raises SettingsError."""
    nested = settings_to_dict(base)
    for parameter in space:
        value = values[parameter.path]
        _put(nested, parameter.path, value)
        for path in parameter.follow:
            follower, now = find_field(path, "follow"), current(base, parameter.path)
            scaled = current(base, path) * value / now if now else current(base, path)
            low, high = follower.rule.low, follower.rule.high
            scaled = scaled if low is None or high is None else min(max(scaled, low), high)
            _put(nested, path, round(scaled) if follower.kind is int else float(f"{scaled:.3g}"))
    return settings_from_dict(nested, "trial")


def current(base: Settings, path: str) -> Any:
    """The value of `section.name`; the default where the section is not there."""
    section, _, name = path.rpartition(".")
    holder: Any = getattr(base, section) if section else base
    return find_field(path, "settings").default() if holder is None else getattr(holder, name)


def _put(nested: dict[str, Any], path: str, value: Any) -> None:
    section, _, name = path.rpartition(".")
    (nested.setdefault(section, {}) if section else nested)[name] = value
