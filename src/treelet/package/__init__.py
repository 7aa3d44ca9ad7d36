"""Model packages: a folder or archive to what a pipeline is made of, and back. Data, never code."""

from __future__ import annotations

from treelet.package.find import find_package, read_manifest
from treelet.package.manifest import Manifest
from treelet.package.reader import StoredPipeline, read_package
from treelet.package.weights import arrays_of, core_weights, sizes_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from treelet.package.installed import InstalledPackage, installed_packages
    from treelet.package.writer import save_package

__all__ = [
    "InstalledPackage",
    "Manifest",
    "StoredPipeline",
    "arrays_of",
    "core_weights",
    "find_package",
    "installed_packages",
    "read_manifest",
    "read_package",
    "save_package",
    "sizes_of",
]


def __getattr__(name: str) -> Any:
    if name == "save_package":  # deferred, both: loading a package does without
        from treelet.package.writer import save_package

        return save_package
    if name in ("InstalledPackage", "installed_packages"):
        from treelet.package import installed

        return getattr(installed, name)
    raise AttributeError(f"module 'treelet.package' has no attribute {name!r}")
