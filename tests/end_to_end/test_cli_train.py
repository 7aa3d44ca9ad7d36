"""`treelet train` from two small files to a package that `treelet evaluate` and `annotate` can use."""

import json
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from treelet.cli import run
from treelet.settings import override, settings_from_dict
from treelet.training import Progress, TrainingJob

SENTENCE = """\
# text = The dog saw Tim in Rome.
1\tThe\tthe\tDET\tDT\tDefinite=Def\t2\tdet\t_\tNER=O
2\tdog\tdog\tNOUN\tNN\tNumber=Sing\t3\tnsubj\t_\tNER=O
3\tsaw\tsee\tVERB\tVBD\tTense=Past\t0\troot\t_\tNER=O
4\tTim\tTim\tPROPN\tNNP\tNumber=Sing\t3\tobj\t_\tNER=B-person
5\tin\tin\tADP\tIN\t_\t6\tcase\t_\tNER=O
6\tRome\tRome\tPROPN\tNNP\tNumber=Sing\t3\tobl\t_\tSpaceAfter=No|NER=B-place
7\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\tNER=O

"""
SMALL = [
    "encoder.width=16",
    "encoder.depth=1",
    "training.epochs=2",
    "training.batch_start=20",
    "training.batch_stop=20",
]


def test_teach_evaluate_annotate(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    trees, names = tmp_path / "trees.conllu", tmp_path / "names.iob2"
    trees.write_text(SENTENCE * 6)
    names.write_text("Tim B-person\nlikes O\nRome B-place\n\n" * 6)
    package = tmp_path / "en_core_tiny_sm"
    arguments = [
        "train",
        "--train",
        str(trees),
        "--train",
        str(names),
        "--dev",
        str(trees),
        "--map",
        "person=PER",
    ]
    arguments += ["--map", "place=", "--out", str(package), "--licence", "CC0-1.0", "--seed", "3", "--json"]
    for assignment in SMALL:
        arguments += ["--set", assignment]
    assert run(arguments) == 0
    events = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == ["evaluated", "evaluated", "finished"]
    assert {"UPOS", "LAS", "ENTS"} <= set(events[0]["scores"])

    assert run(["info", str(package), "--json"]) == 0
    manifest = json.loads(capfd.readouterr().out)
    assert manifest["name"] == "en_core_tiny_sm"
    assert manifest["licence"] == "CC0-1.0"
    assert (
        run(["evaluate", str(package), str(trees), "--map", "person=PER", "--map", "place=", "--json"]) == 0
    )
    assert set(json.loads(capfd.readouterr().out)["entities"]["labels"]) == {"PER"}
    assert run(["annotate", "Tim saw the dog.", "--model", str(package)]) == 0
    assert "dog" in capfd.readouterr().out


def test_rows_for_people(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    trees = tmp_path / "trees.conllu"
    trees.write_text(SENTENCE * 4)
    arguments = ["train", "--train", str(trees), "--dev", str(trees), "--out", str(tmp_path / "p")]
    for assignment in SMALL:
        arguments += ["--set", assignment]
    assert run(arguments) == 0
    shown = capfd.readouterr().out.splitlines()
    assert "teaching tagger, morphologizer, lemmatizer, senter, parser, ner" in shown[0]
    assert "LAS" in shown[1]
    assert str(tmp_path / "p") in shown[-1]


def train_small(folder: Path, *more: str) -> Path:
    trees = folder / "trees.conllu"
    trees.write_text(SENTENCE * 4)
    arguments = ["train", "--train", str(trees), "--dev", str(trees), "--out", str(folder / "p"), *more]
    for assignment in SMALL:
        arguments += ["--set", assignment]
    assert run(arguments) == 0
    return folder / "p.log.jsonl"


def test_a_log_is_left_beside_the_package(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    log = train_small(tmp_path, "--json")
    shown = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    records = [json.loads(line) for line in log.read_text().splitlines()]
    assert [record["event"] for record in records[:3]] == ["started", "prepared", "steps"]
    assert records[0]["settings"]["encoder"]["width"] == 16
    assert records[0]["train"] == [str(tmp_path / "trees.conllu")]
    assert [record for record in records if record["event"] == "evaluated"] == shown[:2]
    assert records[-1]["event"] == "finished"
    assert run(["info", str(tmp_path / "p")]) == 0  # the package holds nothing it does not know


def test_a_log_elsewhere_or_none(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    assert not train_small(tmp_path, "--log", str(tmp_path / "logs" / "x.jsonl")).exists()
    assert (tmp_path / "logs" / "x.jsonl").exists()
    assert not train_small(tmp_path, "--no-log").exists()


def test_the_log_of_a_resumed_run_is_that_of_one_run(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from treelet.training import Evaluated
    from treelet.training.log import JsonLines, recorded
    from treelet.training.log_reader import read_log

    for name in ("whole", "stopped"):
        (tmp_path / name).mkdir()
    whole = read_log(train_small(tmp_path / "whole"))
    job = replace(small_job(tmp_path / "stopped"), checkpoint_seconds=0.0)
    with closing(JsonLines(job.out.with_name("p.log.jsonl"))) as log:
        for event in recorded(train_events(job), {}, [log]):
            if isinstance(event, Evaluated):
                break
    resumed = read_log(train_small(tmp_path / "stopped", "--resume"))
    assert [each.scores for each in resumed.evaluations] == [each.scores for each in whole.evaluations]
    assert [each.words for each in resumed.steps] == [each.words for each in whole.steps]
    assert resumed.reason == whole.reason


def small_job(folder: Path) -> TrainingJob:
    trees = folder / "trees.conllu"
    trees.write_text(SENTENCE * 4)
    values: dict[str, Any] = {}
    for assignment in SMALL:
        override(values, assignment)
    return TrainingJob([trees], [trees], folder / "p", settings_from_dict(values))


def train_events(job: TrainingJob) -> Iterable[Progress]:
    from treelet.training import train

    return train(job)


def test_tensorboard(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    log = train_small(tmp_path, "--tensorboard", str(tmp_path / "board"))
    found = EventAccumulator(str(tmp_path / "board"))
    found.Reload()
    assert {"loss/parser", "score/LAS", "score/score"} <= set(found.Tags()["scalars"])
    records = [json.loads(line) for line in log.read_text().splitlines()]
    scores = [record["scores"]["LAS"] for record in records if record["event"] == "evaluated"]
    assert [each.value for each in found.Scalars("score/LAS")] == pytest.approx(scores)


def test_tensorboard_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    trees = tmp_path / "trees.conllu"
    trees.write_text(SENTENCE)
    arguments = ["train", "--train", str(trees), "--dev", str(trees), "--out", str(tmp_path / "p")]
    assert run([*arguments, "--tensorboard", str(tmp_path / "board")]) == 1
    assert "pip install 'treelet[tensorboard]'" in capfd.readouterr().err


def test_torch_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    trees = tmp_path / "trees.conllu"
    trees.write_text(SENTENCE)
    users = ("torch", "treelet.networks", "treelet.teaching", "treelet.training")
    for name in [name for name in sys.modules if f"{name}.".startswith(tuple(f"{user}." for user in users))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert run(["train", "--train", str(trees), "--dev", str(trees), "--out", str(tmp_path / "p")]) == 1
    assert "pip install 'treelet[train]'" in capfd.readouterr().err
