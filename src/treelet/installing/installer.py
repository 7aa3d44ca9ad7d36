"""A checked wheel in; installed by the running interpreter's pip, or by uv where there is no pip."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from treelet.errors import PackageError

_LAST_LINES = 12
"""Of what an installer said, shown when it failed."""


class InstallerError(PackageError):
    """pip or uv failed; `said` is all that it told."""

    def __init__(self, name: str, code: int, said: str) -> None:
        lines = [line for line in said.splitlines() if line.strip()]
        last = "\n  ".join(lines[-_LAST_LINES:])
        super().__init__(f"{name} failed (exit code {code}) and says:\n  {last}")
        self.said = said


@dataclass(frozen=True)
class Installer:
    """What installs: "pip" or "uv", and the command up to its first own argument."""

    name: str
    command: tuple[str, ...]

    def run(self, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Raises InstallerError when it fails."""
        command = [*self.command, *arguments]
        quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
        quiet["PYTHONSAFEPATH"] = "1"  # a folder called pip where we were started is not pip
        done = subprocess.run(
            command,
            env={**os.environ, **quiet, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise InstallerError(self.name, done.returncode, done.stdout + done.stderr)


def find_installer() -> Installer:
    """pip of the running interpreter, else uv, in the interpreter or on the path. Raises PackageError."""
    if not sys.executable:
        raise PackageError(
            "the running Python does not know its own path: install the wheel with its installer"
        )
    if importlib.util.find_spec("pip") is not None:
        return Installer("pip", (sys.executable, "-m", "pip"))
    if importlib.util.find_spec("uv") is not None:
        return Installer("uv", (sys.executable, "-m", "uv", "pip"))
    if uv := shutil.which("uv"):
        return Installer("uv", (uv, "pip"))
    raise PackageError(
        f"neither pip nor uv is there for {sys.executable}: run `{sys.executable} -m ensurepip`, or install "
        "uv, or keep the wheel (treelet download NAME --to FOLDER) and install it in your own way"
    )


def install(wheel: Path, extra: Sequence[str] = ()) -> None:
    """Install the file as it is, whatever version was there, asking no index and installing nothing else.

    extra: more arguments for pip or uv. Raises InstallerError, or PackageError for a Python of the system.
    """
    installer = find_installer()
    if installer.name == "pip":
        arguments = ["install", "--no-index", "--no-deps", "--upgrade", "--force-reinstall"]
    else:
        arguments = [
            "install",
            "--python",
            sys.executable,
            "--offline",
            "--no-index",
            "--no-deps",
            "--reinstall",
        ]
    try:
        installer.run([*arguments, *extra, str(wheel)])
    except InstallerError as error:
        if "externally-managed" not in error.said and "externally managed" not in error.said:
            raise
        raise PackageError(
            f"{sys.executable} belongs to the system, and {installer.name} installs nothing into it: "
            "use a virtual environment, or insist: treelet download NAME -- --break-system-packages"
        ) from None
    importlib.invalidate_caches()
