"""Which installer is taken, what it is told, and what is said when it fails."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from treelet.errors import PackageError
from treelet.installing import installer

TELLS = "import sys, pathlib; pathlib.Path('told').write_text(' '.join(sys.argv[1:]))"


def pretend(monkeypatch: pytest.MonkeyPatch, *modules: str, path: str | None = None) -> None:
    """Only these modules are there, and this uv on the path."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name if name in modules else None)
    monkeypatch.setattr("shutil.which", lambda name: path)


def test_pip_comes_first_then_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "pip", "uv", path="/bin/uv")
    assert installer.find_installer().command == (sys.executable, "-m", "pip")
    pretend(monkeypatch, "uv", path="/bin/uv")
    assert installer.find_installer().command == (sys.executable, "-m", "uv", "pip")
    pretend(monkeypatch, path="/bin/uv")
    assert installer.find_installer().command == ("/bin/uv", "pip")
    pretend(monkeypatch)
    with pytest.raises(PackageError, match=r"ensurepip.*--to FOLDER"):
        installer.find_installer()


@pytest.mark.parametrize("name", ["pip", "uv"])
def test_no_index_is_asked_and_nothing_else_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    told = installer.Installer(name, (sys.executable, "-c", TELLS))
    monkeypatch.setattr(installer, "find_installer", lambda: told)
    installer.install(tmp_path / "x.whl", ["--user"])
    arguments = (tmp_path / "told").read_text().split()
    assert arguments[0] == "install"
    assert {"--no-index", "--no-deps"} <= set(arguments)
    assert arguments[-2:] == ["--user", str(tmp_path / "x.whl")]


def fails(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    code = f"import sys; sys.exit({said!r})"
    told = installer.Installer("pip", (sys.executable, "-c", code))
    monkeypatch.setattr(installer, "find_installer", lambda: told)


def test_what_it_said_is_told_when_it_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fails(monkeypatch, "No space left")
    with pytest.raises(installer.InstallerError, match=r"pip failed \(exit code 1\).*\n  No space left"):
        installer.install(tmp_path / "x.whl")


def test_a_python_of_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fails(monkeypatch, "error: externally-managed-environment" + "\nhelp" * 30)
    with pytest.raises(PackageError, match=r"use a virtual environment.*--break-system-packages"):
        installer.install(tmp_path / "x.whl")
