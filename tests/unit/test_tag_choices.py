"""What a teacher holds possible of tags: drawn by its probabilities, renumbered, to disk and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from treelet import Doc
from treelet.annotators.choices import MOST, Choices, joined
from treelet.errors import TrainingError
from treelet.silver.cache import Silver, SilverCache, beside, shard_path, write_shard


def choices(words: int, labels: list[int], odds: list[float]) -> Choices:
    told = (labels + [-1] * MOST)[:MOST], (odds + [0.0] * MOST)[:MOST]
    return Choices(
        np.tile(np.array(told[0], np.int16), (words, 1)), np.tile(np.array(told[1], np.float16), (words, 1))
    )


def test_labels_are_drawn_by_their_probabilities() -> None:
    words = 20_000
    hard = np.full(words, 7)
    found = choices(words, [2, 5], [0.5, 0.25]).drawn(hard, np.random.default_rng(1))
    shares = {label: float((found == label).mean()) for label in (2, 5, 7)}
    assert shares[2] == pytest.approx(0.5, abs=0.02)
    assert shares[5] == pytest.approx(0.25, abs=0.02)
    assert shares[7] == pytest.approx(0.25, abs=0.02)


def test_missing_and_unknown_labels_stay_as_they_were() -> None:
    random = np.random.default_rng(0)
    hard = np.array([-1, 3, 3])
    assert choices(3, [2], [1.0]).drawn(hard, random).tolist() == [-1, 2, 2]
    unknown = choices(3, [2], [1.0]).numbered(np.array([0, 1, -1], np.int16))
    assert unknown.drawn(hard, random).tolist() == hard.tolist()
    assert choices(2, [0, 1], [0.6, 0.4]).numbered(np.array([9, 8], np.int16)).labels[0].tolist() == [
        9,
        8,
        -1,
        -1,
    ]


def silver(words: list[str], **told: Choices) -> Silver:
    return Silver(Doc(words, pos=["X"] * len(words)), {}, told)


def cache(folder: Path) -> SilverCache:
    return SilverCache(folder, {"labels": {"upos": ["X", "Y", "Z"]}, "annotators": ["morphologizer"]})


def test_to_disk_and_back(tmp_path: Path) -> None:
    one, two = choices(2, [2, 0], [0.75, 0.25]), choices(1, [1], [0.5])
    made = cache(tmp_path)
    shard = write_shard(tmp_path, 0, [silver(["a", "b"], upos=one), silver(["c"], upos=two)])
    found = made.choices(shard)["upos"]
    assert np.array_equal(found.labels, joined([one, two]).labels)
    assert np.array_equal(found.odds, joined([one, two]).odds)
    assert made.choices(write_shard(tmp_path, 1, [silver(["a"], upos=two), silver(["b"])])) == {}


def test_labels_that_there_are_not_are_refused(tmp_path: Path) -> None:
    shard = write_shard(tmp_path, 0, [silver(["a"], upos=choices(1, [3], [0.5]))])
    with pytest.raises(TrainingError, match="no labels or no probabilities"):
        cache(tmp_path).choices(shard)
    path = beside(shard_path(tmp_path, 0))
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(TrainingError, match="is damaged"):
        cache(tmp_path).choices(shard)
