"""`treelet tune` on a tiny treebank: what it leaves, that a kill costs nothing, that the best is repeated."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from small_corpus import conllu, write
from treelet.cli import run
from treelet.training.log_reader import read_log

pytest.importorskip("torch")
pytest.importorskip("optuna")
SPACE = """\
[training.batch_stop]
low = 20
high = 200
log = true
follow = ["training.batch_start"]
[training.dropout]
low = 0.0
high = 0.6
"""
SMALL = ["encoder.width=16", "training.batch_start=60", "training.batch_stop=60", "training.average=0.5"]


def options(folder: Path) -> list[str]:
    write(folder / "train.conllu", conllu(30))
    write(folder / "dev.conllu", conllu(20, seed=1))
    write(folder / "space.toml", SPACE)
    data = ["--train", str(folder / "train.conllu"), "--dev", str(folder / "dev.conllu")]
    return data + [word for each in SMALL for word in ("--set", each)]


def command(folder: Path, trials: int) -> list[str]:
    tune = ["tune", *options(folder), "--out", str(folder / "out"), "--space", str(folder / "space.toml")]
    return [*tune, "--metric", "LAS", "--epochs", "4", "--trials", str(trials), "--json"]


@dataclass
class Tuning:
    """A tuning of two trials that nothing disturbed, and the last line it printed."""

    folder: Path
    told: dict[str, Any]

    def values(self) -> list[tuple[dict[str, Any], float]]:
        trials = sorted(self.told["trials"], key=lambda trial: trial["number"])
        return [(trial["values"], trial["value"]) for trial in trials if trial["state"] == "done"]


def tuned(folder: Path, trials: int, capfd: Any) -> Tuning:
    assert run(command(folder, trials)) == 0
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [line["event"] for line in lines[-2:]] in (["trial", "tuned"], ["tuned"])
    return Tuning(folder, lines[-1])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Tuning:
    folder = tmp_path_factory.mktemp("whole")
    arguments = [sys.executable, "-m", "treelet", *command(folder, 2), "--processes", "1"]
    shown = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert not shown.stderr
    return Tuning(folder, json.loads(shown.stdout.splitlines()[-1]))


def test_what_a_tuning_leaves(whole: Tuning) -> None:
    out = whole.folder / "out"
    values = whole.values()
    assert values[0][0] == {"training.batch_stop": 60, "training.dropout": 0.2}
    assert values[1][0] != values[0][0]
    assert whole.told["best"]["value"] == max(value for _, value in values)
    assert sorted(path.name for path in out.iterdir()) == [
        "best",
        "best.toml",
        "lock",
        "trials",
        "trials.journal",
        *(["tuning.png", "tuning.svg"] if whole.told["pictures"] else []),
    ]
    assert {path.suffix for path in (out / "trials").iterdir()} == {".toml", ".jsonl"}
    logs = [read_log(path) for path in sorted((out / "trials").glob("*.jsonl"))]
    kept = [[each.scores["LAS"] for each in log.evaluations if each.best][-1] for log in logs]
    assert kept == [value for _, value in values]


def test_the_best_settings_teach_the_best_package_again(
    whole: Tuning, capfd: pytest.CaptureFixture[str]
) -> None:
    out, again = whole.folder / "out", whole.folder / "again"
    data = ["--train", str(whole.folder / "train.conllu"), "--dev", str(whole.folder / "dev.conllu")]
    assert run(["train", *data, "--settings", str(out / "best.toml"), "--out", str(again), "--json"]) == 0
    for name in ("weights.safetensors", "settings.toml", "labels.json"):
        assert (again / name).read_bytes() == (out / "best" / name).read_bytes()
    events = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    best = [event["scores"]["LAS"] for event in events if event.get("best")][-1]
    assert best == whole.told["best"]["value"]


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_killed_it_goes_on(whole: Tuning, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = [sys.executable, "-m", "treelet", *command(tmp_path, 2)]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL) as process:
        second = tmp_path / "out" / "trials" / "001.log.jsonl"
        wait_for(lambda: second.exists() and "evaluated" in second.read_text())
        process.send_signal(signal.SIGKILL)
    amid = len(read_log(second).evaluations) < 4  # as good as always
    again = tuned(tmp_path, 2, capfd)
    assert second.read_text().count('"started"') == 2 or not amid
    assert again.values() == whole.values()
    assert [trial["state"] for trial in again.told["trials"]] == ["done", "done"]
    weights = Path("out") / "best" / "weights.safetensors"
    assert (tmp_path / weights).read_bytes() == (whole.folder / weights).read_bytes()


def wait_for(happened: Any) -> None:
    end = time.monotonic() + 300  # a machine may be busy
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_rows_for_people_and_two_processes(whole: Tuning, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = [*command(whole.folder, 3)[:-1], "--processes", "2"]
    assert run(arguments) == 0
    shown = capfd.readouterr().out
    assert shown.startswith("goes on: 2 trials have ended; the best is trial ")
    assert "3 trials are there" in shown
    assert str(whole.folder / "out" / "best.toml") in shown
    assert shown.count("done") == 1 + 3  # as they end, and in the table


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_ctrl_c_ends_with_the_table(tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "treelet", *command(tmp_path, 2)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, preexec_fn=hear_ctrl_c) as process:
        wait_for((tmp_path / "out" / "trials" / "000.toml").exists)
        process.send_signal(signal.SIGINT)
        shown, _ = process.communicate()
    told = json.loads(shown)
    assert process.returncode == 130
    assert told["reason"] == "interrupted: the same command goes on"
    assert [trial["state"] for trial in told["trials"]] == ["unfinished"]


def hear_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_wrong_usage(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run([*command(tmp_path, 1), "--metric", "LASS"]) == 2
    assert "expected one of score" in capfd.readouterr().err
    arguments = command(tmp_path, 1)
    write(tmp_path / "space.toml", "[training.dropout]\nlow = 0.1\nhigh = 2\n")
    assert run(arguments) == 1
    assert "space.toml: training.dropout.high: found 2.0" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run(["tune", "--show-space"]) == 0
    write(tmp_path / "space.toml", capfd.readouterr().out)
    write(tmp_path / "dev.conllu", "1\tbroken\n")
    assert run(arguments) == 1
    assert "dev.conllu" in capfd.readouterr().err


def test_optuna_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    assert run(command(tmp_path, 1)) == 1
    assert "pip install 'treelet[tune]'" in capfd.readouterr().err
