"""Names and versions say what a package is; one of another library or structure is refused, and why."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import treelet
from random_package import LABELS, random_settings, save_random_package
from treelet.annotators import network_shapes
from treelet.errors import PackageError
from treelet.package import structure
from treelet.package.identity import identity, successor
from treelet.package.manifest import parse_manifest
from treelet.package.name import check_name
from treelet.package.structure import structure_of
from treelet.package.version import is_version, version_fits
from treelet.settings import (
    ANNOTATION_SETTINGS,
    LATER_SETTINGS,
    TEACHING_SETTINGS,
    Settings,
    settings_from_dict,
    settings_to_dict,
)
from treelet.settings.schema import all_fields

ALL = ["tagger", "morphologizer", "lemmatizer", "senter", "parser", "ner"]
OTHER: dict[str, Any] = {
    "features.prefix_lengths": [1, 2],
    "features.suffix_lengths": [2],
    "features.shape_run": 3,
    "encoder.width": 24,
    "encoder.depth": 1,
    "encoder.window": 2,
    "encoder.pieces": 2,
    "encoder.dilation": [2],
    "encoder.recurrent_layers": 2,
    "encoder.recurrent_units": 7,
    "encoder.rows_norm": 65,
    "encoder.rows_prefix": [9],
    "encoder.rows_suffix": [33],
    "encoder.rows_shape": 33,
    "encoder.vector_words": 13,
    "encoder.vector_length": 6,
    "encoder.vector_rows": 5,
    "senter.hidden": 9,
    "senter.pieces": 3,
    "parser.features": ["8"],
    "parser.hidden": 12,
    "parser.pieces": 3,
    "parser.non_monotonic": False,
    "parser.lifting": "path",
    "ner.features": ["3"],
    "ner.hidden": 12,
    "ner.pieces": 3,
}
"""Another value of every setting that shapes the network than the random package has."""


def whole() -> Settings:
    encoder = random_settings().encoder.to_dict() | {"vector_words": 12, "vector_length": 5}
    return random_settings(encoder=encoder, senter={"hidden": 6}, transformer={})


def changed(settings: Settings, values: dict[str, Any]) -> Settings:
    tables = settings_to_dict(settings)
    for path, value in values.items():
        section, name = path.split(".")
        tables[section][name] = value
    return settings_from_dict(tables)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("packages") / "whole")


@pytest.fixture
def copy(package: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(package, tmp_path / "copy"))


def change(folder: Path, **fields: Any) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def manifest_of(folder: Path) -> Any:
    return parse_manifest((folder / "manifest.json").read_bytes(), "m")


def test_the_list_of_structural_settings_is_complete() -> None:
    """Every hyper-parameter is structure, or passing; none is forgotten and none is both."""
    paths = {f"{section}.{field.name}" for section, field in all_fields() if section not in ("", "training")}
    passing = {*ANNOTATION_SETTINGS, *TEACHING_SETTINGS}
    assert passing <= paths
    assert set(OTHER) == paths - passing
    assert set(structure_of(whole())) == {"annotators", *OTHER} - set(LATER_SETTINGS)


@pytest.mark.parametrize("path", OTHER)
def test_every_change_of_structure_forces_another_b(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = whole()
    after = changed(before, {path: OTHER[path]})
    name = {"genre": "web", "size": "sm"}
    released = {"en_core_web_sm": {"0.1": structure_of(before), "0.2": structure_of(before) | {"gone": 1}}}
    monkeypatch.setattr(structure, "released_structures", lambda name: released.get(name, {}))
    assert identity(before, name)["version"] == "0.1.0"
    assert identity(before, name | {"version": "0.1.9"})["version"] == "0.1.9"
    assert identity(after, name)["version"] == "0.3.0"
    with pytest.raises(PackageError, match=rf"another structure \({path} .*now .*0\.3\.0"):
        identity(after, name | {"version": "0.1.9"})
    assert identity(after, {"genre": "mine"})["version"] == "0.1.0"


@pytest.mark.parametrize("path", sorted({*ANNOTATION_SETTINGS, *TEACHING_SETTINGS}))
def test_other_settings_change_no_structure(path: str) -> None:
    section, name = path.split(".")
    value = getattr(getattr(whole(), section), name)
    kinds = {bool: not value, int: 7, float: 0.25 if section != "senter" else 0.9, str: "all"}
    chosen = {"encoder.precision": "fp32", "transformer.precision": "fp32", "transformer.window": 64}
    other = {**chosen, "senter.join_below": 0.1}.get(path, kinds[type(value)])
    after = changed(whole(), {path: other})
    assert after != whole()
    assert structure_of(after) == structure_of(whole())
    assert network_shapes(after, LABELS) == network_shapes(whole(), LABELS)


def test_whatever_changes_the_shapes_changes_the_structure() -> None:
    for path, value in OTHER.items():
        after = changed(whole(), {path: value})
        if network_shapes(after, LABELS) != network_shapes(whole(), LABELS):
            assert structure_of(after) != structure_of(whole()), path


def test_other_parameters_never_matter(copy: Path) -> None:
    for version in ("0.1.1", "0.1.999"):
        change(copy, version=version)
        assert treelet.load(copy).meta.version == version  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"version": "1.1.0"},
            r"1\.1\.0 is for treelet 1, .*pip install 'treelet>=1,<2', or .*treelet download en_",
        ),
        ({"version": "0.2.0"}, r"0\.2\.0 has the structure of 0\.1: .*treelet download en_core_random_sm"),
        ({"version": "0.1"}, "expected three numbers"),
        ({"version": "0.01.0"}, "expected three numbers"),
        ({"treelet": ">=0.9,<1"}, r"needs treelet >=0\.9,<1, .*pip install 'treelet>=0\.9,<1', or"),
        ({"treelet": "<0.1"}, "needs treelet <0.1"),
        ({"treelet": "~=1"}, "expected a range"),
        ({"structure": {}}, "has the structure of None"),
        ({"format": 0}, "expected 1 to"),
        ({"type": "dep"}, "dep means a parser, and no recognizer of entities, .*call it en_core_random_sm"),
        ({"size": "xl"}, "size 'xl', expected sm, md, lg"),
        ({"genre": "Web"}, "genre 'Web'"),
        ({"lang": "e"}, "language 'e'"),
    ],
)
def test_a_wrong_name_or_version_is_refused(copy: Path, fields: dict[str, Any], message: str) -> None:
    change(copy, **fields)
    with pytest.raises(PackageError, match=message):
        treelet.load(copy)


def test_changed_settings_are_not_the_structure_that_was_promised(copy: Path) -> None:
    path = copy / "settings.toml"
    text = path.read_text().replace("shape_run = 4", "shape_run = 5")
    path.write_text(text)
    with pytest.raises(PackageError, match=r"0\.1 tells \(features\.shape_run 4, now 5\): .*another second"):
        treelet.load(copy)


@pytest.mark.parametrize("section", ["training", "encoder"])
def test_settings_of_a_later_treelet_may_teach_and_not_annotate(copy: Path, section: str) -> None:
    path = copy / "settings.toml"
    before = path.read_text()
    path.write_text(before.replace(f"[{section}]\n", f'[{section}]\nlater = "much"\n'))
    assert path.read_text() != before
    files = json.loads((copy / "manifest.json").read_text())["files"]
    change(copy, files=files | {path.name: {"bytes": path.stat().st_size, "sha256": "0" * 64}})
    if section == "training":
        assert "later" not in settings_to_dict(treelet.load(copy).settings)["training"]
    else:
        with pytest.raises(PackageError, match=r"encoder\.later: is not a setting"):
            treelet.load(copy)


def test_a_successor_counts_on(package: Path) -> None:
    old, settings = manifest_of(package), random_settings()
    assert successor(old, settings, {}, same_weights=True)["version"] == "0.1.0"
    assert successor(old, settings, {})["version"] == "0.1.1"
    assert successor(old, changed(settings, {"encoder.width": 24}), {})["version"] == "0.2.0"
    assert "version" not in successor(old, settings, {"genre": "other"})
    assert successor(old, settings, {"version": "0.7.0"})["version"] == "0.7.0"


def test_names() -> None:
    check_name("pt_core_news_lg", ALL)
    check_name("zhhant_tag_w3_sm", ["tagger"])
    for name in (
        "en",
        "en_core_web",
        "en_core_web_sm_2",
        "_core_web_sm",
        "en_core__sm",
        "en_core_wéb_sm",
        "en_x_web_sm",
    ):
        with pytest.raises(PackageError, match="expected"):
            check_name(name, ALL)


def test_versions_and_ranges() -> None:
    assert [
        v for v in ("1.0.0", "0.10.2", "1.0", "1.0.00", "1.0.0.0", "a.b.c", "1.0.-1", "") if is_version(v)
    ] == [
        "1.0.0",
        "0.10.2",
    ]
    assert version_fits("0.1.0", ">=0.1.0,<0.2")
    assert not version_fits("0.2.0", ">=0.1.0,<0.2")
    assert version_fits("1.0", "==1.0.0")
    assert version_fits("1.0.2.dev3", ">1.0.1")
    with pytest.raises(PackageError, match="expected a range"):
        version_fits("1.0", "~=1")


def test_a_pipeline_saved_again_keeps_count(package: Path, tmp_path: Path) -> None:
    nlp = treelet.load(package)
    nlp.to_disk(tmp_path / "same")
    assert manifest_of(tmp_path / "same").version == "0.1.0"
    nlp.remove_pipe("lemmatizer")
    nlp.to_disk(tmp_path / "other")
    assert (manifest_of(tmp_path / "other").name, manifest_of(tmp_path / "other").version) == (
        "en_core_random_sm",
        "0.2.0",
    )
    nlp.remove_pipe("ner")
    nlp.to_disk(tmp_path / "renamed")
    assert (manifest_of(tmp_path / "renamed").name, manifest_of(tmp_path / "renamed").version) == (
        "en_dep_random_sm",
        "0.1.0",
    )
    for folder in ("same", "other", "renamed"):
        assert treelet.load(tmp_path / folder, verify=True)("Some text.")
