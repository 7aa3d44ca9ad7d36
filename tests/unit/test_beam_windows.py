"""Windows of a beam against gold: what competes, the loss by brute force, gradients, threads, bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from test_rollouts import HIDDEN, PIECES, entity_batch, parser_batch

from treelet import _core
from treelet.errors import SettingsError, TrainingError
from treelet.settings import settings_from_dict
from treelet.teaching.beam import Windows, beam_walk, window_loss
from treelet.teaching.rollouts import Walk

CASES = [(_core.beam_parser, parser_batch), (_core.beam_entities, entity_batch)]


def arguments(make: Any, **changes: Any) -> dict[str, Any]:
    return make() | {"n_threads": 1, "width": 4} | changes


@pytest.mark.parametrize(("beam", "make"), CASES)
@pytest.mark.parametrize("exploration", [0.0, 1.0])
@pytest.mark.parametrize("width", [1, 2, 8])
def test_right_and_wrong_compete_in_every_window(
    beam: Any, make: Any, exploration: float, width: int
) -> None:
    batch = arguments(make, exploration=exploration, width=width)
    positions, valid, steps, candidates = beam(**batch)
    assert len(candidates)
    n_windows = candidates[-1, 0] + 1
    for window in range(n_windows):
        right = candidates[candidates[:, 0] == window, 1]
        assert 1 < len(right) <= width + 1
        assert set(right) == {0, 1}
    assert positions.shape[1] == len(batch["system"].features)
    assert positions.min() >= -1
    assert positions.max() < len(batch["rows"])
    assert valid[steps[:, 1], steps[:, 2]].all()
    assert sorted(set(steps[:, 1])) == list(range(len(valid)))
    assert steps[:, 0].max() < len(candidates)


@pytest.mark.parametrize(("beam", "make"), CASES)
def test_threads_change_nothing(beam: Any, make: Any) -> None:
    for one, three in zip(beam(**arguments(make)), beam(**arguments(make, n_threads=3)), strict=True):
        assert np.array_equal(one, three)


def test_scores_that_are_all_right_leave_no_window() -> None:
    """Right arcs to the word before, in one sentence: a network that always says so is never corrected."""
    batch = arguments(parser_batch)
    system, n = batch["system"], 6
    padding, bias, weight, upper_bias = (np.zeros_like(part) for part in batch["layers"])
    upper_bias[system.actions.index("Right-a")] = 50.0
    batch |= {
        "layers": (padding, bias, weight, upper_bias),
        "lengths": np.array([n], np.int32),
        "rows": batch["rows"][:n],
        "heads": np.maximum(np.arange(n) - 1, 0).astype(np.int32),
        "deprels": np.zeros(n, np.int32),
        "sent_starts": np.array([1] + [-1] * (n - 1), np.int8),
    }
    assert not any(len(part) for part in _core.beam_parser(**batch))
    wrong = _core.beam_parser(**batch | {"deprels": np.ones(n, np.int32)})
    assert wrong[3][-1, 0] + 1 == n - 1  # one for each label


def test_missing_annotation_leaves_no_window() -> None:
    n = 24
    blank = {"heads": np.full(n, -1, np.int32), "sent_starts": np.zeros(n, np.int8)}
    assert not len(_core.beam_parser(**arguments(parser_batch, **blank))[3])
    nothing = {"iob": np.zeros(12, np.uint8), "labels": np.full(12, -1, np.int32)}
    assert not len(_core.beam_entities(**arguments(entity_batch, **nothing))[3])


def numpy_scores(batch: dict[str, Any], positions: np.ndarray) -> np.ndarray:
    padding, bias, weight, upper_bias = batch["layers"]
    rows = batch["rows"].reshape(len(batch["rows"]), len(padding), -1)
    shown = np.where((positions < 0)[:, :, None], padding, rows[positions, np.arange(len(padding))])
    hidden = (shown.sum(1) + bias).reshape(-1, PIECES, HIDDEN).max(1)
    return np.asarray(hidden @ weight.T + upper_bias, np.float64)


def to_windows(found: tuple[np.ndarray, ...]) -> Windows:
    positions, valid, steps, candidates = map(torch.from_numpy, found)
    return Windows(positions, valid.bool(), steps.long(), candidates.long())


def loss_by_hand(scores: np.ndarray, found: tuple[np.ndarray, ...]) -> float:
    _, valid, steps, candidates = found
    masses = np.ones(len(candidates))
    for candidate, state, action in steps:
        exponentials = np.exp(scores[state]) * valid[state]
        masses[candidate] *= exponentials[action] / exponentials.sum()
    loss = 0.0
    for window in range(candidates[-1, 0] + 1):
        there = candidates[:, 0] == window
        loss -= np.log(masses[there & (candidates[:, 1] == 1)].sum() / masses[there].sum())
    return loss


@pytest.mark.parametrize(("beam", "make"), CASES)
def test_loss_by_hand_and_by_finite_differences(beam: Any, make: Any) -> None:
    batch = arguments(make)
    found = beam(**batch)
    windows = to_windows(found)
    scores = torch.from_numpy(numpy_scores(batch, found[0])).requires_grad_()
    loss = window_loss(scores, windows)
    assert loss.item() == pytest.approx(loss_by_hand(scores.detach().numpy(), found))
    assert torch.autograd.gradcheck(lambda s: window_loss(s, windows), (scores,))
    (gradient,) = torch.autograd.grad(window_loss(scores, windows), scores)
    assert not gradient[~windows.valid].any()
    assert gradient.abs().sum() > 0


def test_following_the_gradient_lifts_the_right_histories() -> None:
    batch = arguments(parser_batch)
    found = _core.beam_parser(**batch)
    windows = to_windows(found)
    scores = torch.from_numpy(numpy_scores(batch, found[0])).requires_grad_()
    before = window_loss(scores, windows)
    (gradient,) = torch.autograd.grad(before, scores)
    assert window_loss(scores - 0.1 * gradient, windows) < before


def test_share_of_batches_is_kept_and_repeats() -> None:
    settings = settings_from_dict({"parser": {"global_updates": 0.25, "beam_width": 16}}).parser
    assert settings is not None
    beams = [beam_walk(settings, Walk(1.0, seed)) for seed in range(2000)]
    chosen = [beam for beam in beams if beam is not None]
    assert 0.2 < len(chosen) / len(beams) < 0.3
    assert {beam.width for beam in chosen} == {16}
    assert beams == [beam_walk(settings, Walk(1.0, seed)) for seed in range(2000)]
    never = settings_from_dict({"ner": {}}).ner
    assert never is not None
    assert not any(beam_walk(never, Walk(1.0, seed)) for seed in range(50))


@pytest.mark.parametrize(("beam", "make"), CASES)
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"width": 0}, SettingsError),
        ({"width": 2000}, SettingsError),
        ({"exploration": 1.5}, TrainingError),
        ({"hidden": 5}, TrainingError),
        ({"rows": np.zeros((3, 3), np.float32)}, TrainingError),
        ({"lengths": np.array([-1], np.int32)}, TrainingError),
    ],
)
def test_bad_input_is_an_error(beam: Any, make: Any, change: dict[str, Any], error: type) -> None:
    with pytest.raises(error):
        beam(**arguments(make, **change))


@pytest.mark.parametrize(("beam", "make"), CASES)
def test_scores_that_are_not_finite_are_an_error(beam: Any, make: Any) -> None:
    with pytest.raises(TrainingError, match="not finite"):
        beam(**arguments(make, rows=make()["rows"] * np.nan))
