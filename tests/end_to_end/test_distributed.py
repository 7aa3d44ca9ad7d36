"""Several processes teach one network: as one process would with larger batches, and they end together."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import treelet
from small_corpus import conllu, iob2, write
from treelet.package.safetensors import read_tensors, to_array
from treelet.settings import settings_from_dict
from treelet.training import Evaluated, Finished, TrainingJob, train

pytestmark = pytest.mark.skipif(
    not (torch.distributed.is_available() and torch.distributed.is_gloo_available()),
    reason="this PyTorch has no gloo, which connects processes on processors",
)

STILL = {"dropout": 0.0, "exploration": 0.0}
"""Nothing left to chance: processes draw other random numbers than one would."""

VALUES: dict[str, Any] = {
    "encoder": {
        "width": 24,
        "rows_norm": 200,
        "rows_prefix": [50],
        "rows_suffix": [100],
        "rows_shape": 50,
        "recurrent_units": 8,
    },
    "senter": {"dropout": 0.0},
    "parser": STILL | {"given_starts": 0.0, "global_updates": 0.0},
    "ner": STILL | {"global_updates": 0.0},
    "training": {"epochs": 2, "batch_start": 20, "batch_stop": 40, "dropout": 0.0, "stored": "fp32"},
}

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]

RUN = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from treelet.settings import settings_from_dict
from treelet.training import Evaluated, TrainingJob, train

folder, values = Path(sys.argv[1]), json.loads(sys.argv[2])
for device in sys.argv[3:]:
    files = [folder / "t.conllu", folder / "names.iob2"]
    job = TrainingJob(files, [folder / "d.conllu"], folder / f"two-{device}", settings_from_dict(values))
    found = [asdict(event) for event in train(job, device) if isinstance(event, Evaluated)]
    (folder / f"told-{device}-{__import__('os').environ['RANK']}.json").write_text(json.dumps(found))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Trees of many documents, entities alone in a long one: some parts have nothing of one of the two."""
    write(tmp_path / "t.conllu", conllu(60, entities=False))
    write(tmp_path / "names.iob2", iob2(12))
    write(tmp_path / "d.conllu", conllu(10, seed=1))
    return tmp_path


def weights(package: Path) -> dict[str, np.ndarray]:
    return {name: to_array(t) for name, t in read_tensors(package / "weights.safetensors").items()}


def test_two_processes_teach_what_one_does_with_batches_twice_as_large(folder: Path) -> None:
    devices = ["cpu", "torch-cpu"]
    (folder / "run.py").write_text(RUN)
    command = [*TORCHRUN, str(folder / "run.py"), str(folder), json.dumps(VALUES), *devices]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    doubled = VALUES["training"] | {"batch_start": 40, "batch_stop": 80}
    settings = settings_from_dict(VALUES | {"training": doubled})
    for device in devices:
        files = [folder / "t.conllu", folder / "names.iob2"]
        job = TrainingJob(files, [folder / "d.conllu"], folder / f"one-{device}", settings)
        one = [event for event in train(job, device) if isinstance(event, Evaluated)]
        first, second = (json.loads((folder / f"told-{device}-{n}.json").read_text()) for n in (0, 1))
        assert first == second
        assert [event["words"] for event in first] == [event.words for event in one]
        for two, alone in zip(first, one, strict=True):
            assert two["losses"] == pytest.approx(alone.losses, rel=1e-4)
            assert two["scores"] == pytest.approx(alone.scores)
        ours, theirs = weights(folder / f"two-{device}"), weights(folder / f"one-{device}")
        assert ours.keys() == theirs.keys()
        for name in ours:
            np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-4, atol=2e-5, err_msg=name)
        text = "The dogs saw Ana in Rome. This child liked Tim."
        annotated = [treelet.load(folder / f"{n}-{device}")(text) for n in ("one", "two")]
        assert annotated[0].to_conllu() == annotated[1].to_conllu()


ONE_OF_TWO = """
import sys
from pathlib import Path
from treelet.cli import main
from treelet.training import evaluation

rank, trouble = int(__import__("os").environ["RANK"]), sys.argv[1]

def fail(*_):
    raise OSError(28, "No space left on device", "p.candidate")

if trouble == "evaluation" and rank == 0:
    evaluation.Evaluator.evaluate = fail
main(["train", *sys.argv[2:]])
"""


def start(folder: Path, *arguments: str, trouble: str = "none", files: tuple[str, ...] = ("t", "t")) -> Any:
    """Two processes of the command line, as torchrun starts them, each with its own file to teach from."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = []
    for rank, name in enumerate(files):
        place = {"RANK": str(rank), "WORLD_SIZE": "2", "LOCAL_RANK": str(rank)}
        place |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1"}
        data = ["--train", str(folder / f"{name}.conllu"), "--dev", str(folder / "d.conllu")]
        data += ["--settings", str(folder / "s.toml"), "--out", str(folder / "p"), *arguments]
        found.append(
            subprocess.Popen(
                [sys.executable, "-c", ONE_OF_TWO, trouble, *data],
                env=os.environ | place,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    return found


def ends(processes: Any) -> list[tuple[int, str, str]]:
    """Exit code, standard output and error of both."""
    return [(p.returncode, *texts) for p in processes for texts in [p.communicate(timeout=60)]]
