"""The name or path of a package in, its folder out."""

from __future__ import annotations

import os

from treelet.errors import PackageNotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

MODELS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "models")
"""Where the packages that ship with the library, and those that are installed into it, live."""


def installed_packages() -> dict[str, Path]:
    """Name to folder of every package in treelet/models."""
    from pathlib import Path

    names = sorted(os.listdir(MODELS)) if os.path.isdir(MODELS) else []
    return {name: Path(MODELS, name) for name in names if _is_package(os.path.join(MODELS, name))}


def find_package(name_or_path: str | Path) -> Path:
    """Folder of an installed package by name, else of one by path.

    Raises PackageNotFoundError listing what is installed.
    """
    from pathlib import Path

    return Path(find_folder(name_or_path))


def find_folder(name_or_path: str | Path) -> str:
    """The same as text: pathlib takes longer to import than a package to be found."""
    name = os.fspath(name_or_path)
    if isinstance(name_or_path, str) and name not in ("", ".", "..") and os.path.basename(name) == name:
        installed = os.path.join(MODELS, name)
        if _is_package(installed):
            return installed
    if name and _is_package(name):
        return name
    there = "it has no manifest.json" if name and os.path.exists(name) else "there is no such folder"
    names = ", ".join(installed_packages()) or "none"
    raise PackageNotFoundError(f"{name_or_path}: not an installed package ({names}), nor a path: {there}")


def _is_package(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, "manifest.json"))
