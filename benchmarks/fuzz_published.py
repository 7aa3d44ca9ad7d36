"""What is published beside packages, damaged: wheels, tables, signatures, versions and ranges."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from fuzz_mutations import Files, change_bytes, change_value

VERSIONS = (
    "0.1.0",
    "0.1",
    "1.0.2.dev3",
    "99.99.99",
    "0.1.999999",
    "0.1.9999999",
    "٣.1.0",
    "0.1.0 ",
    "",
    "1..2",
    "-1.0.0",
)
RANGES = (
    ">=0.1.0,<1",
    "==0.1.2",
    "<9",
    ">=0.1,,<1",
    "~=1",
    ">= 0.1 ,< 1",
    ">=1'; x",
    "",
    ">",
    "=>1",
    ">=0.1.0.0",
)
ENTRY = {"sha256": "0" * 64, "bytes": 9, "treelet": ">=0.1.0,<1"}


def run_published(bases: list[Files], chance: Random, folder: Path) -> str:
    """What came of one case: "read", where nothing was refused. Raises what the library raises."""
    kind: Callable[[list[Files], Random, Path], None] = chance.choice(
        (_wheel, _wheel, _table, _signature, _versions)
    )
    kind(bases, chance, folder)
    return "read"


def _wheel(bases: list[Files], chance: Random, folder: Path) -> None:
    from treelet.installing.wheel_check import read_wheel
    from treelet.package.manifest import parse_manifest
    from treelet.publishing.contents import Contents
    from treelet.publishing.wheel import build_wheel, wheel_name

    files = chance.choice(bases)
    manifest = parse_manifest(files["manifest.json"], "manifest.json")
    whole = build_wheel(Contents(manifest, files))
    path = folder / wheel_name(manifest)
    near_end = len(whole) - chance.choice((200, 2500, len(whole)))
    path.write_bytes(whole[:near_end] + change_bytes(whole[near_end:], chance, whole))
    wheel = read_wheel(path)
    with zipfile.ZipFile(path) as archive:
        data = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
    if any(data[name] != files[name] for name in wheel.manifest.files):
        raise AssertionError("a wheel that was changed has been accepted")


def _table(bases: list[Files], chance: Random, folder: Path) -> None:
    from treelet.installing.table import choose, parse_table

    versions = ["0.2.0", "0.1.1", "0.1.0"]
    names = ["en_core_web_sm", "pt_core_news_sm"]
    files = {n: {v: {"file": f"treelet_{n}-{v}-py3-none-any.whl", **ENTRY} for v in versions} for n in names}
    table: Any = {"format": 1, "treelet": {"0.1": dict.fromkeys(names, versions)}, "files": files}
    table = json.loads(json.dumps(table))
    if chance.random() < 0.3:
        table["files"][names[0]]["0.1.1"]["treelet"] = chance.choice(RANGES)
    for _ in range(chance.choice((0, 1, 1, 3))):
        table = change_value(table, chance)
    content = json.dumps(table).encode()
    if chance.random() < 0.3:
        content = change_bytes(content, chance)
    read = parse_table(content, "compatibility.json")
    choose(
        read,
        names[0],
        chance.choice((None, "0.1.1", "0.1.7")),
        chance.choice(("0.1.0", "0.7.2", "1.0.0")),
        "x",
    )


def _signature(bases: list[Files], chance: Random, folder: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from treelet.package.signature import check_signature

    key = Ed25519PrivateKey.from_private_bytes(b"treelet." * 4)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    manifest = chance.choice(bases)["manifest.json"]
    signature = base64.b64encode(key.sign(manifest)) + b"\n"
    which = chance.randrange(3)
    signed = change_bytes(manifest, chance) if which == 0 else manifest
    signature = change_bytes(signature, chance) if which == 1 else signature
    trusted = change_bytes(public, chance) if which == 2 else public
    check_signature(signed, signature, [trusted], "manifest.json")
    if signed != manifest or base64.b64decode(signature) != key.sign(manifest):
        raise AssertionError("a signature of something else has been accepted")


def _versions(bases: list[Files], chance: Random, folder: Path) -> None:
    from treelet.package.name import check_name
    from treelet.package.version import is_version, numbers_of, release_of, version_fits

    version, wanted = (
        change_bytes(chance.choice(texts).encode(), chance).decode("utf-8", "surrogateescape")
        for texts in (VERSIONS, RANGES)
    )
    if is_version(version) and ".".join(map(str, numbers_of(version))) != version:
        raise AssertionError(f"{version!r} is taken for a version")
    if len(release_of(version)) != 3:
        raise AssertionError(f"{version!r} is no release of three numbers")
    fits = version_fits(version, wanted)
    if fits and not set(wanted) <= set("0123456789.,<>= \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0"):
        raise AssertionError(f"{wanted!r} is taken for a range")
    check_name(f"en_core_{version}_sm", ["parser", "ner"])
