"""Batches: every lesson once a pass, sizes that grow to their limit."""

from __future__ import annotations

from itertools import islice, pairwise, repeat
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from treelet.settings import TrainingSettings
from treelet.teaching.batches import batch_sizes, epoch_batches


@hypothesis_settings(deadline=None, max_examples=100)
@given(lengths=st.lists(st.integers(1, 50), max_size=60), wanted=st.integers(1, 200), seed=st.integers(0, 9))
def test_every_example_once_and_no_batch_too_small(lengths: list[int], wanted: int, seed: int) -> None:
    lessons: Any = [range(length) for length in lengths]  # what has a length is enough
    batches = list(epoch_batches(lessons, repeat(float(wanted)), np.random.default_rng(seed)))
    seen = [id(lesson) for batch in batches for lesson in batch]
    assert sorted(seen) == sorted(map(id, lessons))
    for batch in batches[:-1]:
        assert sum(map(len, batch)) >= wanted
    for batch in batches:
        assert batch
        assert sum(map(len, batch[:-1])) < wanted


def test_order_depends_on_the_seed_alone() -> None:
    lessons: Any = [range(length) for length in range(1, 40)]

    def order(seed: int) -> list[list[int]]:
        found = epoch_batches(lessons, repeat(50.0), np.random.default_rng(seed))
        return [[len(lesson) for lesson in batch] for batch in found]

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_sizes_grow_by_a_factor_to_a_limit() -> None:
    settings = TrainingSettings(batch_start=100, batch_stop=400, batch_growth=1.25)
    sizes = list(islice(batch_sizes(settings), 20))
    assert sizes[0] == 100
    assert sizes[-1] == 400
    for smaller, larger in pairwise(sizes):
        assert larger == pytest.approx(min(400, smaller * 1.25))


def test_a_stop_below_the_start_keeps_the_start() -> None:
    settings = TrainingSettings(batch_start=300, batch_stop=100, batch_growth=1.5)
    assert list(islice(batch_sizes(settings), 3)) == [300, 300, 300]


def test_sizes_go_on_through_passes() -> None:
    sizes = batch_sizes(TrainingSettings(batch_start=1, batch_stop=64, batch_growth=2.0))
    lessons: Any = [range(1) for _ in range(40)]
    found = []
    for _ in range(2):
        found += [len(batch) for batch in epoch_batches(lessons, sizes, np.random.default_rng(0))]
    assert found == [1, 2, 4, 8, 16, 9, 40]
