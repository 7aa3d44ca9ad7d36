"""Model packages: a folder on disk to what a pipeline is made of, and back. Data, never code."""

from __future__ import annotations

from treelet.package.find import find_package, installed_packages
from treelet.package.manifest import Manifest
from treelet.package.reader import StoredPipeline, arrays_of, core_weights, read_package, sizes_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from treelet.package.writer import save_package

__all__ = [
    "Manifest",
    "StoredPipeline",
    "arrays_of",
    "core_weights",
    "find_package",
    "installed_packages",
    "read_package",
    "save_package",
    "sizes_of",
]


def __getattr__(name: str) -> Any:
    if name != "save_package":
        raise AttributeError(f"module 'treelet.package' has no attribute {name!r}")
    from treelet.package.writer import save_package  # deferred: loading a package does without

    return save_package
