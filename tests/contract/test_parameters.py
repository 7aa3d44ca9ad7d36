"""nlp.parameters() is what the package holds: names, shapes, types, bytes, and the manifest's count."""

from __future__ import annotations

import gc
from math import prod
from pathlib import Path

import numpy as np
import pytest

import treelet
from random_network import save_random_network
from random_package import VECTORS, save_random_package
from treelet.annotators.inventory import ENCODER, Inventory, describe, multiplies_bytes
from treelet.annotators.table import ANNOTATOR_TABLE
from treelet.errors import SettingsError
from treelet.package import StoredPipeline
from treelet.package.rewrite import replace_weights
from treelet.package.safetensors import NUMPY_TYPES, read_tensors


@pytest.mark.parametrize("seed", range(12))
def test_the_list_is_the_file(seed: int, tmp_path: Path) -> None:
    nlp = treelet.load(save_random_network(tmp_path / "p", seed))
    rows = nlp.parameters()
    tensors = read_tensors(tmp_path / "p" / "weights.safetensors")
    steps = {name for name in tensors if name.endswith(".step")}
    assert {row.name: row.shape for row in rows} == {
        name: tensor.shape for name, tensor in tensors.items() if name not in steps
    }
    for row in rows:
        tensor, beside = tensors[row.name], tensors.get(f"{row.name}.step")
        assert row.dtype == NUMPY_TYPES[tensor.dtype]
        assert row.bytes == len(tensor.data) + (len(beside.data) if beside else 0)
        assert row.count == prod(tensor.shape)
    assert nlp.meta is not None
    assert sum(row.count for row in rows) == nlp.meta.parameters
    assert bool(steps) == (seed % 3 == 0 and any(row.count >= 8192 for row in rows))


@pytest.mark.parametrize("seed", range(6))
def test_a_network_that_was_never_saved(seed: int, tmp_path: Path) -> None:
    """Settings and label sets are enough."""
    nlp = treelet.load(save_random_network(tmp_path / "p", seed))
    fresh = Inventory(nlp.settings, nlp._parts.labels, nlp.pipe_names).parameters()
    assert [(row.name, row.shape) for row in fresh] == [(row.name, row.shape) for row in nlp.parameters()]
    for row in fresh:
        kinds = {"vectors.keys": "uint64", "vectors.table": "int8"}
        assert row.dtype == kinds.get(row.name, "float32")
        assert row.bytes == row.count * np.dtype(row.dtype).itemsize


def test_a_pipeline_on_its_way() -> None:
    """Nothing to learn while it is blank, an error while it is untaught, all of it once it is initialised."""
    nlp = treelet.blank("pt", {"encoder": {"width": 16}})
    assert nlp.parameters() == []
    nlp.add_pipe("ner", config={"hidden": 8})
    with pytest.raises(SettingsError, match="ner: added, but never taught"):
        nlp.parameters()
    example = treelet.Example.from_offsets(nlp.make_doc("A Ana mora em Lisboa."), [(14, 20, "LOC")])
    nlp.initialize([example])
    nlp.freeze("encoder")
    rows = nlp.parameters()
    expected = Inventory(nlp.settings, {"ner": ["LOC"]}, ["ner"]).parameters()
    assert [(row.name, row.shape, row.used_by) for row in rows] == [
        (row.name, row.shape, ("ner",)) for row in expected
    ]
    assert {row.owner: row.status for row in rows} == {"encoder": "frozen", "ner": "trained"}


def test_status_owner_and_users(tmp_path: Path) -> None:
    path = save_random_package(tmp_path / "p", encoder=VECTORS, senter={})
    replace_weights(path, {"ner.calibration": np.zeros(5)})
    nlp = treelet.load(path)
    everyone = tuple(nlp.pipe_names)
    rows = {row.name: row for row in nlp.parameters()}
    assert {name for name, row in rows.items() if row.status == "pretrained"} == {
        "vectors.keys",
        "vectors.table",
        "vectors.scale",
    }
    assert [name for name, row in rows.items() if row.status == "fitted"] == ["ner.calibration"]
    assert {row.status for row in rows.values()} == {"trained", "pretrained", "fitted"}
    for name, row in rows.items():
        prefix = name.split(".")[0]
        mine = [annotator for annotator, entry in ANNOTATOR_TABLE.items() if prefix in entry.weights]
        assert (row.owner, row.used_by) == ((mine[0], (mine[0],)) if mine else (ENCODER, everyone))
        assert row.shared == (not mine)
    assert rows["upos.bias"].owner == rows["feats.bias"].owner == "morphologizer"


@pytest.mark.parametrize("frozen", [("encoder",), ("morphologizer",), ("encoder", "ner"), ()])
def test_frozen_weights_are_those_of_who_is_frozen(frozen: tuple[str, ...], tmp_path: Path) -> None:
    nlp = treelet.load(save_random_package(tmp_path / "p", encoder=VECTORS))
    rows = Inventory(nlp.settings, nlp._parts.labels, nlp.pipe_names, frozen).parameters()
    for row in rows:
        fixed = row.name in ("vectors.keys", "vectors.table", "vectors.scale")
        expected = "pretrained" if fixed else "frozen" if row.owner in frozen else "trained"
        assert row.status == expected, row.name


def test_an_annotator_that_was_left_out_has_no_rows(tmp_path: Path) -> None:
    nlp = treelet.load(save_random_package(tmp_path / "p"), exclude=["ner", "tagger"])
    rows = nlp.parameters()
    assert {row.owner for row in rows} == {"encoder", "morphologizer", "lemmatizer", "parser"}
    assert all(set(row.used_by) <= set(nlp.pipe_names) for row in rows)


@pytest.mark.parametrize(
    ("name", "group", "layer"),
    [
        ("embed.norm", "hash tables", "hash table of norms"),
        ("embed.prefix1", "hash tables", "hash table of prefixes of 1 character"),
        ("embed.suffix3", "hash tables", "hash table of suffixes of 3 characters"),
        ("vectors.map", "static vectors", "map of static vectors"),
        ("mix.gain", "mix", "mix"),
        ("encoder.0.weight", "convolutions", "convolution 1"),
        ("recurrent.1.ahead.bias", "recurrent layers", "recurrent layer 2, ahead"),
        ("recurrent.10.mix.gain", "recurrent layers", "recurrent layer 11, mix"),
        ("upos.weight", "morphologizer", "UPOS layer of the morphologizer"),
        ("senter.upper", "senter", "output layer of the senter"),
        ("parser.lower", "parser", "state layer of the parser"),
        ("parser.upper.bias", "parser", "action layer of the parser"),
        ("parser.label_calibration", "parser", "calibration of the parser"),
        ("ner.padding", "ner", "state layer of the entity recognizer"),
    ],
)
def test_layers_have_names_in_words(name: str, group: str, layer: str) -> None:
    assert describe(name)[:2] == (group, layer)


def test_layers_come_in_the_order_in_which_a_word_passes_them(tmp_path: Path) -> None:
    encoder = VECTORS | {"recurrent_layers": 12, "depth": 11, "dilation": [1]}
    rows = treelet.load(save_random_package(tmp_path / "p", encoder=encoder)).parameters()
    groups = list(dict.fromkeys(row.group for row in rows))
    assert groups[:5] == ["hash tables", "static vectors", "mix", "convolutions", "recurrent layers"]
    assert groups[5:] == ["tagger", "morphologizer", "lemmatizer", "parser", "ner"]
    layers = list(dict.fromkeys(row.layer for row in rows if row.group == "recurrent layers"))
    parts = ("ahead", "back", "mix")
    assert layers == [f"recurrent layer {number}, {part}" for number in range(1, 13) for part in parts]


def test_memory_goes_by_what_is_multiplied(tmp_path: Path) -> None:
    assert multiplies_bytes("int8")
    assert not multiplies_bytes("fp32")
    path = save_random_package(tmp_path / "p", stored="int8", encoder=VECTORS, senter={})
    for precision, size in (("int8", 1), ("fp32", 4)):
        rows = treelet.load(path, settings={"encoder.precision": precision}).parameters()
        numbers = {row.name: row.bytes_in_memory // row.count for row in rows}
        multiplied = {"mix.weight", "encoder.1.weight", "recurrent.0.mix.weight", "tagger.weight"}
        multiplied |= {"parser.lower", "ner.upper.weight"}
        assert {name: numbers[name] for name in multiplied} == dict.fromkeys(multiplied, size)
        floats = {"embed.norm", "mix.bias", "parser.padding", "senter.weight", "vectors.map"}
        assert {name: numbers[name] for name in floats} == dict.fromkeys(floats, 4)
        assert (numbers["vectors.keys"], numbers["vectors.table"]) == (8, 1)


def test_calibration_counts_in_the_manifest(tmp_path: Path) -> None:
    path = save_random_package(tmp_path / "p", stored="int8")
    before = treelet.load(path).meta
    replace_weights(path, {"parser.calibration": np.zeros((3, 4)), "parser.label_calibration": np.zeros(2)})
    nlp = treelet.load(path, verify=True)
    assert before is not None
    assert nlp.meta is not None
    assert nlp.meta.parameters == before.parameters + 14 == sum(row.count for row in nlp.parameters())


def test_a_loaded_pipeline_does_not_keep_the_weights_as_they_were_read(tmp_path: Path) -> None:
    nlp = treelet.load(save_random_package(tmp_path / "p"))
    gc.collect()
    assert not [found for found in gc.get_objects() if type(found) is StoredPipeline]
    assert nlp("The dogs.").has_annotation("DEP")
