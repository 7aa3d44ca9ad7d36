"""A package of random weights in tiny widths: everything a pipeline has, nothing learned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from random_weights import random_arrays
from treelet import _core
from treelet.annotators import network_shapes
from treelet.languages import Tokenizer
from treelet.package import save_package
from treelet.settings import settings_from_dict

LABELS = {
    "xpos": ["NN", "VB", "DT", ".", "JJ"],
    "upos": ["NOUN", "VERB", "DET", "PUNCT", "ADJ"],
    "feats": ["", "Number=Sing", "Number=Plur", "Tense=Past"],
    "trees": [
        _core.edit_tree(form, lemma)
        for form, lemma in [
            ("The", "the"),
            ("dogs", "dog"),
            ("running", "run"),
            ("Paris", "Paris"),
            ("was", "be"),
        ]
    ],
    "left": ["det", "nsubj", "punct"],
    "right": ["obj", "punct", "nmod", "obj|head"],
    "ner": ["PER", "LOC"],
}


ENCODER: dict[str, Any] = {
    "width": 16,
    "depth": 2,
    "rows_norm": 64,
    "rows_prefix": [8, 16],
    "rows_suffix": [32],
    "rows_shape": 32,
    "dilation": [1, 2],
    "recurrent_layers": 1,
    "recurrent_units": 6,
}
VECTORS: dict[str, Any] = ENCODER | {"vector_words": 12, "vector_length": 5}


def random_settings(**sections: Any) -> Any:
    values: dict[str, Any] = {
        "encoder": ENCODER,
        "tagger": {},
        "morphologizer": {},
        "lemmatizer": {},
        "parser": {"hidden": 8},
        "ner": {"hidden": 8},
    }
    return settings_from_dict(values | sections)


def save_random_package(path: Path, seed: int = 0, stored: str = "fp16", **sections: Any) -> Path:
    settings = random_settings(**sections)
    weights: dict[str, Any] = random_arrays(network_shapes(settings, LABELS), seed)
    if settings.encoder.vector_length:
        words = [f"word{i}" for i in range(settings.encoder.vector_words)]
        keys = _core.norm_hashes(words)
        if rows := settings.encoder.vector_rows:
            own = np.arange(len(keys), dtype=np.uint64) % np.uint64(rows)
            keys = keys & np.uint64(0xFFFFFFFFFFFF0000) | own
        weights["vectors.keys"] = keys
        weights["vectors.table"] = np.clip(100 * weights["vectors.table"], -127, 127).astype(np.int8)
    tokenizer = Tokenizer.from_language("en")
    save_package(
        path,
        settings=settings,
        weights=weights,
        labels=LABELS,
        tokenizer_json=tokenizer.to_json(),
        stored=stored,
        genre="random",
        description="random numbers",
    )
    return path
