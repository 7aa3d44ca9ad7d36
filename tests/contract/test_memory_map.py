"""A pipeline whose tables stay on disk annotates as one that has read them, whatever becomes of the file."""

from __future__ import annotations

import pickle
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

import treelet
from package_archive import pack
from random_package import VECTORS, save_random_package
from treelet.package.safetensors import read_tensors

TEXT = "The dogs was running to Paris. word1 word7 Word11 unseen"


@pytest.fixture(scope="module", params=["int8", "fp16", "fp32"])
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    patch = pytest.MonkeyPatch()
    patch.setattr("treelet.package.writer.LEAST_BYTES", 100)
    path = tmp_path_factory.mktemp("packages") / "whole"
    save_random_package(path, stored=request.param, encoder=VECTORS)
    patch.undo()
    tensors = read_tensors(path / "weights.safetensors")
    assert tensors["vectors.table"].dtype == "I8"
    assert (tensors["embed.norm"].dtype == "I8") == (request.param == "int8")
    return path


def places(package: Path, folder: Path) -> list[Path]:
    """The package as a folder, in a wheel, and deflated, of which nothing can be mapped."""
    return [
        Path(shutil.copytree(package, folder / "copy")),
        pack(package, folder / "a.whl"),
        pack(package, folder / "a.zip", method=zipfile.ZIP_DEFLATED),
    ]


def written(nlp: treelet.Pipeline) -> object:
    doc = nlp(TEXT)
    return doc.to_json(), [token.head_probability for token in doc]


def test_the_same_to_the_bit(package: Path, tmp_path: Path) -> None:
    expected = written(treelet.load(package))
    for place in places(package, tmp_path):
        nlp = treelet.load(place, memory_map=True, verify=True)
        assert written(nlp) == written(pickle.loads(pickle.dumps(nlp))) == expected
        without = treelet.load(place, memory_map=True, exclude=["ner"])
        assert written(without) == written(treelet.load(package, exclude=["ner"]))


@pytest.mark.skipif(sys.platform == "win32", reason="a mapped file cannot be deleted there")
def test_the_file_may_be_replaced_or_deleted(package: Path, tmp_path: Path) -> None:
    expected = treelet.load(package)(TEXT).to_json()
    other = save_random_package(tmp_path / "other", seed=1, encoder=VECTORS)
    for place in places(package, tmp_path):
        replaced, deleted = (treelet.load(place, memory_map=True) for _ in range(2))
        file = place / "weights.safetensors" if place.is_dir() else place
        new = tmp_path / "new"
        shutil.copy(other / "weights.safetensors", new)
        new.replace(file)
        assert replaced(TEXT).to_json() == expected
        file.unlink()
        assert deleted(TEXT).to_json() == expected


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")
def test_a_map_goes_with_its_pipeline(package: Path) -> None:
    def maps() -> int:
        return Path("/proc/self/maps").read_text().count(str(package / "weights.safetensors"))

    nlp = treelet.load(package, memory_map=True)
    assert maps() >= 1
    nlp(TEXT)
    del nlp
    assert maps() == 0
    treelet.load(package)
    assert maps() == 0
