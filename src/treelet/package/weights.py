"""The weights file of a package in, the core's weights or arrays out; shapes are checked first."""

from __future__ import annotations

from treelet import _core
from treelet.annotators import ANNOTATOR_TABLE, calibration_shapes, network_shapes
from treelet.errors import PackageError, SettingsError
from treelet.package.files import STEPS, WEIGHTS_FILE
from treelet.package.safetensors import NUMPY_TYPES, Tensor, from_bytes, read_header, to_array
from treelet.package.source import open_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import numpy as np

    from treelet.package.safetensors import Place
    from treelet.package.source import FileBytes
    from treelet.settings import Settings


_TABLES = ("embed.", "vectors.")
"""Begin the names of the weights of which a text needs few rows: their bytes are used as they are stored."""


class WeightsFile:
    """Where the weights of a package are; a pipeline holds this, and not the weights as they were read."""

    __slots__ = ("annotators", "labels", "path", "settings")

    def __init__(
        self, path: str, settings: Settings, labels: dict[str, list[str]], annotators: list[str]
    ) -> None:
        """path: of the package, a folder or an archive; annotators: those whose weights are wanted."""
        self.path, self.settings, self.labels, self.annotators = path, settings, labels, annotators

    def read_tensors(self) -> dict[str, Tensor]:
        """Weights of the annotators as they are stored: the file as it is now, so it is checked again."""
        with open_source(self.path) as source, source.open(WEIGHTS_FILE) as file:
            places = self.places(file)
            kept: dict[str, Tensor] = {}
            for name, place in places.items():
                data = memoryview(bytearray(place.end - place.begin))
                file.read_into(place.begin, data)
                kept[name] = Tensor(place.dtype, place.shape, data.toreadonly())
        return kept

    def read_core(self, file: FileBytes, memory_map: bool) -> _core.Weights:
        """The same as the core takes them. memory_map: the large tables stay where they are on disk."""
        places = self.places(file)
        mapped = file.map() if memory_map else None
        # Read array by array into the same memory, which stays in the processor's cache until the core has
        # widened it. A map of all would save a copy, but a fault for each page costs more, and cutting the
        # mapped file short would end the process.
        scratch = memoryview(bytearray(max((p.end - p.begin for p in places.values()), default=0)))
        weights = _core.Weights()
        for name, place in places.items():
            if mapped is not None and place.dtype == "I8" and name.startswith(_TABLES):
                data = mapped[place.begin : place.end]
                weights.add(name, place.dtype, list(place.shape), data, keep=True)
                continue
            data = scratch[: place.end - place.begin]
            file.read_into(place.begin, data)
            _add(weights, name, place, data)
        return weights

    def places(self, file: FileBytes) -> dict[str, Place]:
        """Where the weights of the annotators are in the open file, in its order. Raises PackageError."""
        places = read_header(file)
        check_shapes(places, self.settings, self.labels, file.where)
        out = [name for name in self.settings.annotators() if name not in self.annotators]
        prefixes = tuple(f"{prefix}." for name in out for prefix in ANNOTATOR_TABLE[name].weights)
        kept = [name for name in places if not name.startswith(prefixes)]
        return {name: places[name] for name in sorted(kept, key=lambda name: places[name].begin)}


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


def check_shapes(
    tensors: Mapping[str, Place], settings: Settings, labels: dict[str, list[str]], where: str
) -> None:
    """Raises PackageError unless the weights are those that settings and labels ask for."""
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
