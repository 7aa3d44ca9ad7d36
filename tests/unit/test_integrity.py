"""A manifest's promises are kept by files of the right size and hash, of plain names and text; else told."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

import treelet
from random_package import save_random_package
from treelet.errors import FormatError, PackageError
from treelet.package.files import is_plain_name
from treelet.package.integrity import verify_files
from treelet.package.manifest import Manifest, manifest_to_json, parse_manifest
from treelet.package.version import version_fits


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("packages") / "whole")


@pytest.fixture
def manifest(folder: Path) -> Manifest:
    return parse_manifest((folder / "manifest.json").read_bytes(), "manifest.json")


class Endless(io.RawIOBase):
    """A file that never ends, and counts what was read of it."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        assert 0 < size <= 1 << 20
        self.taken += size
        return b"\0" * size


def test_a_whole_package_is_accepted(folder: Path, manifest: Manifest) -> None:
    present = [path.name for path in folder.iterdir()]
    verify_files(
        manifest, lambda name: (folder / name).open("rb"), "here", present=[*present, "LICENSE", "NOTICE.txt"]
    )


def test_every_difference_is_named(folder: Path, manifest: Manifest) -> None:
    files = {path.name: path.read_bytes() for path in folder.iterdir()}

    def verify(changed: dict[str, bytes], present: Any = ()) -> None:
        def opened(name: str) -> io.BytesIO:
            if name not in changed:
                raise FileNotFoundError(2, "No such file")
            return io.BytesIO(changed[name])

        verify_files(manifest, opened, "here", present=present)

    for name in manifest.files:
        flipped = bytes([files[name][0] ^ 1]) + files[name][1:]
        for content, message in (
            (flipped, "its SHA-256"),
            (files[name][:-1], "found .* bytes, expected"),
            (files[name] + b" ", "more than the .* bytes expected"),
            (b"", "found 0 bytes"),
        ):
            with pytest.raises(PackageError, match=f"here: {name}: {message}"):
                verify(files | {name: content})
        with pytest.raises(PackageError, match=f"{name}: cannot be read: No such file"):
            verify({other: content for other, content in files.items() if other != name})
    for more in ("__init__.py", "native.so", "../x"):
        with pytest.raises(PackageError, match="is no file of the package"):
            verify(files, [*files, more])


def test_no_more_is_read_than_was_promised(manifest: Manifest) -> None:
    endless = Endless()
    with pytest.raises(PackageError, match="more than the"):
        verify_files(manifest, lambda name: endless, "here")
    assert endless.taken <= manifest.files["settings.toml"].bytes + 1


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../x", "/x", "a/b", "a\\b", "C:x", "a\0", "x" * 101, ".hidden", "-rf", "x.", "a b"),
        *("con", "NUL.txt", "com1.json", "lpt9", "é.json", "a\nb", "~x", "%00", "a:b", "manifest.json/"),
    ],
)
def test_files_of_a_manifest_are_plain_names(name: str, folder: Path) -> None:
    assert not is_plain_name(name)
    values = json.loads((folder / "manifest.json").read_text())
    values["files"][name] = {"bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    with pytest.raises(PackageError, match=r"files: .* is no plain name|control character"):
        parse_manifest(json.dumps(values, ensure_ascii="\0" in name).encode(), "manifest.json")


def test_usual_names_are_plain() -> None:
    for name in ("weights.safetensors", "LICENSE", "README.md", "a", "x-1_b.C", "console.txt"):
        assert is_plain_name(name)


@pytest.mark.parametrize("text", ["\x1b[31m", "\0", "\x7f", "\x9b1m", "\r", "\u202e", "\u2066", "\ud800"])
def test_a_manifest_says_nothing_that_cannot_be_seen(text: str, folder: Path) -> None:
    values = json.loads((folder / "manifest.json").read_text())
    for changed in (
        values | {"description": f"a{text}b"},
        values | {"sources": ["a", text]},
        values | {"scores": {"a": {f"x{text}": 1.0}}},
        values | {"unknown": [[text]]},
    ):
        for ascii_only in (True, text == "\ud800"):
            content = json.dumps(changed, ensure_ascii=ascii_only).encode()
            with pytest.raises(PackageError, match=r"control character|not JSON"):
                parse_manifest(content, "manifest.json")
    with pytest.raises(PackageError, match="control character"):
        manifest_to_json(Manifest(lang="en", genre="x", description=text))
    for plain in ("Größe: 5 «a» 日本 \u200c", "two\nlines\tand a tab", 'quotes " and \\'):
        content = json.dumps(values | {"description": plain}).encode()
        assert parse_manifest(content, "manifest.json").description == plain


def test_errors_are_safe_to_show_and_never_long() -> None:
    shown = str(PackageError("found \x1b[2J\x9b\ud800\u202e\x00\n\tü日"))
    assert shown == "found \\x1b[2J\\x9b\\ud800\\u202e\\x00\n\tü日"
    assert str(FormatError("x" * 10_000, 3)).count("x") <= 4000
    assert str(PackageError()) == ""
    assert str(PackageError("as it is: é")) == "as it is: é"


def test_a_range_that_an_error_suggests_is_read_to_its_end() -> None:
    for wanted in (">=9,'; echo", "<0.0.1, >=x", ">=0.1.0,<1 #"):
        with pytest.raises(PackageError, match="expected a range"):
            version_fits("0.1.0", wanted)


def limits(tmp_path: Path, file: str, content: str) -> None:
    """Load a package with another file of a right size."""
    path = save_random_package(tmp_path / "p")
    (path / file).write_text(content)
    values = json.loads((path / "manifest.json").read_text())
    values["files"][file]["bytes"] = (path / file).stat().st_size
    (path / "manifest.json").write_text(json.dumps(values))
    treelet.load(path)


def test_settings_are_short(tmp_path: Path) -> None:
    """A reader of TOML takes a minute for a name of a hundred thousand parts."""
    with pytest.raises(PackageError, match=r"settings\.toml: 60004 bytes, expected 16000 at most"):
        limits(tmp_path, "settings.toml", f"{'a.' * 30_000} = 1")


LETTERS = [chr(c) for c in range(0x3400, 0x9F00)]
RULES: list[tuple[Any, str]] = [
    ({"clitics": ["x"] * 1001}, "clitics: found 1001 entries"),
    ({"url_schemes": ["x"] * 1001}, "url_schemes: found 1001 entries"),
    ({"enclitics": [{"stems": {"a": "b"}, "words": ["se"] * 200}]}, "enclitics: found 202"),
    ({"exceptions": {"x": [["x"] * 65]}}, "more than 64 words"),
    ({"exceptions": {"x": [["y" * 257, "z"]]}}, "longer than 256"),
    ({"exceptions": {"x" * 257: [["y"]]}}, "longer than 256"),
    ({"emoticons": [[]] * 10}, "expected a string"),
    ([[]] * 1_000_001, "more than 1,000,000 values"),
]


@pytest.mark.parametrize(("rules", "message"), RULES, ids=[message for _, message in RULES])
def test_a_tokenizer_cannot_ask_for_much(rules: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=message):
        limits(tmp_path, "tokenizer.json", json.dumps(rules))


def test_many_rules_and_labels_take_no_longer_than_they_are(tmp_path: Path) -> None:
    """A list that is searched for each of its entries would take minutes."""
    limits(tmp_path, "tokenizer.json", json.dumps({"emoticons": [a + b for a in LETTERS for b in "abcde"]}))
    many = [f"label{i}" for i in range(150_000)]
    labels = json.loads((tmp_path / "p/labels.json").read_text()) | {"left": many, "right": many, "ner": many}
    with pytest.raises(PackageError, match="found shape"):
        limits(tmp_path, "labels.json", json.dumps(labels))


def test_an_edit_tree_is_of_bounded_length(tmp_path: Path) -> None:
    path = save_random_package(tmp_path / "q")
    labels = json.loads((path / "labels.json").read_text())
    labels["trees"][0] = f"l<a/{'x' * 20_000}>"
    with pytest.raises(PackageError, match="expected a shorter label"):
        limits(tmp_path, "labels.json", json.dumps(labels))
