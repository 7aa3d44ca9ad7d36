"""The parts of a pipeline in, a package folder out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from treelet.annotators.table import ANNOTATOR_TABLE
from treelet.errors import PackageError, SettingsError
from treelet.package.identity import successor
from treelet.package.manifest import SCORES, Manifest
from treelet.package.writer import PackageParts, write_package
from treelet.pipeline.parts import Parts


def save(
    parts: Parts, path: str | Path, asked: Mapping[str, Any], old: Manifest | None, unchanged: bool
) -> None:
    """Write a package. asked: fields of its manifest; old: that of the package which the pipeline was loaded
    from; unchanged: whether it annotates as that one did.

    Raises PackageError for a folder that holds something else, SettingsError for a pipeline without
    annotators or an unknown field.
    """
    folder = Path(path)
    if folder.exists() and (
        not folder.is_dir() or (any(folder.iterdir()) and not (folder / "manifest.json").exists())
    ):
        raise PackageError(f"{folder}: exists and is not a package: give another folder")
    if not parts.annotators:
        raise SettingsError("to_disk: this pipeline has no annotators: there is nothing to save")
    settings = parts.taught_settings()
    wanted = {name for each in parts.annotators for name in ANNOTATOR_TABLE[each].label_sets}
    labels = {name: list(found) for name, found in parts.labels.items() if name in wanted}
    packed = PackageParts(settings, labels, parts.tensors(), parts.tokenizer.rules_json)
    if old is not None:
        names = ("description", "sources", *(SCORES if unchanged else ()))
        asked = {**{name: getattr(old, name) for name in names}, **asked}
        asked = successor(old, settings, asked, unchanged)
    write_package(folder, packed, **asked)
