"""The layers that the core computes between PyTorch's products, against the same in double precision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import torch

from treelet.errors import TrainingError
from treelet.networks import fused, layers
from treelet.networks.encoder import Drop, Encoder, WordFeatures
from treelet.settings import EncoderSettings, FeatureSettings

DOCUMENTS = torch.tensor([0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2, 2])
FIRST = torch.tensor([1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0], dtype=torch.uint8)


def randn(*shape: int, seed: int = 0) -> Any:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def gradients(run: Callable[..., Any], module: Any, x: Any) -> list[Any]:
    """The output, and the gradients of a weighing of it by the input and every parameter."""
    x = x.detach().requires_grad_()
    out = run(module, x)
    weights = randn(*out.shape, seed=9).to(out.dtype)
    parameters = [p for p in module.parameters() if p.requires_grad]
    found = torch.autograd.grad((out * weights).sum(), [x, *parameters], allow_unused=True)
    return [out.detach(), *(g for g in found if g is not None)]


def check(run: Callable[..., Any], module: Any, x: Any) -> None:
    """In single precision by the core, in double by PyTorch alone."""
    for parameter in module.parameters():  # none as simple as it begins
        parameter.data += 0.1 * randn(*parameter.shape, seed=parameter.numel()).to(parameter.dtype)
    ours, theirs = gradients(run, module.float(), x.float()), gradients(run, module.double(), x.double())
    assert len(ours) == len(theirs)
    for found, expected in zip(ours, theirs, strict=True):
        torch.testing.assert_close(found.double(), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("pieces", [1, 2, 3, 5])
@pytest.mark.parametrize("width", [1, 7, 32])
def test_maxout_norm(width: int, pieces: int) -> None:
    torch.manual_seed(0)
    check(lambda m, x: m(x), layers.MaxoutNorm(6, width, pieces), randn(9, 6))


@pytest.mark.parametrize(("window", "dilation"), [(1, 1), (2, 1), (1, 3), (3, 20)])
def test_convolution(window: int, dilation: int) -> None:
    torch.manual_seed(0)
    module = layers.Convolution(5, 3, window, dilation)
    check(lambda m, x: m(x, DOCUMENTS), module, randn(12, 5))


@pytest.mark.parametrize("units", [1, 4, 17])
def test_recurrent_layer(units: int) -> None:
    torch.manual_seed(0)
    check(lambda m, x: m(x, FIRST), layers.RecurrentLayer(6, units, 3), randn(12, 6))


@pytest.mark.parametrize("pieces", [1, 2, 3])
@pytest.mark.parametrize("with_vectors", [False, True])
def test_state_scorer(pieces: int, with_vectors: bool) -> None:
    torch.manual_seed(0)
    scorer = layers.StateScorer(width=5, n_features=4, hidden=19, pieces=pieces, n_actions=6)
    tokens = torch.randint(-1, 8, (30, 4), generator=torch.Generator().manual_seed(2)).to(torch.int32)
    tokens[tokens == 3] = 5  # a token that no state names

    def run(module: Any, x: Any) -> Any:
        positions = torch.where(tokens < 0, 8, tokens)
        return module(module.rows(x), positions, 0.0, x if with_vectors else None)

    check(run, scorer, randn(8, 5))


@pytest.mark.parametrize("with_vectors", [False, True])
def test_states_that_name_nothing(with_vectors: bool) -> None:
    scorer = layers.StateScorer(width=5, n_features=4, hidden=3, pieces=2, n_actions=6)
    nowhere = torch.full((7, 4), -1, dtype=torch.int32)
    x = randn(2, 5).float().requires_grad_()
    for positions in (nowhere, nowhere[:0]):
        out = scorer(scorer.rows(x), positions, 0.0, x if with_vectors else None)
        assert not torch.autograd.grad(out.sum(), x)[0].any()


def test_dropout_hides_numbers_and_their_gradients() -> None:
    torch.manual_seed(0)
    layer = layers.MaxoutNorm(6, 40, 3).train()
    layer.shift.data.fill_(0.5)
    x = randn(50, 6).float().requires_grad_()
    out = layer(x, 0.25)
    kept = out.detach() != 0
    assert (~kept).float().mean().item() == pytest.approx(0.25, abs=0.03)
    expected = layer.eval()(x) * kept / 0.75
    torch.testing.assert_close(out, expected)
    wanted = [x, layer.weight, layer.bias, layer.gain, layer.shift]
    weights = randn(50, 40, seed=3).float()
    found, theirs = (torch.autograd.grad((y * weights).sum(), wanted) for y in (out, expected))
    torch.testing.assert_close(found, theirs, rtol=1e-4, atol=1e-4)


def test_dropout_of_states_hides_them_and_their_gradients() -> None:
    torch.manual_seed(0)
    scorer = layers.StateScorer(width=5, n_features=3, hidden=40, pieces=2, n_actions=6).train()
    scorer.bias.data.fill_(5.0)
    x = randn(8, 5).float().requires_grad_()
    positions = torch.randint(-1, 8, (60, 3)).to(torch.int32)
    hidden = scorer.hidden_units(scorer.rows(x), positions, 0.5, x)
    kept = hidden.detach() != 0
    assert kept.float().mean().item() == pytest.approx(0.5, abs=0.05)
    expected = scorer.eval().hidden_units(scorer.rows(x), positions, 0.5, x) * kept * 2
    torch.testing.assert_close(hidden, expected)
    wanted = [x, scorer.lower, scorer.padding, scorer.bias]
    found, theirs = (torch.autograd.grad(y.square().sum(), wanted) for y in (hidden, expected))
    torch.testing.assert_close(found, theirs, rtol=1e-4, atol=1e-3)


def test_draws_differ_from_call_to_call_and_follow_the_seed() -> None:
    layer, x = layers.MaxoutNorm(6, 40, 3).train(), randn(9, 6).float()
    torch.manual_seed(5)
    first, second = layer(x, 0.5), layer(x, 0.5)
    torch.manual_seed(5)
    assert torch.equal(layer(x, 0.5), first)
    assert not torch.equal(first == 0, second == 0)


def encoder() -> tuple[Encoder, WordFeatures, Any]:
    torch.manual_seed(1)
    settings = EncoderSettings(
        width=8, recurrent_units=4, rows_norm=20, rows_prefix=[5], rows_suffix=[7], rows_shape=9
    )
    features = FeatureSettings(prefix_lengths=[1], suffix_lengths=[2])
    module = Encoder(settings, features)
    sizes = [20, 5, 7, 9]
    rows = torch.stack([torch.randint(0, size, (6, 4)) for size in sizes], dim=1)
    return module, WordFeatures(rows, torch.zeros(6, 0)), torch.randint(0, 6, (12,))


def test_encoder() -> None:
    module, words, types = encoder()
    found: list[list[Any]] = []
    for precision in (module.float, module.double):
        precision()
        given = WordFeatures(words.rows, words.static.to(module.mix.weight.dtype))
        out = module(given, types, DOCUMENTS, Drop())
        weights = randn(*out.shape, seed=4).to(out.dtype)
        found.append([out, *torch.autograd.grad((out * weights).sum(), list(module.parameters()))])
    for ours, theirs in zip(*found, strict=True):
        torch.testing.assert_close(ours.double(), theirs, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "broken",
    [
        lambda x, which, normal, scale: (x[:, :3], which, normal, scale),
        lambda x, which, normal, scale: (x, which[:1], normal, scale),
        lambda x, which, normal, scale: (x, which, normal[:, :1].copy(), scale),
        lambda x, which, normal, scale: (x, which, normal, scale[:1]),
    ],
)
def test_arrays_that_do_not_fit_are_refused(broken: Callable[..., Sequence[Any]]) -> None:
    whole = np.zeros((3, 4), np.float32), np.zeros((3, 2), np.uint8), np.zeros((3, 2), np.float32)
    x, which, normal, scale = broken(*whole, np.zeros(3, np.float32))
    narrow, wide = np.zeros(2, np.float32), np.zeros(4, np.float32)
    with pytest.raises(TrainingError, match="do not fit"):
        fused._core.maxout_norm_forward(
            np.ascontiguousarray(x), None, wide, narrow, narrow, (0, 0), which, normal, scale, whole[2]
        )


def test_rows_and_labels_outside_are_refused() -> None:
    table, out = np.zeros((3, 2), np.float32), np.zeros((1, 2), np.float32)
    for row in (-1, 3):
        with pytest.raises(TrainingError, match="a row of a table"):
            fused._core.look_up_forward(np.full((1, 1, 4), row), 0, table, out)
    narrow = np.zeros(2, np.float32)
    for label in (-2, 2):
        with pytest.raises(TrainingError, match="a label's number"):
            fused._core.label_loss(out, narrow, np.array([label]), 0.0, narrow.copy())
