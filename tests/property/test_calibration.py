"""Probabilities that are true by construction measure as calibrated, and a fit finds the way back to them."""

import math
import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from treelet.scoring import measure_calibration
from treelet.training.calibration import fit_logistic


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=8),
    st.integers(1, 20),
)
def test_exactly_calibrated_data_have_no_error(shares: list[int], bins: int) -> None:
    """Of 20 predictions with probability k/20, k are right: every bin is a union of such groups."""
    probabilities = [k / 20 for k in shares for _ in range(20)]
    right = [i < k for k in shares for i in range(20)]
    found = measure_calibration(probabilities, right, bins)
    assert found is not None
    assert found.ece < 1e-9
    assert math.isclose(found.brier, sum(k / 20 * (1 - k / 20) for k in shares) / len(shares), abs_tol=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.2, 0.5, 0.8]))
def test_drawn_data_come_near_the_error_of_chance(seed: int, low: float) -> None:
    chance = random.Random(seed)
    probabilities = [chance.uniform(low, 1) for _ in range(4000)]
    found = measure_calibration(probabilities, [chance.random() < p for p in probabilities])
    assert found is not None
    assert 0 < found.ece < 3 * found.chance_ece
    assert found.chance_ece < 3


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(-10, 10), st.integers(3, 20))
def test_fit_recovers_a_logistic_law(seed: int, tenths: int, slope_tenths: int) -> None:
    offset, slope = tenths / 10, slope_tenths / 10
    rng = np.random.default_rng(seed)
    known = rng.normal(1, 2, (6000, 1))
    truth = 1 / (1 + np.exp(-(offset + slope * known[:, 0])))
    found = fit_logistic(known, rng.random(6000) < truth, np.array([0.0, 1.0]))
    assert np.abs(found - [offset, slope]).max() < 0.35


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 12), st.booleans())
def test_few_or_one_sided_data_stay_finite_and_near_the_walks_own(seed: int, n: int, right: bool) -> None:
    known = np.random.default_rng(seed).uniform(-14, 14, (n, 3))
    own = np.array([0.0, 1.0, 0.0, 0.0])
    found = fit_logistic(known, np.full(n, right), own)
    assert np.isfinite(found).all()
    assert np.abs(found - own).max() < 5
    if n == 0:
        assert (found == own).all()
