"""The bytes of a manifest and an Ed25519 key in, manifest.sig out; both and public keys in, a verdict out.

Ed25519 (RFC 8032) is the `cryptography` library's. Signed are the bytes of manifest.json as they are, so that
other tools can check them too; the hashes in the manifest speak for the other files.
"""

from __future__ import annotations

import os

from treelet.errors import PackageError, SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Key = str | bytes | os.PathLike[str]
    """A PEM file: its text, or its path."""

SIGNATURE_BYTES = 64
MOST_KEY_BYTES = 100_000
_LONGEST_FILE = 4 * SIGNATURE_BYTES
"""Bytes of manifest.sig, far above the 89 that there are."""


def sign_manifest(manifest: bytes, private_key: Key) -> bytes:
    """The content of manifest.sig: 64 bytes in base64, and a line end.

    private_key: what `openssl genpkey -algorithm ed25519` writes. Raises SettingsError for any other key, and
    without the extra `treelet[sign]`.
    """
    import base64

    return base64.b64encode(_read_private_key(private_key).sign(manifest)) + b"\n"


def check_signature(manifest: bytes, signature: bytes | None, keys: Key | Sequence[Key], where: str) -> None:
    """Nothing, if `signature` (manifest.sig; None: there is no such file) is by one of the public keys.

    where: the path of manifest.json, to name it. Raises PackageError for a manifest without a signature, with
    a damaged one, or with one by none of the keys; SettingsError for what is no public Ed25519 key, for no
    keys at all, and without the extra `treelet[sign]`.
    """
    each = [keys] if isinstance(keys, (str, bytes, os.PathLike)) else list(keys)
    if not each:
        raise SettingsError("trusted: no key, expected one public key or more")
    public = [read_public_key(key) for key in each]  # before the signature: a wrong key is always told
    if signature is None:
        raise PackageError(f"{where}: not signed (there is no manifest.sig), but a signature was asked for")
    signed = _signature_of(signature, where)
    if not any(_is_by(key, signed, manifest) for key in public):
        names = ", ".join(map(fingerprint, public))
        raise PackageError(
            f"{where}: its signature is by none of the trusted keys ({names}): it is another publisher's, or "
            "the manifest has changed since it was signed; do not use the package"
        )


def fingerprint(public_key: Any) -> str:
    """16 digits that tell keys apart: of the SHA-256 of the key as DER, which openssl can write too."""
    import hashlib

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[:16]


def read_public_key(key: Key) -> Any:
    """An Ed25519PublicKey. Raises SettingsError that says what else was found."""
    content, where = _pem(key, "trusted")
    if b"PRIVATE KEY" in content:
        raise SettingsError(
            f"{where}: a private key, expected the public one, which `openssl pkey -in KEY -pubout` writes; "
            "a private key stays with who signs"
        )
    serialization, ed25519, failures = _cryptography()
    try:
        read = serialization.load_pem_public_key(content)
    except failures as error:
        raise SettingsError(f"{where}: no public key in PEM: {_first_line(error)}") from None
    if not isinstance(read, ed25519.Ed25519PublicKey):
        raise SettingsError(f"{where}: found {type(read).__name__}, expected a public Ed25519 key")
    return read


def _read_private_key(key: Key) -> Any:
    content, where = _pem(key, "sign")
    if b"PUBLIC KEY" in content:
        raise SettingsError(f"{where}: a public key, expected the private one that belongs to it")
    serialization, ed25519, failures = _cryptography()
    try:
        read = serialization.load_pem_private_key(content, password=None)
    except TypeError:  # what an encrypted key raises
        raise SettingsError(
            f"{where}: the key is encrypted; decrypt it first: openssl pkey -in KEY -out DECRYPTED"
        ) from None
    except failures as error:
        raise SettingsError(f"{where}: no private key in PEM: {_first_line(error)}") from None
    if not isinstance(read, ed25519.Ed25519PrivateKey):
        raise SettingsError(
            f"{where}: found {type(read).__name__}, expected a private Ed25519 key, which "
            "`openssl genpkey -algorithm ed25519 -out KEY` makes"
        )
    return read


def _is_by(public_key: Any, signature: bytes, manifest: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        public_key.verify(signature, manifest)
    except InvalidSignature:
        return False
    return True


def _signature_of(content: bytes, where: str) -> bytes:
    import base64
    import binascii

    try:
        signature = base64.b64decode(content[:_LONGEST_FILE].strip(), validate=True)
    except (binascii.Error, ValueError):
        signature = b""
    if len(content) > _LONGEST_FILE or len(signature) != SIGNATURE_BYTES:
        raise PackageError(
            f"{where}: its signature, manifest.sig, is damaged: found {len(content)} bytes that are not "
            f"{SIGNATURE_BYTES} bytes in base64"
        )
    return signature


def _pem(key: Key, argument: str) -> tuple[bytes, str]:
    """The text of a key, and what errors call it."""
    if isinstance(key, bytes):
        return key, argument
    if isinstance(key, str) and "-----BEGIN" in key:
        return key.encode("utf-8", "replace"), argument
    try:
        with open(key, "rb") as file:
            return file.read(MOST_KEY_BYTES), f"{argument}: {os.fspath(key)}"
    except (OSError, ValueError, TypeError) as error:  # ValueError: a NUL in the path; TypeError: no path
        reason = getattr(error, "strerror", None) or error
        raise SettingsError(f"{argument}: {str(key)[:200]!r}: cannot be read as a key: {reason}") from None


def _cryptography() -> tuple[Any, Any, tuple[type[Exception], ...]]:
    """What reads keys, the kinds of keys, and what is raised for a wrong one."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise SettingsError(
            "signatures need cryptography, which is not installed: pip install 'treelet[sign]'"
        ) from None
    return serialization, ed25519, (ValueError, TypeError, UnsupportedAlgorithm)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:120] or type(error).__name__
