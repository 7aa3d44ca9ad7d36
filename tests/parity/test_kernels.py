"""The core's layers against plain numpy in double precision, and against themselves for other batch sizes."""

from __future__ import annotations

import os
import subprocess
import sys

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


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7, 8, 9, 31])
def test_a_row_does_not_know_its_batch(n: int) -> None:
    arrays = random_arrays(maxout_shapes("m", 96, 3, 96) | {"a.weight": (50, 96), "a.bias": (50,)})
    weights = to_core(arrays)
    rows = np.random.default_rng(3).normal(size=(40, 96)).astype(np.float32)
    for layer, name in ((_core.maxout_norm, "m"), (_core.affine, "a")):
        whole = layer(weights, name, rows)
        for start in range(40 - n):
            part = layer(weights, name, np.ascontiguousarray(rows[start : start + n]))
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


@pytest.mark.parametrize("isa", ["generic", "avx2"])
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
