"""A run that is stopped at any moment and resumed ends as one that nobody stopped, bit for bit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import treelet
from small_corpus import conllu, write
from treelet.errors import TrainingError
from treelet.settings import Settings, settings_from_dict
from treelet.training import Evaluated, Finished, Stepped, TrainingJob, train

ENCODER = {"width": 24, "recurrent_layers": 1, "recurrent_units": 8, "rows_norm": 200, "rows_shape": 50}
VALUES: dict[str, Any] = {
    "encoder": ENCODER | {"rows_prefix": [50], "rows_suffix": [100]},
    "training": {"epochs": 3, "batch_start": 40, "batch_stop": 80, "batch_growth": 1.05, "word_dropout": 0.1}
    | {"augment_lower": 0.2, "augment_upper": 0.2, "augment_marks": 0.2, "augment_final": 0.2},
}
FILES = ("weights.safetensors", "labels.json", "settings.toml", "tokenizer.json", "manifest.json")


@pytest.fixture
def trees(tmp_path: Path) -> Path:
    return write(tmp_path / "t.conllu", conllu(30))


def job(trees: Path, out: Path, values: dict[str, Any] = VALUES, **more: Any) -> TrainingJob:
    settings: Settings = settings_from_dict(values)
    return TrainingJob(**({"train": [trees], "dev": [trees], "out": out, "settings": settings} | more))


def contents(package: Path) -> dict[str, bytes]:
    return {name: (package / name).read_bytes() for name in FILES}


@pytest.mark.parametrize("device", ["cpu", "torch-cpu"])
@pytest.mark.parametrize("events", [2, 9, 15, 24])
def test_stopped_after_any_event(events: int, device: str, trees: Path, tmp_path: Path) -> None:
    whole = [e for e in train(job(trees, tmp_path / "whole"), device) if isinstance(e, Evaluated)]
    each_step = job(trees, tmp_path / "p", checkpoint_seconds=0.0, resume=True)
    run: Iterator[Any] = train(each_step, device)
    list(islice(run, events))
    run.close()  # type: ignore[attr-defined]
    rest = list(train(each_step, device))
    assert contents(tmp_path / "p") == contents(tmp_path / "whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p", "t.conllu", "whole"]
    told = [e for e in rest if isinstance(e, Evaluated)]
    for ours, theirs in zip(reversed(told), reversed(whole), strict=False):
        assert (ours.words, ours.losses, ours.scores) == (theirs.words, theirs.losses, theirs.scores)


KILLED = """
import sys
from pathlib import Path
from treelet.settings import settings_from_dict
from treelet.training import TrainingJob, train
trees, out, values = Path(sys.argv[1]), Path(sys.argv[2]), eval(sys.argv[3])
settings = settings_from_dict(values)
for event in train(TrainingJob([trees], [trees], out, settings, resume=True, checkpoint_seconds=0.02)):
    print(type(event).__name__, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_again_and_again(trees: Path, tmp_path: Path) -> None:
    list(train(job(trees, tmp_path / "whole")))
    command = [sys.executable, "-c", KILLED, str(trees), str(tmp_path / "p"), repr(VALUES)]
    kills = 0
    for lines in (3, 8, 17, 1000):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in islice(process.stdout, lines):
            pass
        if process.poll() is None and lines < 1000:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.stdout.close()
        process.wait()
    assert process.returncode == 0
    assert kills >= 2
    assert contents(tmp_path / "p") == contents(tmp_path / "whole")
    assert not list(tmp_path.glob("p.*"))


def test_a_stopped_run_is_not_overwritten_by_accident(trees: Path, tmp_path: Path) -> None:
    run: Iterator[Any] = train(job(trees, tmp_path / "p", checkpoint_seconds=0.0))
    list(islice(run, 4))
    run.close()  # type: ignore[attr-defined]
    with pytest.raises(TrainingError, match=r"p\.checkpoint: a run was stopped here; --resume goes on"):
        list(train(job(trees, tmp_path / "p")))


def test_another_job_does_not_go_on_with_it(trees: Path, tmp_path: Path) -> None:
    run: Iterator[Any] = train(job(trees, tmp_path / "p", checkpoint_seconds=0.0))
    list(islice(run, 4))
    run.close()  # type: ignore[attr-defined]
    other = VALUES | {"training": VALUES["training"] | {"seed": 1}}
    with pytest.raises(TrainingError, match="from other files or settings"):
        list(train(job(trees, tmp_path / "p", other, resume=True)))
    write(trees, conllu(31))
    with pytest.raises(TrainingError, match="from other files or settings"):
        list(train(job(trees, tmp_path / "p", resume=True)))


@pytest.mark.parametrize("damage", ["cut", "junk", "empty", "position"])
def test_a_damaged_checkpoint_is_an_error(damage: str, trees: Path, tmp_path: Path) -> None:
    run: Iterator[Any] = train(job(trees, tmp_path / "p", checkpoint_seconds=0.0))
    list(islice(run, 4))
    run.close()  # type: ignore[attr-defined]
    path = tmp_path / "p.checkpoint"
    content = path.read_bytes()
    damaged = {
        "cut": content[: len(content) // 2],
        "junk": b"\x00" * 100,
        "empty": b"",
        "position": content.replace(b'\\"epoch\\"', b'\\"epOch\\"'),
    }[damage]
    assert damaged != content
    path.write_bytes(damaged)
    with pytest.raises(TrainingError, match=r"p\.checkpoint: is no checkpoint, or a damaged one"):
        list(train(job(trees, tmp_path / "p", resume=True)))


def test_a_finished_run_is_left_alone(trees: Path, tmp_path: Path) -> None:
    list(train(job(trees, tmp_path / "p")))
    before = contents(tmp_path / "p")
    (event,) = train(job(trees, tmp_path / "p", resume=True))
    assert isinstance(event, Finished)
    assert "nothing to resume" in event.reason
    assert contents(tmp_path / "p") == before


def test_a_package_is_whole_at_every_moment(trees: Path, tmp_path: Path) -> None:
    seen = 0
    for event in train(job(trees, tmp_path / "p", checkpoint_seconds=0.0)):
        if isinstance(event, Stepped) and (tmp_path / "p").exists():
            meta = treelet.load(tmp_path / "p", verify=True).meta
            assert meta is not None
            assert json.dumps(meta.scores)
            seen += 1
    assert seen
