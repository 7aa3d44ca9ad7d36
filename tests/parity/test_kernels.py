"""The core's layers against plain numpy in double precision, and against themselves for other batch sizes."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product

import numpy as np
import pytest

from random_weights import maxout_shapes, random_arrays, to_core
from treelet import _core
from treelet.errors import PackageError, SettingsError

SHAPES = [(1, 1), (3, 5), (17, 8), (50, 96), (64, 33), (150, 96), (1664, 96)]


def affine_reference(arrays: dict[str, np.ndarray], name: str, rows: np.ndarray) -> np.ndarray:
    return rows.astype(np.float64) @ arrays[f"{name}.weight"].astype(np.float64).T + arrays[f"{name}.bias"]


def maxout_reference(arrays: dict[str, np.ndarray], name: str, rows: np.ndarray) -> np.ndarray:
    width = len(arrays[f"{name}.gain"])
    top = affine_reference(arrays, name, rows).reshape(len(rows), -1, width).max(axis=1)
    normal = (top - top.mean(1, keepdims=True)) / np.sqrt(top.var(1, keepdims=True) + 1e-5)
    return normal * arrays[f"{name}.gain"] + arrays[f"{name}.shift"]


@pytest.mark.parametrize(("outputs", "inputs"), SHAPES)
def test_affine_is_the_product(outputs: int, inputs: int) -> None:
    arrays = random_arrays({"a.weight": (outputs, inputs), "a.bias": (outputs,)})
    rows = np.random.default_rng(1).normal(size=(29, inputs)).astype(np.float32)
    found = _core.affine(to_core(arrays), "a", rows)
    np.testing.assert_allclose(found, affine_reference(arrays, "a", rows), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("pieces", range(1, 9))
@pytest.mark.parametrize(("width", "inputs"), [(8, 24), (10, 40), (96, 288)])
def test_maxout_norm(width: int, pieces: int, inputs: int) -> None:
    arrays = random_arrays(maxout_shapes("m", width, pieces, inputs))
    rows = np.random.default_rng(2).normal(size=(13, inputs)).astype(np.float32)
    found = _core.maxout_norm(to_core(arrays), "m", rows)
    np.testing.assert_allclose(found, maxout_reference(arrays, "m", rows), rtol=1e-3, atol=1e-4)


def in_bytes(weight: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """rows · weightᵀ, rows of both rounded to steps of their largest magnitude / 127: (rows, outputs)."""
    rounded = []
    for matrix in (rows, weight):
        step = np.maximum(np.abs(matrix).max(1, keepdims=True).astype(np.float64), 1e-30) / 127
        rounded.append((np.rint(matrix / step), step))
    (a, a_step), (b, b_step) = rounded
    product: np.ndarray = (a @ b.T) * a_step * b_step.T
    return product


@pytest.mark.parametrize(("outputs", "inputs"), [*SHAPES, (5, 2048), (96, 50)])
def test_affine_in_bytes_is_the_rounded_product(outputs: int, inputs: int) -> None:
    arrays = random_arrays({"a.weight": (outputs, inputs), "a.bias": (outputs,)})
    rows = np.random.default_rng(1).normal(size=(29, inputs)).astype(np.float32)
    rows[3] = 0
    found = _core.affine(to_core(arrays), "a", rows, "int8")
    expected = in_bytes(arrays["a.weight"], rows) + arrays["a.bias"]
    # A number halfway between two steps may fall to either side.
    step = np.abs(rows).max() / 127 * np.abs(arrays["a.weight"]).max()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4 + 2 * step)
    assert np.mean(np.abs(found - expected) < 1e-4) > 0.9
    np.testing.assert_allclose(found[3], arrays["a.bias"], atol=1e-6)


@pytest.mark.parametrize("pieces", range(1, 9))
@pytest.mark.parametrize(("width", "inputs"), [(8, 24), (10, 43), (96, 288)])
def test_maxout_norm_in_bytes(width: int, pieces: int, inputs: int) -> None:
    arrays = random_arrays(maxout_shapes("m", width, pieces, inputs))
    rows = np.random.default_rng(2).normal(size=(13, inputs)).astype(np.float32)
    top = (in_bytes(arrays["m.weight"], rows) + arrays["m.bias"]).reshape(13, -1, width).max(axis=1)
    normal = (top - top.mean(1, keepdims=True)) / np.sqrt(top.var(1, keepdims=True) + 1e-5)
    found = _core.maxout_norm(to_core(arrays), "m", rows, "int8")
    np.testing.assert_allclose(found, normal * arrays["m.gain"] + arrays["m.shift"], atol=0.03)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_what_is_no_number_stays_none(number: float, precision: str) -> None:
    arrays = random_arrays({"a.weight": (20, 40), "a.bias": (20,)})
    rows = np.ones((9, 40), np.float32)
    rows[4, 39] = number
    found = np.isfinite(_core.affine(to_core(arrays), "a", rows, precision)).all(axis=1)
    assert found.tolist() == [True] * 4 + [False] + [True] * 4


def test_more_inputs_than_bytes_are_made_for() -> None:
    arrays = random_arrays({"a.weight": (3, 2049), "a.bias": (3,)})
    rows = np.random.default_rng(1).normal(size=(2, 2049)).astype(np.float32)
    floats = _core.affine(to_core(arrays), "a", rows)
    assert np.array_equal(_core.affine(to_core(arrays), "a", rows, "int8"), floats)


def test_unknown_precision_is_an_error() -> None:
    with pytest.raises(SettingsError, match="precision: found 'int4'"):
        _core.affine(
            to_core(random_arrays({"a.weight": (2, 2), "a.bias": (2,)})),
            "a",
            np.ones((1, 2), np.float32),
            "int4",
        )


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7, 8, 9, 31])
def test_a_row_does_not_know_its_batch(n: int) -> None:
    arrays = random_arrays(maxout_shapes("m", 96, 3, 96) | {"a.weight": (50, 96), "a.bias": (50,)})
    weights = to_core(arrays)
    rows = np.random.default_rng(3).normal(size=(40, 96)).astype(np.float32)
    layers = [(_core.maxout_norm, "m"), (_core.affine, "a")]
    for (layer, name), precision in product(layers, ["fp32", "int8"]):
        whole = layer(weights, name, rows, precision)
        for start in range(40 - n):
            part = layer(weights, name, np.ascontiguousarray(rows[start : start + n]), precision)
            assert np.array_equal(part.view(np.uint32), whole[start : start + n].view(np.uint32))


@pytest.mark.parametrize(
    ("features", "hidden", "pieces", "actions"), [(3, 4, 1, 1), (8, 10, 3, 17), (13, 64, 2, 90)]
)
def test_state_scores(features: int, hidden: int, pieces: int, actions: int) -> None:
    wide = hidden * pieces
    arrays = random_arrays(
        {
            "s.lower": (features * wide, 12),
            "s.padding": (features, wide),
            "s.bias": (wide,),
            "s.upper.weight": (actions, hidden),
            "s.upper.bias": (actions,),
        }
    )
    random = np.random.default_rng(4)
    vectors = random.normal(size=(9, 12)).astype(np.float32)
    tokens = random.integers(-1, 9, features)
    contributions = (vectors @ arrays["s.lower"].T).reshape(9, features, wide)
    summed = arrays["s.bias"].copy()
    for feature, token in enumerate(tokens):
        summed += arrays["s.padding"][feature] if token < 0 else contributions[token, feature]
    expected = arrays["s.upper.weight"] @ summed.reshape(pieces, hidden).max(axis=0) + arrays["s.upper.bias"]
    found = _core.score_state(to_core(arrays), "s", vectors, tokens.tolist(), hidden)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)

    # In bytes: each layer's product is of rounded rows.
    lower = in_bytes(arrays["s.lower"], vectors).reshape(9, features, wide)
    summed = arrays["s.bias"].astype(np.float64)
    for feature, token in enumerate(tokens):
        summed += arrays["s.padding"][feature] if token < 0 else lower[token, feature]
    top = summed.reshape(pieces, hidden).max(axis=0)
    step = np.abs(top).max() / 127 * np.abs(arrays["s.upper.weight"]).max()
    expected = in_bytes(arrays["s.upper.weight"], top[None])[0] + arrays["s.upper.bias"]
    found = _core.score_state(to_core(arrays), "s", vectors, tokens.tolist(), hidden, "int8")
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4 + 2 * step)


@pytest.mark.parametrize(
    ("singles", "middle", "n"),
    [(0, 0, 0), (0, 1, 1), (3, 3, 3), (3, 4, 5), (1, 16, 16), (3, 17, 40), (2, 15, 90), (3, 48, 90)],
)
def test_sums_of_exponentials(singles: int, middle: int, n: int) -> None:
    values = np.random.default_rng(n).uniform(-30, 5, n).astype(np.float32)
    expected = np.exp(values.astype(float) - 5)
    groups = [*expected[:singles], expected[singles:middle].sum(), expected[middle:].sum()]
    found = _core.sum_exp(values.tolist(), singles, middle, 5.0)
    assert found == pytest.approx(groups, rel=1e-4)


def test_exponentials_of_any_size() -> None:
    for x in np.linspace(-87, 87, 1001, dtype=np.float32):
        assert _core.sum_exp([x], 0, 1, 0.0)[0] == pytest.approx(np.exp(float(x)), rel=1e-4)
    low, _ = _core.sum_exp([-1e30, -1000.0, -float("inf"), 1.0, 0.0, 1e30], 0, 5, 0.0)
    assert low == pytest.approx(1 + np.e, rel=1e-4)
    assert _core.sum_exp([-1e30] * 3, 0, 3, 0.0)[0] < 1e-36
    with pytest.raises(SettingsError, match="singles"):
        _core.sum_exp([1.0], 2, 1, 0.0)


@pytest.mark.parametrize("n", [1, 2, 4, 15, 16, 17, 40, 163])
def test_choice_of_the_best_allowed(n: int) -> None:
    random = np.random.default_rng(n)
    for _ in range(200):
        scores = random.integers(-4, 4, n).astype(np.float32)  # with many equals: the first wins
        allowed = random.random(n) < 0.5
        allowed[random.integers(n)] = True
        expected = int(np.where(allowed, scores, -np.inf).argmax())
        assert _core.choose(scores.tolist(), allowed.tolist()) == expected
        damaged = scores.copy()
        damaged[random.integers(n)] = random.choice([np.nan, np.inf, -np.inf])  # allowed or not
        assert _core.choose(damaged.tolist(), allowed.tolist()) == -1
    with pytest.raises(SettingsError, match="choose"):
        _core.choose([1.0, 2.0], [False, False])


@pytest.mark.parametrize("actions", [1, 16, 70, 113, 130, 208])
def test_any_number_of_actions(actions: int) -> None:
    test_state_scores(2, 64, 2, actions)


@pytest.mark.parametrize("isa", ["generic", "avx2", "avx512"])
def test_other_instruction_sets(isa: str) -> None:
    environment = os.environ | {"TREELET_ISA": isa}
    command = [sys.executable, "-c", "from treelet import _core; print(_core.kernel_name())"]
    if subprocess.run(command, env=environment, capture_output=True).returncode:
        pytest.skip(f"this processor has no {isa}")
    if "TREELET_ISA" in os.environ:
        pytest.skip("already inside")
    tests = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", __file__]
    result = subprocess.run(tests, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("isa", ["generic", "avx2", "avx512", "avx512vnni"])
def test_sums_of_bytes_are_exact_everywhere(isa: str) -> None:
    """A row of whole numbers up to 127 is its own rounding: every set gives the same floats."""
    program = (
        "import numpy as np; from treelet import _core\n"
        "weights = _core.Weights(); random = np.random.default_rng(0)\n"
        "whole = lambda *shape: np.rint(random.uniform(-127, 127, shape)).astype(np.float32)\n"
        "weight, rows = whole(50, 96), whole(20, 96); weight[:, 0] = rows[:, 0] = 127\n"
        "weights.add('a.weight', 'F32', [50, 96], weight)\n"
        "weights.add('a.bias', 'F32', [50], np.zeros(50, np.float32))\n"
        "assert np.abs(_core.affine(weights, 'a', rows, 'int8') - rows @ weight.T).max() == 0\n"
        "print(_core.kernel_name())"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"TREELET_ISA": isa}, capture_output=True, text=True
    )
    if "SettingsError: TREELET_ISA" in result.stderr:
        pytest.skip(f"this processor has no {isa}")
    assert result.stdout.strip() == isa, result.stderr


def test_unknown_instruction_set_is_an_error() -> None:
    command = [sys.executable, "-c", "from treelet import _core; _core.kernel_name()"]
    result = subprocess.run(command, env=os.environ | {"TREELET_ISA": "mmx"}, capture_output=True, text=True)
    assert "SettingsError: TREELET_ISA=mmx" in result.stderr


def test_wrong_columns_are_an_error() -> None:
    arrays = random_arrays({"a.weight": (3, 4), "a.bias": (3,)})
    with pytest.raises(SettingsError, match="expected 4"):
        _core.affine(to_core(arrays), "a", np.zeros((2, 5), np.float32))
    with pytest.raises(PackageError, match=r"b\.weight"):
        _core.affine(to_core(arrays), "b", np.zeros((2, 4), np.float32))
