"""The name or path of a package in, a live pipeline out."""

from __future__ import annotations

from treelet.package import read_package
from treelet.pipeline.pipeline import Pipeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any


def load(
    name_or_path: str | Path,
    exclude: Sequence[str] = (),
    verify: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> Pipeline:
    """The pipeline of an installed package (by name) or of a folder (by path).

    `exclude` leaves annotators out, and their weights unread; `verify` compares every file with its SHA-256;
    `settings` changes how it annotates, such as {"parser.beam_width": 8} (ANNOTATION_SETTINGS has all).
    Raises PackageNotFoundError, PackageError for a damaged package, SettingsError for an unknown annotator
    or setting.
    """
    stored = read_package(name_or_path, exclude, verify, settings)
    parts = stored.assemble(), stored.settings, stored.labels, stored.annotators
    pipeline = Pipeline(*parts, stored.manifest, stored.tokenizer)
    pipeline._weights_file = stored.file  # not `stored`, which would keep the weights as they were read
    return pipeline.loaded_by(load, stored.path, exclude, False, settings)
