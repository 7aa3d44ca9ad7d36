"""The settings of what has been taught and the changes asked for in, the settings of teaching it more out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from treelet.errors import SettingsError, TrainingError
from treelet.settings import ANNOTATORS, Settings, settings_from_dict, settings_to_dict
from treelet.teaching.coverage import SECTIONS

GOING_ON: Mapping[str, Any] = {"learning_rate": 0.001, "epochs": 12, "patience": 12}
"""Of `training`: what is right when there is something to forget; docs/more.md has the figures."""

_STRUCTURE = ("features", "hidden", "pieces", "non_monotonic", "lifting")  # of an annotator


def settings_to_go_on(old: Settings, changes: Mapping[str, Any]) -> Settings:
    """The old settings with those of GOING_ON, then `changes` (nested as in TOML).

    `pipeline` stays empty unless the changes name it. Raises SettingsError for changes that cannot be, or of
    the structure of what has been taught.
    """
    values = settings_to_dict(old) | {"pipeline": []}
    values["training"] = {**values["training"], **GOING_ON}
    for name, value in changes.items():
        kept = values.get(name)
        values[name] = {**kept, **value} if isinstance(kept, dict) and isinstance(value, Mapping) else value
    settings = settings_from_dict(values)
    check_structure(settings, old)
    return settings


def check_structure(settings: Settings, old: Settings) -> None:
    """Raises SettingsError where settings say that what has been taught is built otherwise than it is."""
    now, then = settings_to_dict(settings), settings_to_dict(old)
    if settings.language != old.language:
        raise SettingsError(
            f"settings: language: found {settings.language!r}, but the base package is {old.language!r}: "
            "leave it as it is, or teach a package of its own without --base"
        )
    for section in ("features", "encoder", *old.annotators()):
        for name, value in then[section].items():
            is_structure = name != "precision" if section in ("features", "encoder") else name in _STRUCTURE
            if section not in now:
                raise SettingsError(f"settings: {section}: missing, but the base package has been taught it")
            if is_structure and now[section][name] != value:
                raise SettingsError(
                    f"settings: {section}.{name}: found {now[section][name]!r}, but the base package was "
                    f"built with {value!r}, which stays: leave it out, or teach without --base"
                )


def grown_settings(settings: Settings, old: Settings, taught: Collection[str]) -> Settings:
    """Settings with the annotators of the old network and, behind them, new ones.

    New are those that `pipeline` or a section of the settings names, or else all that the data teach
    (`taught`). Raises TrainingError when the data do not teach a new one, or nothing at all.
    """
    before = old.annotators()
    asked = dict.fromkeys([*settings.pipeline, *settings.annotators()])
    named = [name for name in asked if name not in before]
    if lacking := [name for name in named if name not in taught]:
        raise TrainingError(
            f"settings ask for {', '.join(lacking)}, which the base package does not have and no training "
            f"file annotates: leave it out or add a file that does"
        )
    if not taught:
        raise TrainingError(
            "no training file annotates tags, lemmas, heads or entities: nothing can be taught"
        )
    wanted: Sequence[str] = [*before, *named]
    if not settings.pipeline:
        has_parser = "parser" in before or "parser" in taught
        wanted = [*wanted, *(name for name in taught if name != "senter" or has_parser)]
    wanted = [name for name in ANNOTATORS if name in wanted]
    sections = {name: getattr(settings, name) or SECTIONS[name][1]() for name in wanted}
    return replace(settings, pipeline=wanted, **sections)
