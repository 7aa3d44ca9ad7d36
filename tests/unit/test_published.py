"""Versions in a folder of wheels keep their meaning: a.b.c its bytes, a.b its structure."""

from __future__ import annotations

import io
import json
import random
import tarfile
import zipfile
from pathlib import Path

import pytest

from random_package import ENCODER, save_random_package
from treelet.errors import PackageError
from treelet.package.structure import released_structures
from treelet.publishing import Changes, Published, build_sdist, publish, read_contents, read_published

FIRST = "treelet_en_core_random_sm-0.1.0-py3-none-any.whl"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("packages") / "tiny")


@pytest.fixture(scope="module")
def wider(tmp_path_factory: pytest.TempPathFactory) -> Path:
    encoder = {**ENCODER, "width": 24, "recurrent_units": 8}
    return save_random_package(tmp_path_factory.mktemp("packages") / "wider", encoder=encoder)


@pytest.fixture
def out(package: Path, tmp_path: Path) -> Path:
    add(package, tmp_path / "out")
    return tmp_path / "out"


def add(package: Path, out: Path, version: str | None = None, *formats: str) -> Published:
    return publish(
        read_contents(package, Changes(version=version, licence="MIT")), out, formats or ("wheel",)
    )


def test_another_number_c_is_another_file(package: Path, out: Path) -> None:
    added = add(package, out, "0.1.7")
    assert added.notes == added.kept == []
    told = read_published(added.written[0])
    assert (told.version, told.structure["version"]) == ("0.1.7", "0.1")
    assert sorted(path.name for path in out.iterdir()) == [FIRST, FIRST.replace("0.1.0", "0.1.7")]


def test_other_bytes_need_the_next_free_version(package: Path, out: Path) -> None:
    add(package, out, "0.1.4")
    changed = read_contents(package, Changes(description="another", licence="MIT"))
    with pytest.raises(PackageError, match=r"0\.1\.0 is there with other bytes.*give --version 0\.1\.5$"):
        publish(changed, out)
    with pytest.raises(PackageError, match=r"0\.1\.0 is there with other bytes"):
        publish(changed, out, ["sdist"])
    assert not list(out.glob("*.tar.gz"))
    assert len(add(package, out, None, "sdist").written) == 1


@pytest.mark.parametrize("there", ["wheel", "sdist"])
def test_another_structure_needs_another_number_b(
    package: Path, wider: Path, tmp_path: Path, there: str
) -> None:
    out = tmp_path / "out"
    add(package, out, "0.1.0", there)
    add(package, out, "0.3.0", there)
    with pytest.raises(PackageError, match=r"another structure there") as caught:
        add(wider, out, "0.1.1")
    said = str(caught.value)
    assert "encoder.width 16, now 24; encoder.recurrent_units 6, now 8" in said
    assert said.endswith("give --version 0.4.0, or another --name")
    assert len(list(out.iterdir())) == 2
    assert add(wider, out, "0.4.0").notes == []


def test_another_number_b_of_the_same_structure_is_noted(package: Path, out: Path) -> None:
    added = add(package, out, "0.2.0")
    assert [path.name for path in added.written] == [FIRST.replace("0.1.0", "0.2.0")]
    assert "0.2.0 has the structure of 0.1" in added.notes[0]
    assert "0.1.1 would say what it is" in added.notes[0]
    assert add(package, out, "0.2.1").notes == []


def test_another_major_number_is_refused(package: Path, out: Path) -> None:
    with pytest.raises(PackageError, match="the library's major version"):
        add(package, out, "1.1.0")
    for version in ("0.1", "0.1.00", "../0.1.1", "0.1.1.dev1"):
        with pytest.raises(PackageError, match="expected three numbers"):
            add(package, out, version)


def test_a_version_that_was_released_keeps_its_structure(
    wider: Path, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert released_structures("en_core_random_sm") == {}
    structure = {
        name: value for name, value in read_contents(package).manifest.structure.items() if name != "version"
    }
    table = tmp_path / "released.json"
    table.write_text(json.dumps({"en_core_random_sm": {"0.1": structure}}))
    monkeypatch.setattr("treelet.package.structure._RELEASED", str(table))
    assert add(package, tmp_path / "out").written
    with pytest.raises(
        PackageError, match=r"0\.1 has been released with another structure \(encoder\.width 16"
    ):
        add(wider, tmp_path / "other")


def test_a_damaged_file_of_the_same_b_is_named(package: Path, out: Path) -> None:
    (out / FIRST.replace("0.1.0", "0.1.3")).write_bytes(b"PK\3\4 no wheel")
    with pytest.raises(PackageError, match=r"0\.1\.3-py3-none-any\.whl: not a zip archive"):
        add(package, out, "0.1.1")
    assert add(package, out, "0.2.0").written  # of no matter there


def test_files_of_others_do_not_matter(package: Path, out: Path) -> None:
    for name in (
        "treelet_en_core_random_sm-0.9.9.zip",
        "treelet_en_core_random_smaller-0.1.0.tar.gz",
        "x.whl",
    ):
        (out / name).write_text("other")
    assert add(package, out, "0.1.1").notes == []


@pytest.mark.parametrize("path", ["treelet_a-0.1.0-py3-none-any.whl", "treelet_a-0.1.0.tar.gz"])
def test_what_is_no_wheel_is_an_error(tmp_path: Path, path: str) -> None:
    with pytest.raises(PackageError, match="cannot be read"):
        read_published(tmp_path / path)
    (tmp_path / path).write_bytes(b"\x1f\x8b\x08\0nothing")
    with pytest.raises(PackageError, match="damaged"):
        read_published(tmp_path / path)


def test_a_manifest_without_end_is_an_error(tmp_path: Path) -> None:
    wheel, sdist = tmp_path / "treelet_a-0.1.0-py3-none-any.whl", tmp_path / "treelet_a-0.1.0.tar.gz"
    blanks = b" " * 101_000_000
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("treelet_a/manifest.json", blanks)
    with tarfile.open(sdist, "w:gz", compresslevel=1) as archive:
        entry = tarfile.TarInfo("treelet_a-0.1.0/another")
        entry.size = len(blanks)
        archive.addfile(entry, io.BytesIO(blanks))
    for path in (wheel, sdist):
        with pytest.raises(PackageError, match=r"10[01],?000,?000"):
            read_published(path)


def test_a_damaged_sdist_is_an_error(package: Path, tmp_path: Path) -> None:
    whole = build_sdist(read_contents(package))
    path, chance = tmp_path / "treelet_en_core_random_sm-0.1.0.tar.gz", random.Random(5)
    path.write_bytes(whole)
    assert read_published(path).name == "en_core_random_sm"
    refused = 0
    for _ in range(300):
        damaged = bytearray(whole)
        at = chance.choice([chance.randrange(40), 512 * chance.randrange(18) + chance.randrange(540)])
        if chance.random() < 0.3:
            del damaged[at:]
        else:
            damaged[at] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            read_published(path)
        except PackageError:
            refused += 1
    assert refused > 50


def test_an_sdist_of_another_package_is_an_error(package: Path, tmp_path: Path) -> None:
    path = tmp_path / "treelet_en_core_other_sm-0.1.0.tar.gz"
    path.write_bytes(build_sdist(read_contents(package)))
    with pytest.raises(PackageError, match="there is no such file"):
        read_published(path)


def test_a_package_without_a_licence_is_noted(package: Path, tmp_path: Path) -> None:
    assert "--licence" in publish(read_contents(package), tmp_path).notes[0]
