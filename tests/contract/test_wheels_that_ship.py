"""wheels/ at the root: its table names what is there, byte for byte; each wheel is a package that works."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

import treelet

FOLDER = Path(__file__).resolve().parents[2] / "wheels"
TABLE: dict[str, Any] = json.loads((FOLDER / "compatibility.json").read_text(encoding="utf-8"))
FILES = [entry for versions in TABLE["files"].values() for entry in versions.values()]


def test_the_table_names_every_wheel_that_is_there() -> None:
    assert {entry["file"] for entry in FILES} == {path.name for path in FOLDER.glob("*.whl")}
    assert "en_core_web_md" in TABLE["files"]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["file"])
def test_a_wheel_is_what_the_table_says_and_annotates(entry: dict[str, Any]) -> None:
    path = FOLDER / entry["file"]
    assert path.stat().st_size == entry["bytes"] <= 25_000_000
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
    nlp = treelet.load(path, verify=True)
    doc = nlp("Angela Merkel lives in Berlin. She didn't say why.")
    assert [sentence.text for sentence in doc.sents] == [
        "Angela Merkel lives in Berlin.",
        "She didn't say why.",
    ]
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Angela Merkel", "PER"), ("Berlin", "LOC")]
    assert [token.head.text for token in doc[:3]] == ["lives", "Angela", "lives"]
