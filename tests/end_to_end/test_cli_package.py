"""`treelet package` as a publisher meets it, and what pip makes of its files."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import treelet
from random_package import save_random_package
from treelet.cli import run
from treelet.publishing import backend

NAME = "treelet_en_core_random_sm"
WHEEL, SDIST = f"{NAME}-0.1.0-py3-none-any.whl", f"{NAME}-0.1.0.tar.gz"
TEXT = "Apple is looking at buying a startup."

needs_pip = pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="pip is not installed")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("packages") / "tiny")


@pytest.fixture(scope="module")
def out(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "new" / "wheels"
    assert run(["package", str(package), str(folder)]) == 0
    return folder


def pip(*arguments: str) -> str:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=os.path.dirname(__file__))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_wheel_and_an_sdist_are_made_once(
    package: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sorted(path.name for path in out.iterdir()) == [WHEEL, SDIST]
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in out.iterdir()}
    assert run(["package", str(package), str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(Path(each["path"]).name, each["new"]) for each in told["files"]] == [
        (WHEEL, False),
        (SDIST, False),
    ]
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in out.iterdir()} == before


def test_a_version_never_changes(
    package: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert run(["package", str(package), str(out), "--description", "another"]) == 1
    assert "0.1.0 is there with other bytes" in (said := capsys.readouterr().err)
    assert "--version 0.1.1" in said
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_wrong_usage(package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["package", str(package), str(tmp_path), "--format", "egg"]) == 2
    assert "expected wheel, sdist or both" in capsys.readouterr().err
    assert run(["package", str(tmp_path / "nowhere"), str(tmp_path)]) == 1
    assert "not an installed package" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


LOADED = """
import sys, treelet
from importlib.metadata import distribution, entry_points
point, = entry_points(group="treelet_models", name="en_core_random_sm")
print(point.value, distribution("treelet-en-core-random-sm").version)
nlp = treelet.load("en_core_random_sm", verify=True)
print([token.pos_ for token in nlp(sys.argv[1])])
assert "en_core_random_sm" not in sys.modules and "treelet_en_core_random_sm" not in sys.modules
"""


@needs_pip
def test_pip_installs_the_wheel(package: Path, out: Path, tmp_path: Path) -> None:
    pip("install", "--no-index", "--no-deps", "--target", str(tmp_path), str(out / WHEEL))
    assert not [path for path in tmp_path.rglob("*") if path.suffix in (".py", ".pyc", ".so", ".pth")]
    (tmp_path / "en_core_random_sm.py").write_text("raise ImportError('the same name in another library')")
    command = [sys.executable, "-c", LOADED, TEXT]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    expected = [token.pos_ for token in treelet.load(package)(TEXT)]
    assert done.stdout == f"{NAME} 0.1.0\n{expected}\n"


@needs_pip
def test_pip_builds_the_same_wheel_of_the_sdist(out: Path, tmp_path: Path) -> None:
    source = str(out / SDIST)
    pip("wheel", "--no-index", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), source)
    assert (tmp_path / WHEEL).read_bytes() == (out / WHEEL).read_bytes()


def test_the_backend_makes_what_the_command_makes(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tarfile

    with tarfile.open(out / SDIST) as archive:
        archive.extractall(tmp_path, filter="data")
    monkeypatch.chdir(tmp_path / f"{NAME}-0.1.0")
    assert backend.get_requires_for_build_wheel() == backend.get_requires_for_build_sdist() == []
    (tmp_path / "built").mkdir()
    assert backend.build_wheel(str(tmp_path / "built")) == WHEEL
    assert backend.build_sdist(str(tmp_path / "built")) == SDIST
    for name in (WHEEL, SDIST):
        assert (tmp_path / "built" / name).read_bytes() == (out / name).read_bytes()
    info = backend.prepare_metadata_for_build_wheel(str(tmp_path / "metadata"))
    assert sorted(path.name for path in (tmp_path / "metadata" / info).iterdir()) == [
        "METADATA",
        "WHEEL",
        "entry_points.txt",
    ]


def test_the_backend_wants_one_package(
    tmp_path: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(treelet.PackageError, match="expected one folder treelet_NAME"):
        backend.build_wheel(str(tmp_path))
    (tmp_path / "treelet_en_core_other_sm").symlink_to(package)
    with pytest.raises(treelet.PackageError, match="holds en_core_random_sm, expected en_core_other_sm"):
        backend.build_wheel(str(tmp_path))
