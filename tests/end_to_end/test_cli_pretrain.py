"""`treelet pretrain` from raw text to an encoder, and `treelet train --start` from there."""

from __future__ import annotations

import gzip
import json
import lzma
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from small_corpus import conllu, sentence, write
from small_pipeline import SMALL
from treelet.cli import run
from treelet.errors import TrainingError
from treelet.formats import read_conllu
from treelet.package.encoder_file import read_encoder
from treelet.settings import settings_from_dict
from treelet.training import TrainingJob, train
from treelet.training.pretrain import PretrainingJob, pretrain, raw_docs
from treelet.training.progress import Evaluated, Finished, Prepared, Stepped

ENCODER = SMALL["encoder"]
TRAINING = {"epochs": 3, "batch_start": 40, "batch_stop": 80, "learning_rate": 0.01}
SETTINGS = settings_from_dict({"encoder": ENCODER, "training": TRAINING})
TAIL = "\tX\t_\t_\t1\tx\t_\t_\n\n"
OPTIONS = [
    part
    for section, values in (("encoder", ENCODER), ("training", TRAINING))
    for name, value in values.items()
    for part in ("--set", f"{section}.{name}={json.dumps(value)}")
]


@pytest.fixture
def trees(tmp_path: Path) -> Path:
    return write(tmp_path / "t.conllu", conllu(30))


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    chance = random.Random(1)
    lines = [" ".join(row[0] for row in sentence(chance)) for _ in range(60)]
    return write(tmp_path / "raw.txt", "\n\n".join(lines) + "\n")


def job(raw: Path, out: str = "x.encoder", **more: Any) -> PretrainingJob:
    given: dict[str, Any] = {"raw": [raw], "out": raw.with_name(out), "settings": SETTINGS, "held_out": 0.1}
    return PretrainingJob(**(given | more))


def test_from_text_to_a_package(
    raw: Path, trees: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    encoder, package = tmp_path / "x.encoder", tmp_path / "p"
    arguments = ["pretrain", "--raw", str(raw), "--raw", str(trees), "--out", str(encoder), *OPTIONS]
    assert run([*arguments, "--held-out", "0.1", "--json"]) == 0
    events = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == [*["evaluated"] * 3, "finished"]
    assert set(events[0]["scores"]) == {"held-out loss", "accuracy"}
    assert events[2]["losses"]["characters"] < events[0]["losses"]["characters"]
    about = read_encoder(encoder, SETTINGS).about
    assert (about["objective"], about["raw"]) == ("characters", ["raw.txt", "t.conllu"])
    log = [json.loads(line) for line in (tmp_path / "x.encoder.log.jsonl").read_text().splitlines()]
    assert (log[0]["event"], log[0]["objective"]) == ("started", "characters")
    train_it = ["train", "--train", str(trees), "--dev", str(trees), "--out", str(package)]
    assert run([*train_it, "--start", str(encoder), *OPTIONS]) == 0
    assert run(["annotate", "Tim saw the dog.", "--model", str(package)]) == 0
    capfd.readouterr()
    wider = [*train_it, "--start", str(encoder), *OPTIONS, "--set", "encoder.width=32"]
    assert run([*wider[:-2], "--out", str(tmp_path / "q"), *wider[-2:]]) == 1
    assert "encoder.width 24, now 32" in capfd.readouterr().err


def test_wrong_usage(raw: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = ["pretrain", "--raw", str(raw), "--out", str(tmp_path / "x")]
    assert run([*arguments, "--objective", "vectors"]) == 2
    assert run([*arguments, "--masked", "1"]) == 2
    assert run([*arguments, "--set", "encoder.wide=3"]) == 2
    assert run(["pretrain", "--raw", str(tmp_path / "absent"), "--out", str(tmp_path / "x")]) == 1
    assert "absent: no such file" in capfd.readouterr().err
    started = ["train", "--train", str(raw), "--dev", str(raw), "--out", "p", "--start", str(raw)]
    assert run([*started, "--base", "en_core_web_sm"]) == 2
    assert "--start" in capfd.readouterr().err
    both = TrainingJob([raw], [raw], tmp_path / "p", base="en_core_web_sm", start=raw)
    with pytest.raises(TrainingError, match="leave one out"):
        list(train(both))


def test_a_training_starts_with_the_weights_of_the_file(raw: Path, trees: Path, tmp_path: Path) -> None:
    list(pretrain(job(raw)))
    encoder = tmp_path / "x.encoder"
    still = settings_from_dict({"encoder": ENCODER, "training": {**TRAINING, "learning_rate": 1e-6}})
    task = TrainingJob([trees], [trees], tmp_path / "p", still, start=encoder)
    learner = learner_of(train(task))
    for name, array in read_encoder(encoder, still).arrays.items():
        assert_array_equal(learner.arrays()[name], array)
    fresh = learner_of(train(TrainingJob([trees], [trees], tmp_path / "q", still)))
    assert not np.array_equal(fresh.arrays()["mix.weight"], learner.arrays()["mix.weight"])


def learner_of(events: Iterator[Any]) -> Any:
    """The learner of a run that has been prepared, and not begun."""
    assert isinstance(next(events), Prepared)
    return events.gi_frame.f_locals["run"].learner  # type: ignore[attr-defined]


@pytest.mark.parametrize("objective", ["characters", "vectors"])
def test_the_same_job_makes_the_same_file(objective: str, raw: Path, tmp_path: Path) -> None:
    words = sorted({word.lower() for line in raw.read_text().split("\n") for word in line.split()})
    rows = np.random.default_rng(0).normal(size=(len(words), 5)).round(3)
    lines = [" ".join([word, *map(str, row)]) for word, row in zip(words, rows, strict=True)]
    vectors = write(tmp_path / "v.txt", "\n".join(lines) + "\n")
    given = {"objective": objective, "vectors": vectors}
    events = list(pretrain(job(raw, **given)))
    list(pretrain(job(raw, "y.encoder", **given)))
    assert (tmp_path / "x.encoder").read_bytes() == (tmp_path / "y.encoder").read_bytes()
    losses = [event.losses[objective] for event in events if isinstance(event, Evaluated)]
    assert losses[-1] < losses[0]
    assert ("vectors.map" in (tmp_path / "x.encoder").read_bytes()[:9000].decode("latin-1")) == (
        objective == "characters"
    )


@pytest.mark.parametrize("events", [3, 5, 12])
def test_stopped_and_resumed(events: int, raw: Path, tmp_path: Path) -> None:
    whole = list(pretrain(job(raw)))
    assert sum(isinstance(event, Stepped) for event in whole) > 12
    given = {"resume": True, "checkpoint_seconds": 0.0}
    stopped = pretrain(job(raw, "y.encoder", **given))
    list(islice(stopped, events))
    stopped.close()  # type: ignore[attr-defined]
    with pytest.raises(TrainingError, match="--resume"):
        list(pretrain(job(raw, "y.encoder")))
    with pytest.raises(TrainingError, match="other files or settings"):
        list(pretrain(job(raw, "y.encoder", **given, masked=0.3)))
    rest = list(pretrain(job(raw, "y.encoder", **given)))
    assert len(rest) < len(whole)
    assert (tmp_path / "y.encoder").read_bytes() == (tmp_path / "x.encoder").read_bytes()
    assert not (tmp_path / "y.encoder.checkpoint").exists()
    (end,) = pretrain(job(raw, "y.encoder", **given))
    assert isinstance(end, Finished)


def test_raw_files(raw: Path, trees: Path) -> None:
    content = raw.read_bytes()
    packed = [raw.with_suffix(".txt.xz"), raw.with_suffix(".txt.gz")]
    packed[0].write_bytes(lzma.compress(content))
    packed[1].write_bytes(gzip.compress(content))
    plain = [doc.text for doc in raw_docs([raw], "en")]
    assert len(plain) == 60
    for path in packed:
        assert [doc.text for doc in raw_docs([path], "en")] == plain
    both = list(raw_docs([raw, trees], "en"))
    assert len(both) == 60 + len(list(read_conllu(trees)))


def test_plain_text_is_split_as_treebanks_teach(tmp_path: Path) -> None:
    token = "1-2\tdunno" + 8 * "\t_" + "\n1\tdun\tdo\tAUX\t_\t_\t0\troot\t_\t_\n2\tno\tno" + TAIL
    trees, raw = write(tmp_path / "t.conllu", token * 3), write(tmp_path / "r.txt", "I dunno it\n")
    words = [list(doc.columns.word_column()) for doc in raw_docs([raw, trees], "en")]
    assert words[-1] == ["I", "dun", "no", "it"]


def test_too_little_text(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="at least two texts"):
        list(pretrain(job(write(tmp_path / "raw.txt", "One line alone.\n"))))
