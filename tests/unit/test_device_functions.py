"""Functions of devices against the core's: values, gradients, ties; the names of devices."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import torch

from treelet.errors import SettingsError
from treelet.networks import layers, plain
from treelet.networks.device import STAND_IN, find_device, on_core
from treelet.networks.encoder import Drop, Encoder, WordFeatures
from treelet.settings import EncoderSettings, FeatureSettings
from treelet.teaching.losses import Choices, action_loss, label_loss


def randn(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> Any:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=dtype, requires_grad=True)


def starts(n: int, every: int) -> torch.Tensor:
    return (torch.arange(n) % every == 0).to(torch.uint8)


def check_same(module: torch.nn.Module, *inputs: Any) -> None:
    """A module gives the same by either set of functions, and the same gradients of a random weighing."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter += 0.3 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(3))
    taught = [*module.parameters(), *(x for x in inputs if isinstance(x, torch.Tensor) and x.requires_grad)]
    found = []
    for name in ("cpu", STAND_IN):
        with find_device(name).functions():
            out = module(*inputs)
        weights = randn(*out.shape, seed=9).detach()
        found.append((out.detach(), torch.autograd.grad((out * weights).sum(), taught, allow_unused=True)))
    torch.testing.assert_close(*found, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_maxout_and_norm(pieces: int) -> None:
    check_same(layers.MaxoutNorm(6, 16, pieces), randn(11, 6))


@pytest.mark.parametrize("dilation", [1, 3])
def test_convolution(dilation: int) -> None:
    documents = torch.tensor([0] * 7 + [1] + [2] * 9)
    check_same(layers.Convolution(16, 3, 2, dilation), randn(17, 16), documents)


@pytest.mark.parametrize(("n", "every"), [(1, 1), (2, 5), (7, 3), (64, 64), (300, 41), (5, 1)])
def test_recurrent_layer(n: int, every: int) -> None:
    check_same(layers.RecurrentLayer(16, 5, 2), randn(n, 16), starts(n, every))


def test_state_scorer() -> None:
    scorer = layers.StateScorer(width=4, n_features=3, hidden=16, pieces=2, n_actions=5)
    positions = torch.tensor([[0, 1, 2], [-1, -1, -1], [3, -1, 3], [0, 0, 0], [4, 1, 4]], dtype=torch.int32)
    check_same(scorer, randn(4, 3 * 32), positions, 0.0)


def test_encoder() -> None:
    settings = EncoderSettings(width=16, depth=2, recurrent_layers=2, recurrent_units=5, rows_norm=50)
    encoder = Encoder(settings, FeatureSettings(prefix_lengths=[1], suffix_lengths=[]))
    words = WordFeatures(torch.randint(50, (6, 3, 4)), torch.zeros(6, 0))
    documents = torch.tensor([0, 0, 0, 1, 2, 2, 2, 2])
    check_same(encoder, words, torch.tensor([0, 5, 1, 1, 2, 3, 4, 0]), documents, Drop())


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_label_loss(smoothing: float) -> None:
    labels = torch.tensor([2, -1, 0, 4, 4])
    check_same(Losing(lambda x, layer: label_loss(x, layer, labels, smoothing)), randn(5, 6))


@pytest.mark.parametrize("weigh", [False, True])
@pytest.mark.parametrize("count", [False, True])
def test_action_loss(count: bool, weigh: bool) -> None:
    generator = torch.Generator().manual_seed(5)
    right = torch.rand(7, 5, generator=generator) < 0.3
    right[:, 1] = True
    counted = right | (torch.rand(7, 5, generator=generator) < 0.4) if count else None
    choices = Choices(counted, right, torch.rand(7, 1, generator=generator) if weigh else None)

    def loss(x: Any, layer: Any) -> Any:
        scorer = layers.StateScorer(4, 1, 6, 1, 5)
        scorer.upper_weight, scorer.upper_bias = layer.weight, layer.bias
        return action_loss(x, scorer, choices)

    check_same(Losing(loss), randn(7, 6))


class Losing(torch.nn.Module):
    """The loss of what a layer scores."""

    def __init__(self, loss: Callable[[Any, torch.nn.Linear], Any]) -> None:
        super().__init__()
        self.layer, self.loss = torch.nn.Linear(6, 5), loss

    def forward(self, x: Any) -> Any:
        return self.loss(x, self.layer)


@pytest.mark.parametrize("back", [False, True])
def test_scan_gradients_in_double_precision(back: bool) -> None:
    gates, first = randn(11, 6, dtype=torch.float64), starts(11, 4)
    assert torch.autograd.gradcheck(lambda g: plain.scan(g, first, back), (gates,))


def test_scan_of_one_document_knows_nothing_of_its_neighbours() -> None:
    gates, first = randn(12, 6), starts(12, 6)
    other = torch.cat([gates[:6].detach() + 1, gates[6:]])
    assert torch.equal(plain.scan(gates, first, False)[6:], plain.scan(other, first, False)[6:])
    assert torch.equal(plain.scan(gates, first, True)[6:], plain.scan(other, first, True)[6:])


def test_dropout_drops_its_share_and_keeps_the_mean() -> None:
    torch.manual_seed(0)
    with find_device(STAND_IN).functions():
        dropped = layers.dropout(torch.ones(1001, 99), 0.25, training=True)
    assert (dropped == 0).float().mean().item() == pytest.approx(0.25, abs=0.01)
    assert dropped.mean().item() == pytest.approx(1.0, abs=0.05)


def test_the_core_is_used_on_the_processor_unless_the_stand_in_is_asked_for() -> None:
    x = torch.zeros(1)
    assert on_core(x)
    with find_device(STAND_IN).functions():
        assert not on_core(x)
    with find_device("cpu").functions():
        assert on_core(x)
    assert on_core(x)
    assert not on_core(torch.zeros(1, device="meta"))


@pytest.mark.parametrize("name", ["gpu", "", "meta", "cpu:0", "cuda:-2", "torch"])
def test_unknown_names_are_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=r"device: found .*expected cpu, torch-cpu, or a device of"):
        find_device(name)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one")
def test_a_device_that_is_not_there() -> None:
    with pytest.raises(SettingsError, match=r"'cuda', which PyTorch .* cannot use here .*use cpu"):
        find_device("cuda")


def test_without_torch_a_device_says_what_to_install() -> None:
    program = (
        "import sys, treelet\n"
        "nlp = treelet.load('en_core_web_sm')\n"
        "nlp('Hello there.')\n"
        "assert 'torch' not in sys.modules, 'annotation on the processor imports torch'\n"
        "sys.modules['torch'] = None\n"
        "try:\n    nlp.to('cuda')\n"
        "except treelet.SettingsError as error:\n    print(error)\n"
        "nlp.to('cpu')\n"
        "print(nlp.device, len(nlp('Still here.')))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "device: cuda needs PyTorch, which is not installed: pip install 'treelet[train]'",
        "cpu 3",
    ]
