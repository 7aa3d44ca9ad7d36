"""A package folder and new weights, or fields of its manifest, in; the same package with those out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

from treelet.package.files import MANIFEST_FILE, STEPS, WEIGHTS_FILE
from treelet.package.manifest import FileEntry, manifest_from_json, manifest_to_json
from treelet.package.safetensors import Tensor, read_tensors, write_tensors
from treelet.package.writer import write_file


def replace_weights(folder: Path, weights: Mapping[str, Any]) -> None:
    """Add or replace weights by name, stored in 32 bits; all else stays, bit for bit.

    Raises PackageError for a package that cannot be read. Names and shapes are checked when it is loaded.
    """
    import numpy as np  # deferred: loading a package does without

    manifest_path, weights_path = folder / MANIFEST_FILE, folder / WEIGHTS_FILE
    manifest = manifest_from_json(manifest_path.read_bytes(), str(manifest_path))
    tensors = read_tensors(weights_path)
    for name, values in weights.items():
        array = np.ascontiguousarray(values, dtype="<f4")
        tensors[name] = Tensor("F32", array.shape, array.tobytes())
    data = write_tensors(tensors)
    entry = FileEntry(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    count = sum(prod(tensor.shape) for name, tensor in tensors.items() if not name.endswith(STEPS))
    made = replace(manifest, files={**manifest.files, WEIGHTS_FILE: entry}, parameters=count)
    write_file(weights_path, data)
    write_file(manifest_path, manifest_to_json(made))


def replace_fields(folder: Path, **fields: Any) -> None:
    """Replace fields of the manifest; all else stays. Raises PackageError for one that cannot be read."""
    path = folder / MANIFEST_FILE
    manifest = manifest_from_json(path.read_bytes(), str(path))
    write_file(path, manifest_to_json(replace(manifest, **fields)))
