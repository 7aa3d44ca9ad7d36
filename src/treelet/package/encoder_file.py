"""An encoder's weights to a file of their own and back: what a training may begin from.

A safetensors file whose metadata tell the settings that shape the weights; checked when it is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from treelet import __version__, _core
from treelet.annotators import network_shapes
from treelet.errors import FormatError, PackageError, SettingsError
from treelet.package.safetensors import Tensor, read_notes, read_tensors, to_array, write_tensors
from treelet.package.structure import differences
from treelet.package.writer import write_file
from treelet.settings import Settings, settings_from_dict, structure_settings

FORMAT = "treelet encoder 1"
_TABLES = ("vectors.keys", "vectors.table", "vectors.scale")
"""Static vectors themselves come from their own file."""


@dataclass(frozen=True)
class EncoderFile:
    """Weights by their names in a package, of the settings `shape`, by section.name."""

    arrays: Mapping[str, np.ndarray]
    shape: Mapping[str, Any]
    about: Mapping[str, Any]  # how it was made, for people


def shape_of(settings: Settings) -> dict[str, Any]:
    """The settings that shape the encoder's weights, by section.name."""
    found = structure_settings(settings)
    return {
        name: value
        for name, value in found.items()
        if name.startswith(("features.", "encoder.")) and name != "encoder.vector_words"
    }


def write_encoder(
    path: Path, settings: Settings, arrays: Mapping[str, np.ndarray], about: Mapping[str, Any]
) -> None:
    """Write the whole file or none of it; about: anything that JSON can hold."""
    tensors = {
        name: Tensor("F32", array.shape, np.ascontiguousarray(array, "<f4").tobytes())
        for name, array in arrays.items()
    }
    notes = {
        "format": FORMAT,
        "treelet": __version__,
        "settings": json.dumps(shape_of(settings)),
        "about": json.dumps(about, default=str),
    }
    write_file(path, write_tensors(tensors, notes))


def read_encoder(path: Path, settings: Settings) -> EncoderFile:
    """Read a file that `write_encoder` wrote, to begin teaching a network of these settings.

    Raises SettingsError that names the settings by which that network would have other weights; PackageError
    where the file cannot be read, is of another kind, is damaged, or its weights are not those that its
    settings ask for, or are not finite.
    """
    tensors = read_tensors(path)
    notes = read_notes(path)
    if notes.get("format") != FORMAT:
        found = notes.get("format", "another kind of file")
        raise PackageError(f"{path}: found {found}, expected {FORMAT}, as `treelet pretrain` writes")
    try:
        shape = _core.read_json(notes["settings"])
        wanted = _shapes(shape)
        about = _core.read_json(notes.get("about", "{}"))
    except (KeyError, TypeError, ValueError, AttributeError, FormatError, SettingsError) as error:
        raise PackageError(f"{path}: its settings cannot be read: {error}; it is damaged") from None
    if missing := [name for name in {**wanted, **tensors} if name not in tensors or name not in wanted]:
        raise PackageError(f"{path}: its settings and its weights differ in {missing[0]}; it is damaged")
    arrays: dict[str, np.ndarray] = {}
    for name, tensor in tensors.items():
        if tensor.dtype != "F32" or tensor.shape != wanted[name]:
            found = f"{tensor.dtype} {tensor.shape}"
            raise PackageError(f"{path}: {name}: found {found}, expected F32 {wanted[name]}; it is damaged")
        arrays[name] = to_array(tensor)
        if not np.isfinite(arrays[name]).all():
            raise PackageError(f"{path}: {name}: found a number that is not finite; it is damaged")
    if changed := differences(shape, shape_of(settings)):
        raise SettingsError(
            f"{path}: was made with other settings of the encoder: {'; '.join(changed)}: "
            "give those that it was made with (--set), or make it anew"
        )
    return EncoderFile(arrays, shape, about if isinstance(about, dict) else {})


def _shapes(shape: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Name to shape of the weights of an encoder with these settings, which are checked."""
    sections: dict[str, dict[str, Any]] = {}
    for path, value in shape.items():
        section, _, name = path.partition(".")
        sections.setdefault(section, {})[name] = value
    settings = settings_from_dict(sections)
    if shape_of(settings) != dict(shape):
        raise ValueError("some are missing, or are no settings of an encoder")
    return {name: size for name, size in network_shapes(settings, {}).items() if name not in _TABLES}
