"""Weights of random numbers for tests, in numpy and in the core."""

from __future__ import annotations

import numpy as np

from treelet import _core


def to_core(arrays: dict[str, np.ndarray]) -> _core.Weights:
    weights = _core.Weights()
    for name, array in arrays.items():
        weights.add(name, "F32", list(array.shape), np.ascontiguousarray(array, dtype=np.float32))
    return weights


def random_arrays(shapes: dict[str, tuple[int, ...]], seed: int = 0) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    arrays = {}
    for name, shape in shapes.items():
        values = random.normal(0.0, 0.3, shape)
        if name.endswith(".gain"):
            values += 1.0
        arrays[name] = values.astype(np.float32)
    return arrays


def maxout_shapes(name: str, width: int, pieces: int, inputs: int) -> dict[str, tuple[int, ...]]:
    return {
        f"{name}.weight": (pieces * width, inputs),
        f"{name}.bias": (pieces * width,),
        f"{name}.gain": (width,),
        f"{name}.shift": (width,),
    }
