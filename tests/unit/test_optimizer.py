"""Adam in one pass, with rows of tables that wait for their steps, against PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from treelet import _core
from treelet.errors import TrainingError

RATE, DECAY, CLIP = 0.01, 0.1, 1.0


def arrays(*shapes: tuple[int, ...], seed: int = 0) -> list[Any]:
    random = np.random.default_rng(seed)
    return [random.standard_normal(shape).astype(np.float32) for shape in shapes]


def batches(n_steps: int, rows: int, width: int) -> list[tuple[Any, Any]]:
    """Rows that each step reads, and the gradient of a table: zero in the others."""
    random = np.random.default_rng(1)
    found = []
    for _ in range(n_steps):
        read = random.integers(0, rows, 6)
        gradient = np.zeros((rows, width), np.float32)
        gradient[read] = random.standard_normal((6, width))
        found.append((read, gradient))
    return found


def blend(step: int) -> float:
    return 1.0 - min(0.9, (1 + step) / (10 + step))


def teach(is_table: bool, clip: float = CLIP, n_steps: int = 40) -> tuple[Any, ...]:
    """Values and averages of a table and a plain parameter after so many steps."""
    table, plain = arrays((50, 7), (3, 19))
    means = table.copy(), plain.copy()
    adam = _core.Adam()
    adam.add(table, means[0], is_table)
    adam.add(plain, means[1], False)
    for step, (read, gradient) in enumerate(batches(n_steps, 50, 7), start=1):
        if is_table:
            adam.look_up(0, read)
        other = None if step % 5 == 0 else arrays((3, 19), seed=step)[0]
        adam.step([gradient, other], RATE / step, DECAY, blend(step), clip)
        assert gradient.any() != is_table
    adam.catch_up()
    return table, plain, *means


def test_rows_that_waited_are_those_that_did_not() -> None:
    """Without clipping, because a norm is rounded in the order of its sum."""
    for waited, kept_up in zip(teach(True, clip=0.0), teach(False, clip=0.0), strict=True):
        assert np.array_equal(waited, kept_up)


def test_steps_are_those_of_pytorch() -> None:
    table, plain = (torch.nn.Parameter(torch.from_numpy(values)) for values in arrays((50, 7), (3, 19)))
    means = [table.detach().clone(), plain.detach().clone()]
    adam = torch.optim.AdamW([table, plain], lr=RATE, weight_decay=DECAY)
    for step, (_, gradient) in enumerate(batches(40, 50, 7), start=1):
        table.grad = torch.from_numpy(gradient)
        plain.grad = None if step % 5 == 0 else torch.from_numpy(arrays((3, 19), seed=step)[0])
        torch.nn.utils.clip_grad_norm_([table, plain], CLIP)
        adam.param_groups[0]["lr"] = RATE / step
        adam.step()
        for mean, value in zip(means, (table, plain), strict=True):
            mean.lerp_(value.detach(), blend(step))
    expected = [value.detach().numpy() for value in (table, plain, *means)]
    for found, theirs in zip(teach(True), expected, strict=True):
        np.testing.assert_allclose(found, theirs, rtol=2e-4, atol=2e-6)


def test_a_row_is_up_to_date_once_it_is_looked_up() -> None:
    tables = arrays((9, 4)), arrays((9, 4))
    waiting, kept_up = _core.Adam(), _core.Adam()
    waiting.add(tables[0][0], None, True)
    kept_up.add(tables[1][0], None, False)
    for step in range(5):
        gradient = np.zeros((9, 4), np.float32)
        gradient[step % 2] = 1.0 + step
        waiting.look_up(0, np.array([step % 2]))
        kept_up.step([gradient.copy()], RATE, DECAY, 0.0, 0.0)
        waiting.step([gradient], RATE, DECAY, 0.0, 0.0)
    assert not np.array_equal(tables[0][0], tables[1][0])
    waiting.look_up(0, np.array([7, 7]))
    assert np.array_equal(tables[0][0][7], tables[1][0][7])


def test_what_does_not_fit_is_refused() -> None:
    adam = _core.Adam()
    (table,) = arrays((9, 4))
    with pytest.raises(TrainingError, match="average"):
        adam.add(table, table[:3], True)
    adam.add(table, None, True)
    for row in (-1, 9):
        with pytest.raises(TrainingError, match="a row of a table"):
            adam.look_up(0, np.array([row]))
    with pytest.raises(TrainingError, match="number"):
        adam.look_up(1, np.array([0]))
    for gradients in ([], [None], [table[:3]]):
        with pytest.raises(TrainingError, match="gradient"):
            adam.step(gradients, RATE, DECAY, 0.0, 0.0)


def run(adam: Any, steps: list[tuple[Any, Any]], first: int) -> None:
    """Some of the steps of `teach`, on a table and a plain parameter."""
    for step, (read, gradient) in enumerate(steps, start=first):
        adam.look_up(0, read)
        adam.step([gradient.copy(), arrays((3, 19), seed=step)[0]], RATE / step, DECAY, blend(step), CLIP)


def made(held: list[Any], means: list[Any]) -> Any:
    adam = _core.Adam()
    for number, (value, mean) in enumerate(zip(held, means, strict=True)):
        adam.add(value, mean, number == 0)
    return adam


def test_one_that_remembers_goes_on_as_the_other_would() -> None:
    steps = batches(30, 50, 7)
    whole, means = arrays((50, 7), (3, 19)), arrays((50, 7), (3, 19))
    first = made(whole, means)
    run(first, steps[:12], 1)
    first.catch_up()
    parts, their_means = [a.copy() for a in whole], [a.copy() for a in means]
    second = made(parts, their_means)
    for number, size in enumerate((350, 57)):
        memory = np.zeros(size, np.float32), np.zeros(size, np.float32)
        first.copy_memory(number, *memory)
        assert all(moments.any() for moments in memory)
        assert first.steps_made(number) == 12
        second.remember(number, *memory, 12)
    for adam in (first, second):
        run(adam, steps[12:], 13)
        adam.catch_up()
    for ours, theirs in zip((*whole, *means), (*parts, *their_means), strict=True):
        assert np.array_equal(ours, theirs)


def test_what_is_frozen_stays_and_its_gradient_is_forgotten() -> None:
    steps = batches(20, 50, 7)
    values, means = arrays((50, 7), (3, 19)), arrays((50, 7), (3, 19))
    adam = made(values, means)
    run(adam, steps[:5], 1)
    adam.freeze(0, True)
    before = [array.copy() for array in (values[0], means[0], values[1])]
    run(adam, steps[5:10], 6)
    adam.catch_up()
    assert np.array_equal(values[0], before[0])
    assert np.array_equal(means[0], before[1])
    assert not np.array_equal(values[1], before[2])
    adam.freeze(0, False)
    run(adam, steps[10:], 11)
    assert not np.array_equal(values[0], before[0])


def test_memory_of_another_size_is_refused() -> None:
    adam = made(arrays((50, 7)), arrays((50, 7)))
    right, wrong = np.zeros(350, np.float32), np.zeros(349, np.float32)
    for call in (adam.copy_memory, lambda *moments: adam.remember(*moments, 1)):
        for moments in ((right, wrong), (wrong, right)):
            with pytest.raises(TrainingError, match="moments have the size"):
                call(0, *moments)
        with pytest.raises(TrainingError, match="number"):
            call(1, right, right)
    with pytest.raises(TrainingError, match="steps"):
        adam.remember(0, right, right, -1)
    with pytest.raises(TrainingError, match="number"):
        adam.freeze(1, True)
