"""Scores in a manifest: read as they were written, and an error that names the place where damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import treelet
from random_package import save_random_package
from treelet.errors import PackageError
from treelet.package.manifest import manifest_from_json
from treelet.package.rewrite import replace_fields

TOLD: dict[str, Any] = {
    "scores": {"LAS": 84.5},
    "raw_scores": {"LAS": 83.25},
    "label_scores": {"LAS": {"[\n1]": [90.0, 80.5, 85.0], '"[\n2,\n3]"': [0.0, 0.0, 0.0]}, "ENTS": {}},
}


def change_manifest(folder: Path, **fields: Any) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_written_and_read(tmp_path: Path) -> None:
    """Whatever labels are called; each takes one line, its numbers too."""
    package = save_random_package(tmp_path / "p")
    before = (package / "manifest.json").read_bytes()
    replace_fields(package, **TOLD)
    content = (package / "manifest.json").read_bytes()
    made, old = manifest_from_json(content, "x").to_dict(), manifest_from_json(before, "x").to_dict()
    assert made == old | TOLD
    assert json.loads(content) == made
    assert b": [90.0, 80.5, 85.0],\n" in content
    assert treelet.load(package, verify=True).meta == manifest_from_json(content, "x")


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"label_scores": []}, "label_scores"),
        ({"label_scores": {"LAS": 3.0}}, "label_scores"),
        ({"label_scores": {"LAS": {"obj": 3.0}}}, "label_scores"),
        ({"label_scores": {"LAS": {"obj": [1.0, 2.0]}}}, "label_scores"),
        ({"label_scores": {"LAS": {"obj": [1.0, 2.0, True]}}}, "label_scores"),
        ({"label_scores": {"LAS": {"obj": [1.0, 2.0, "3"]}}}, "label_scores"),
        ({"raw_scores": {"LAS": "high"}}, "raw_scores.LAS"),
        ({"raw_scores": {"LAS": [1.0]}}, "raw_scores.LAS"),
    ],
)
def test_wrong_scores_are_errors(tmp_path: Path, fields: dict[str, Any], place: str) -> None:
    package = save_random_package(tmp_path / "p")
    change_manifest(package, label_scores={"LAS": {"obj": [90, 80.5, 85]}}, raw_scores={"LAS": 84})
    meta = treelet.load(package).meta
    assert meta is not None
    assert (meta.raw_scores, meta.label_scores) == ({"LAS": 84.0}, {"LAS": {"obj": [90, 80.5, 85]}})
    change_manifest(package, **fields)
    with pytest.raises(PackageError, match=rf"manifest\.json: {place}: .*expected"):
        treelet.load(package)
