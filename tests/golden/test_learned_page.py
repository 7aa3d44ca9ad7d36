"""docs/learned.md shows what treelet inspect prints, names every setting of ner, and its sums hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import treelet
from treelet.annotators.inventory import Inventory
from treelet.settings import EntitySettings, settings_from_dict
from treelet.visualize import diagram_svg, diagram_text, network_diagram

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "learned.md").read_text(encoding="utf-8")
LABELS = {"ner": ["PER", "ORG", "LOC"]}


def recognizer(**ner: Any) -> Inventory:
    settings = settings_from_dict({"language": "pt", "ner": ner})
    return Inventory(settings, LABELS, ["ner"])


def test_the_drawing_of_the_recognizer() -> None:
    inventory = recognizer(hidden=128)
    assert diagram_text(network_diagram(inventory.settings, inventory.parameters())) in PAGE


def test_the_picture() -> None:
    nlp = treelet.load("en_core_web_sm")
    drawn = diagram_svg(network_diagram(nlp.settings, nlp.parameters()))
    assert drawn == (DOCS / "learned.svg").read_text(encoding="utf-8"), (
        "run: treelet inspect en_core_web_sm --drawing svg --output docs/learned.svg"
    )


def test_the_table_of_the_recognizer() -> None:
    rows = recognizer(hidden=128).parameters()
    shown = re.findall(r"^(?:  )?(hash table of [^|]*?|total: \w+|ner) {2,}.*$", PAGE, flags=re.MULTILINE)
    assert len(shown) == 11
    for row in rows:
        line = next((line for line in PAGE.splitlines() if line.startswith(f"  {row.layer}  ")), None)
        if row.group == "hash tables":
            assert line is not None
            assert re.split(r" {2,}", line.strip())[1:3] == [f"{row.shape[0]:,} × 96", f"{row.count:,}"]
    assert f"total: all                                             {sum(r.count for r in rows):,}" in PAGE


def test_every_name_of_cfg_is_explained() -> None:
    """With its default."""
    for name, field in EntitySettings.section_fields.items():
        default = field.default()
        spelt = f"{default:g}" if isinstance(default, (int, float)) else f"`{default}`".replace("'", '"')
        spelt = f'`"{default}"`' if isinstance(default, str) else spelt
        assert f"| `{name}` {spelt} |" in PAGE, name


@pytest.mark.parametrize(
    ("ner", "count"),
    [
        ({"features": ["3"]}, 38226),
        ({"features": ["all"]}, 149970),
        ({"hidden": 32}, 37746),
        ({"hidden": 128}, 150930),
        ({"pieces": 1}, 38162),
        ({"pieces": 3}, 112786),
        ({}, 75474),
    ],
)
def test_the_sizes(ner: dict[str, Any], count: int) -> None:
    """The page counts the five numbers of calibration, which come at the end of a training run."""
    own = [row for row in recognizer(**ner).parameters() if row.owner == "ner"]
    assert sum(row.count for row in own) + 5 == count
    assert f"{count:,}" in PAGE
