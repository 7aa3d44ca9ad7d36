"""A tuning without its trainings: what is proposed, pruned, tried again, kept, and given up."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from treelet.cli.tune_table import show
from treelet.errors import FormatError, TrainingError
from treelet.settings import settings_from_dict
from treelet.training import TrainingJob
from treelet.tuning import Begun, Ended, TrialRecord, Tuned, TuningJob, tune, worker
from treelet.tuning.space import space_from_toml

pytest.importorskip("optuna")
EPOCHS = 4
Told = dict[str, Any]


class PretendWorkers:
    """Trials whose events a script makes of their settings."""

    script: Callable[[dict[str, Any]], Iterator[Told]]

    def __init__(self) -> None:
        self._told: deque[tuple[int, Told]] = deque()
        self._running: set[int] = set()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, number: int, job: dict[str, Any], errors: Path) -> None:
        self._running.add(number)
        package = Path(job["out"])
        package.mkdir(exist_ok=job["resume"])
        (package / "dropout").write_text(str(job["settings"]["training"]["dropout"]))
        self._told += [(number, told) for told in type(self).script(job)]

    def next(self) -> tuple[int, Told]:
        while True:
            number, told = self._told.popleft()
            if number in self._running:
                return number, told

    def stop(self, number: int) -> None:
        self._running.remove(number)

    forget = stop

    def stop_all(self) -> None:
        self._running.clear()


def passes(value: float) -> Iterator[Told]:
    for epoch in range(1, EPOCHS + 1):
        score = value * epoch / EPOCHS
        yield {"event": "steps", "epoch": epoch, "words": epoch, "total": EPOCHS}
        told = {"score": score, "scores": {"LAS": score}, "best": True, "seconds": epoch}
        yield {"event": "evaluated", "epoch": epoch, **told}


def well(job: dict[str, Any]) -> Iterator[Told]:
    """Best at a dropout of 0.3, whatever the batches."""
    yield from passes(80 - 100 * abs(job["settings"]["training"]["dropout"] - 0.3))
    yield {"event": "finished"}


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    monkeypatch.setattr("treelet.tuning.run.Workers", PretendWorkers)
    return lambda script: monkeypatch.setattr(PretendWorkers, "script", staticmethod(script), raising=False)


def job(folder: Path, **more: Any) -> TuningJob:
    data = folder / "data.conllu"
    data.write_text("x")
    settings = settings_from_dict({"training": {"epochs": EPOCHS}})
    return TuningJob([data], [data], folder / "out", settings, **{"pruning": "none", "trials": 4} | more)


def ended(events: list[Any]) -> list[TrialRecord]:
    return [event.trial for event in events if isinstance(event, Ended)]


def test_the_best_is_kept_and_the_first_is_what_was_there(tmp_path: Path, pretend: Any) -> None:
    pretend(well)
    events = list(tune(job(tmp_path, trials=14)))
    last = events[-1]
    assert isinstance(last, Tuned)
    trials = ended(events)
    assert len(trials) == len(last.trials) == 14
    assert trials[0].values == {"training.batch_stop": 1000, "training.dropout": 0.2}
    assert last.best is not None
    assert last.best.value == max(trial.value or 0.0 for trial in trials)
    assert (tmp_path / "out" / "best" / "dropout").read_text() == str(last.best.values["training.dropout"])
    assert f"dropout = {last.best.values['training.dropout']}" in (tmp_path / "out" / "best.toml").read_text()
    assert not [path for path in (tmp_path / "out" / "trials").iterdir() if path.is_dir()]
    assert math.isclose(sum(last.importance.values()), 1)
    assert max(last.importance, key=lambda name: last.importance[name]) == "training.dropout"


def stop_at(told: Iterator[Any], number: int) -> None:
    """Leave amid a trial, as a kill would."""
    for event in told:
        if isinstance(event, Begun) and event.trial.number == number:
            break
    told.close()  # type: ignore[attr-defined]


def test_a_killed_tuning_proposes_what_it_would_have(tmp_path: Path, pretend: Any) -> None:
    pretend(well)
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
    whole = ended(list(tune(job(tmp_path / "whole", trials=13))))
    stop_at(tune(job(tmp_path / "killed", trials=13)), 2)
    with open(tmp_path / "killed" / "out" / "trials.journal", "ab") as file:
        file.write(b'{"op_code":')
    stop_at(tune(job(tmp_path / "killed", trials=13)), 12)
    events = list(tune(job(tmp_path / "killed", trials=13)))
    done = [trial for trial in events[-1].trials if trial.state == "done"]
    assert [trial.values for trial in done] == [trial.values for trial in whole]
    assert [trial.value for trial in done] == [trial.value for trial in whole]
    assert [trial.number for trial in done] == list(range(13))


def test_more_trials_go_on_from_those_there(tmp_path: Path, pretend: Any) -> None:
    pretend(well)
    list(tune(job(tmp_path, trials=2)))
    events = list(tune(job(tmp_path, trials=5, processes=2)))
    assert len(events[0].trials) == 2
    assert [trial.number for trial in ended(events)] == [2, 3, 4]
    assert not ended(list(tune(job(tmp_path, trials=5))))


def test_hopeless_trials_are_pruned(tmp_path: Path, pretend: Any) -> None:
    values = iter([50.0, 51.0, 52.0, 53.0, 10.0, 60.0])

    def script(job: dict[str, Any]) -> Iterator[Told]:
        yield from passes(next(values))
        yield {"event": "finished"}

    pretend(script)
    trials = ended(list(tune(job(tmp_path, trials=6, pruning="median"))))
    assert [trial.state for trial in trials] == ["done"] * 4 + ["pruned", "done"]
    assert trials[4].passes == 1
    assert not (tmp_path / "out" / "trials" / "004").exists()


def test_settings_that_cannot_work_are_one_failed_trial(tmp_path: Path, pretend: Any) -> None:
    pretend(well)
    space = space_from_toml(
        "[encoder.rows_prefix]\nchoices = [[250, 1500], [250, 250, 250]]\n"
        "[training.dropout]\nlow = 0.1\nhigh = 0.5",
        "s",
    )
    trials = ended(list(tune(job(tmp_path, trials=8, space=space))))
    failed = [trial for trial in trials if trial.state == "failed"]
    assert 0 < len(failed) < 8
    assert "encoder.rows_prefix: found [250, 250, 250]" in failed[0].reason


def test_a_trial_that_is_killed_once_is_tried_again(tmp_path: Path, pretend: Any) -> None:
    seen: list[float] = []

    def script(job: dict[str, Any]) -> Iterator[Told]:
        dropout = job["settings"]["training"]["dropout"]
        seen.append(dropout)
        if len(seen) == 2 or (len(seen) > 3 and dropout == seen[3]):  # the second once, the fourth always
            yield {"event": "failed", "kind": "killed", "reason": "killed by signal 9"}
        else:
            yield from well(job)

    pretend(script)
    trials = ended(list(tune(job(tmp_path, trials=5))))
    states = " ".join(trial.state for trial in trials)
    assert states == "done done failed done done"
    assert trials[2].reason == "killed by signal 9"
    assert seen.count(trials[1].values["training.dropout"]) == 2


def failing(kind: str) -> Callable[[Any], Iterator[Told]]:
    return lambda job: iter([{"event": "failed", "kind": kind, "reason": "no such thing"}])


def test_when_all_is_given_up(tmp_path: Path, pretend: Any) -> None:
    pretend(failing("TrainingError"))
    with pytest.raises(TrainingError, match="the first 3 trials failed, the last of them: no such thing"):
        list(tune(job(tmp_path)))
    pretend(failing("FormatError"))
    with pytest.raises(FormatError, match="no such thing"):
        list(tune(job(tmp_path, trials=9)))
    pretend(well)
    with pytest.raises(TrainingError, match="metric ENTS: the development data know score, LAS alone"):
        list(tune(job(tmp_path, trials=9, metric="ENTS")))


def test_a_folder_is_of_one_tuning(tmp_path: Path, pretend: Any) -> None:
    pretend(well)
    first = job(tmp_path, trials=1)
    list(tune(first))
    other = replace(first, settings=settings_from_dict({"training": {"epochs": 9}}), metric="LAS")
    with pytest.raises(TrainingError, match=r"another tuning \(not the same: settings, metric\)"):
        list(tune(other))
    going = tune(replace(first, trials=2))
    next(going)
    with pytest.raises(TrainingError, match="another process is tuning here"):
        next(tune(first))
    going.close()  # type: ignore[attr-defined]
    with pytest.raises(TrainingError, match="is no folder of a tuning"):
        next(tune(replace(first, out=tmp_path)))


def test_a_record_that_is_damaged(tmp_path: Path, pretend: Any) -> None:
    pretend(well)
    first = job(tmp_path, trials=1)
    list(tune(first))
    journal = first.out / "trials.journal"
    journal.write_bytes(b"{}\n" + journal.read_bytes())
    with pytest.raises(TrainingError, match=r"trials\.journal: not a record of trials"):
        next(tune(first))


def test_the_table_and_no_picture(
    tmp_path: Path, pretend: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pretend(well)
    monkeypatch.setattr("treelet.training.figure.has_matplotlib", lambda: False)
    tuning = job(tmp_path, trials=9, metric="LAS")
    show(tune(tuning), tuning, as_json=False)
    shown = capfd.readouterr().out
    table = shown.split("the best is trial")[1].splitlines()
    values = [float(line.split()[2]) for line in table[3:12]]
    assert values == sorted(values, reverse=True)
    assert "importance: training.dropout" in shown
    assert "no picture: pip install 'treelet[plot]'" in shown
    assert not list(tuning.out.glob("tuning.*"))


def test_what_is_no_job(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no such file"):
        next(tune(replace(job(tmp_path), dev=[tmp_path / "absent"])))
    with pytest.raises(TrainingError, match="pruning often: expected one of median"):
        next(tune(job(tmp_path, pruning="often")))


def test_a_trial_that_goes_on_tells_again_or_begins_anew(tmp_path: Path) -> None:
    log, package = tmp_path / "0.log.jsonl", tmp_path / "0"
    evaluated = {"event": "evaluated", "epoch": 1, "words": 9, "seconds": 2.5, "losses": {"ner": 0.5}}
    evaluated |= {"scores": {"LAS": 5.0}, "score": 5.0, "best": True}
    log.write_text('{"event": "started"}\n' + json.dumps(evaluated) + "\n")
    package.mkdir()
    training, told = TrainingJob([], [], package), StringIO()
    worker._tell_again(training, log, told)
    assert json.loads(told.getvalue()) == evaluated
    assert package.exists()
    log.write_text("")  # killed before the first line
    told = StringIO()
    worker._tell_again(training, log, told)
    assert not told.getvalue()
    assert not package.exists()


def test_no_trial_begins_after_the_time(tmp_path: Path, pretend: Any) -> None:
    pretend(well)
    events = list(tune(job(tmp_path, timeout=0.0)))
    assert not ended(events)
    assert events[-1].reason == "0 minutes are over"


def test_what_proposes_needs_no_torch() -> None:
    code = "import sys, treelet.tuning, treelet.training.curves; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
