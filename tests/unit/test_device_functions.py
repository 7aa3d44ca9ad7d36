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


def randn(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> Any:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=dtype, requires_grad=True)


def starts(n: int, every: int) -> torch.Tensor:
    return (torch.arange(n) % every == 0).to(torch.uint8)


def check_same(of_device: Callable[..., Any], of_core: Callable[..., Any], *inputs: Any) -> None:
    """The same values, and the same gradients of a random weighing of them."""
    found, expected = of_device(*inputs), of_core(*inputs)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    weights = randn(*expected.shape, seed=9).detach()
    gradients = [torch.autograd.grad((out * weights).sum(), inputs) for out in (found, expected)]
    torch.testing.assert_close(*gradients, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_maxout(pieces: int) -> None:
    check_same(lambda x: plain.maxout(x, pieces), lambda x: layers.maxout(x, pieces), randn(7, 4 * pieces))


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(("n", "every"), [(1, 1), (2, 5), (7, 3), (64, 64), (300, 41), (300, 300), (5, 1)])
def test_scan(n: int, every: int, back: bool) -> None:
    first = starts(n, every)
    check_same(lambda g: plain.scan(g, first, back), lambda g: layers.scan(g, first, back), randn(n, 8))


@pytest.mark.parametrize("back", [False, True])
def test_scan_gradients_in_double_precision(back: bool) -> None:
    gates, first = randn(11, 6, dtype=torch.float64), starts(11, 4)
    assert torch.autograd.gradcheck(lambda g: plain.scan(g, first, back), (gates,))


def test_scan_of_one_document_knows_nothing_of_its_neighbours() -> None:
    gates, first = randn(12, 6), starts(12, 6)
    other = torch.cat([gates[:6].detach() + 1, gates[6:]])
    assert torch.equal(plain.scan(gates, first, False)[6:], plain.scan(other, first, False)[6:])
    assert torch.equal(plain.scan(gates, first, True)[6:], plain.scan(other, first, True)[6:])


def test_sum_of_rows() -> None:
    positions = torch.tensor([[0, 1, 2], [4, 4, 4], [3, 4, 3], [0, 0, 0]], dtype=torch.int32)
    rows, padding = randn(4, 3, 5), randn(3, 5, seed=1)
    check_same(
        lambda rows, padding: plain.sum_rows(rows, padding, positions),
        lambda rows, padding: layers.sum_rows(rows, padding, positions),
        *(rows, padding),
    )


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
