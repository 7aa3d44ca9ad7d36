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

    from treelet.package.signature import Key
    from treelet.settings import Settings


def load(
    name_or_path: str | Path,
    exclude: Sequence[str] = (),
    verify: bool = False,
    settings: Mapping[str, Any] | None = None,
    *,
    trusted: Key | Sequence[Key] | None = None,
    memory_map: bool = False,
) -> Pipeline:
    """The pipeline of an installed package (by name), or of a folder, wheel or zip file (by path).

    A package that was installed comes before one of that name which ships with the library. `exclude` leaves
    annotators out, and their weights unread; `settings` changes how it annotates, such as
    {"parser.beam_width": 8} (ANNOTATION_SETTINGS has all).

    `verify` compares every file with its SHA-256. `trusted`, public Ed25519 keys in PEM (texts or paths),
    does that too, and asks for a signature of the manifest by one of them.

    `memory_map` leaves the large tables on disk: the system reads a page when a word first needs it, and
    processes share it. While such a pipeline lives, its file may be replaced or deleted, which `treelet` does
    when it writes; a file that is cut short or written into ends the process or changes the results.

    Raises PackageNotFoundError, PackageError for a damaged package or one that is not trusted, SettingsError
    for an unknown annotator or setting, and for keys that are none.
    """
    stored = read_package(name_or_path, exclude, verify, settings, trusted=trusted, memory_map=memory_map)
    transformer = None if stored.settings.transformer is None else stored.path
    parts = Parts(
        stored.settings,
        stored.labels,
        stored.annotators,
        stored.tokenizer,
        stored.file.read_tensors,
        transformer,
    )
    pipeline = Pipeline(parts, stored.manifest, stored.assemble())
    if transformer is not None:
        pipeline.to("cpu")
    return pipeline.loaded_by(_load_again, stored.path, exclude, settings, _kept_keys(trusted), memory_map)


def _load_again(
    path: str,
    exclude: Sequence[str],
    settings: Mapping[str, Any] | None,
    trusted: Sequence[Key] | None,
    memory_map: bool,
) -> Pipeline:
    """What a copy or a pickle does: hashes are not compared again, unless there is a signature to check."""
    return load(path, exclude, settings=settings, trusted=trusted, memory_map=memory_map)


def _kept_keys(trusted: Key | Sequence[Key] | None) -> list[Key] | None:
    """Keys that mean the same in another folder."""
    if trusted is None:
        return None
    import os  # deferred: keys are seldom given

    keys = [trusted] if isinstance(trusted, (str, bytes, os.PathLike)) else trusted
    return [
        key if isinstance(key, bytes) or "-----BEGIN" in str(key) else os.path.abspath(key) for key in keys
    ]


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
