"""Settings drawn by chance: networks of all kinds, small enough to be made in no time."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from random_package import save_random_package

ANNOTATORS = ("tagger", "morphologizer", "lemmatizer", "senter", "parser", "ner")


def random_sections(seed: int) -> dict[str, Any]:
    """Sections of settings for `save_random_package`; those of absent annotators are None."""
    chance = random.Random(seed)
    prefixes = chance.sample(range(1, 9), chance.randint(0, 4))
    suffixes = chance.sample(range(1, 9), chance.randint(0, 5))
    vectors = chance.random() < 0.5
    sections: dict[str, Any] = {
        "features": {"prefix_lengths": prefixes, "suffix_lengths": suffixes},
        "encoder": {
            "width": chance.randint(8, 40),
            "depth": chance.randint(0, 3),
            "window": chance.randint(1, 2),
            "pieces": chance.randint(1, 3),
            "recurrent_layers": chance.randint(0, 3),
            "recurrent_units": chance.randint(1, 20),
            "rows_norm": chance.randint(1, 2000),
            "rows_prefix": [chance.randint(1, 90) for _ in prefixes],
            "rows_suffix": [chance.randint(1, 90) for _ in suffixes],
            "rows_shape": chance.randint(1, 50),
            "vector_words": chance.randint(1, 30) if vectors else 0,
            "vector_length": chance.randint(1, 12) if vectors else 0,
        },
    }
    kept = chance.sample(ANNOTATORS, chance.randint(1, len(ANNOTATORS)))
    sizes = {"hidden": chance.randint(4, 32), "pieces": chance.randint(1, 3)}
    shapes = {"senter": sizes, "parser": sizes, "ner": sizes | {"features": [chance.choice(["3", "6"])]}}
    return sections | {name: shapes.get(name, {}) if name in kept else None for name in ANNOTATORS}


def save_random_network(path: Path, seed: int) -> Path:
    """A package of random weights for such settings, its matrices stored in one of the three ways."""
    stored = ("int8", "fp16", "fp32")[seed % 3]
    return save_random_package(path, seed=seed, stored=stored, **random_sections(seed))
