"""Model packages: a folder on disk to a pipeline and back. Data, never code."""

from treelet.package.find import find_package, installed_packages
from treelet.package.load import load
from treelet.package.manifest import Manifest
from treelet.package.save import save_package

__all__ = ["Manifest", "find_package", "installed_packages", "load", "save_package"]
