"""A package folder in, what a pipeline is made of out; sizes and shapes are checked before they count."""

from __future__ import annotations

import os

from treelet import _core
from treelet.annotators import ANNOTATOR_TABLE, assemble, calibration_shapes, network_shapes
from treelet.errors import FormatError, PackageError, SettingsError
from treelet.package.files import (
    DATA_FILES,
    LABELS_FILE,
    MANIFEST_FILE,
    SETTINGS_FILE,
    STEPS,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
)
from treelet.package.find import find_folder
from treelet.package.manifest import manifest_from_json
from treelet.package.safetensors import NUMPY_TYPES, from_bytes, read_header, read_tensors, to_array
from treelet.package.structure import check_structure, structure_of
from treelet.settings import changed_for_annotation, read_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any, BinaryIO, TypeVar

    import numpy as np

    from treelet.package.manifest import Manifest
    from treelet.package.safetensors import Place, Tensor
    from treelet.settings import Settings

    T = TypeVar("T")

_MOST_TEXT_BYTES = 100_000_000


class WeightsFile:
    """Where the weights of a package are; a pipeline holds this, and not the weights as they were read."""

    __slots__ = ("_annotators", "_labels", "_settings", "path")

    def __init__(
        self, path: str, settings: Settings, labels: dict[str, list[str]], annotators: list[str]
    ) -> None:
        self.path, self._settings, self._labels, self._annotators = path, settings, labels, annotators

    def read_tensors(self) -> dict[str, Tensor]:
        """Weights of the annotators as they are stored: the file as it is now, so it is checked again."""
        tensors = read_tensors(self.path)
        _check_shapes(tensors, self._settings, self._labels, self.path)
        return _wanted(tensors, self._settings.annotators(), self._annotators)


class StoredPipeline:
    """What a package holds, checked: all that a live pipeline is made of."""

    __slots__ = ("annotators", "file", "labels", "manifest", "path", "settings", "tokenizer", "weights")

    def __init__(
        self,
        path: str,
        manifest: Manifest,
        settings: Settings,
        labels: dict[str, list[str]],
        annotators: list[str],
        weights: _core.Weights,
    ) -> None:
        """`annotators`: those whose weights were read."""
        self.path, self.manifest, self.settings = path, manifest, settings
        self.labels, self.annotators, self.weights = labels, annotators, weights
        self.tokenizer = _core.Tokenizer(_text(os.path.join(path, TOKENIZER_FILE)))
        self.file = WeightsFile(os.path.join(path, WEIGHTS_FILE), settings, labels, annotators)

    def assemble(self) -> _core.Pipeline:
        """The core that annotates."""
        return assemble(self.tokenizer, self.settings, self.labels, self.weights, self.annotators)


def read_package(
    name_or_path: str | Path,
    exclude: Sequence[str] = (),
    verify: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> StoredPipeline:
    """Arguments and errors are those of treelet.load."""
    folder = os.path.join(find_folder(name_or_path), "")
    manifest = manifest_from_json(_read(folder + MANIFEST_FILE), folder + MANIFEST_FILE)
    _check_files(folder, manifest, verify)
    stored = _read_settings(folder + SETTINGS_FILE)
    if manifest.format > 1:
        check_structure(manifest, structure_of(stored), folder + MANIFEST_FILE)
    taught = changed_for_annotation(stored, settings or {})
    labels = _read_labels(folder + LABELS_FILE, taught)
    kept = keep_annotators(taught.annotators(), exclude)
    try:
        with open(folder + WEIGHTS_FILE, "rb", buffering=0) as file:
            places = read_header(file, folder + WEIGHTS_FILE)
            _check_shapes(places, taught, labels, folder + WEIGHTS_FILE)
            weights = _read_weights(file, _wanted(places, taught.annotators(), kept), folder + WEIGHTS_FILE)
    except OSError as error:
        raise PackageError(f"{folder}{WEIGHTS_FILE}: cannot be read: {error.strerror}") from None
    return StoredPipeline(os.path.abspath(folder), manifest, taught, labels, kept, weights)


def arrays_of(tensors: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    """Weights by name, as a network computes with them."""
    steps = {name.removesuffix(STEPS): tensor for name, tensor in tensors.items() if name.endswith(STEPS)}
    return {
        name: from_bytes(tensor, steps[name]) if name in steps else to_array(tensor)
        for name, tensor in tensors.items()
        if not name.endswith(STEPS)
    }


def sizes_of(tensors: Mapping[str, Tensor]) -> dict[str, tuple[str, int]]:
    """Weights by name: the type of their numbers, as numpy names it, and bytes with those of their steps."""
    sizes = {name: len(tensor.data) for name, tensor in tensors.items()}
    return {
        name: (NUMPY_TYPES[tensor.dtype], sizes[name] + sizes.get(f"{name}{STEPS}", 0))
        for name, tensor in tensors.items()
        if not name.endswith(STEPS)
    }


def core_weights(tensors: Mapping[str, Tensor]) -> _core.Weights:
    """Weights as the core takes them."""
    weights = _core.Weights()
    for name, tensor in tensors.items():
        _add(weights, name, tensor, tensor.data)
    return weights


def _add(weights: _core.Weights, name: str, array: Place | Tensor, data: Any) -> None:
    if array.dtype == "U64":
        weights.add_keys(name, data)
    elif name.endswith(STEPS):
        weights.add_steps(name.removesuffix(STEPS), data)
    else:
        weights.add(name, array.dtype, list(array.shape), data)


def keep_annotators(there: Sequence[str], exclude: Sequence[str]) -> list[str]:
    """Those that are not excluded. Raises SettingsError for a name that no annotator has."""
    names = [exclude] if isinstance(exclude, str) else list(exclude)
    for name in names:
        if name not in ANNOTATOR_TABLE:
            raise SettingsError(f"exclude: {name!r} is no annotator; there are {', '.join(ANNOTATOR_TABLE)}")
    return [name for name in there if name not in names]


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > _MOST_TEXT_BYTES:
                raise PackageError(f"{path}: {size} bytes; the package is damaged")
            return file.read(_MOST_TEXT_BYTES)
    except OSError as error:
        raise PackageError(f"{path}: cannot be read: {error.strerror}; the package is damaged") from None


def _text(path: str) -> str:
    try:
        return _read(path).decode()
    except UnicodeDecodeError as error:
        raise PackageError(f"{path}: not UTF-8 at byte {error.start}; the package is damaged") from None


def _check_files(folder: str, manifest: Manifest, verify: bool) -> None:
    for name in DATA_FILES:
        path = folder + name
        entry = manifest.files.get(name)
        if entry is None:
            raise PackageError(f"{folder}{MANIFEST_FILE}: files: {name} is missing")
        try:
            size = os.stat(path).st_size
        except OSError as error:
            raise PackageError(f"{path}: cannot be read: {error.strerror}; the package is damaged") from None
        if size != entry.bytes:
            raise PackageError(f"{path}: found {size} bytes, expected {entry.bytes}; the package is damaged")
        if verify and _sha256(path) != entry.sha256:
            raise PackageError(f"{path}: its SHA-256 is not the manifest's; the package is damaged")


def _sha256(path: str) -> str:
    import hashlib

    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _read_settings(path: str) -> Settings:
    try:
        return read_settings(path)
    except (SettingsError, RecursionError) as error:
        raise PackageError(f"{error}; the package is damaged") from None


def _read_labels(path: str, settings: Settings) -> dict[str, list[str]]:
    try:
        labels: dict[str, list[str]] = _core.read_json(_text(path))
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
    return labels


def _wanted(places: dict[str, T], there: list[str], kept: list[str]) -> dict[str, T]:
    out = [name for name in there if name not in kept]
    prefixes = [f"{prefix}." for name in out for prefix in ANNOTATOR_TABLE[name].weights]
    return {name: place for name, place in places.items() if not name.startswith(tuple(prefixes))}


def _read_weights(file: BinaryIO, places: dict[str, Place], where: str) -> _core.Weights:
    # Read array by array into the same memory, which stays in the processor's cache until the core has
    # widened it. A map would save a copy, but a fault for each page costs more, and cutting the mapped file
    # short would end the process.
    scratch = memoryview(bytearray(max((place.end - place.begin for place in places.values()), default=0)))
    weights = _core.Weights()
    for name, place in places.items():
        data = scratch[: place.end - place.begin]
        file.seek(place.begin)
        if file.readinto(data) != len(data):  # type: ignore[attr-defined]
            raise PackageError(f"{where}: {name} is cut short; the package is damaged")
        _add(weights, name, place, data)
    return weights


def _check_shapes(
    tensors: Mapping[str, Place | Tensor], settings: Settings, labels: dict[str, list[str]], where: str
) -> None:
    try:
        expected = network_shapes(settings, labels)
        optional = calibration_shapes(settings)
        expected |= {name: shape for name, shape in optional.items() if name in tensors}
    except SettingsError as error:
        raise PackageError(f"{where}: {error}; the package is damaged") from None
    stepped = [name for name in expected if name in tensors and tensors[name].dtype == "I8"]
    expected |= {f"{name}{STEPS}": expected[name][:1] for name in stepped if name != "vectors.table"}
    for name, shape in expected.items():
        if name not in tensors:
            raise PackageError(f"{where}: {name} is missing, expected shape {shape}; the package is damaged")
        if tensors[name].shape != shape:
            raise PackageError(f"{where}: {name}: found shape {tensors[name].shape}, expected {shape}")
    if extra := sorted(set(tensors) - set(expected)):
        raise PackageError(f"{where}: {extra[0]} is not a weight of these settings")
