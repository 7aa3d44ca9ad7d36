"""A package folder or archive in, what a pipeline is made of out; sizes are checked before they count."""

from __future__ import annotations

import os

from treelet import _core
from treelet.annotators import ANNOTATOR_TABLE, assemble
from treelet.errors import FormatError, PackageError, SettingsError
from treelet.package.files import (
    DATA_FILES,
    LABELS_FILE,
    MANIFEST_FILE,
    SETTINGS_FILE,
    SIGNATURE_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
)
from treelet.package.find import choose_place, folders_of
from treelet.package.manifest import manifest_from_json
from treelet.package.source import MOST_TEXT_BYTES, open_source
from treelet.package.structure import check_structure, structure_of
from treelet.package.weights import WeightsFile
from treelet.settings import changed_for_annotation, settings_of_package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from treelet.package.manifest import Manifest
    from treelet.package.signature import Key
    from treelet.package.source import FileBytes, Source
    from treelet.settings import Settings

_MOST_SETTINGS_BYTES = 16_000
"""They take 2,000; a reader of TOML may take a time that is quadratic in them, a second for these."""


class StoredPipeline:
    """What a package holds, checked: all that a live pipeline is made of."""

    __slots__ = ("annotators", "file", "labels", "manifest", "path", "settings", "tokenizer", "weights")

    def __init__(
        self, manifest: Manifest, tokenizer: _core.Tokenizer, file: WeightsFile, weights: _core.Weights
    ) -> None:
        self.manifest, self.tokenizer, self.file, self.weights = manifest, tokenizer, file, weights
        self.path, self.settings, self.labels = file.path, file.settings, file.labels
        self.annotators = file.annotators

    def assemble(self) -> _core.Pipeline:
        """The core that annotates."""
        return assemble(self.tokenizer, self.settings, self.labels, self.weights, self.annotators)


def read_package(
    name_or_path: str | Path,
    exclude: Sequence[str] = (),
    verify: bool = False,
    settings: Mapping[str, Any] | None = None,
    *,
    trusted: Key | Sequence[Key] | None = None,
    memory_map: bool = False,
) -> StoredPipeline:
    """Arguments and errors are those of treelet.load."""
    path = choose_place(name_or_path)
    verify = verify or trusted is not None  # a signature speaks for the manifest, its hashes for the rest
    with open_source(path) as source:
        manifest = _read_manifest(source, trusted)
        if path in folders_of(name_or_path) and manifest.name != name_or_path:
            raise PackageError(
                f"{path}: holds {manifest.name}, expected {name_or_path}: it was renamed by hand; load it by "
                "its path, or `treelet package --name` gives it another name"
            )
        texts = _read_texts(source, manifest, verify)
        stored = _settings(texts[SETTINGS_FILE], source)
        if manifest.format > 1:
            check_structure(manifest, structure_of(stored), source.where(MANIFEST_FILE))
        taught = changed_for_annotation(stored, settings or {})
        labels = _labels(texts[LABELS_FILE], source, taught)
        kept = keep_annotators(taught.annotators(), exclude)
        weights_file = WeightsFile(os.path.abspath(path), taught, labels, kept)
        with source.open(WEIGHTS_FILE) as file:
            _check(file, manifest, WEIGHTS_FILE, verify)
            weights = weights_file.read_core(file, memory_map)
    return StoredPipeline(manifest, _core.Tokenizer(texts[TOKENIZER_FILE]), weights_file, weights)


def _read_manifest(source: Source, trusted: Key | Sequence[Key] | None) -> Manifest:
    with source.open(MANIFEST_FILE) as file:
        content = file.read(MOST_TEXT_BYTES)
    if trusted is not None:
        from treelet.package.signature import check_signature  # deferred: most packages load without

        signature = None
        if source.has(SIGNATURE_FILE):
            with source.open(SIGNATURE_FILE) as file:
                signature = file.read(MOST_TEXT_BYTES)
        check_signature(content, signature, trusted, source.where(MANIFEST_FILE))
    return manifest_from_json(content, source.where(MANIFEST_FILE))


def keep_annotators(there: Sequence[str], exclude: Sequence[str]) -> list[str]:
    """Those that are not excluded. Raises SettingsError for a name that no annotator has."""
    names = [exclude] if isinstance(exclude, str) else list(exclude)
    for name in names:
        if name not in ANNOTATOR_TABLE:
            raise SettingsError(f"exclude: {name!r} is no annotator; there are {', '.join(ANNOTATOR_TABLE)}")
    return [name for name in there if name not in names]


def _read_texts(source: Source, manifest: Manifest, verify: bool) -> dict[str, str]:
    """What the files that are text say; `verify` looks into all others but the weights too."""
    texts, room = {}, MOST_TEXT_BYTES
    names = dict.fromkeys((*DATA_FILES, *manifest.files) if verify else DATA_FILES)
    for name in names:
        if name == WEIGHTS_FILE:
            continue
        with source.open(name) as file:
            _check(file, manifest, name, verify)
            if name in DATA_FILES:
                texts[name] = _text(file, _MOST_SETTINGS_BYTES if name == SETTINGS_FILE else room)
                room -= file.size
    return texts


def _text(file: FileBytes, most: int) -> str:
    try:
        return file.read(most).decode()
    except UnicodeDecodeError as error:
        raise PackageError(f"{file.where}: not UTF-8 at byte {error.start}; the package is damaged") from None


def _check(file: FileBytes, manifest: Manifest, name: str, verify: bool) -> None:
    """Sizes are compared before anything is read, hashes on request, both with the manifest's."""
    entry = manifest.files.get(name)
    if entry is None:
        where = file.where.removesuffix(name) + MANIFEST_FILE
        raise PackageError(f"{where}: files: {name} is missing; the package is damaged")
    if file.size != entry.bytes:
        raise PackageError(
            f"{file.where}: found {file.size} bytes, expected {entry.bytes}; the package is damaged"
        )
    if verify and file.sha256() != entry.sha256:
        raise PackageError(f"{file.where}: its SHA-256 is not the manifest's; the package is damaged")


def _settings(text: str, source: Source) -> Settings:
    try:
        return settings_of_package(text, source.where(SETTINGS_FILE))
    except (SettingsError, RecursionError) as error:
        raise PackageError(f"{error}; the package is damaged") from None


def _labels(text: str, source: Source, settings: Settings) -> dict[str, list[str]]:
    path = source.where(LABELS_FILE)
    try:
        labels: dict[str, list[str]] = _core.read_json(text)
    except FormatError as error:
        raise PackageError(f"{path}: {error}; the package is damaged") from None
    if type(labels) is not dict or not all(
        type(names) is list and all(type(name) is str for name in names) for names in labels.values()
    ):
        raise PackageError(f"{path}: expected lists of labels by name; the package is damaged")
    for annotator in settings.annotators():
        for name in ANNOTATOR_TABLE[annotator].label_sets:
            if name not in labels:
                raise PackageError(f"{path}: label set {name!r} of the {annotator} is missing; it is damaged")
            if name != "trees" and not _is_unicode(labels[name]):  # a tree may rewrite a lone surrogate
                raise PackageError(f"{path}: label set {name!r}: a lone surrogate; the package is damaged")
    return labels


def _is_unicode(labels: list[str]) -> bool:
    try:
        "".join(labels).encode()
    except UnicodeEncodeError:
        return False
    return True
