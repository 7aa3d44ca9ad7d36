"""The core's encoder against a plain PyTorch reference, and against itself with other caches and contexts."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from random_weights import maxout_shapes, random_arrays, to_core
from treelet import _core
from treelet.errors import PackageError, SettingsError

ROWS = [50, 20, 30, 30]
FEATURES = _core.FeatureSettings([1], [3], 4)
NAMES = ("norm", "prefix1", "suffix3", "shape")


def make_doc(words: list[str]) -> _core.Doc:
    doc = _core.Doc()
    for word in words:
        doc.add_token(word, [], " ")
    return doc


def make_arrays(width: int, depth: int, window: int, pieces: int) -> dict[str, np.ndarray]:
    shapes: dict[str, tuple[int, ...]] = {f"embed.{t}": (r, width) for t, r in zip(NAMES, ROWS, strict=True)}
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
    rows = torch.from_numpy(np.asarray(_core.feature_rows(doc, FEATURES, ROWS))).long()
    x = torch.cat([tensors[f"embed.{t}"][rows[:, i]].sum(1) for i, t in enumerate(NAMES)], 1)
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
    settings = _core.EncoderSettings(width, depth, window, pieces, dilations, ROWS, FEATURES)
    doc = make_doc(random_words(n_words, 300))
    found = _core.Encoder(settings, to_core(arrays)).encode(doc)
    assert found.shape == (n_words, width)
    if n_words:
        expected = reference(arrays, doc, window, dilations)
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize(("width", "depth", "window", "pieces", "dilations"), CASES)
def test_bytes_stay_near(width: int, depth: int, window: int, pieces: int, dilations: list[int]) -> None:
    """Products in bytes: errors of a few parts in a hundred of a number's usual size."""
    arrays = make_arrays(width, depth, window, pieces)
    settings = _core.EncoderSettings(width, depth, window, pieces, dilations, ROWS, FEATURES)
    encoder = _core.Encoder(settings, to_core(arrays), "int8")
    doc = make_doc(random_words(700, 300))
    found, expected = encoder.encode(doc), reference(arrays, doc, window, dilations)
    assert not np.array_equal(found, _core.Encoder(settings, to_core(arrays)).encode(doc))
    assert np.sqrt(np.mean((found - expected) ** 2)) < 0.03 * expected.std()
    assert np.array_equal(found, encoder.encode(doc, cache_types=0))


def test_the_cache_never_changes_a_bit() -> None:
    arrays = make_arrays(32, 3, 1, 3)
    encoder = _core.Encoder(_core.EncoderSettings(32, 3, 1, 3, [1, 2, 1], ROWS, FEATURES), to_core(arrays))
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
    encoder = _core.Encoder(_core.EncoderSettings(32, 3, 1, 3, [1, 2, 1], ROWS, FEATURES), to_core(arrays))
    words = random_words(1200, 400)
    whole = encoder.encode(make_doc(words))
    for start in range(0, 1100, 97):
        part = encoder.encode(make_doc(words[start : start + 60]))
        assert np.array_equal(part[4:-4], whole[start + 4 : start + 56])


def test_tables_are_found_by_their_names() -> None:
    """A further table of zeros changes nothing; one that is missing is named."""
    arrays = make_arrays(16, 0, 1, 3)
    encoder = _core.Encoder(_core.EncoderSettings(16, 0, 1, 3, [], ROWS, FEATURES), to_core(arrays))
    doc = make_doc(random_words(20, 9))
    found = encoder.encode(doc)
    extra = arrays | {"embed.suffix2": np.zeros((7, 16), np.float32)}
    weight = arrays["mix.weight"]
    extra["mix.weight"] = np.concatenate([weight[:, :32], np.ones((48, 16)), weight[:, 32:]], axis=1)
    affixes = _core.FeatureSettings([1], [2, 3], 4)
    more = _core.EncoderSettings(16, 0, 1, 3, [], [50, 20, 7, 30, 30], affixes)
    np.testing.assert_allclose(_core.Encoder(more, to_core(extra)).encode(doc), found, rtol=1e-4, atol=1e-5)
    with pytest.raises(PackageError, match=r"embed\.suffix2"):
        _core.Encoder(more, to_core(arrays))
    with pytest.raises(SettingsError, match="found 4 numbers, expected 5"):
        _core.Encoder(_core.EncoderSettings(16, 0, 1, 3, [], ROWS, affixes), to_core(extra))
