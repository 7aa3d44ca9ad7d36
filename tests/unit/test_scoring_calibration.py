"""Calibration measures against cases worked by hand."""

import math

import pytest

from treelet.errors import TextError
from treelet.scoring import measure_calibration


def test_by_hand() -> None:
    found = measure_calibration([0.9, 0.8, 0.3, 0.2], [True, False, True, False], bins=2)
    assert found is not None
    low, high = found.bins
    assert (low.low, low.high, low.n, low.right) == (0.0, 0.5, 2, 0.5)
    assert (high.low, high.high, high.n, high.right) == (0.5, 1.0, 2, 0.5)
    assert low.probability == pytest.approx(0.25)
    assert high.probability == pytest.approx(0.85)
    # (2 · |0.25 − 0.5| + 2 · |0.85 − 0.5|) / 4
    assert found.ece == pytest.approx(30)
    # (0.01 + 0.64 + 0.49 + 0.04) / 4
    assert found.brier == pytest.approx(0.295)
    assert (found.n, found.right) == (4, 0.5)
    assert found.probability == pytest.approx(0.55)
    # A sum of n draws strays from its mean by sqrt(2 / π · variance), in the mean.
    strays = math.sqrt(0.3 * 0.7 + 0.2 * 0.8) + math.sqrt(0.9 * 0.1 + 0.8 * 0.2)
    assert found.chance_ece == pytest.approx(100 * math.sqrt(2 / math.pi) * strays / 4)


def test_borders_belong_to_the_bin_above_and_one_to_the_last() -> None:
    found = measure_calibration([0.0, 0.5, 1.0], [False, True, True], bins=2)
    assert found is not None
    assert [b.n for b in found.bins] == [1, 2]


def test_certain_and_wrong_is_the_worst() -> None:
    found = measure_calibration([1.0, 0.0], [False, True])
    assert found is not None
    assert (found.ece, found.brier, found.chance_ece) == (100, 1, 0)


def test_nothing_to_measure_and_bad_values() -> None:
    assert measure_calibration([], []) is None
    for values, right, bins in (
        ([0.5], [], 10),
        ([1.1], [True], 10),
        ([math.nan], [True], 10),
        ([0.5], [True], 0),
    ):
        with pytest.raises(TextError):
            measure_calibration(values, right, bins)
