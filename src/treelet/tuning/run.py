"""A tuning job in, trials as they begin, go on and end out: what is proposed, trained, pruned and kept."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from treelet.errors import FormatError, SettingsError, TrainingError
from treelet.settings import settings_to_dict
from treelet.tuning.folder import TuningFolder, about
from treelet.tuning.space import changed_settings
from treelet.tuning.study import Study, import_optuna
from treelet.tuning.trial import METRICS, PRUNING, TrialRecord, TuningJob
from treelet.tuning.workers import Workers

FAILURES = 3
"""Trials that may fail in a row at the start before all is given up."""
KILLS = 2
"""Times that the process of a trial may be killed before it counts as failed."""


@dataclass(frozen=True)
class Begun:
    """A trial has begun, or goes on after a kill."""

    trial: TrialRecord


@dataclass(frozen=True)
class Went:
    """A trial went on; its `value` is that of its best pass so far, None before the first."""

    trial: TrialRecord
    share: float  # of its words, 0 to 1


@dataclass(frozen=True)
class Ended:
    """A trial has ended: done, pruned or failed. `best`: it is the best so far."""

    trial: TrialRecord
    best: bool


@dataclass(frozen=True)
class Tuned:
    """All that is known at the end of a run, and at its start of what earlier runs did."""

    trials: list[TrialRecord]
    best: TrialRecord | None
    importance: dict[str, float]
    reason: str


TuningProgress = Begun | Went | Ended | Tuned


def tune(job: TuningJob) -> Iterator[TuningProgress]:
    """Try settings, each as a training of its own; a Tuned comes first and last.

    What was killed goes on with the same job: trials that were running from their checkpoints, and with one
    process all ends as if nothing had happened, bit for bit. Ctrl-C is raised again after the last Tuned.
    Raises TrainingError, FormatError.
    """
    import_optuna()
    _check(job)
    folder = TuningFolder(job.out)
    with folder.held():
        run = _Run(job, folder)
        yield run.summary("")
        interrupted = False
        try:
            yield from run.trials()
        except KeyboardInterrupt:
            interrupted = True
        finally:
            run.workers.stop_all()
        yield run.summary("interrupted: the same command goes on" if interrupted else run.reason)
    if interrupted:
        raise KeyboardInterrupt


def _check(job: TuningJob) -> None:
    for path in [*job.train, *job.dev, *([job.vectors] if job.vectors is not None else [])]:
        if not path.is_file():
            raise TrainingError(f"{path}: no such file")
    for name, value, known in (("metric", job.metric, METRICS), ("pruning", job.pruning, PRUNING)):
        if value not in known:
            raise TrainingError(f"{name} {value}: expected one of {', '.join(known)}")


class _Run:
    """One process of proposing, and several of training."""

    def __init__(self, job: TuningJob, folder: TuningFolder) -> None:
        self.job, self.folder, self.workers = job, folder, Workers()
        self.study = Study(folder.path, job, about(job))
        self.reason = f"{job.trials} trials are there"
        self._began = time.monotonic()
        self._running: dict[int, TrialRecord] = {}
        self._interrupted = deque(self.study.unfinished())
        self._ended, self._failed = 0, 0
        self._kills: Counter[int] = Counter()
        self._keep_best()

    def summary(self, reason: str) -> Tuned:
        return Tuned(self.study.trials(), self.study.best(), self.study.importance(), reason)

    def trials(self) -> Iterator[TuningProgress]:
        while True:
            while len(self.workers) < self.job.processes and self._may_begin():
                go_on = bool(self._interrupted)
                yield from self._begin(self._interrupted.popleft() if go_on else self.study.ask(), go_on)
            if not self.workers:
                return
            number, told = self.workers.next()
            yield from self._hear(number, told)

    def _may_begin(self) -> bool:
        if self.job.timeout is not None and time.monotonic() - self._began >= self.job.timeout:
            self.reason = f"{self.job.timeout / 60:g} minutes are over"
            return False
        return bool(self._interrupted) or len(self.study.trials()) < self.job.trials

    def _begin(self, trial: TrialRecord, go_on: bool) -> Iterator[TuningProgress]:
        job = self.job
        self._running[trial.number] = trial
        yield Begun(trial)
        try:
            settings = changed_settings(job.settings, job.space, trial.values)
        except SettingsError as error:
            yield from self._end(trial, "failed", str(error))
            return
        if not go_on:
            self.folder.drop_package(trial.number)
        self.folder.write_settings(trial.number, settings, job)
        told = {
            "train": [str(path) for path in job.train],
            "dev": [str(path) for path in job.dev],
            "out": str(self.folder.package(trial.number)),
            "log": str(self.folder.file(trial.number, ".log.jsonl")),
            "settings": settings_to_dict(settings),
            "label_map": dict(job.label_map),
            "vectors": str(job.vectors) if job.vectors is not None else None,
            "device": job.device,
            "resume": go_on,
        }
        self.workers.start(trial.number, told, self.folder.file(trial.number, ".err"))

    def _hear(self, number: int, told: dict[str, Any]) -> Iterator[TuningProgress]:
        trial = self._running[number]
        if told["event"] == "steps":
            yield Went(trial, told["words"] / max(1, told["total"]))
        elif told["event"] == "evaluated":
            yield from self._evaluated(trial, told)
        elif told["event"] == "finished":
            self.workers.forget(number)
            yield from self._end(trial, "done")
        else:
            self.workers.forget(number)
            yield from self._failure(trial, told["kind"], told["reason"])

    def _evaluated(self, trial: TrialRecord, told: dict[str, Any]) -> Iterator[TuningProgress]:
        scores: dict[str, float] = {"score": told["score"], **told["scores"]}
        if self.job.metric not in scores:
            raise TrainingError(
                f"metric {self.job.metric}: the development data know {', '.join(scores)} alone"
            )
        value, epoch = scores[self.job.metric], told["epoch"]
        trial = replace(trial, passes=epoch, seconds=told["seconds"])
        if told["best"]:
            trial = replace(trial, value=value, best_pass=epoch, scores=scores)
        self._running[trial.number] = trial
        yield Went(trial, min(1.0, epoch / self.job.settings.training.epochs))
        if self.study.report(trial.number, epoch, value):
            self.workers.stop(trial.number)
            yield from self._end(trial, "pruned")

    def _failure(self, trial: TrialRecord, kind: str, reason: str) -> Iterator[TuningProgress]:
        if kind == "FormatError":
            raise FormatError(reason)
        self._kills[trial.number] += kind == "killed"
        if kind == "killed" and self._kills[trial.number] < KILLS:
            self._interrupted.append(trial)
        else:
            yield from self._end(trial, "failed", reason)

    def _end(self, trial: TrialRecord, state: str, reason: str = "") -> Iterator[TuningProgress]:
        del self._running[trial.number]
        trial = replace(trial, state=state, reason=reason)
        self.study.end(trial)
        self._keep_best()
        best = self.study.best()
        yield Ended(trial, best is not None and best.number == trial.number)
        self._ended, self._failed = self._ended + 1, self._failed + (state == "failed")
        if self._failed == self._ended == FAILURES and best is None:
            raise TrainingError(f"the first {FAILURES} trials failed, the last of them: {reason}")

    def _keep_best(self) -> None:
        """Packages of trials that have ended are dropped, but for the best."""
        best = self.study.best()
        ended = [trial.number for trial in self.study.trials() if trial.state != "unfinished"]
        self.folder.keep(best.number if best else None, ended)
