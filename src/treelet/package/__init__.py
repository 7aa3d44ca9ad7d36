"""Model packages: a folder on disk to a pipeline and back. Data, never code."""

from treelet.package.find import find_package, installed_packages
from treelet.package.manifest import Manifest
from treelet.package.reader import load
from treelet.package.writer import save_package

__all__ = ["Manifest", "find_package", "installed_packages", "load", "save_package"]
