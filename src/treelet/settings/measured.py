"""spreads.json in, how much each hyper-parameter matters out: points between the best and the worst value."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

CORPORA: dict[str, str] = {"ewt": "English-EWT", "bosque": "Portuguese-Bosque"}
"""Where it was measured: short and full name."""
NOISE = "noise"
"""Stands among the settings for the spread of the defaults over several seeds."""


@cache
def spreads() -> dict[str, dict[str, float]]:
    """Name of a setting ("encoder.width"), or NOISE -> corpus -> points of the mean score on dev.

    Largest less smallest over the values tried, others at their defaults. benchmarks/sensitivity.py measures,
    benchmarks/spreads.py fills the file.
    """
    text = files("treelet.settings").joinpath("spreads.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, float]] = json.loads(text)
    return found
