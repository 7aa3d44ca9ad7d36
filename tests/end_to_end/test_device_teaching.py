"""Teaching with PyTorch alone: it learns as the core's functions let it, and never mixes two devices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

import treelet
from small_corpus import conllu, write
from treelet.cli import run
from treelet.errors import SettingsError
from treelet.formats import read_docs
from treelet.networks.device import STAND_IN
from treelet.scoring import score_docs
from treelet.settings import settings_from_dict
from treelet.training import Evaluated, Stepped, TrainingJob, train

SETTINGS: dict[str, Any] = {
    "encoder": {
        "width": 24,
        "rows_norm": 200,
        "rows_prefix": [50],
        "rows_suffix": [100],
        "rows_shape": 50,
        "recurrent_units": 12,
    },
    "parser": {"global_updates": 0.3},
    "training": {"epochs": 3, "batch_start": 60, "batch_stop": 60, "learning_rate": 0.01, "average": 0.9},
}


STILL = {"dropout": 0.0}
"""Nothing left to chance that the functions of devices draw in another way."""


def job(folder: Path, out: str, sections: dict[str, Any] | None = None) -> TrainingJob:
    trees, heldout = folder / "t.conllu", folder / "d.conllu"
    if not trees.exists():
        write(trees, conllu(40))
        write(heldout, conllu(20, seed=1))
    settings = settings_from_dict(SETTINGS | (sections or {}))
    return TrainingJob(train=[trees], dev=[heldout], out=folder / out, settings=settings)


def evaluations(job: TrainingJob, device: str) -> list[Evaluated]:
    return [event for event in train(job, device) if isinstance(event, Evaluated)]


def test_functions_of_devices_teach_what_those_of_the_core_do(tmp_path: Path) -> None:
    training = SETTINGS["training"] | STILL | {"epochs": 1, "learning_rate": 0.001}
    sections = {"parser": STILL, "ner": STILL, "training": training}
    core, device = (
        [event.losses for event in train(job(tmp_path, name, sections), name) if isinstance(event, Stepped)]
        for name in ("cpu", STAND_IN)
    )
    assert len(core) == len(device) > 2
    for step, other in zip(core, device, strict=True):
        assert step == pytest.approx(other, rel=1e-3)


def test_a_treebank_is_learned_on_a_device(tmp_path: Path) -> None:
    last = evaluations(job(tmp_path, "p"), STAND_IN)[-1]
    assert last.score > 90
    nlp = treelet.load(tmp_path / "p")
    gold = list(read_docs(tmp_path / "d.conllu"))
    assert score_docs(gold, [nlp(doc.bare()) for doc in gold]).metrics["LAS"].f1 > 0.9


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one")
def test_a_device_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SettingsError, match=r"'cuda', which PyTorch .* cannot use here"):
        next(train(job(tmp_path, "p"), "cuda"))
    files = ["--train", str(tmp_path / "t.conllu"), "--dev", str(tmp_path / "d.conllu")]
    assert run(["train", *files, "--out", str(tmp_path / "p"), "--device", "gpu"]) == 1
    assert "device: found 'gpu', expected cpu" in capsys.readouterr().err
    assert not (tmp_path / "p").exists()


PRETENDING = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
import pretend_device, torch, treelet
from test_device_teaching import ONE_PASS, TEXT, evaluations, job

folder = Path(sys.argv[1])
nlp = treelet.load(folder / "torch-cpu", settings={"encoder.precision": "fp32"})
before = pretend_device.operations.copy()
print(nlp.to("pretend")(TEXT).to_json() == nlp.to("cpu")(TEXT).to_json())
print(evaluations(job(folder, "pretend", ONE_PASS), "pretend")[-1].losses)
print(len(before), {"aten::addmm", "aten::_fused_adamw_", "aten::flip"} <= pretend_device.operations)
for mix in (lambda x: x + torch.ones(3), lambda x: x.numpy()):
    try:
        mix(torch.ones(3, device="pretend"))
        print("was let through")
    except (RuntimeError, TypeError):
        pass
"""
ONE_PASS = {"training": SETTINGS["training"] | {"epochs": 1}}
TEXT = "The dogs saw Tim in Rome. A cat painted Ana."


def test_no_operation_mixes_two_devices(tmp_path: Path) -> None:
    """All of teaching and of annotation on a device that checks it; the same numbers as without."""
    pytest.importorskip("torch.utils.backend_registration")
    if not hasattr(torch.utils.backend_registration, "_setup_privateuseone_for_python_backend"):
        pytest.skip("this PyTorch has no devices in Python")
    expected = evaluations(job(tmp_path, STAND_IN, ONE_PASS), STAND_IN)[-1].losses
    here = Path(__file__).parent
    command = [sys.executable, "-c", PRETENDING, str(tmp_path), str(here), str(here.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["True", str(expected), "0 True"]
    assert (tmp_path / "pretend" / "weights.safetensors").read_bytes() == (
        tmp_path / STAND_IN / "weights.safetensors"
    ).read_bytes()
