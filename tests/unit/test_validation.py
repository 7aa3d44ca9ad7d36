"""Rows of `treelet validate`: state and command for each case, without anything being installed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from random_package import save_random_package
from small_wheels import NAME
from treelet.installing.acquisition import Listing
from treelet.installing.installed import Installed
from treelet.installing.source import Folder
from treelet.installing.table import Entry, Table, make_table
from treelet.installing.validation import Checks, Offers, Row, validate
from treelet.package import Manifest
from treelet.package.manifest import parse_manifest


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = save_random_package(tmp_path_factory.mktemp("packages") / "tiny")
    path = folder / "manifest.json"
    return Installed(NAME, folder, False, parse_manifest(path.read_bytes(), str(path)))


def table(*versions: str, treelet: str = ">=0.1.0,<1", withdrawn: str = "") -> Table:
    entries = [
        (v, Entry(file=f"treelet_{NAME}-{v}-py3-none-any.whl", sha256="0" * 64, bytes=1, treelet=treelet))
        for v in versions
    ]
    made = make_table((NAME, version, entry) for version, entry in entries)
    rows = {
        minor: {name: [v for v in its if v != withdrawn] for name, its in row.items()}
        for minor, row in made.treelet.items()
    }
    return Table(format=1, treelet=rows, files=made.files)


def row_of(package: Installed, offered: Table | None, checks: Checks = Checks()) -> Row:  # noqa: B008
    source = Folder(Path("my wheels"), None) if offered else None
    listing = Listing(offered, "my wheels") if offered else None
    return validate([package], Offers(source, listing), checks)[0]


def with_manifest(package: Installed, **changes: object) -> Installed:
    assert isinstance(package.manifest, Manifest)
    return replace(package, manifest=replace(package.manifest, **changes))


FROM = "--from 'my wheels'"


@pytest.mark.parametrize(
    ("offered", "state", "newest", "mend"),
    [
        (None, "ok", "", ""),
        (table("0.1.0"), "unknown", "0.1.0", ""),
        (table("0.2.0"), "ok", "0.2.0", ""),
        (table("0.2.0", "0.2.1"), "newer", "0.2.1", f"treelet download {NAME} {FROM}"),
        (table("0.2.0", "0.1.0", withdrawn="0.2.0"), "withdrawn", "0.1.0", f"treelet download {NAME} {FROM}"),
        (table("0.2.0", withdrawn="0.2.0"), "withdrawn", "", "pip uninstall treelet-en-core-random-sm"),
        (table("0.2.0", treelet=">=0.9,<1"), "incompatible", "", "pip install 'treelet>=0.9,<1'"),
    ],
)
def test_states_by_the_table(
    package: Installed, offered: Table | None, state: str, newest: str, mend: str
) -> None:
    row = row_of(with_manifest(package, version="0.2.0"), offered)
    assert (row.state, row.newest, row.mend) == (state, newest, mend)
    assert row.is_mismatch == (state in ("withdrawn", "incompatible"))


@pytest.mark.parametrize(
    ("changes", "offered", "mend"),
    [
        ({"treelet": ">=0.9,<1"}, None, "pip install 'treelet>=0.9,<1'"),
        ({"treelet": ">=0.9,<1"}, table("0.1.0"), f"treelet download {NAME} {FROM}"),
        ({"version": "3.1.0"}, None, "pip install 'treelet>=3,<4'"),
    ],
)
def test_a_package_of_another_library(
    package: Installed, changes: dict[str, str], offered: Table | None, mend: str
) -> None:
    row = row_of(with_manifest(package, **changes), offered)
    assert (row.state, row.is_mismatch, row.mend) == ("incompatible", True, mend)
    assert "this is treelet" in row.problem


def damaged(package: Installed, folder: Path, name: str, at: int) -> Installed:
    shutil.copytree(package.folder, folder)
    content = bytearray((folder / name).read_bytes())
    content[at] ^= 1
    (folder / name).write_bytes(content)
    return replace(package, folder=folder)


def test_damage_is_seen_by_loading_or_by_hashes(package: Installed, tmp_path: Path) -> None:
    own = package.version
    loads = damaged(package, tmp_path / "a", "weights.safetensors", -1)
    assert row_of(loads, None).state == "ok"
    row = row_of(loads, table(own, "0.1.9"), Checks(hashes=True))
    assert (row.state, row.mend) == ("damaged", f"treelet download {NAME} --version {own} {FROM}")
    assert "SHA-256" in row.problem
    row = row_of(damaged(package, tmp_path / "b", "labels.json", 0), table("0.1.9"))
    assert (row.state, row.mend) == ("damaged", f"treelet download {NAME} {FROM}")


def test_a_package_that_cannot_be_read(package: Installed) -> None:
    row = row_of(replace(package, manifest=None, problem="it is gone"), None)
    assert (row.version, row.state, row.problem) == ("", "damaged", "it is gone")
    assert row.mend == f"treelet download {NAME}"


def test_a_package_that_nobody_signed(package: Installed, tmp_path: Path) -> None:
    ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    public = ed25519.Ed25519PrivateKey.generate().public_key()
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    (tmp_path / "key.pem").write_bytes(public.public_bytes(serialization.Encoding.PEM, spki))
    row = row_of(package, None, Checks(trusted=(str(tmp_path / "key.pem"),)))
    assert (row.state, row.is_mismatch) == ("untrusted", True)
    assert row.mend.endswith(f"--version {package.version} --trust {tmp_path / 'key.pem'}")
