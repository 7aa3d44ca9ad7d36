"""Several processes teach one network: as one process would with larger batches, and they end together."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import treelet
from small_corpus import conllu, iob2, write
from treelet.package.safetensors import read_tensors, to_array
from treelet.settings import settings_from_dict, settings_to_toml
from treelet.training import Evaluated, TrainingJob, train

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
    "training": {"epochs": 2, "batch_start": 20, "batch_stop": 40, "dropout": 0.0, "stored": "fp32"}
    | {"learning_rate": 0.0001},
}
"""Small steps: Adam makes whole ones of gradients that are no more than rounding."""

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
    done = subprocess.run(command, check=False, capture_output=True, timeout=300, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
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
        for name in (name for name in ours if "calibration" not in name):  # fitted to a few choices
            np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-4, atol=2e-5, err_msg=name)
        text = "The dogs saw Ana in Rome. This child liked Tim."
        annotated = [treelet.load(folder / f"{n}-{device}")(text) for n in ("one", "two")]
        assert annotated[0].to_json() == annotated[1].to_json()


ONE_OF_TWO = """
import os, signal, sys
from treelet.cli import main

def fail(*_):
    raise OSError(28, "No space left on device", "p.candidate")

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
trouble = sys.argv[1]
if trouble == "evaluation" and os.environ["RANK"] == "0":
    from treelet.training.evaluation import Evaluator
    Evaluator.evaluate = fail
if trouble == "checkpoints":
    from treelet.training.checkpoint import Checkpoint
    Checkpoint.save_when_due = Checkpoint.save
main(["train", *sys.argv[2:]])
"""


class Two:
    """Two processes of the command line with the places that torchrun would give them."""

    def __init__(self, folder: Path, *arguments: str, trouble: str = "", files: Any = ("t", "t")) -> None:
        """files: what each teaches from."""
        values = {name: VALUES[name] for name in ("encoder", "training")}  # the rest is left to chance
        (folder / "s.toml").write_text(settings_to_toml(settings_from_dict(values)))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        self.processes = []
        for rank, name in zip("01", files, strict=True):
            place = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": "2", "OMP_NUM_THREADS": "1"}
            place |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
            data = ["--train", str(folder / f"{name}.conllu"), "--dev", str(folder / "d.conllu")]
            data += ["--settings", str(folder / "s.toml"), "--json", *arguments]
            process = subprocess.Popen(
                [sys.executable, "-c", ONE_OF_TWO, trouble, *data],
                env=os.environ | place,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            self.processes.append(process)

    def after_lines(self, lines: int, sign: signal.Signals, to: slice = slice(None)) -> Two:
        """Send a signal when so many evaluations have been told."""
        told = self.processes[0].stdout
        assert told is not None
        if len(list(islice(told, lines))) < lines:
            raise AssertionError(self.ends())
        for process in self.processes[to]:
            process.send_signal(sign)
        return self

    def ends(self) -> tuple[list[int], list[str], str]:
        """Exit codes, standard outputs, and what both say on standard error together."""
        try:  # no more than a guard: both end within seconds where cores are free
            texts = [process.communicate(timeout=300) for process in self.processes]
        finally:
            for process in self.processes:
                process.kill()
        return [p.returncode for p in self.processes], [out for out, _ in texts], "".join(e for _, e in texts)


def test_stopped_and_resumed_ends_as_if_nobody_had(folder: Path) -> None:
    lively = ["--set", "training.dropout=0.2", "--set", "training.epochs=4"]
    codes, told, errors = Two(folder, *lively, "--out", str(folder / "whole")).ends()
    assert (codes, told[1], errors) == ([0, 0], "", "")
    again = [*lively, "--out", str(folder / "p"), "--resume"]
    codes, _, _ = Two(folder, *again, trouble="checkpoints").after_lines(2, signal.SIGKILL).ends()
    assert codes == [-9, -9]
    assert (folder / "p.checkpoint").exists()
    codes, told, errors = Two(folder, *again).ends()
    assert (codes, told[1], errors) == ([0, 0], "", "")
    assert len(told[0].splitlines()) in (2, 3)  # passes left, and the end
    for name in ("weights.safetensors", "manifest.json"):
        assert (folder / "p" / name).read_bytes() == (folder / "whole" / name).read_bytes()


@pytest.mark.parametrize(
    ("trouble", "second", "message"),
    [
        ("evaluation", "t", "treelet: error: p.candidate: No space left on device\n"),
        ("", "missing", "missing.conllu: no such file\n"),
        ("", "other", "process 1 of 2 .* has other .*training data than process 0 of 2 "),
    ],
)
def test_an_error_of_one_ends_both_with_one_message(
    trouble: str, second: str, message: str, folder: Path
) -> None:
    write(folder / "other.conllu", conllu(61, entities=False))
    arguments = ["--out", str(folder / "p")]
    codes, _, errors = Two(folder, *arguments, trouble=trouble, files=("t", second)).ends()
    assert codes == [1, 1]
    assert errors.count("\n") == 1, errors
    assert re.search(message, errors), errors


LONG = ["--set", "training.epochs=2000", "--set", "training.patience=1000", "--out"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("killed", [0, 1])
def test_a_process_that_is_killed_ends_the_other(killed: int, folder: Path) -> None:
    both = Two(folder, *LONG, str(folder / "p")).after_lines(1, signal.SIGKILL, slice(killed, killed + 1))
    codes, _, errors = both.ends()
    assert (codes[killed], codes[1 - killed]) == (-9, 1)
    expected = rf"treelet: error: process {1 - killed} of 2 .*: lost the others: .*--resume goes on.*\n"
    assert re.fullmatch(expected, errors), errors


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_ctrl_c_ends_both_without_a_word(folder: Path) -> None:
    codes, _, errors = Two(folder, *LONG, str(folder / "p")).after_lines(1, signal.SIGINT).ends()
    assert (codes, errors.strip()) == ([130, 130], "")
