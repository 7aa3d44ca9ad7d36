"""_core.Weights takes what fits its shape and is finite, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from treelet import _core
from treelet.errors import PackageError


def test_half_precision_is_widened_exactly() -> None:
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = every[np.isfinite(every)]
    weights = _core.Weights()
    weights.add("a.weight", "F16", [len(finite), 1], finite)
    weights.add("a.bias", "F32", [len(finite)], np.zeros(len(finite), np.float32))
    out = _core.affine(weights, "a", np.ones((1, 1), np.float32))
    assert np.array_equal(out[0], finite.astype(np.float32))


@pytest.mark.parametrize(
    ("dtype", "shape", "data", "message"),
    [
        ("F32", [2, 2], b"\0" * 12, "12 bytes, expected 16"),
        ("F16", [3], b"\0" * 8, "8 bytes, expected 6"),
        ("I8", [3], b"\0" * 4, "4 bytes, expected 3"),
        ("F32", [2**62, 4], b"", "sizes of at least 1"),
        ("F32", [2**40, 2**40], b"", "sizes of at least 1"),
        ("F32", [0], b"", "sizes of at least 1"),
        ("F32", [-1, -4], b"\0" * 16, "sizes of at least 1"),
        ("F64", [1], b"\0" * 8, "expected F32, F16 or I8"),
        ("F32", [1], np.float32(np.nan).tobytes(), "not finite"),
        ("F16", [1], np.float16(np.inf).tobytes(), "not finite"),
    ],
)
def test_damage_is_an_error(dtype: str, shape: list[int], data: bytes, message: str) -> None:
    with pytest.raises(PackageError, match=message):
        _core.Weights().add("x", dtype, shape, data)


def test_bytes_are_widened_with_their_sign() -> None:
    every = np.arange(-128, 128, dtype=np.int8)
    weights = _core.Weights()
    weights.add("a.weight", "I8", [256, 1], every)
    weights.add("a.bias", "F32", [256], np.zeros(256, np.float32))
    out = _core.affine(weights, "a", np.ones((1, 1), np.float32))
    assert np.array_equal(out[0], every.astype(np.float32))


def test_keys_are_whole_and_stand_once() -> None:
    weights = _core.Weights()
    weights.add_keys("x.keys", np.arange(3, dtype=np.uint64))
    with pytest.raises(PackageError, match="multiple of 8"):
        weights.add_keys("y.keys", b"\0" * 12)
    with pytest.raises(PackageError, match="given twice"):
        weights.add_keys("x.keys", np.arange(3, dtype=np.uint64))


def test_a_name_stands_once() -> None:
    weights = _core.Weights()
    weights.add("x", "F32", [1], b"\0" * 4)
    with pytest.raises(PackageError, match="given twice"):
        weights.add("x", "F32", [1], b"\0" * 4)
    assert weights.names() == ["x"]


def test_bytes_are_worth_their_steps() -> None:
    random = np.random.default_rng(0)
    bytes_, steps = random.integers(-127, 128, (20, 30), np.int8), random.random(20, np.float32)
    in_bytes, in_floats = _core.Weights(), _core.Weights()
    in_bytes.add("a.weight", "I8", [20, 30], bytes_)
    in_bytes.add_steps("a.weight", steps)
    in_floats.add("a.weight", "F32", [20, 30], bytes_.astype(np.float32) * steps[:, None])
    for weights in (in_bytes, in_floats):
        weights.add("a.bias", "F32", [20], np.zeros(20, np.float32))
    rows = random.random((7, 30), np.float32)
    assert np.array_equal(_core.affine(in_bytes, "a", rows), _core.affine(in_floats, "a", rows))


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_steps_need_a_matrix_of_bytes_without_any(name: str) -> None:
    weights = _core.Weights()
    weights.add("a", "F32", [2, 2], np.zeros((2, 2), np.float32))
    weights.add("b", "I8", [2], np.zeros(2, np.int8))
    with pytest.raises(PackageError, match="after a matrix of bytes"):
        weights.add_steps(name, np.zeros(2, np.float32))
    weights.add("d", "I8", [2, 2], np.zeros((2, 2), np.int8))
    with pytest.raises(PackageError, match="found 12 bytes, expected 8"):
        weights.add_steps("d", np.zeros(3, np.float32))
    weights.add_steps("d", np.zeros(2, np.float32))
    with pytest.raises(PackageError, match="expected once"):
        weights.add_steps("d", np.zeros(2, np.float32))
