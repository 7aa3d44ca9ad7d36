"""An unpacked sdist of a package in, its wheel out: the build backend (PEP 517) that such an sdist names.

pip and uv call these functions in the sdist's folder. They run nothing that it contains.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from treelet.errors import PackageError
from treelet.package.files import MANIFEST_FILE
from treelet.package.find import PREFIX
from treelet.publishing.contents import Contents, read_contents
from treelet.publishing.sdist import build_sdist as sdist_bytes
from treelet.publishing.sdist import sdist_name
from treelet.publishing.wheel import build_wheel as wheel_bytes
from treelet.publishing.wheel import dist_info, dist_info_name, wheel_name

Config = Mapping[str, Any] | None


def get_requires_for_build_wheel(config_settings: Config = None) -> list[str]:
    """Nothing but treelet, which is there."""
    return []


def get_requires_for_build_sdist(config_settings: Config = None) -> list[str]:
    """Nothing but treelet, which is there."""
    return []


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Config = None) -> str:
    """Write the .dist-info folder without RECORD; its name."""
    contents = _contents()
    for path, data in dist_info(contents).items():
        target = Path(metadata_directory, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return dist_info_name(contents.manifest)


def build_wheel(
    wheel_directory: str, config_settings: Config = None, metadata_directory: str | None = None
) -> str:
    """Write the wheel; its file name."""
    contents = _contents()
    name = wheel_name(contents.manifest)
    Path(wheel_directory, name).write_bytes(wheel_bytes(contents))
    return name


def build_sdist(sdist_directory: str, config_settings: Config = None) -> str:
    """Write the sdist; its file name."""
    contents = _contents()
    name = sdist_name(contents.manifest)
    Path(sdist_directory, name).write_bytes(sdist_bytes(contents))
    return name


def _contents() -> Contents:
    """The one package that the working folder holds."""
    here = Path.cwd()
    found = sorted(path.parent for path in here.glob(f"{PREFIX}*/{MANIFEST_FILE}"))
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise PackageError(
            f"{here}: expected one folder {PREFIX}NAME with a {MANIFEST_FILE}, found {names}: "
            "make the sdist anew with `treelet package`"
        )
    contents = read_contents(found[0])
    if found[0].name != f"{PREFIX}{contents.manifest.name}":
        raise PackageError(
            f"{found[0]}: holds {contents.manifest.name}, expected {found[0].name.removeprefix(PREFIX)}"
        )
    return contents
