"""Everything that tells of the hyper-parameters tells the same: names, defaults, what is allowed."""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
import sys
from pathlib import Path
from typing import Any

import pytest

import treelet
from random_package import save_random_package
from treelet.cli import run
from treelet.errors import SettingsError
from treelet.settings import (
    ANNOTATION_SETTINGS,
    ANNOTATORS,
    Settings,
    all_fields,
    override,
    settings_from_dict,
    settings_from_toml,
    settings_to_dict,
    settings_to_toml,
)
from treelet.settings.documents import commented_toml, page
from treelet.settings.measured import NOISE, spreads
from treelet.settings.rows import SettingRow, setting_rows
from treelet.settings.section import Field

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = {name: dict[str, Any]() for name in ("transformer", *ANNOTATORS)}
FIELDS = [
    pytest.param(section, field, id=f"{section}.{field.name}".strip(".")) for section, field in all_fields()
]
ROWS = {row.path: row for row in setting_rows()}


def path_of(section: str, field: Field) -> str:
    return f"{section}.{field.name}" if section else field.name


def value_at(values: dict[str, Any], section: str, name: str) -> Any:
    return (values[section] if section else values)[name]


@pytest.mark.parametrize(("section", "field"), FIELDS)
def test_a_field_says_all_there_is_to_know(section: str, field: Field) -> None:
    rule, row = field.rule, ROWS[path_of(section, field)]
    kind = (getattr(field.kind, "__args__", None) or [field.kind])[0]
    assert 10 < len(rule.meaning) < 110
    assert not rule.meaning.endswith(".")
    if kind in (int, float):
        assert rule.low is not None
        assert rule.high is not None
        assert rule.low < rule.high
    elif kind is str:
        assert rule.choices or rule.expected
    if isinstance(field.default(), list):
        assert rule.most is not None
    assert field.read(field.default()) == field.default()
    assert (row.section, row.name, row.default) == (section, field.name, field.default())
    assert (row.low, row.high, row.choices) == (rule.low, rule.high, rule.choices)
    assert (row.unit, row.meaning) == (rule.unit, rule.meaning)
    assert row.allowed


@pytest.mark.parametrize(("section", "field"), FIELDS)
def test_set_takes_what_is_allowed_and_nothing_else(section: str, field: Field) -> None:
    row = ROWS[path_of(section, field)]
    kind = (getattr(field.kind, "__args__", None) or [field.kind])[0]
    values: dict[str, Any] = {}
    override(values, f"{row.path}={row.toml}")
    settings = settings_from_dict(values)
    assert value_at(settings_to_dict(settings), section, field.name) == row.default
    wrong: list[Any] = [{"a": 1}, "no such"]
    if row.low is not None and row.high is not None:
        below, above = (
            (row.low - 1, row.high + 1)
            if kind is int
            else (math.nextafter(row.low, -math.inf), math.nextafter(row.high, math.inf))
        )
        wrong += [below, above, math.nan, math.inf, True, 10**5000]
        for end in (row.low, row.high):
            field.rule.check(end)
    is_list = isinstance(row.default, list)
    for value in [[each] for each in wrong] + [5] if is_list else [*wrong, [row.default]]:
        if kind is str and value == "no such" and not row.choices:
            value = "no/such"
        values = {field.name: value}
        with pytest.raises(SettingsError) as caught:
            settings_from_dict({section: values} if section else values, "here")
        assert str(caught.value).startswith(f"here: {row.path}")
        assert ", expected " in str(caught.value)


def test_the_settings_file_with_its_comments() -> None:
    text = commented_toml()
    assert tomllib.loads(text) == settings_to_dict(settings_from_dict(EVERYTHING))
    said = " ".join(text.replace("\n#  ", " ").split())
    for row in ROWS.values():
        assert " ".join(f"# {row.meaning}: {row.allowed}".split()) in said
    assert settings_from_toml(text) == settings_from_dict(EVERYTHING)


def test_the_page_is_current() -> None:
    shown = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert shown == page(), "run: treelet settings --markdown > docs/settings.md"
    for row in ROWS.values():
        assert f"| `{row.name}` | `{row.toml}` | {row.allowed} | {row.meaning} | {row.points} |" in shown
    for name in ANNOTATION_SETTINGS:
        assert f"`{name}`" in shown


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def printed(*arguments: str) -> str:
        assert run(["settings", *arguments]) == 0
        return capsys.readouterr().out

    rows = [SettingRow(**row | {"choices": tuple(row["choices"])}) for row in json.loads(printed("--json"))]
    assert rows == setting_rows()
    table = printed()
    assert all(row.path in table for row in rows)
    assert [line.split()[0] for line in printed("training").splitlines() if line.startswith("training.")] == [
        path for path in ROWS if path.startswith("training.")
    ]
    assert "parser.hidden" in (one := printed("parser.hidden"))
    assert "parser.pieces" not in one
    assert printed("--defaults") == commented_toml()
    assert printed("--markdown") == page()
    assert run(["settings", "ner", "--defaults"]) == 2
    assert run(["settings", "--json", "--defaults"]) == 2
    assert run(["settings", "nerr"]) == 2
    assert "neither a setting nor a section; sections: features" in capsys.readouterr().err


def test_a_pipeline_tells_the_same(tmp_path: Path) -> None:
    nlp = treelet.load(save_random_package(tmp_path / "p", senter={"hidden": 3}))
    stored = tomllib.loads((tmp_path / "p" / "settings.toml").read_text(encoding="utf-8"))
    assert set(nlp.pipe_names) == set(ANNOTATORS)
    for name in nlp.pipe_names:
        cfg: Any = nlp.get_pipe(name).cfg
        assert list(cfg) == [row.name for row in ROWS.values() if row.section == name]
        assert dict(cfg) == stored[name]
        for key in cfg:
            with pytest.raises(TypeError):
                cfg[key] = 1
            with pytest.raises(AttributeError):
                setattr(getattr(nlp.settings, name), key, 1)


def test_dataclasses_see_the_same() -> None:
    settings = settings_from_dict(EVERYTHING)
    assert dataclasses.is_dataclass(settings)
    assert dataclasses.asdict(settings) == settings.to_dict() == settings_to_dict(settings)
    assert [each.name for each in dataclasses.fields(Settings)] == list(Settings.section_fields)
    assert settings_from_toml(settings_to_toml(settings)) == settings


def test_spreads_are_those_that_were_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    known = set(ROWS) | {NOISE}
    assert set(spreads()) <= known
    script = importlib.import_module("spreads")
    if script.MEASURED.exists():
        measured = json.loads(script.MEASURED.read_text(encoding="utf-8"))
        assert script.spreads_of(measured) == spreads(), "run: python benchmarks/spreads.py"
    else:
        assert spreads() == {}


def test_how_spreads_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    script = importlib.import_module("spreads")
    measured = {
        "default": {"ewt": {"noise": 0.304, "mean": {}}},
        "spread": {"parser.hidden": {"ewt": 0.501, "bosque": 1.0}, "encoder.width": {"ewt": 2.0}},
    }
    found = script.spreads_of(measured)
    assert found == {
        "noise": {"ewt": 0.3}, "encoder.width": {"ewt": 2.0}, "parser.hidden": {"ewt": 0.5, "bosque": 1.0}
    }  # fmt: skip
    monkeypatch.setattr("treelet.settings.rows.spreads", lambda: found)
    rows = {row.path: row for row in setting_rows()}
    assert rows["parser.hidden"].points == "0.5 / 1.0"
    assert rows["encoder.width"].points == "2.0 / –"
    assert rows["encoder.depth"].points == ""
    found["encoder.width"]["ewt"] = 0.25
    assert rows["encoder.width"].points == "(0.2 / –)"
    with pytest.raises(KeyError, match=r"encoder\.wdth"):
        script.spreads_of(measured | {"spread": {"encoder.wdth": {"ewt": 1.0}}})
