"""A package in; parameters, multiply-adds and bytes a word of every stage of its network out.

The names and shapes are those of ARCHITECTURE.md. Multiply-adds are those of products; sums of cached rows
are told as the bytes they read. What depends on the text comes in as rates: states scored a word, new types.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

FLOAT, SHORT, ROW_HEAD = 4, 2, 64
"""Bytes; a head holds the step of a row in 16 bits."""


@dataclass(frozen=True)
class Stage:
    """One row of the table of floors."""

    name: str
    annotator: str
    """Whose time it is part of, as shares.py names it; empty for what is not done for every word."""
    parameters: int
    multiply_adds: float
    """Of a word."""
    bytes: float = 0.0
    """Read and written of a word, besides the weights, which stay in the caches."""


def weight_shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a package's tensors, from the head of its safetensors file."""
    with (folder / "weights.safetensors").open("rb") as stream:
        (size,) = struct.unpack("<Q", stream.read(8))
        head = json.loads(stream.read(size))
    return {name: tuple(entry["shape"]) for name, entry in head.items() if name != "__metadata__"}


def affine_maps(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, int]]:
    """Inputs and outputs of the maps that annotators apply to every word's vector."""
    found = {}
    for name in ("tagger", "upos", "feats", "lemmatizer"):
        if f"{name}.weight" in shapes:
            found[name] = shapes[f"{name}.weight"]
    for name in ("parser", "ner"):
        if f"{name}.lower" in shapes:
            found[f"{name}.lower"] = shapes[f"{name}.lower"]
    return {name: (inputs, outputs) for name, (outputs, inputs) in found.items()}


def stages(shapes: Mapping[str, tuple[int, ...]], encoder: Any, rates: Mapping[str, float]) -> list[Stage]:
    """All stages; `encoder` is that section of the settings. Rates a word: `types` that are new to the cache,
    states scored by `parser` and `ner`."""

    def count(*prefixes: str) -> int:
        return sum(prod(shape) for name, shape in shapes.items() if name.startswith(prefixes))

    width, wide = encoder.width, encoder.pieces * encoder.width
    neighbours = 2 * encoder.window + 1
    first = neighbours * wide if encoder.depth > 0 else 0
    new_type = prod(shapes["mix.weight"]) + width * first + count("vectors.map")
    new = rates.get("types", 0.0)
    words = count("embed.") + (prod(shapes["vectors.table"]) if "vectors.table" in shapes else 0)
    found = [
        Stage("tables of words", "", words, 0),
        Stage(
            f"word types ({new:.0%} new): mix, first convolution",
            "encoder",
            count("mix.", "vectors.map", "encoder.0."),
            new * new_type,
            width * FLOAT + neighbours * (ROW_HEAD + wide * SHORT),
        ),
    ]
    if encoder.depth > 1:
        later = count("encoder.") - count("encoder.0.")
        found.append(
            Stage("more convolutions", "encoder", later, (encoder.depth - 1) * wide * neighbours * width)
        )
    if encoder.recurrent_layers > 0:
        units = encoder.recurrent_units
        layer = 2 * 2 * units * width + wide * (width + 2 * units)
        found.append(
            Stage("recurrent layers", "encoder", count("recurrent."), encoder.recurrent_layers * layer)
        )
    found += _annotator_stages(shapes, rates)
    return found


def _annotator_stages(shapes: Mapping[str, tuple[int, ...]], rates: Mapping[str, float]) -> list[Stage]:
    labels = {"tagger": ["tagger"], "morphologizer": ["upos", "feats"], "lemmatizer": ["lemmatizer"]}
    found = []
    for annotator, names in labels.items():
        sizes = [prod(shapes[f"{name}.weight"]) for name in names if f"{name}.weight" in shapes]
        if sizes:
            found.append(Stage(annotator, annotator, sum(sizes), sum(sizes)))
    if "senter.weight" in shapes:
        layer = prod(shapes["senter.weight"])
        found.append(Stage("senter", "senter", layer + prod(shapes["senter.gaps"]), layer))
    for name in ("parser", "ner"):
        if f"{name}.lower" not in shapes:
            continue
        rows, width = shapes[f"{name}.lower"]
        upper = prod(shapes[f"{name}.upper.weight"])
        states = rates.get(name, 0.0)
        found += [
            Stage(f"{name}, lower rows", name, rows * width, rows * width, rows * FLOAT),
            Stage(f"{name}, walk", name, upper, states * upper, states * rows * FLOAT),
        ]
    return found
