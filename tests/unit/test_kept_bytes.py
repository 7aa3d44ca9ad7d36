"""Tables that the core uses where they lie: vectors as of copies and floats, in memory that lives."""

from __future__ import annotations

import numpy as np
import pytest

from random_weights import maxout_shapes, random_arrays
from treelet import _core

WIDTH, LENGTH = 20, 5
ROWS = {"embed.norm": 50, "embed.prefix1": 20, "embed.suffix3": 30, "embed.shape": 30}
WORDS = ["Some", "words", "of", "a", "text", "are", "known", "…"]
CHANCE = np.random.default_rng(5)
TABLES = {name: CHANCE.integers(-127, 128, (rows, WIDTH), np.int8) for name, rows in ROWS.items()}
STEPS = {name: CHANCE.random(rows, np.float32) / 100 for name, rows in ROWS.items()}
VECTORS = CHANCE.integers(-127, 128, (len(WORDS), LENGTH), np.int8)
FLOATS = random_arrays(
    {"vectors.scale": (LENGTH,), "vectors.map": (WIDTH, LENGTH)} | maxout_shapes("mix", WIDTH, 2, 5 * WIDTH)
)


def make_weights(kind: str) -> tuple[_core.Weights, list[bytearray]]:
    """Tables in floats, in bytes that are copied, or kept; the buffers that were given."""
    weights, buffers = _core.Weights(), []
    for name, table in (TABLES | {"vectors.table": VECTORS}).items():
        if kind == "floats" and name in STEPS:
            floats = table.astype(np.float32) * STEPS[name][:, None]
            weights.add(name, "F32", list(table.shape), floats)
            continue
        buffers.append(bytearray(table.tobytes()))
        weights.add(name, "I8", list(table.shape), buffers[-1], keep=kind == "kept")
        if name in STEPS:
            weights.add_steps(name, STEPS[name])
    weights.add_keys("vectors.keys", _core.norm_hashes(WORDS))
    for name, array in FLOATS.items():
        weights.add(name, "F32", list(array.shape), array, keep=kind == "kept")
    return weights, buffers


def make_encoder(weights: _core.Weights) -> _core.Encoder:
    settings = _core.EncoderSettings(
        width=WIDTH,
        depth=0,
        window=1,
        pieces=2,
        dilations=[],
        rows=list(ROWS.values()),
        features=_core.FeatureSettings([1], [3], 4),
        vector_words=len(WORDS),
        vector_length=LENGTH,
    )
    return _core.Encoder(settings, weights)


def encoded(encoder: _core.Encoder) -> bytes:
    doc = _core.Doc()
    for word in [*WORDS, "unseen"]:
        doc.add_token(word, [], " ")
    return encoder.encode(doc).tobytes()


def test_tables_give_the_same_however_they_are_kept() -> None:
    results = {encoded(make_encoder(make_weights(kind)[0])) for kind in ("floats", "copied", "kept")}
    assert len(results) == 1


def test_kept_memory_lives_as_long_as_what_was_made_of_it() -> None:
    weights, buffers = make_weights("kept")
    encoder = make_encoder(weights)
    expected = encoded(encoder)
    del weights
    for buffer in buffers:
        with pytest.raises(BufferError):
            buffer.append(0)
    assert encoded(encoder) == expected
    del encoder
    for buffer in buffers:
        buffer.append(0)


def test_copied_memory_may_go() -> None:
    weights, buffers = make_weights("copied")
    for buffer in buffers:
        buffer.clear()
    assert encoded(make_encoder(weights)) == encoded(make_encoder(make_weights("kept")[0]))


def test_what_is_widened_is_not_kept() -> None:
    data, weights = bytearray(b"\0" * 8), _core.Weights()
    weights.add("a", "F16", [4], data, keep=True)
    data.append(0)
    assert weights.names() == ["a"]
