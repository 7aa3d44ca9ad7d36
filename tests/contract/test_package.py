"""Packages round-trip, and a damaged one is an error that names the place, never a crash."""

from __future__ import annotations

import contextlib
import copy as copy_module
import json
import pickle
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import treelet
from random_package import ENCODER, LABELS, VECTORS, random_settings, save_random_package
from random_weights import random_arrays
from treelet.annotators import network_shapes
from treelet.errors import PackageError, PackageNotFoundError, SettingsError
from treelet.package import save_package
from treelet.package.safetensors import Tensor, parse_tensors, write_tensors
from treelet.package.structure import structure_of
from treelet.settings import read_settings

TEXT = "Apple is looking at buying a U.K. startup for $1 billion."


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("packages") / "whole")


@pytest.fixture
def copy(package: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(package, tmp_path / "copy"))


def test_loads_and_verifies(package: Path) -> None:
    nlp = treelet.load(package, verify=True)
    assert nlp(TEXT).to_json() == treelet.load(str(package))(TEXT).to_json()


def test_a_pipeline_is_pickled_by_its_package(package: Path) -> None:
    nlp = treelet.load(package, exclude=["ner"], settings={"parser.beam_width": 2})
    for same in (pickle.loads(pickle.dumps(nlp)), copy_module.deepcopy(nlp)):
        assert same.pipe_names == nlp.pipe_names
        assert same.settings == nlp.settings
        assert same(TEXT).to_json() == nlp(TEXT).to_json()
    nlp.remove_pipe("tagger")
    with pytest.raises(TypeError, match="has changed since it was loaded"):
        pickle.dumps(nlp)


def test_excluded_annotators_are_absent_and_change_nothing(package: Path) -> None:
    nlp = treelet.load(package, exclude=["parser", "tagger"])
    assert nlp.pipe_names == ["morphologizer", "lemmatizer", "ner"]
    whole = treelet.load(package)
    assert nlp(TEXT).to_json() == whole(TEXT, disable=["parser", "tagger"]).to_json()
    with pytest.raises(SettingsError, match="no annotator"):
        treelet.load(package, exclude=["perser"])


def test_full_precision_keeps_every_bit(tmp_path: Path) -> None:
    settings = random_settings()
    arrays = random_arrays(network_shapes(settings, LABELS))
    save_random_package(tmp_path / "f32", stored="fp32")
    tensors = parse_tensors(memoryview((tmp_path / "f32/weights.safetensors").read_bytes()), "x")
    assert {name: bytes(tensor.data) for name, tensor in tensors.items()} == {
        n: a.tobytes() for n, a in arrays.items()
    }


def test_not_found_lists_what_is_there() -> None:
    for name in ("en_core_nowhere", "/nonexistent/path", "\0", "", "x" * 5000):
        with pytest.raises(PackageNotFoundError, match="not an installed package"):
            treelet.load(name)


@pytest.mark.parametrize("encoder", [ENCODER, VECTORS], ids=["plain", "static vectors"])
def test_mutated_packages_never_crash(encoder: dict[str, Any], tmp_path: Path) -> None:
    """Random flips, cuts and insertions: a pipeline that works or a PackageError, nothing else."""
    copy = save_random_package(tmp_path / "p", encoder=encoder)
    chance = random.Random(7)
    for path in sorted(copy.iterdir()):
        original = path.read_bytes()
        for _ in range(60):
            data = bytearray(original)
            kind = chance.randrange(3)
            at = chance.randrange(min(len(data), 4000))
            if kind == 0:
                data[at] ^= 1 << chance.randrange(8)
            elif kind == 1:
                del data[at:]
            else:
                data[at:at] = chance.randbytes(3)
            path.write_bytes(bytes(data))
            _refresh_size(copy, path)
            with contextlib.suppress(PackageError):
                nlp = treelet.load(copy)
                for text in ("", TEXT, " \ud800\0 \u2028", "x" * 2000):
                    nlp(text)
        path.write_bytes(original)


def _refresh_size(folder: Path, changed: Path) -> None:
    """Lets the damage pass the first check, so that the later ones are tested."""
    manifest = folder / "manifest.json"
    if changed.name == "manifest.json":
        return
    entries = json.loads(manifest.read_text())
    entries["files"][changed.name]["bytes"] = changed.stat().st_size
    manifest.write_text(json.dumps(entries))


def change_manifest(folder: Path, **fields: Any) -> None:
    """Put other values into a package's manifest."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def change_tensors(path: Path, change: Any) -> None:
    """Rewrite the tensors of a package's weights."""
    file = path / "weights.safetensors"
    tensors = parse_tensors(memoryview(file.read_bytes()), "x")
    change(tensors)
    file.write_bytes(write_tensors(tensors))
    _refresh_size(path, file)


@pytest.mark.parametrize(
    ("name", "tensor", "message"),
    [
        ("vectors.keys", Tensor("U64", (12,), b"\1" * 96), "stands twice"),
        ("vectors.keys", Tensor("U64", (11,), b"\1" * 88), r"found shape \(11,\)"),
        ("vectors.keys", Tensor("F32", (12,), b"\0" * 48), "found 0 keys, expected 12"),
        ("vectors.table", Tensor("U64", (12, 5), b"\0" * 480), "vectors.table is missing"),
        ("vectors.map", Tensor("U64", (16, 5), b"\0" * 640), "vectors.map is missing"),
        ("mix.bias", Tensor("U64", (48,), b"\0" * 384), "mix.bias is missing"),
        ("vectors.scale", Tensor("F32", (5,), b"\xff" * 20), "not finite"),
    ],
)
def test_wrong_tables_of_vectors_are_errors(name: str, tensor: Tensor, message: str, tmp_path: Path) -> None:
    path = save_random_package(tmp_path / "p", encoder=VECTORS)
    assert treelet.load(path)(TEXT)[0].tag_
    change_tensors(path, lambda tensors: tensors.update({name: tensor}))
    with pytest.raises(PackageError, match=message):
        treelet.load(path)


def test_sizes_are_always_checked_and_hashes_on_request(copy: Path) -> None:
    weights = copy / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-3] ^= 1
    weights.write_bytes(data)
    treelet.load(copy)
    with pytest.raises(PackageError, match=r"weights\.safetensors: its SHA-256"):
        treelet.load(copy, verify=True)
    weights.write_bytes(data[:-1])
    with pytest.raises(PackageError, match="expected"):
        treelet.load(copy)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("manifest.json", '"format": 2', '"format": 9', "upgrade treelet"),
        ("manifest.json", '">=0', '">=99', "needs treelet"),
        (
            "settings.toml",
            "width = 16",
            "width = 24",
            r"embed\.norm: found shape \(64, 16\), expected \(64, 24\)",
        ),
        ("settings.toml", "width = 16", "width = -1", "encoder.width"),
        ("settings.toml", "depth = 2", "depth = 1", "is not a weight of these settings"),
        (
            "settings.toml",
            "rows_shape = 32",
            "rows_shape = 33",
            r"embed\.shape: found shape \(32, 16\), expected \(33, 16\)",
        ),
        (
            "settings.toml",
            "prefix_lengths = [\n    1,\n    3,\n]",
            "prefix_lengths = [1, 4]",
            r"embed\.prefix4 is missing",
        ),
        (
            "settings.toml",
            "suffix_lengths = [\n    2,\n    3,\n    4,\n]",
            "suffix_lengths = [2, 3]",
            "embed.suffix4 is not a weight|mix.weight: found shape",
        ),
        ("labels.json", '"NN",\n', "", r"tagger\.weight: found shape \(5, 16\), expected \(4, 16\)"),
        ("labels.json", '"xpos"', '"xpox"', "label set 'xpos' of the tagger is missing"),
        ("labels.json", '"l[0,0--]"', '"l[0,0--"', "edit tree"),
        ("labels.json", '"NN"', '"VB"', "stands twice"),
    ],
)
def test_contradictions_are_named(copy: Path, file: str, old: str, new: str, message: str) -> None:
    path = copy / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    _refresh_size(copy, path)
    with contextlib.suppress(SettingsError):
        changed = structure_of(read_settings(copy / "settings.toml"))
        change_manifest(copy, structure={"version": "0.1", **changed})
    with pytest.raises(PackageError, match=message):
        treelet.load(copy)


def test_missing_files_are_named(copy: Path) -> None:
    (copy / "tokenizer.json").unlink()
    with pytest.raises(PackageError, match=r"tokenizer\.json"):
        treelet.load(copy)


def test_saving_checks_the_weights(tmp_path: Path) -> None:
    settings = random_settings()
    arrays = random_arrays(network_shapes(settings, LABELS))
    missing = {name: array for name, array in arrays.items() if name != "mix.bias"}
    for weights, message in (
        (missing, "mix.bias is missing"),
        (arrays | {"mix.bias": arrays["mix.gain"]}, "mix.bias: found shape"),
        (arrays | {"mix.bias": arrays["mix.bias"] * float("nan")}, "mix.bias: a value is not finite"),
        (arrays | {"more": arrays["mix.bias"]}, "more"),
    ):
        with pytest.raises(PackageError, match=message):
            save_package(
                tmp_path / "p",
                settings=settings,
                weights=weights,
                labels=LABELS,
                tokenizer_json="{}",
                genre="x",
            )


def header(entries: object, data: bytes = b"") -> memoryview:
    text = json.dumps(entries).encode()
    return memoryview(len(text).to_bytes(8, "little") + text + data)


@pytest.mark.parametrize(
    "content",
    [
        memoryview(b""),
        memoryview(b"\xff" * 16),
        header([]),
        header({"a": 1}),
        header({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 8]}}, b"\0" * 4),
        header({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}, b"\0" * 4),
        header({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}, b"\0" * 4),
        header({"a": {"dtype": "F32", "shape": [True], "data_offsets": [0, 4]}}, b"\0" * 4),
        header({"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}, b"\0" * 8),
        header({"a": {"dtype": [], "shape": [1], "data_offsets": [0, 4]}}, b"\0" * 4),
        header({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"\0" * 8),
        header(
            {
                "a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
                "b": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
            },
            b"\0" * 4,
        ),
    ],
)
def test_damaged_tensor_files(content: memoryview) -> None:
    with pytest.raises(PackageError, match="weights: "):
        parse_tensors(content, "weights")


def test_tensor_files_round_trip() -> None:
    tensors = {
        "a": Tensor("F32", (2,), b"12345678"),
        "ü": Tensor("F16", (1, 1), b"xy"),
        "none": Tensor("F32", (0,), b""),
    }
    read = parse_tensors(memoryview(write_tensors(tensors)), "x")
    assert {name: (t.dtype, t.shape, bytes(t.data)) for name, t in read.items()} == {
        name: (t.dtype, t.shape, t.data) for name, t in tensors.items()
    }


def test_import_is_light(package: Path) -> None:
    """Neither importing nor loading and annotating needs numpy or torch."""
    code = (
        "import sys, treelet; assert 'treelet._core' not in sys.modules\n"
        f"treelet.load({str(package)!r})('Some text.')\n"
        "assert not {'numpy', 'torch'} & set(sys.modules), 'heavy imports'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
