"""The core's encoder against a plain PyTorch reference, and against itself with other caches and contexts."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from random_weights import maxout_shapes, random_arrays, to_core
from treelet import _core

ROWS = (50, 20, 30, 30)
TABLES = ("norm", "prefix", "suffix", "shape")


def make_doc(words: list[str]) -> _core.Doc:
    doc = _core.Doc()
    for word in words:
        doc.add_token(word, [], " ")
    return doc


def make_arrays(width: int, depth: int, window: int, pieces: int) -> dict[str, np.ndarray]:
    shapes: dict[str, tuple[int, ...]] = {f"embed.{t}": (r, width) for t, r in zip(TABLES, ROWS, strict=True)}
    shapes |= maxout_shapes("mix", width, pieces, 4 * width)
    for layer in range(depth):
        shapes |= maxout_shapes(f"encoder.{layer}", width, pieces, (2 * window + 1) * width)
    return random_arrays(shapes)


def maxout_norm(arrays: dict[str, torch.Tensor], name: str, x: torch.Tensor) -> torch.Tensor:
    width = len(arrays[f"{name}.gain"])
    top = torch.nn.functional.linear(x, arrays[f"{name}.weight"], arrays[f"{name}.bias"])
    top = top.unflatten(1, (-1, width)).amax(1)
    return torch.nn.functional.layer_norm(
        top, (width,), arrays[f"{name}.gain"], arrays[f"{name}.shift"], 1e-5
    )


def reference(arrays: dict[str, np.ndarray], doc: _core.Doc, window: int, dilations: list[int]) -> np.ndarray:
    tensors = {name: torch.from_numpy(array).double() for name, array in arrays.items()}
    rows = torch.from_numpy(np.asarray(_core.feature_rows(doc, 1, 3, 4, ROWS))).long()
    x = torch.cat([tensors[f"embed.{t}"][rows[:, i]].sum(1) for i, t in enumerate(TABLES)], 1)
    x = maxout_norm(tensors, "mix", x)
    for layer, dilation in enumerate(dilations):
        reach = window * dilation
        padded = torch.nn.functional.pad(x, (0, 0, reach, reach))
        neighbours = [padded[k * dilation : k * dilation + len(x)] for k in range(2 * window + 1)]
        x = x + maxout_norm(tensors, f"encoder.{layer}", torch.cat(neighbours, 1))
    return x.numpy()


def random_words(n: int, types: int, seed: int = 0) -> list[str]:
    random = np.random.default_rng(seed)
    return [f"Word{i}é" for i in random.integers(0, types, n)]


CASES = [
    (96, 4, 1, 3, [1, 1, 1, 1]),
    (10, 3, 2, 2, [1, 2, 5]),
    (16, 2, 1, 1, [3, 1]),
    (24, 0, 1, 3, []),
    (33, 1, 4, 8, [2]),
]


@pytest.mark.parametrize(("width", "depth", "window", "pieces", "dilations"), CASES)
@pytest.mark.parametrize("n_words", [0, 1, 2, 9, 700])
def test_parity(width: int, depth: int, window: int, pieces: int, dilations: list[int], n_words: int) -> None:
    arrays = make_arrays(width, depth, window, pieces)
    settings = _core.EncoderSettings(width, depth, window, pieces, dilations, ROWS, 1, 3, 4)
    doc = make_doc(random_words(n_words, 300))
    found = _core.Encoder(settings, to_core(arrays)).encode(doc)
    assert found.shape == (n_words, width)
    if n_words:
        np.testing.assert_allclose(found, reference(arrays, doc, window, dilations), rtol=1e-3, atol=2e-4)


def test_the_cache_never_changes_a_bit() -> None:
    arrays = make_arrays(32, 3, 1, 3)
    encoder = _core.Encoder(_core.EncoderSettings(32, 3, 1, 3, [1, 2, 1], ROWS, 1, 3, 4), to_core(arrays))
    doc = make_doc(random_words(6000, 5000))
    large = encoder.encode(doc, cache_types=10_000)
    assert np.array_equal(large, encoder.encode(doc, cache_types=0))
    assert np.array_equal(large, encoder.encode(doc))
    repeated = make_doc(
        [word for pair in zip(random_words(3000, 5000), random_words(3000, 40), strict=True) for word in pair]
    )
    assert np.array_equal(
        encoder.encode(repeated, cache_types=10_000), encoder.encode(repeated, cache_types=700)
    )


def test_a_word_sees_its_neighbourhood_alone() -> None:
    """Reach of depth 3 with dilations 1, 2, 1: four words; blocks of the encoder end anywhere."""
    arrays = make_arrays(32, 3, 1, 3)
    encoder = _core.Encoder(_core.EncoderSettings(32, 3, 1, 3, [1, 2, 1], ROWS, 1, 3, 4), to_core(arrays))
    words = random_words(1200, 400)
    whole = encoder.encode(make_doc(words))
    for start in range(0, 1100, 97):
        part = encoder.encode(make_doc(words[start : start + 60]))
        assert np.array_equal(part[4:-4], whole[start + 4 : start + 56])
