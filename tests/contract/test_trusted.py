"""load(trusted=…) takes packages that one of the keys has signed, whole; everything else is refused."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

import treelet
from package_archive import pack
from random_package import save_random_package
from treelet.errors import PackageError, SettingsError
from treelet.package.signature import sign_manifest

TEXT = "Apple is looking at buying a U.K. startup."
OURS, OTHER = (ed25519.Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))


def public(key: ed25519.Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = save_random_package(tmp_path / "package")
    key = OURS.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "manifest.sig").write_bytes(sign_manifest((folder / "manifest.json").read_bytes(), key))
    return folder


def test_a_signed_package_is_loaded(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = treelet.load(package)(TEXT).to_json()
    (tmp_path / "key.pem").write_text(public(OURS))
    monkeypatch.chdir(tmp_path)
    for place in (package, pack(package, tmp_path / "a.whl")):
        for keys in (public(OURS), [public(OTHER), "key.pem"], Path("key.pem")):
            nlp = treelet.load(place, trusted=keys)
            with monkeypatch.context() as elsewhere:
                elsewhere.chdir("/")
                assert pickle.loads(pickle.dumps(nlp))(TEXT).to_json() == expected


def test_what_is_not_signed_by_a_trusted_key_is_refused(package: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(package, tmp_path / "changed"))
    labels = changed / "labels.json"
    labels.write_bytes(labels.read_bytes().replace(b'"NN"', b'"NM"'))
    treelet.load(changed)
    unsigned = Path(shutil.copytree(package, tmp_path / "unsigned"))
    (unsigned / "manifest.sig").unlink()
    for folder, key, message in (
        (package, OTHER, "by none of the trusted keys"),
        (changed, OURS, r"labels\.json: its SHA-256"),
        (unsigned, OURS, "not signed"),
    ):
        for place in (folder, pack(folder, tmp_path / f"{folder.name}.zip")):
            with pytest.raises(PackageError, match=message):
                treelet.load(place, trusted=[public(key)])
    for none in ([], "no key", [b"-----BEGIN nothing"]):
        with pytest.raises(SettingsError, match="trusted"):
            treelet.load(package, trusted=none)


def test_every_file_of_the_manifest_is_compared(package: Path) -> None:
    """Also one that loading does not read."""
    manifest = package / "manifest.json"
    text = manifest.read_text()
    entry = '"files": {\n    "more.txt": {"bytes": 3, "sha256": "' + "0" * 64 + '"},'
    manifest.write_text(text.replace('"files": {', entry, 1))
    treelet.load(package)
    for content, message in ((None, "cannot be read"), ("ab", "found 2 bytes"), ("abc", "SHA-256")):
        if content:
            (package / "more.txt").write_text(content)
        with pytest.raises(PackageError, match=rf"more\.txt: .*{message}"):
            treelet.load(package, verify=True)
