"""Probabilities and what turned out right in; how far they can be believed out.

Expected calibration error: Naeini, Cooper and Hauskrecht 2015, section 2; Guo et al. 2017, section 2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from treelet.errors import TextError


@dataclass(frozen=True)
class ReliabilityBin:
    """Predictions whose probability is at least `low` and below `high` (the last bin holds 1 too)."""

    low: float
    high: float
    n: int
    probability: float
    """Mean of the probabilities; 0 when n is 0."""
    right: float
    """Share that is right; 0 when n is 0."""


@dataclass(frozen=True)
class Calibration:
    """How far probabilities can be believed. Errors are in points: 1 is a hundredth."""

    n: int
    probability: float
    """Mean of the probabilities."""
    right: float
    """Share that is right."""
    ece: float
    """Expected calibration error: mean over predictions of |probability − right| of their bin."""
    chance_ece: float
    """The error that so many predictions would show, in the mean, were every probability exactly true."""
    brier: float
    """Mean of (probability − right)²: 0 is best; a probability that never varies gets right · (1 − right)."""
    bins: tuple[ReliabilityBin, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def measure_calibration(
    probabilities: Sequence[float], right: Sequence[bool], bins: int = 10
) -> Calibration | None:
    """Measures over predictions, in bins of equal width; None where there are none.

    Raises TextError where lengths differ, a probability is not from 0 to 1, or bins is below 1.
    """
    if len(probabilities) != len(right):
        raise TextError(f"found {len(probabilities)} probabilities, expected one for each of {len(right)}")
    if bins < 1:
        raise TextError(f"bins: found {bins}, expected at least 1")
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for i, (probability, is_right) in enumerate(zip(probabilities, right, strict=True)):
        if not 0 <= probability <= 1:
            raise TextError(f"probabilities[{i}]: found {probability}, expected 0 to 1")
        held[min(int(probability * bins), bins - 1)].append((probability, bool(is_right)))
    n = len(probabilities)
    if not n:
        return None
    table = tuple(_bin(k / bins, (k + 1) / bins, pairs) for k, pairs in enumerate(held))
    return Calibration(
        n=n,
        probability=math.fsum(probabilities) / n,
        right=sum(map(bool, right)) / n,
        ece=100 * math.fsum(b.n * abs(b.probability - b.right) for b in table) / n,
        chance_ece=100 * math.fsum(map(_chance_deviation, held)) / n,
        brier=math.fsum((p - bool(y)) ** 2 for p, y in zip(probabilities, right, strict=True)) / n,
        bins=table,
    )


def _bin(low: float, high: float, pairs: Sequence[tuple[float, bool]]) -> ReliabilityBin:
    n = len(pairs)
    mean = math.fsum(p for p, _ in pairs) / n if n else 0.0
    return ReliabilityBin(low, high, n, mean, sum(y for _, y in pairs) / n if n else 0.0)


def _chance_deviation(pairs: Sequence[tuple[float, bool]]) -> float:
    """Mean of |Σ (probability − right)| when right is drawn with the probability: normal approximation."""
    return math.sqrt(2 / math.pi * math.fsum(p * (1 - p) for p, _ in pairs))
