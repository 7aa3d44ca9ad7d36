"""What is in a wheel and an sdist, and that nothing but the package decides their bytes."""

from __future__ import annotations

import base64
import csv
import email
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from random_package import save_random_package
from treelet.errors import PackageError
from treelet.installing.wheel_check import read_wheel
from treelet.package.find import MODELS
from treelet.package.signature import check_signature
from treelet.publishing import Changes, build_sdist, build_wheel, read_contents, sdist_name, wheel_name
from treelet.publishing.metadata import metadata_of
from treelet.publishing.sdist import gzipped

FOLDER = "treelet_en_core_random_sm"
INFO = f"{FOLDER}-0.1.0.dist-info"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = save_random_package(tmp_path_factory.mktemp("packages") / "tiny")
    (folder / "LICENSE").write_text("Do as you like.\n")
    return folder


@pytest.fixture(scope="module")
def wheel(package: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(build_wheel(read_contents(package))))


def test_the_package_is_in_the_wheel_as_it_is(package: Path, wheel: zipfile.ZipFile) -> None:
    inside = {name: wheel.read(name) for name in wheel.namelist() if name.startswith(f"{FOLDER}/")}
    assert inside.pop(f"{FOLDER}/README.md").startswith(b"# en_core_random_sm\n")
    assert inside == {f"{FOLDER}/{path.name}": path.read_bytes() for path in package.iterdir()}
    assert not [name for name in wheel.namelist() if name.endswith((".py", ".pth", ".so", ".data"))]


def test_every_entry_is_plain(wheel: zipfile.ZipFile) -> None:
    for entry in wheel.infolist():
        assert entry.compress_type == zipfile.ZIP_STORED
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert (entry.create_system, entry.external_attr >> 16) == (3, 0o100644)
    names = wheel.namelist()
    data = [name for name in names if not name.startswith(INFO)]
    assert names[: len(data)] == sorted(data)
    assert names[-1] == f"{INFO}/RECORD"


def test_record_lists_every_file(wheel: zipfile.ZipFile) -> None:
    rows = {path: rest for path, *rest in csv.reader(wheel.read(f"{INFO}/RECORD").decode().splitlines())}
    assert list(rows) == wheel.namelist()
    assert rows.pop(f"{INFO}/RECORD") == ["", ""]
    for path, (digest, size) in rows.items():
        data = wheel.read(path)
        hashed = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        assert (digest, size) == (f"sha256={hashed}", str(len(data)))


def test_what_installers_read(wheel: zipfile.ZipFile) -> None:
    assert wheel.read(f"{INFO}/entry_points.txt") == b"[treelet_models]\nen_core_random_sm = %s\n" % (
        FOLDER.encode()
    )
    assert b"Tag: py3-none-any\n" in wheel.read(f"{INFO}/WHEEL")
    assert wheel.read(f"{INFO}/licenses/LICENSE") == b"Do as you like.\n"
    told = email.message_from_bytes(wheel.read(f"{INFO}/METADATA"))
    manifest = json.loads(wheel.read(f"{FOLDER}/manifest.json"))
    assert told["Metadata-Version"] == "2.4"
    assert told["Name"] == "treelet-en-core-random-sm"
    assert told["Version"] == manifest["version"]
    assert told["Summary"] == "random numbers"
    assert told["Requires-Dist"] == f"treelet{manifest['treelet']}"
    assert told["License-File"] == "LICENSE"
    assert told["License"] is None
    assert told["License-Expression"] is None
    assert told.get_payload() == wheel.read(f"{FOLDER}/README.md").decode()


def test_no_text_begins_another_field(package: Path) -> None:
    changes = Changes(description="One.\nTwo.", licence="mine\nRequires-Dist: evil\n\nName: other")
    whole = zipfile.ZipFile(io.BytesIO(build_wheel(read_contents(package, changes))))
    told = email.message_from_bytes(whole.read(f"{INFO}/METADATA"))
    assert told["Summary"] == "One."
    assert told["License"] == "mine Requires-Dist: evil Name: other"
    assert len(told.get_all("Requires-Dist", [])) == len(told.get_all("Name", [])) == 1


def test_a_known_licence_is_an_expression(package: Path) -> None:
    contents = read_contents(package, Changes(licence="CC BY-SA 4.0"))
    told = zipfile.ZipFile(io.BytesIO(build_wheel(contents))).read(f"{INFO}/METADATA").decode()
    assert "\nLicense-Expression: CC-BY-SA-4.0\n" in told
    assert "\nLicense: " not in told


def test_an_sdist_holds_the_same_and_names_who_builds_it(package: Path, wheel: zipfile.ZipFile) -> None:
    contents = read_contents(package)
    root = sdist_name(contents.manifest).removesuffix(".tar.gz")
    assert root == f"{FOLDER}-0.1.0"
    with tarfile.open(fileobj=io.BytesIO(build_sdist(contents)), mode="r:gz") as archive:
        members = archive.getmembers()
        files = {each.name: archive.extractfile(each).read() for each in members}  # type: ignore[union-attr]
    assert [each.name for each in members] == sorted(files)
    assert {(e.mode, e.uid, e.gid, e.uname, e.mtime) for e in members} == {(0o644, 0, 0, "", 315532800)}
    assert files[f"{root}/PKG-INFO"] == wheel.read(f"{INFO}/METADATA")
    assert files[f"{root}/LICENSE"] == b"Do as you like.\n"  # where PKG-INFO says that it is
    assert b'build-backend = "treelet.publishing.backend"' in files[f"{root}/pyproject.toml"]
    inside = {name: data for name, data in files.items() if name.startswith(f"{root}/{FOLDER}/")}
    assert inside == {f"{root}/{FOLDER}/{name}": data for name, data in contents.files.items()}


BUILD = """
import os, sys
from treelet.publishing import build_sdist, build_wheel, read_contents
os.umask(int(sys.argv[2], 8))
contents = read_contents(sys.argv[1])
sys.stdout.buffer.write(build_wheel(contents) + build_sdist(contents))
"""


def test_nothing_but_the_package_decides_the_bytes(package: Path, tmp_path: Path) -> None:
    """Another folder, order, dates, modes, umask, time zone, locale, hash seed: the same bytes."""
    other = tmp_path / "elsewhere with blanks"
    other.mkdir()
    for path in sorted(package.iterdir(), reverse=True):
        copy = Path(shutil.copyfile(path, other / path.name))
        os.utime(copy, (1e9, 1e9))
        copy.chmod(0o600)
    (other / "notes.txt").write_text("not of the package")
    surroundings = {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}
    contents = read_contents(package)
    here = build_wheel(contents) + build_sdist(contents)
    there = subprocess.run(
        [sys.executable, "-c", BUILD, str(other), "077"],
        capture_output=True,
        env={**os.environ, **surroundings},
        check=True,
        cwd=tmp_path,
    )
    assert hashlib.sha256(there.stdout).digest() == hashlib.sha256(here).digest()
    assert read_contents(other).left_out == ["notes.txt"]


@pytest.mark.parametrize("size", [0, 1, 65534, 65535, 65536, 131070, 200_000])
def test_stored_gzip_is_read_back(size: int) -> None:
    data = os.urandom(size)
    assert gzip.decompress(gzipped(data)) == data


def test_names_of_files(package: Path) -> None:
    manifest = read_contents(package).manifest
    assert wheel_name(manifest) == f"{FOLDER}-0.1.0-py3-none-any.whl"
    assert sdist_name(manifest) == f"{FOLDER}-0.1.0.tar.gz"


def test_what_could_not_be_loaded_is_not_packed(package: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(package, tmp_path / "copy"))
    weights = bytearray((copy / "weights.safetensors").read_bytes())
    weights[-1] ^= 1
    (copy / "weights.safetensors").write_bytes(weights)
    with pytest.raises(PackageError, match="SHA-256 is not the manifest's"):
        read_contents(copy)


def test_a_name_says_what_is_there(package: Path) -> None:
    renamed = read_contents(package, Changes(name="en_core_mine_md"))
    assert renamed.manifest.name == "en_core_mine_md"
    assert renamed.files["README.md"].startswith(b"# en_core_mine_md\n")
    assert json.loads(renamed.files["manifest.json"])["genre"] == "mine"
    with pytest.raises(PackageError, match="the language is en"):
        read_contents(package, Changes(name="de_core_mine_md"))


def test_a_signature_of_another_manifest_is_not_packed(package: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(package, tmp_path / "copy"))
    (copy / "manifest.sig").write_text("c2lnbmVk\n")
    assert read_contents(copy).files["manifest.sig"] == b"c2lnbmVk\n"
    with pytest.raises(PackageError, match="signs the manifest as it was"):
        read_contents(copy, Changes(version="0.1.1"))
    (copy / "manifest.sig").write_bytes(b"x" * 2000)
    with pytest.raises(PackageError, match="at most 1,000 bytes"):
        read_contents(copy)


def test_an_older_format_becomes_the_newest(package: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(package, tmp_path / "copy"))
    told = json.loads((copy / "manifest.json").read_text())
    structure = told.pop("structure")
    (copy / "manifest.json").write_text(json.dumps({**told, "format": 1, "treelet": ">=0.1.0"}))
    made = read_contents(copy).manifest
    assert (made.format, made.structure, made.treelet) == (2, structure, told["treelet"])


def test_a_signature_is_of_the_manifest_that_is_packed(package: Path, tmp_path: Path) -> None:
    ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    from cryptography.hazmat.primitives import serialization as forms

    private = ed25519.Ed25519PrivateKey.generate()
    pem = (forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption())
    (tmp_path / "key.pem").write_bytes(private.private_bytes(*pem))
    contents = read_contents(package, Changes(version="0.1.1"), tmp_path / "key.pem")
    public = private.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    manifest, signature = contents.files["manifest.json"], contents.files["manifest.sig"]
    check_signature(manifest, signature, public.decode(), "here")
    with pytest.raises(PackageError, match="none of the trusted keys"):
        check_signature((package / "manifest.json").read_bytes(), signature, public.decode(), "here")
    whole = zipfile.ZipFile(io.BytesIO(build_wheel(contents)))
    assert whole.read(f"{FOLDER}/manifest.sig") == signature


def test_the_check_before_an_installation_passes(package: Path, tmp_path: Path) -> None:
    contents = read_contents(package)
    path = tmp_path / wheel_name(contents.manifest)
    path.write_bytes(build_wheel(contents))
    assert read_wheel(path).manifest == contents.manifest


@pytest.mark.parametrize("name", sorted(path.name for path in Path(MODELS).iterdir() if path.is_dir()))
def test_what_ships_can_be_packed(name: str) -> None:
    """Its name, version and structure are right, and its licence is told to people and to indexes."""
    contents = read_contents(name)
    assert contents.manifest.name == name
    assert "LICENSE" in contents.files
    assert "\nLicense-Expression: " in metadata_of(contents.manifest, has_licence=True)
