"""Trials to processes, one each; what all of them tell comes out of one queue."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from queue import Queue
from typing import Any

Told = tuple[int, dict[str, Any]]


class Workers:
    """Processes by the number of their trial."""

    def __init__(self) -> None:
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._queue: Queue[Told] = Queue()

    def __len__(self) -> int:
        return len(self._processes)

    def start(self, number: int, job: dict[str, Any], errors: Path) -> None:
        """Begin a trial; what the process writes to standard error goes to the file `errors`."""
        with open(errors, "wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "treelet.tuning.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
            )
        self._processes[number] = process
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.close()
        except BrokenPipeError:  # it ended at once; its end is told below
            pass
        threading.Thread(target=self._listen, args=(number, process, errors), daemon=True).start()

    def _listen(self, number: int, process: subprocess.Popen[bytes], errors: Path) -> None:
        """Lines of a process to the queue; its end, if it did not tell of one, is told for it."""
        assert process.stdout is not None
        ended = False
        for line in process.stdout:
            record = json.loads(line)
            ended = record["event"] in ("finished", "failed")
            self._queue.put((number, record))
        code = process.wait()
        process.stdout.close()
        lines = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        if not lines:
            errors.unlink()
        if not ended:
            reason = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
            reason += f": {lines[-1]}" if lines else ""
            self._queue.put((number, {"event": "failed", "kind": "killed" * (code < 0), "reason": reason}))

    def next(self) -> Told:
        """The next thing that a trial told; waits for it. Of trials that were stopped nothing comes."""
        while True:
            number, record = self._queue.get()
            if number in self._processes:
                return number, record

    def stop(self, number: int) -> None:
        """End a trial's process, whatever it does."""
        process = self._processes.pop(number)
        process.kill()
        process.wait()

    def forget(self, number: int) -> None:
        """The trial has told its end."""
        self._processes.pop(number).wait()

    def stop_all(self) -> None:
        """End all of them."""
        for number in list(self._processes):
            self.stop(number)
