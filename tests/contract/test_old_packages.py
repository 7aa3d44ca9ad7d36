"""Packages of earlier releases load, and annotate as they did: tools/keep_package.py kept them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from old_packages import KEPT, annotations_of
from treelet.package import installed_packages
from treelet.package.manifest import FORMAT
from treelet.package.structure import released_structures


@pytest.mark.parametrize("folder", KEPT, ids=lambda folder: folder.name)
def test_an_old_package_annotates_as_it_did(folder: Path) -> None:
    assert annotations_of(folder / "package") == (folder / "expected.conllu").read_text()


def test_one_is_kept_of_every_format_and_released_structure() -> None:
    kept = {(m["format"], m["version"].rpartition(".")[0]) for m in map(manifest, KEPT)}
    assert {number for number, _ in kept} == set(range(1, FORMAT + 1))
    released = {version for each in installed_packages() for version in released_structures(each.name)}
    assert released <= {version for _, version in kept}


def manifest(folder: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads((folder / "package" / "manifest.json").read_text())
    return read
