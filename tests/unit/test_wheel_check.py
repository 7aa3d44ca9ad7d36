"""A wheel is checked before an installer sees it: whole, of the package its name says, nothing but data."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from random_package import save_random_package
from small_wheels import FOLDER, NAME, altered_wheel, write_wheel
from treelet.errors import PackageError
from treelet.installing.wheel_check import read_wheel, sha256_of

INFO = f"{FOLDER}-0.1.0.dist-info"
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    package = save_random_package(folder / "tiny")
    (package / "LICENSE").write_text("Do as you like.\n")
    return write_wheel(package, folder, "0.1.0")


def test_a_whole_wheel_is_read(wheel: Path) -> None:
    found = read_wheel(wheel)
    assert (found.manifest.name, found.manifest.version) == (NAME, "0.1.0")
    assert found.entry.to_dict() == {
        "file": wheel.name,
        "sha256": sha256_of(wheel),
        "bytes": wheel.stat().st_size,
        "treelet": ">=0.1.0,<1",
    }
    assert found.signature is None


def test_a_compressed_wheel_is_read(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive, zipfile.ZipFile(tmp_path / wheel.name, "w", 8) as copy:
        for name in archive.namelist():
            copy.writestr(zipfile.ZipInfo(name), archive.read(name), zipfile.ZIP_DEFLATED)
    assert read_wheel(tmp_path / wheel.name).manifest == read_wheel(wheel).manifest


def add(name: str, content: bytes = b"x") -> Callable[[Files], object]:
    return lambda files: files.update({name: content})


def append(name: str, content: bytes) -> Callable[[Files], object]:
    return lambda files: files.update({name: files[name] + content})


def drop(name: str) -> Callable[[Files], object]:
    return lambda files: files.pop(name)


@pytest.mark.parametrize(
    "name",
    [
        *("evil.pth", "evil.py", "treelet/__init__.py", "../evil", "/evil", "C:\\evil", f"{FOLDER}\\evil"),
        *(f"{FOLDER}/__init__.py", f"{FOLDER}/x.so", f"{FOLDER}/a/settings.toml", f"{FOLDER}/LICENSE.py"),
        *(f"{FOLDER}/../evil", f"{INFO}/top_level.txt", f"{INFO}/licenses/x.py", f"{FOLDER}/"),
        *(f"{FOLDER}-0.1.0.data/scripts/evil", f"{FOLDER}-0.1.1.dist-info/METADATA", "treelet_xx/a.json"),
        *(f"{FOLDER}/SETTINGS.TOML", f"{FOLDER}/.hidden"),
    ],
)
def test_files_that_no_package_has_are_refused(wheel: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(PackageError):
        read_wheel(altered_wheel(wheel, tmp_path, add(name)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (append(f"{INFO}/entry_points.txt", b"[console_scripts]\nls = os:abort\n"), "entry_points.txt"),
        (append(f"{FOLDER}/weights.safetensors", b"x"), "is not the one that the manifest lists"),
        (append(f"{FOLDER}/manifest.json", b"x"), "manifest.json"),
        (drop(f"{FOLDER}/manifest.json"), "there is no"),
        (drop(f"{FOLDER}/labels.json"), "labels.json is missing"),
        (drop(f"{INFO}/METADATA"), "there is no"),
        (drop(f"{INFO}/entry_points.txt"), "there is no"),
        (add(f"{INFO}/METADATA", b"Name: treelet-en-core-random-md\nVersion: 0.1.0\n"), "METADATA is of"),
        (
            add(
                f"{INFO}/METADATA",
                b"Name: treelet-en-core-random-sm\nVersion: 0.1.0\nRequires-Dist: treeletevil\n",
            ),
            "asks for treeletevil",
        ),
        (add(f"{INFO}/WHEEL", b"Root-Is-Purelib: false\n"), "Root-Is-Purelib"),
        (add(f"{INFO}/METADATA", b"\xff"), "not UTF-8"),
    ],
)
def test_what_makes_a_wheel_another_thing_is_refused(
    wheel: Path, tmp_path: Path, change: Callable[[Files], object], said: str
) -> None:
    with pytest.raises(PackageError) as caught:
        read_wheel(altered_wheel(wheel, tmp_path, change))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        append(f"{FOLDER}/README.md", b"x"),
        add(f"{FOLDER}/NOTICE"),
        drop(f"{FOLDER}/README.md"),
        add(f"{INFO}/RECORD", b"a\0b,,"),
    ],
)
def test_record_lists_every_file_as_it_is(
    wheel: Path, tmp_path: Path, change: Callable[[Files], object]
) -> None:
    with pytest.raises(PackageError, match="RECORD"):
        read_wheel(altered_wheel(wheel, tmp_path, change, record=False))


@pytest.mark.parametrize(
    "name",
    [
        *("x.whl", "numpy-1.0-py3-none-any.whl", f"{FOLDER}-0.1.0-cp311-cp311-linux_x86_64.whl"),
        *(f"{FOLDER}-0.1.1-py3-none-any.whl", "treelet_en_core_random_md-0.1.0-py3-none-any.whl"),
    ],
)
def test_the_name_of_the_file_is_that_of_the_package(wheel: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(wheel.read_bytes())
    with pytest.raises(PackageError):
        read_wheel(tmp_path / name)


def test_another_version_in_the_manifest(wheel: Path, tmp_path: Path) -> None:
    def change(files: Files) -> None:
        manifest = json.loads(files[f"{FOLDER}/manifest.json"])
        manifest["version"] = "0.1.9"
        files[f"{FOLDER}/manifest.json"] = json.dumps(manifest).encode()

    with pytest.raises(PackageError, match=r"holds en_core_random_sm 0\.1\.9"):
        read_wheel(altered_wheel(wheel, tmp_path, change))


@pytest.mark.parametrize("change", ["before", "behind", "comment", "between", "cut", "empty"])
def test_nothing_lies_between_the_members(wheel: Path, tmp_path: Path, change: str) -> None:
    content, path = wheel.read_bytes(), tmp_path / wheel.name
    path.write_bytes(content)
    if change == "comment":
        with zipfile.ZipFile(path, "a") as archive:
            archive.comment = b"hello"
    elif change == "between":
        with zipfile.ZipFile(path, "a") as archive:
            archive.fp.seek(archive.start_dir)  # type: ignore[union-attr]
            archive.fp.write(b"secret")  # type: ignore[union-attr]
            archive.start_dir += 6
            archive._didModify = True  # type: ignore[attr-defined]
    else:
        cases = {"before": b"x" + content, "behind": content + b"x", "cut": content[:-30], "empty": b""}
        path.write_bytes(cases[change])
    assert path.read_bytes() != content
    with pytest.raises(PackageError):
        read_wheel(path)


def test_a_name_that_two_programs_read_as_two_is_refused(wheel: Path, tmp_path: Path) -> None:
    path = altered_wheel(wheel, tmp_path, add(f"{FOLDER}/NOTICE.txt"))
    path.write_bytes(path.read_bytes().replace(b"/NOTICE.txt", b"/NOTICE\0txt"))
    with pytest.raises(PackageError, match="expected plain files"):
        read_wheel(path)


def test_a_bomb_is_not_unpacked(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("treelet.installing.wheel_check.MOST_TEXT_BYTES", 10_000_000)
    path = tmp_path / wheel.name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{FOLDER}/weights.safetensors", bytes(10_000_001))
    assert path.stat().st_size < 20_000
    with pytest.raises(PackageError, match="expected at most"):
        read_wheel(path)


def test_every_damaged_byte_is_seen(wheel: Path, tmp_path: Path) -> None:
    """A byte of the wheel is changed: it is refused, or means the same (dates and systems of the archive)."""
    content, path = wheel.read_bytes(), tmp_path / wheel.name
    told = read_wheel(wheel)
    for at in range(0, len(content), len(content) // 150):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        try:
            found = read_wheel(path)
        except PackageError:
            continue
        assert found.manifest_json == told.manifest_json
