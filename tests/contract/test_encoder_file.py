"""A file of an encoder holds what was written, and nothing that does not fit is read from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from small_pipeline import SMALL
from treelet.annotators import network_shapes
from treelet.errors import PackageError, SettingsError
from treelet.package.encoder_file import FORMAT, read_encoder, shape_of, write_encoder
from treelet.package.safetensors import Tensor, write_tensors
from treelet.settings import Settings, settings_from_dict

SETTINGS = settings_from_dict({"encoder": SMALL["encoder"]})
Arrays = dict[str, np.ndarray]


def some_arrays(settings: Settings = SETTINGS) -> Arrays:
    random = np.random.default_rng(0)
    return {
        name: random.normal(size=shape).astype(np.float32)
        for name, shape in network_shapes(settings, {}).items()
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.encoder"


def write_raw(path: Path, arrays: Arrays, notes: dict[str, str]) -> None:
    types = {"float32": "F32", "float16": "F16", "int8": "I8"}
    tensors = {
        name: Tensor(types[str(array.dtype)], array.shape, array.tobytes()) for name, array in arrays.items()
    }
    path.write_bytes(write_tensors(tensors, notes))


def test_round_trip(path: Path) -> None:
    arrays = some_arrays()
    write_encoder(path, SETTINGS, arrays, {"objective": "characters"})
    found = read_encoder(path, SETTINGS)
    assert found.about == {"objective": "characters"}
    assert list(found.arrays) == list(arrays)
    for name, array in arrays.items():
        assert_array_equal(found.arrays[name], array)


def test_settings_of_annotators_and_of_teaching_may_differ(path: Path) -> None:
    write_encoder(path, SETTINGS, some_arrays(), {})
    encoder = {**SMALL["encoder"], "precision": "fp32"}
    read_encoder(path, settings_from_dict({"encoder": encoder, "tagger": {}, "training": {"epochs": 3}}))


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"encoder": {"width": 32}}, ["encoder.width 24, now 32"]),
        (
            {"encoder": {"depth": 2, "pieces": 2}, "features": {"shape_run": 3}},
            ["encoder.depth", "encoder.pieces", "features.shape_run"],
        ),
    ],
)
def test_settings_that_differ_are_named(path: Path, changes: dict[str, Any], names: list[str]) -> None:
    write_encoder(path, SETTINGS, some_arrays(), {})
    with pytest.raises(SettingsError) as caught:
        read_encoder(
            path, settings_from_dict({**changes, "encoder": {**SMALL["encoder"], **changes["encoder"]}})
        )
    assert str(path) in str(caught.value)
    for name in names:
        assert name in str(caught.value)
    assert "rows_norm" not in str(caught.value)


@pytest.mark.parametrize("kept", [0, 5, 100, 4000, -1])
def test_a_file_cut_short_is_refused(path: Path, kept: int) -> None:
    write_encoder(path, SETTINGS, some_arrays(), {})
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(PackageError, match=r"x\.encoder"):
        read_encoder(path, SETTINGS)


def test_numbers_that_are_not_finite_are_refused(path: Path) -> None:
    arrays = some_arrays()
    arrays["mix.weight"][3, 4] = np.nan
    write_encoder(path, SETTINGS, arrays, {})
    with pytest.raises(PackageError, match=r"mix\.weight: found a number that is not finite"):
        read_encoder(path, SETTINGS)


def notes(**changes: str) -> dict[str, str]:
    return {"format": FORMAT, "settings": json.dumps(shape_of(SETTINGS)), **changes}


def reshaped(arrays: Arrays) -> Arrays:
    return {**arrays, "mix.bias": arrays["mix.bias"][:-1].copy()}


def without(arrays: Arrays) -> Arrays:
    return {name: array for name, array in arrays.items() if name != "mix.gain"}


def with_more(arrays: Arrays) -> Arrays:
    return {**arrays, "tagger.bias": arrays["mix.bias"]}


def in_16_bits(arrays: Arrays) -> Arrays:
    return {**arrays, "mix.bias": arrays["mix.bias"].astype(np.float16)}


@pytest.mark.parametrize("change", [reshaped, without, with_more, in_16_bits])
def test_weights_that_the_settings_do_not_ask_for_are_refused(path: Path, change: Any) -> None:
    write_raw(path, some_arrays(), notes())
    read_encoder(path, SETTINGS)
    write_raw(path, change(some_arrays()), notes())
    with pytest.raises(PackageError, match=r"x\.encoder"):
        read_encoder(path, SETTINGS)


HUGE = {**shape_of(SETTINGS), "encoder.width": 10**9}


@pytest.mark.parametrize(
    "told",
    [
        {"format": "treelet encoder 2"},
        {"format": ""},
        {"settings": "{"},
        {"settings": "[]"},
        {"settings": "{}"},
        {"settings": json.dumps({"encoder.unheard": 1})},
        {"settings": json.dumps({**shape_of(SETTINGS), "tagger.label_smoothing": 0.1})},
        {"settings": json.dumps({**shape_of(SETTINGS), "encoder": 3})},
        {"settings": json.dumps(HUGE)},
        {"settings": "[" * 100_000},
        {"about": "{"},
    ],
)
def test_metadata_that_make_no_sense_are_refused(path: Path, told: dict[str, str]) -> None:
    write_raw(path, some_arrays(), notes(**told))
    with pytest.raises(PackageError, match=r"x\.encoder"):
        read_encoder(path, SETTINGS)


def test_another_file_is_refused(path: Path) -> None:
    write_raw(path, some_arrays(), {})
    with pytest.raises(PackageError, match="found another kind of file"):
        read_encoder(path, SETTINGS)
    with pytest.raises(PackageError, match="cannot be read"):
        read_encoder(path.with_name("absent"), SETTINGS)
