"""The name or path of a package in, its folder out."""

from __future__ import annotations

from pathlib import Path

from treelet.errors import PackageNotFoundError

MODELS = Path(__file__).parent.parent / "models"
"""Where the packages that ship with the library, and those that are installed into it, live."""


def installed_packages() -> dict[str, Path]:
    """Name to folder of every package in treelet/models."""
    if not MODELS.is_dir():
        return {}
    return {path.name: path for path in sorted(MODELS.iterdir()) if (path / "manifest.json").is_file()}


def find_package(name_or_path: str | Path) -> Path:
    """Folder of an installed package by name, else of one by path.

    Raises PackageNotFoundError listing what is installed.
    """
    installed = installed_packages()
    if isinstance(name_or_path, str) and name_or_path in installed:
        return installed[name_or_path]
    path = Path(name_or_path)
    try:
        if (path / "manifest.json").is_file():
            return path
        exists = path.exists()
    except (OSError, ValueError):
        exists = False
    there = "it has no manifest.json" if exists else "there is no such folder"
    names = ", ".join(installed) or "none"
    raise PackageNotFoundError(f"{name_or_path}: not an installed package ({names}), nor a path: {there}")
