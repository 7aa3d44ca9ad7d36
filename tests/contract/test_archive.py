"""A package in a wheel or zip file is the same as its folder; one that lies is refused by name."""

from __future__ import annotations

import contextlib
import copy as copy_module
import io
import pickle
import random
import struct
import tracemalloc
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import treelet
from package_archive import data_begins, pack
from random_package import VECTORS, save_random_package
from treelet.cli import verbs
from treelet.errors import PackageError, PackageNotFoundError
from treelet.package import read_manifest, read_package
from treelet.package.safetensors import read_tensors

TEXT = "Apple is looking at buying a U.K. startup for $1 billion."
METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("packages") / "whole", encoder=VECTORS)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("file", "folder"), [("a.whl", "treelet_xx/"), ("a.zip", ""), ("a.ZIP", "ü/")])
def test_an_archive_is_the_same_as_its_folder(
    package: Path, tmp_path: Path, file: str, folder: str, method: int
) -> None:
    archive = pack(package, tmp_path / file, folder, method)
    nlp = treelet.load(archive, verify=True)
    assert nlp(TEXT).to_json() == treelet.load(package)(TEXT).to_json()
    assert nlp.settings == treelet.load(package).settings
    tensors = read_package(archive).file.read_tensors()
    assert {name: bytes(tensor.data) for name, tensor in tensors.items()} == {
        name: bytes(tensor.data) for name, tensor in read_tensors(package / "weights.safetensors").items()
    }
    for same in (pickle.loads(pickle.dumps(nlp)), copy_module.deepcopy(nlp)):
        assert same(TEXT).to_json() == nlp(TEXT).to_json()
    nlp.remove_pipe("tagger")
    assert not nlp(TEXT).has_annotation("TAG")
    assert [path.name for path in tmp_path.iterdir()] == [file], "nothing is written beside it"


@pytest.mark.parametrize("memory_map", [False, True])
def test_what_is_excluded_is_not_read(package: Path, tmp_path: Path, memory_map: bool) -> None:
    archive = pack(package, tmp_path / "a.whl")
    expected = treelet.load(package, exclude=["ner"])(TEXT).to_json()
    content, begin = bytearray(archive.read_bytes()), data_begins(archive, "weights.safetensors")
    weights = package / "weights.safetensors"
    spoilt = [tensor for name, tensor in read_tensors(weights).items() if name.startswith("ner.")]
    assert len(spoilt) > 3
    whole = weights.read_bytes()
    for tensor in spoilt:
        at = begin + whole.index(bytes(tensor.data))
        content[at : at + len(tensor.data)] = b"\xff" * len(tensor.data)  # no number
    archive.write_bytes(content)
    assert treelet.load(archive, exclude=["ner"], memory_map=memory_map)(TEXT).to_json() == expected
    with pytest.raises(PackageError, match="not finite"):
        treelet.load(archive, memory_map=memory_map)
    with pytest.raises(PackageError, match="SHA-256"):
        treelet.load(archive, exclude=["ner"], verify=True, memory_map=memory_map)


def test_the_command_line_takes_archives(package: Path, tmp_path: Path) -> None:
    archive = str(pack(package, tmp_path / "a.whl"))
    assert read_manifest(archive).name == read_manifest(package).name
    for arguments in (["info", archive], ["annotate", "--model", archive, TEXT]):
        result = CliRunner().invoke(verbs, arguments)
        assert result.exit_code == 0, result.output
        assert result.output


def rewrite(package: Path, out: Path, **changes: Any) -> Path:
    """An archive with other files, or with other fields in its directory; None leaves a file out."""
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name given twice
        for path in sorted(package.iterdir()):
            archive.write(path, f"p/{path.name}")
        for name, content in changes.get("files", []):
            archive.writestr(name, content)
        for name, field, value in changes.get("fields", []):
            setattr(archive.getinfo(name), field, value)
    return out


LINK = zipfile.ZipInfo("p/link")
LINK.external_attr = 0o120777 << 16


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"files": [("../x", "")]}, "leads out of the archive"),
        ({"files": [("p/../../x", "")]}, "leads out of the archive"),
        ({"files": [("/etc/x", "")]}, "leads out of the archive"),
        ({"files": [("p//x", "")]}, "leads out of the archive"),
        ({"files": [("C:x", "")]}, "leads out of the archive"),
        ({"files": [("p\\x", "")]}, "leads out of the archive"),
        ({"files": [("p/labels.json", "{}")]}, "stands there twice"),
        ({"files": [(LINK, "/etc/passwd")]}, "a link"),
        ({"files": [("q/manifest.json", "{}")]}, "found p/manifest.json, q/manifest.json"),
        ({"files": [("manifest.json", "{}")]}, "found p/manifest.json, manifest.json"),
        ({"fields": [("p/labels.json", "flag_bits", 1)]}, "encrypted"),
        ({"fields": [("p/labels.json", "compress_type", 99)]}, "compression 99"),
        ({"fields": [("p/labels.json", "compress_type", zipfile.ZIP_LZMA)]}, "compression 14"),
        ({"fields": [("p/labels.json", "compress_type", zipfile.ZIP_DEFLATED)]}, "contradict each other"),
        ({"fields": [("p/labels.json", "file_size", 7)]}, "bytes are stored for one of 7"),
        ({"fields": [("p/manifest.json", "header_offset", 0)]}, "two files are at the same place"),
        ({"fields": [("p/labels.json", "header_offset", 3)]}, "contradict each other"),
        ({"fields": [("p/labels.json", "header_offset", 1 << 40)]}, "labels.json"),
        ({"fields": [("p/labels.json", "header_offset", 1 << 63)]}, "labels.json"),
        ({"fields": [("p/labels.json", "filename", "p/manifest.jso")]}, "labels.json: there is no such file"),
    ],
)
def test_archives_that_lie_are_refused(
    package: Path, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    archive = rewrite(package, tmp_path / "a.zip", **changes)
    with pytest.raises(PackageError, match=message) as caught:
        treelet.load(archive)
    assert str(archive) in str(caught.value)


def test_sizes_that_reach_into_the_next_file_are_refused(package: Path, tmp_path: Path) -> None:
    fields = [("p/weights.safetensors", field, 1 << 20) for field in ("file_size", "compress_size")]
    manifest = package / "manifest.json"
    archive = rewrite(package, tmp_path / "a.zip", fields=fields)
    with pytest.raises(PackageError, match=r"weights\.safetensors.*(overlaps|bytes, expected)"):
        treelet.load(archive)
    assert manifest.exists()


def test_bombs_are_not_inflated(package: Path, tmp_path: Path) -> None:
    """A file that inflates to more than is declared, and one that declares a gigabyte."""
    bomb, real = b"\0" * 300_000_000, (package / "labels.json").read_bytes()
    for declared in (len(real), 1 << 30):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(package.iterdir()):
                archive.writestr(f"p/{path.name}", bomb if path.name == "labels.json" else path.read_bytes())
            archive.getinfo("p/labels.json").file_size = declared
        (tmp_path / "a.zip").write_bytes(out.getvalue())
        tracemalloc.start()
        with pytest.raises(PackageError, match=r"labels\.json"):
            treelet.load(tmp_path / "a.zip")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 10_000_000


def test_what_is_no_archive(package: Path, tmp_path: Path) -> None:
    whole = pack(package, tmp_path / "whole.zip").read_bytes()
    end = whole.rindex(b"PK\5\6")
    directory = struct.pack("<I", 1 << 30)
    for content in (b"", b"PK", whole[: len(whole) // 2], whole[: end + 12] + directory + whole[end + 16 :]):
        (tmp_path / "a.zip").write_bytes(content)
        with pytest.raises(PackageError, match=r"a\.zip: not a zip archive, or a damaged one"):
            treelet.load(tmp_path / "a.zip")
    (tmp_path / "big.zip").write_bytes(whole[:end] + b"\0" * (3 << 20) + whole[end:])
    with pytest.raises(PackageError, match=r"big\.zip"):
        treelet.load(tmp_path / "big.zip")
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as archive:
        archive.writestr("a/b/manifest.json", "{}")
    with pytest.raises(PackageError, match=r"expected one package.*found none"):
        treelet.load(tmp_path / "none.zip")
    (tmp_path / "a.txt").write_text("text")
    for path in ("a.txt", "b.whl"):
        with pytest.raises(PackageNotFoundError, match="not an installed package"):
            treelet.load(tmp_path / path)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("where", ["anywhere", "directory"])
def test_mutated_archives_never_crash(package: Path, tmp_path: Path, method: int, where: str) -> None:
    whole = pack(package, tmp_path / "whole.zip", method=method).read_bytes()
    first = whole.index(b"PK\1\2") if where == "directory" else 0
    chance, path = random.Random(3), tmp_path / "a.zip"
    refused = 0
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(first, len(data))
            kind = chance.randrange(4)
            if kind == 0:
                data[at] ^= 1 << chance.randrange(8)
            elif kind == 1:
                data[at : at + 4] = chance.choice([b"\xff" * 4, b"\0" * 4, chance.randbytes(4)])
            elif kind == 2:
                del data[at : at + chance.randrange(1, 40)]
            else:
                data[at:at] = chance.randbytes(3)
        path.write_bytes(data)
        try:
            nlp = treelet.load(path)
        except PackageError:
            refused += 1
            continue
        with contextlib.suppress(PackageError):
            nlp(TEXT)
    assert refused > 50
