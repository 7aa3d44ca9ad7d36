"""Manifests are signed by one key and checked against many; every other case is an error that says which."""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from treelet.errors import PackageError, SettingsError
from treelet.package.signature import check_signature, fingerprint, read_public_key, sign_manifest

MANIFEST = b'{"format": 2, "lang": "en"}\n'
WHERE = "folder/manifest.json"


def private_pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey, password: bytes = b"") -> bytes:
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def public_pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


OURS, OTHER = (ed25519.Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
CURVE = ec.derive_private_key(7, ec.SECP256R1())


def test_signed_is_accepted_by_any_of_the_keys(tmp_path: Path) -> None:
    signature = sign_manifest(MANIFEST, private_pem(OURS))
    assert base64.b64decode(signature) == OURS.sign(MANIFEST)
    assert signature.endswith(b"\n")
    path = tmp_path / "ours.pem"
    path.write_text(public_pem(OURS))
    for keys in ([public_pem(OURS)], [public_pem(OTHER), path], [str(path)], path, public_pem(OURS)):
        check_signature(MANIFEST, signature, keys, WHERE)
    path.write_bytes(private_pem(OURS))
    assert sign_manifest(MANIFEST, path) == signature


def test_others_are_refused_by_name() -> None:
    signature = sign_manifest(MANIFEST, private_pem(OURS))
    other = fingerprint(read_public_key(public_pem(OTHER)))
    with pytest.raises(PackageError, match=rf"manifest\.json: its signature is by none .*{other}"):
        check_signature(MANIFEST, signature, [public_pem(OTHER)], WHERE)
    with pytest.raises(PackageError, match="has changed since it was signed"):
        check_signature(MANIFEST + b" ", signature, [public_pem(OURS)], WHERE)
    with pytest.raises(PackageError, match="not signed"):
        check_signature(MANIFEST, None, [public_pem(OURS)], WHERE)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: b"",
        lambda text: text[:-4],
        lambda text: text * 2,
        lambda text: base64.b64decode(text),
        lambda text: base64.b64encode(base64.b64decode(text)[:-1]),
        lambda text: text + b" " * 1000,
        lambda text: "ü".encode() * 40,
        lambda text: b"-" + text[1:],
    ],
)
def test_damaged_signatures_are_told_from_wrong_ones(damage) -> None:
    with pytest.raises(PackageError, match=r"manifest\.sig, is damaged"):
        check_signature(
            MANIFEST, damage(sign_manifest(MANIFEST, private_pem(OURS))), [public_pem(OURS)], WHERE
        )


@given(st.integers(0, 511), st.sampled_from(["signature", "manifest"]))
def test_no_flipped_bit_passes(bit: int, where: str) -> None:
    signed, manifest = bytearray(OURS.sign(MANIFEST)), bytearray(MANIFEST)
    changed = signed if where == "signature" else manifest
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    with pytest.raises(PackageError, match="by none of the trusted keys"):
        check_signature(bytes(manifest), base64.b64encode(signed), public_pem(OURS), WHERE)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (private_pem(OURS), "a private key, expected the public one"),
        (public_pem(CURVE), "found EC.*Key, expected a public Ed25519 key"),
        ("no/such/file.pem", "No such file"),
        ("\0", "cannot be read as a key"),
        ("", "cannot be read as a key"),
        (b"", "no public key in PEM"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "no public key in PEM"),
        ("-----BEGIN PUBLIC KEY-----\n\ud800", "no public key in PEM"),
        (7.5, "cannot be read as a key"),
    ],
)
def test_wrong_trusted_keys_are_named(key, message: str) -> None:
    signature = sign_manifest(MANIFEST, private_pem(OURS))
    with pytest.raises(SettingsError, match=message):
        check_signature(MANIFEST, signature, [public_pem(OURS), key], WHERE)
    with pytest.raises(SettingsError, match="expected one public key or more"):
        check_signature(MANIFEST, signature, [], WHERE)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (public_pem(OURS), "a public key, expected the private one"),
        (private_pem(CURVE), "found EC.*Key, expected a private Ed25519 key"),
        (private_pem(OURS, b"secret"), "the key is encrypted; decrypt it first"),
        (b"-----BEGIN PRIVATE KEY-----\n", "no private key in PEM"),
        ("no/such/file.pem", "No such file"),
    ],
)
def test_wrong_signing_keys_are_named(key, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        sign_manifest(MANIFEST, key)


def test_cryptography_is_imported_when_used_and_named_when_absent() -> None:
    code = (
        "import sys, treelet.package.signature as s\n"
        "assert not {'cryptography', 'base64', 'hashlib'} & set(sys.modules)\n"
        "sys.modules['cryptography'] = None\n"
        "for check in (lambda: s.sign_manifest(b'', b'x'), lambda: s.check_signature(b'', b'', b'x', '')):\n"
        "    try: check()\n"
        "    except s.SettingsError as error: assert 'treelet[sign]' in str(error), error\n"
        "    else: raise AssertionError('passed')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_keys_and_signatures_are_those_of_openssl(tmp_path: Path) -> None:
    def openssl(*arguments: str) -> bytes:
        done = subprocess.run(["openssl", *arguments], cwd=tmp_path, capture_output=True, check=False)
        if done.returncode and b"ed25519" in done.stderr.lower() + arguments[-1].encode():
            pytest.skip("this openssl knows no Ed25519")
        assert done.returncode == 0, done.stderr
        return done.stdout

    openssl("genpkey", "-out", "key.pem", "-algorithm", "ed25519")
    openssl("pkey", "-in", "key.pem", "-pubout", "-out", "public.pem")
    (tmp_path / "manifest.json").write_bytes(MANIFEST)
    signature = sign_manifest(MANIFEST, tmp_path / "key.pem")
    check_signature(MANIFEST, signature, tmp_path / "public.pem", WHERE)
    (tmp_path / "raw").write_bytes(base64.b64decode(signature))
    verify = ("pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-rawin", "-in", "manifest.json")
    assert b"Success" in openssl(*verify, "-sigfile", "raw")
    der = tmp_path / "public.der"
    openssl("pkey", "-pubin", "-in", "public.pem", "-outform", "DER", "-out", "public.der")
    digest = openssl("dgst", "-sha256", "-r", str(der)).decode()
    assert digest.startswith(fingerprint(read_public_key(tmp_path / "public.pem")))
