"""Which hash tables the settings ask for: their names, their rows, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from treelet.errors import SettingsError
from treelet.settings import settings_from_dict, settings_from_toml, settings_to_toml


def sections(features: dict[str, Any], encoder: dict[str, Any]) -> dict[str, Any]:
    return {"features": features, "encoder": encoder}


def test_a_table_a_length() -> None:
    settings = settings_from_dict({})
    tables = ["norm", "prefix1", "prefix3", "suffix2", "suffix3", "suffix4", "shape"]
    assert settings.features.tables() == tables
    assert settings.encoder.rows(settings.features) == [5000, 250, 1500, 500, 2500, 2500, 500]


def test_the_last_number_repeats() -> None:
    lengths = {"prefix_lengths": [], "suffix_lengths": [5, 1, 2]}
    values = sections(lengths, {"rows_prefix": [], "rows_suffix": [9, 4]})
    settings = settings_from_dict(values)
    assert settings.features.tables() == ["norm", "suffix5", "suffix1", "suffix2", "shape"]
    assert settings.encoder.rows(settings.features) == [5000, 9, 4, 4, 500]
    assert settings_from_toml(settings_to_toml(settings)) == settings


@pytest.mark.parametrize(
    ("features", "encoder", "message"),
    [
        ({"prefix_lengths": [0]}, {}, r"features\.prefix_lengths\.0: found 0, expected 1 to 8 characters"),
        ({"suffix_lengths": [2, 9]}, {}, r"features\.suffix_lengths"),
        ({"suffix_lengths": [2, 3, 2]}, {}, "none twice"),
        ({"suffix_lengths": ["3"]}, {}, r"features\.suffix_lengths"),
        ({"prefix_lengths": 1}, {}, r"features\.prefix_lengths"),
        ({"prefix_length": 1}, {}, r"did you mean features\.prefix_lengths"),
        ({"prefix_lengths": [1]}, {}, r"encoder\.rows_prefix: found \[250, 1500\], expected 1 to 1 numbers"),
        ({"prefix_lengths": []}, {}, r"encoder\.rows_prefix: found \[250, 1500\], expected none"),
        ({}, {"rows_suffix": []}, r"encoder\.rows_suffix: found \[\], expected 1 to 3 numbers"),
        ({}, {"rows_suffix": [5, 0]}, r"encoder\.rows_suffix\.1: found 0, expected 1 to 1,000,000"),
        ({}, {"rows_suffix": 500}, r"encoder\.rows_suffix"),
    ],
)
def test_wrong_tables_are_named(features: dict[str, Any], encoder: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        settings_from_dict(sections(features, encoder))
