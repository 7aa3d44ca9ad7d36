"""Settings, weights and labels in, a package folder out."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

from treelet.annotators import calibration_shapes, network_shapes
from treelet.errors import PackageError
from treelet.package.files import (
    LABELS_FILE,
    MANIFEST_FILE,
    SETTINGS_FILE,
    STEPS,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
)
from treelet.package.identity import IDENTITY, identity
from treelet.package.manifest import FileEntry, Manifest, manifest_to_json
from treelet.package.safetensors import Tensor, to_bytes, write_tensors
from treelet.settings import Settings, settings_to_toml

LEAST_BYTES = 8192
"""Numbers of the smallest matrix that is stored in bytes: smaller ones would save nothing."""
WHOLE = ("senter.", "vectors.")
"""Weights that are never rounded to bytes: few sentence starts are few errors, but each moves many words."""


def save_package(
    path: str | Path,
    *,
    settings: Settings,
    weights: Mapping[str, Any],
    labels: Mapping[str, Sequence[str]],
    tokenizer_json: str,
    stored: str = "int8",
    files: Mapping[str, bytes] | None = None,
    **manifest: Any,
) -> Manifest:
    """Write a package folder; files are replaced one by one, the manifest last.

    `weights`: name to anything that numpy takes as an array, of the shapes that `network_shapes` gives.
    `stored`: in 32 bits ("fp32"), 16 where their range allows ("fp16"), or large matrices in 8 ("int8").
    `files`: those of a teacher's transformer. `manifest`: fields of Manifest, at least `genre`;
    language, annotators, counts, sizes and hashes are filled in. Raises PackageError when weights and shapes
    differ or a weight is not finite.
    """
    tensors = pack_weights(settings, labels, weights, stored)
    parts = PackageParts(settings, labels, tensors, tokenizer_json, files or {})
    return write_package(Path(path), parts, **manifest)


@dataclass(frozen=True)
class PackageParts:
    """What the files of a package hold."""

    settings: Settings
    labels: Mapping[str, Sequence[str]]
    tensors: Mapping[str, Tensor]
    tokenizer_json: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Others, by name: a teacher's transformer."""


def pack_weights(
    settings: Settings, labels: Mapping[str, Sequence[str]], weights: Mapping[str, Any], stored: str
) -> dict[str, Tensor]:
    """Weights as `save_package` takes them, in the numbers in which a package stores them."""
    shapes = network_shapes(settings, labels)
    shapes |= {name: shape for name, shape in calibration_shapes(settings).items() if name in weights}
    tensors: dict[str, Tensor] = {}
    for name, shape in shapes.items():
        tensors |= _tensors(name, weights, shape, stored)
    if extra := sorted(set(weights) - set(shapes)):
        raise PackageError(f"weights: the settings do not ask for {', '.join(extra)}")
    return tensors


def write_package(folder: Path, parts: PackageParts, **manifest: Any) -> Manifest:
    """As `save_package`, of weights that have been packed."""
    contents = {
        SETTINGS_FILE: settings_to_toml(parts.settings).encode(),
        WEIGHTS_FILE: write_tensors(parts.tensors),
        TOKENIZER_FILE: parts.tokenizer_json.encode("utf-8", "backslashreplace"),
        LABELS_FILE: json.dumps({name: list(each) for name, each in parts.labels.items()}, indent=0).encode(),
        **parts.files,
    }
    made = Manifest(
        **{
            **identity(parts.settings, manifest),
            "annotators": parts.settings.annotators(),
            "labels": {name: len(values) for name, values in parts.labels.items()},
            "parameters": sum(prod(t.shape) for n, t in parts.tensors.items() if not n.endswith(STEPS)),
            "files": {
                name: FileEntry(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
                for name, data in contents.items()
            },
            **{name: value for name, value in manifest.items() if name not in IDENTITY},
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in [*contents.items(), (MANIFEST_FILE, manifest_to_json(made))]:
        write_file(folder / name, data)
    return made


def _tensors(name: str, weights: Mapping[str, Any], shape: tuple[int, ...], stored: str) -> dict[str, Tensor]:
    import numpy as np  # deferred: loading a package does without

    if name not in weights:
        raise PackageError(f"weights: {name} is missing, expected shape {shape}")
    given = np.asarray(weights[name])
    if given.shape != shape:
        raise PackageError(f"weights: {name}: found shape {given.shape}, expected {shape}")
    if given.dtype in (np.dtype(np.int8), np.dtype(np.uint64)):  # tables that are not trained keep their type
        kept = given.astype(given.dtype.newbyteorder("<"))
        return {name: Tensor("I8" if given.dtype == np.int8 else "U64", shape, kept.tobytes())}
    array = np.ascontiguousarray(given, dtype="<f4")
    if not np.isfinite(array).all():
        raise PackageError(f"weights: {name}: a value is not finite; training has diverged")
    if stored == "int8" and len(shape) == 2 and array.size >= LEAST_BYTES and not name.startswith(WHOLE):
        rounded, steps = to_bytes(array)
        return {name: rounded, f"{name}{STEPS}": steps}
    fits = stored != "fp32" and bool((np.abs(array) < 65504).all())
    array = array.astype("<f2") if fits else array
    return {name: Tensor("F16" if fits else "F32", shape, array.tobytes())}


def write_file(path: Path, data: bytes) -> None:
    """The whole file or none of it: no reader ever sees a part."""
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(data)
    os.replace(beside, path)
