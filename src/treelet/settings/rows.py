"""The schema in, a row for each hyper-parameter out: what tables, pages and files are made of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from treelet.settings.measured import CORPORA, NOISE, spreads
from treelet.settings.schema import Settings, all_fields
from treelet.settings.section import Field


@dataclass(frozen=True)
class SettingRow:
    """One hyper-parameter. `low` and `high` are None without a range; of a list, they bound the items.

    `allowed`: range or choices in words, with the unit. `matters`: corpus -> points between the best and the
    worst value tried; None where it was not measured, or is no matter of accuracy.
    """

    section: str
    name: str
    type: str
    default: Any
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    allowed: str
    unit: str
    meaning: str
    matters: dict[str, float] | None

    @property
    def path(self) -> str:
        """As `--set` and errors call it."""
        return f"{self.section}.{self.name}" if self.section else self.name

    @property
    def points(self) -> str:
        """`matters` for people, in the order of CORPORA; in brackets where another seed makes as much."""
        if not self.matters:
            return ""
        noise = spreads().get(NOISE, {})
        found = [f"{self.matters[name]:.1f}" if name in self.matters else "–" for name in CORPORA]
        is_noise = all(points <= noise.get(name, 0.0) for name, points in self.matters.items())
        return f"({' / '.join(found)})" if is_noise else " / ".join(found)

    @property
    def toml(self) -> str:
        """The default in TOML."""
        return json.dumps(self.default)  # the same in TOML for numbers, names and lists of them


def setting_rows() -> list[SettingRow]:
    """All hyper-parameters in the order of the schema; those of no section have the section ""."""
    return [_row(section, field) for section, field in all_fields()]


def section_docs() -> dict[str, str]:
    """Section to what it is about, in the order of the schema."""
    sections = {field.name: field.section() for field in Settings.section_fields.values()}
    return {name: " ".join((found.__doc__ or "").split()) for name, found in sections.items() if found}


def _row(section: str, field: Field) -> SettingRow:
    inner = getattr(field.kind, "__args__", None)
    rule = field.rule
    allowed = "true or false" if field.kind is bool else rule.of_list() if inner else rule.of_one()
    return SettingRow(
        section=section,
        name=field.name,
        type=f"list of {inner[0].__name__}" if inner else field.kind.__name__,
        default=field.default(),
        low=rule.low,
        high=rule.high,
        choices=rule.choices,
        allowed=allowed,
        unit=rule.unit,
        meaning=rule.meaning,
        matters=spreads().get(f"{section}.{field.name}"),
    )
