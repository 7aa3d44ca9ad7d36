"""Packages whose large matrices are stored in bytes: the numbers they are rounded to, and damage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import treelet
from random_package import LABELS, random_settings, save_random_package
from random_weights import random_arrays
from treelet.annotators import network_shapes
from treelet.errors import PackageError
from treelet.package.safetensors import Tensor, from_bytes, parse_tensors, to_array, write_tensors

TEXT = "The dogs was running to Paris."


def test_matrices_in_bytes_are_rounded_to_their_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("treelet.package.writer.LEAST_BYTES", 100)
    stored = save_random_package(tmp_path / "int8", stored="int8")
    file = stored / "weights.safetensors"
    tensors = parse_tensors(memoryview(file.read_bytes()), "x")
    rounded = {name.removesuffix(".step") for name in tensors if name.endswith(".step")}
    assert {"embed.norm", "encoder.1.weight", "parser.lower"} <= rounded
    exact = random_arrays(network_shapes(random_settings(), LABELS))
    for name in rounded:
        found, step = from_bytes(tensors[name], tensors[f"{name}.step"]), to_array(tensors[f"{name}.step"])
        assert (np.abs(found - exact[name]) <= step[:, None] * 0.501).all()
        assert tensors[name].dtype == "I8"
    assert treelet.load(stored)(TEXT).has_annotation("DEP")
    for damage in (b"\0\0\xc0\x7f", b"\xff\xff\x7f\x7f"):  # NaN, the largest float
        steps = tensors["parser.lower.step"]
        broken = Tensor("F32", steps.shape, damage + bytes(steps.data)[4:])
        file.write_bytes(write_tensors(tensors | {"parser.lower.step": broken}))
        with pytest.raises(PackageError, match=r"parser\.lower\.step"):
            treelet.load(stored)
    file.write_bytes(write_tensors(tensors).replace(b'"parser.lower.step"', b'"parser.lower.stop"'))
    with pytest.raises(PackageError, match=r"parser\.lower\.step is missing"):
        treelet.load(stored)
