"""The name or path of a package, or a language, in; a live pipeline out."""

from __future__ import annotations

from treelet.package import read_package
from treelet.pipeline.parts import Parts
from treelet.pipeline.pipeline import Pipeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from treelet.settings import Settings


def load(
    name_or_path: str | Path,
    exclude: Sequence[str] = (),
    verify: bool = False,
    settings: Mapping[str, Any] | None = None,
    *,
    memory_map: bool = False,
) -> Pipeline:
    """The pipeline of an installed package (by name), or of a folder, wheel or zip file (by path).

    A package that was installed comes before one of that name which ships with the library. `exclude` leaves
    annotators out, and their weights unread; `verify` compares every file with its SHA-256; `settings`
    changes how it annotates, such as {"parser.beam_width": 8} (ANNOTATION_SETTINGS has all). `memory_map`
    leaves the large tables on disk: the system reads a page when a word first needs it, and processes share
    it. While such a pipeline lives, its file may be replaced or deleted; one that is cut short in place ends
    the process.

    Raises PackageNotFoundError, PackageError for a damaged package, SettingsError for an unknown annotator
    or setting.
    """
    stored = read_package(name_or_path, exclude, verify, settings, memory_map=memory_map)
    parts = Parts(
        stored.settings, stored.labels, stored.annotators, stored.tokenizer, stored.file.read_tensors
    )
    pipeline = Pipeline(parts, stored.manifest, stored.assemble())
    return pipeline.loaded_by(_load_again, stored.path, exclude, settings, memory_map)


def _load_again(
    path: str, exclude: Sequence[str], settings: Mapping[str, Any] | None, memory_map: bool
) -> Pipeline:
    """What a copy or a pickle does, with what the first call found and checked."""
    return load(path, exclude, settings=settings, memory_map=memory_map)


def blank(language: str, settings: Settings | Mapping[str, Any] | None = None) -> Pipeline:
    """A pipeline that tokenizes and has no annotators yet: see add_pipe, initialize and update.

    language: a code such as "pt"; one without a data file of its own gets neutral rules. settings: sections
    by name, such as {"encoder": {"width": 64}, "training": {"learning_rate": 0.001}}, or a whole Settings.
    Raises SettingsError.
    """
    from treelet.languages import load_language
    from treelet.pipeline.parts import blank_parts
    from treelet.settings import Settings, settings_from_dict, settings_to_dict

    values = settings_to_dict(settings) if isinstance(settings, Settings) else dict(settings or {})
    made = settings_from_dict(values | {"language": language}, "settings")
    pipeline = Pipeline(blank_parts(made, load_language(language)))
    pipeline.settings = made
    return pipeline.loaded_by(blank, language, made)
