"""The log of a training run: thinned, whole lines, read back; what a resumed run does again counts once."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from treelet.cli import run
from treelet.errors import FormatError, TrainingError
from treelet.training.log import LINES, JsonLines, default_log, recorded
from treelet.training.log_reader import read_log
from treelet.training.progress import Evaluated, Finished, Prepared, Progress, Stepped

BATCH = 10


def events(words: int = 100, epochs: int = 3, start: int = 1) -> Iterator[Progress]:
    """A run whose loss is 1 / step; `start`: the first pass, of a run that was resumed."""
    yield Prepared(5, words, ["parser", "ner"], 1000, epochs)
    for epoch in range(start, epochs + 1):
        for taught in range((epoch - 1) * words + BATCH, epoch * words + 1, BATCH):
            yield Stepped(epoch, taught, {"parser": BATCH / taught, "ner": math.nan})
        scores = {"LAS": 60.0 + epoch % 3, "ENTS": 30.0}
        yield Evaluated(epoch, epoch * words, float(epoch), {"parser": 0.5}, scores, 45.0 + epoch % 3, True)
    yield Finished(Path("p"), "done", {"LAS": 62.0})


def write_log(path: Path, told: Iterator[Progress], stop: int = 10**9, **options: Any) -> list[Progress]:
    sink = JsonLines(path, **options)
    with closing(sink):
        return list(islice(recorded(told, {"treelet": "0"}, [sink]), stop))


def test_the_events_pass_through_and_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "p.log.jsonl"
    assert write_log(path, events())[1:3] == list(events())[1:3]
    log = read_log(path)
    assert log.name == "p"
    assert log.started["treelet"] == "0"
    assert log.prepared is not None
    assert log.words_in_pass() == 100
    assert [each.words for each in log.steps] == list(range(BATCH, 301, BATCH))
    assert log.steps[3].losses["parser"] == BATCH / 40
    assert [each.epoch for each in log.evaluations] == [1, 2, 3]
    best = log.best()
    assert best is not None
    assert best.epoch == 2
    assert log.reason == "done"


def test_a_loss_that_is_no_number_is_null(tmp_path: Path) -> None:
    path = tmp_path / "p.log.jsonl"
    write_log(path, events())
    assert '"ner": null' in path.read_text()
    assert math.isnan(read_log(path).steps[0].losses["ner"])


def test_a_long_run_stays_small_and_its_means_are_right(tmp_path: Path) -> None:
    path = tmp_path / "p.log.jsonl"
    words, epochs = 10_000, 7
    write_log(path, events(words, epochs))
    steps = read_log(path).steps
    assert LINES <= len(steps) <= LINES + epochs
    assert sum(record["steps"] for record in of_kind(path, "steps")) == words * epochs // BATCH
    first = of_kind(path, "steps")[0]
    shares = [BATCH / taught for taught in range(BATCH, first["words"] + 1, BATCH)]
    assert len(shares) > 1
    assert first["losses"]["parser"] == pytest.approx(sum(shares) / len(shares))


def of_kind(path: Path, kind: str) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in path.read_text().splitlines()]
    return [record for record in records if record["event"] == kind]


def test_a_killed_and_resumed_run_reads_as_one(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    write_log(whole, events())
    write_log(killed, events(), stop=18)  # in pass 2
    killed.write_bytes(killed.read_bytes() + b'{"event": "steps", "epo')
    assert len(read_log(killed).steps) == 16
    write_log(killed, events(start=2), resume=True)  # from the end of pass 1
    assert len(of_kind(killed, "started")) == 2
    again, once = read_log(killed), read_log(whole)
    assert [each.words for each in again.steps] == [each.words for each in once.steps]
    assert again.evaluations == once.evaluations


def test_a_run_that_fails_at_once_leaves_the_log_before_it(tmp_path: Path) -> None:
    path = tmp_path / "p.log.jsonl"
    write_log(path, events())
    before = path.read_bytes()

    def failing() -> Iterator[Progress]:
        raise TrainingError("no")
        yield

    with pytest.raises(TrainingError):
        write_log(path, failing())
    assert path.read_bytes() == before
    write_log(path, events(epochs=1))
    assert len(read_log(path).evaluations) == 1


def test_the_log_stands_beside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert default_log(Path("a.b")) == tmp_path / "a.b.log.jsonl"
    assert default_log(Path()) == tmp_path.with_name(tmp_path.name + ".log.jsonl")


STARTED = '{"event": "started"}\n'
STEPS = '{"event": "steps", "epoch": 1, '


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "no line tells of a start"),
        ("{}\n", "no line tells of a start"),
        ("hello\n", "line 1: not JSON"),
        (STARTED + "[1]\n", "line 2: found list"),
        (STARTED + "[" * 5000 + "\n", "line 2: not JSON"),
        (STARTED + STEPS + '"words": NaN, "losses": {}}\n', "line 2: not JSON"),
        (STARTED + STEPS + '"words": 5}\n', "line 2: losses: is missing"),
        (STARTED + STEPS + '"words": "5", "losses": {}}\n', "line 2: words: found '5'"),
        (STARTED + STEPS + '"words": 5, "losses": {"a": "b"}}\n', "line 2: losses.a: found 'b'"),
    ],
)
def test_what_is_no_log_is_named(tmp_path: Path, content: str, expected: str) -> None:
    path = tmp_path / "p.log.jsonl"
    path.write_text(content)
    with pytest.raises(FormatError, match=r"p\.log\.jsonl") as error:
        read_log(path)
    assert expected in str(error.value)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_curves_are_drawn(tmp_path: Path, suffix: str, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    logs = [tmp_path / "one.log.jsonl", tmp_path / "two.log.jsonl"]
    for log, epochs in zip(logs, (2, 3), strict=True):
        write_log(log, events(epochs=epochs))
    out = tmp_path / f"x{suffix}"
    assert run(["plot", *map(str, logs), "--out", str(out), "--json"]) == 0
    shown = json.loads(capfd.readouterr().out)
    found = [(row["run"], row["best pass"], row["LAS"]) for row in shown["runs"]]
    assert found == [("one", 2, 62.0), ("two", 2, 62.0)]
    before = out.read_bytes()
    if suffix == ".svg":
        for word in ("one", "two", "LAS, %", "loss of parser"):
            assert word in before.decode()
    assert run(["plot", *map(str, logs), "--out", str(out)]) == 0
    assert "two" in capfd.readouterr().out
    assert out.read_bytes() == before


def test_a_plot_of_one_run_is_beside_its_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    write_log(tmp_path / "one.log.jsonl", events(), stop=5)  # still going on: nothing is evaluated
    assert run(["plot", str(tmp_path / "one.log.jsonl")]) == 0
    assert (tmp_path / "one.png").read_bytes()[:4] == b"\x89PNG"
    assert "not yet" in capfd.readouterr().out


def test_what_a_plot_cannot_do(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "one.log.jsonl"
    write_log(log, events(), stop=1)
    assert run(["plot", str(log), "--out", str(tmp_path / "x.bmp")]) == 2
    assert ".svg" in capfd.readouterr().err
    assert run(["plot", str(tmp_path / "absent.jsonl")]) == 1
    assert "absent.jsonl: cannot be read" in capfd.readouterr().err
    assert run(["plot", str(log)]) == 1
    assert "nothing was taught yet" in capfd.readouterr().err
    write_log(log, events())
    for name in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, name, None)
    assert run(["plot", str(log)]) == 1
    assert "pip install 'treelet[plot]'" in capfd.readouterr().err
