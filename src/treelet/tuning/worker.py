"""One trial as one line of JSON on standard input in, its package and log out; what happens as JSON lines.

A process of its own: what it is killed by, or runs out of, ends one trial. It ends by itself when nobody
reads what it tells any more.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from treelet.errors import FormatError, TreeletError
from treelet.training import TrainingJob

INTERVAL = 0.5  # seconds between two lines that tell of steps


def main() -> None:
    """Train what standard input says."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began this one decides
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no event
    try:
        try:
            _train(json.loads(sys.stdin.readline()), told)
        except TreeletError as error:
            _tell(told, {"event": "failed", "kind": type(error).__name__, "reason": str(error)})
    except BrokenPipeError:
        os._exit(1)


def _train(job: dict[str, Any], told: TextIO) -> None:
    from treelet.settings import settings_from_dict
    from treelet.training import Evaluated, Finished, Prepared, Stepped, train
    from treelet.training.log import JsonLines, about_job, recorded

    training = TrainingJob(
        train=[Path(path) for path in job["train"]],
        dev=[Path(path) for path in job["dev"]],
        out=Path(job["out"]),
        settings=settings_from_dict(job["settings"], "trial"),
        label_map=job["label_map"],
        vectors=Path(job["vectors"]) if job["vectors"] is not None else None,
        resume=job["resume"],
    )
    path = Path(job["log"])
    _wait_for(path)
    if job["resume"]:
        _tell_again(training, path, told)
    last, total = 0.0, 0
    with closing(JsonLines(path, resume=job["resume"])) as log:
        about = about_job(training, job["device"])
        for event in recorded(train(training, job["device"]), about, [log]):
            if isinstance(event, Prepared):
                total = event.words * event.epochs
            elif isinstance(event, Stepped) and time.monotonic() - last >= INTERVAL:
                last = time.monotonic()
                _tell(told, {"event": "steps", "epoch": event.epoch, "words": event.words, "total": total})
            elif isinstance(event, Evaluated):
                _tell(told, {"event": "evaluated", **asdict(event)})
            elif isinstance(event, Finished):
                _tell(told, {"event": "finished"})


def _wait_for(log: Path) -> None:
    """Until no process is at this trial any more: one that was left by a kill notices it within seconds."""
    try:
        import fcntl
    except ModuleNotFoundError:  # a system without such locks
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    fcntl.flock(os.open(log, os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)  # until this process ends


def _tell_again(training: TrainingJob, path: Path, told: TextIO) -> None:
    """What was evaluated before the kill; where the log does not tell, the trial begins anew."""
    from treelet.training.log_reader import read_log

    try:
        evaluations = read_log(path).evaluations
    except FormatError:
        shutil.rmtree(training.out, ignore_errors=True)
        training.out.with_name(training.out.name + ".checkpoint").unlink(missing_ok=True)
        return
    for each in evaluations:
        _tell(told, {"event": "evaluated", **each.to_dict()})


def _tell(told: TextIO, record: dict[str, Any]) -> None:
    told.write(json.dumps(record) + "\n")
    told.flush()


if __name__ == "__main__":
    main()
