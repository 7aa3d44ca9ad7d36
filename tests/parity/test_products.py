"""Products with factors and results of 16 bits: near the full ones, inside alone, on the way back too."""

from pathlib import Path

import numpy as np
import pytest
import torch

from small_corpus import conllu
from treelet.formats import read_docs
from treelet.networks.fused import MaxoutNorm
from treelet.networks.products import multiplied_in, multiply
from treelet.settings import settings_from_dict
from treelet.teaching.labels import collect_labels
from treelet.teaching.learner import Learner


def test_factors_of_16_bits_change_a_product_by_their_rounding_and_no_more() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(40, 96), torch.randn(96, 24)
    full = multiply(a, b)
    with multiplied_in("bf16"):
        half = multiply(a, b)
    assert torch.equal(full, a @ b)
    assert half.dtype == torch.float32
    assert not torch.equal(half, full)
    assert torch.all((half - full).abs() <= 2**-7 * (a.abs() @ b.abs()))
    assert torch.equal(multiply(a, b), full)


def test_the_way_back_inside_takes_them_too() -> None:
    torch.manual_seed(1)
    weight = torch.randn(30, 16, requires_grad=True)
    layer = torch.zeros(30), torch.ones(10), torch.zeros(10), (0, 0)

    def gradient(precision: str) -> torch.Tensor:
        torch.manual_seed(2)
        x = torch.randn(12, 16)
        with multiplied_in(precision):
            out = MaxoutNorm.apply(x, weight, *layer)  # type: ignore[no-untyped-call]
            (found,) = torch.autograd.grad((out * torch.randn(12, 10)).sum(), weight)
        return found

    full, half = gradient("fp32"), gradient("bf16")
    assert not torch.equal(full, half)
    assert torch.nn.functional.cosine_similarity(full.flatten(), half.flatten(), dim=0) > 0.99


@pytest.mark.parametrize(("precision", "same"), [("fp32", True), ("bf16", False)])
def test_a_step_multiplies_what_its_settings_say(precision: str, same: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_text(conllu(12), encoding="utf-8")
    docs = list(read_docs(path))

    def taught(**training: str) -> dict[str, np.ndarray]:
        settings = settings_from_dict({"parser": {}, "tagger": {}, "training": training})
        learner = Learner(settings, collect_labels(docs, settings))
        learner.step(learner.lessons(docs), seed=1)
        return learner.arrays()

    found, usual = taught(precision=precision), taught()
    assert all(np.isfinite(array).all() for array in found.values())
    assert all(np.array_equal(found[name], usual[name]) for name in usual) == same
