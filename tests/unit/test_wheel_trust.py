"""A wheel that would install anything but a package's data is refused before an installer sees it."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from random_package import save_random_package
from treelet.errors import PackageError
from treelet.installing.dist_info import check_dist_info
from treelet.installing.installed import Installed
from treelet.installing.validation import Checks, Offers, validate
from treelet.installing.wheel_check import read_wheel
from treelet.publishing.contents import read_contents
from treelet.publishing.wheel import build_wheel, wheel_name


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    contents = read_contents(save_random_package(folder / "p"))
    path = folder / wheel_name(contents.manifest)
    path.write_bytes(build_wheel(contents))
    return path


def test_a_sound_wheel_is_taken(wheel: Path) -> None:
    assert read_wheel(wheel).manifest.name == "en_core_random_sm"


@pytest.mark.parametrize(
    "wanted",
    [
        *(
            "treelet @ https://host/x.whl",
            "treelet@ file:///x",
            "treelet2",
            "treelet.x",
            "treelet-more",
            "torch",
        ),
        *("treelet[train]", "treelet; extra == 'x'", "treelet>=0.1 # x", "Treelet >= 0.1\n y"),
    ],
)
def test_requirements_are_versions_of_the_library_alone(wheel: Path, wanted: str) -> None:
    name, version = "en_core_random_sm", "0.1.0"
    info = f"treelet_{name}-{version}.dist-info/"
    with zipfile.ZipFile(wheel) as archive:
        texts = {n.removeprefix(info): archive.read(n) for n in archive.namelist() if n.startswith(info)}
        members = dict.fromkeys(archive.namelist(), (0, b""))
    texts["RECORD"] = "".join(f"{n},sha256=,0\n" for n in members).encode()
    check_dist_info(texts, members, (name, version, "x.whl"))
    for allowed in ("treelet", "treelet>=0.1.0,<1", "treelet (>=0.1)", "treelet ~= 0.1"):
        more = f"Requires-Dist: {allowed}\n".encode() + texts["METADATA"]
        check_dist_info(texts | {"METADATA": more}, members, (name, version, "x.whl"))
    more = f"Requires-Dist: {wanted}\n".encode() + texts["METADATA"]
    with pytest.raises(PackageError, match="needs treelet alone"):
        check_dist_info(texts | {"METADATA": more}, members, (name, version, "x.whl"))
    hidden = texts["METADATA"].replace(b"Version", b"no header here\nVersion", 1)
    with pytest.raises(PackageError, match="a line that is no header"):
        check_dist_info(texts | {"METADATA": hidden}, members, (name, version, "x.whl"))


def repacked(wheel: Path, change: Callable[[zipfile.ZipInfo], None]) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(wheel) as archive, zipfile.ZipFile(out, "w") as made:
        for entry in archive.infolist():
            data = archive.read(entry)
            copy = zipfile.ZipInfo(entry.filename, entry.date_time)
            copy.external_attr = entry.external_attr
            change(copy)
            made.writestr(copy, data)
    path = wheel.parent / "other" / wheel.name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(out.getvalue())
    return path


def test_rare_compressions_are_refused(wheel: Path) -> None:
    """They may ask for gigabytes of memory before a byte is out."""
    assert read_wheel(repacked(wheel, lambda entry: None)).manifest == read_wheel(wheel).manifest
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        path = repacked(wheel, lambda entry, method=method: setattr(entry, "compress_type", method))
        with pytest.raises(PackageError, match="expected no compression, or deflate"):
            read_wheel(path)


def test_files_that_run_are_refused(wheel: Path) -> None:
    for name in (
        "treelet_en_core_random_sm/__init__.py",
        "evil.pth",
        "../x",
        "treelet/x.json",
        "x.data/scripts/x",
    ):
        path = repacked(wheel, lambda entry: None)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, b"")
        with pytest.raises(PackageError, match="which no package of ours has"):
            read_wheel(path)


def test_a_wheel_is_what_its_name_says(wheel: Path) -> None:
    read = read_wheel(wheel)
    other = wheel.parent / wheel_name(replace(read.manifest, version="0.1.7"))
    other.write_bytes(wheel.read_bytes())
    with pytest.raises(PackageError, match=r"which no package of ours has|not what its name says"):
        read_wheel(other)


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Installed:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "treelet_en_core_random_sm"
    return Installed("en_core_random_sm", folder, False, read_wheel(wheel).manifest)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)


def test_what_is_installed_is_compared_with_its_manifest(installed: Installed) -> None:
    assert not installed.damage(verify=True)
    flip(installed.folder / "weights.safetensors")
    assert not installed.damage(verify=False)
    assert "its SHA-256 is not the manifest's" in installed.damage(verify=True)
    flip(installed.folder / "weights.safetensors")
    (installed.folder / "__init__.py").write_text("")
    assert "'__init__.py' is no file of the package" in installed.damage(verify=True)


def test_a_signature_alone_does_not_make_files_right(installed: Installed) -> None:
    """It is of the manifest: whoever asks for one means the files, too."""
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    checks, nothing = Checks(trusted=(public,)), Offers(None, None)
    assert [row.state for row in validate([installed], nothing, checks)] == ["untrusted"]
    signature = base64.b64encode(key.sign((installed.folder / "manifest.json").read_bytes()))
    (installed.folder / "manifest.sig").write_bytes(signature)
    assert [row.state for row in validate([installed], nothing, checks)] == ["ok"]
    flip(installed.folder / "weights.safetensors")
    assert [row.state for row in validate([installed], nothing, Checks())] == ["ok"]
    assert [row.state for row in validate([installed], nothing, checks)] == ["damaged"]
