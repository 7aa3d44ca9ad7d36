"""Systems in processes of their own, pinned to a core and asked in turns; rows of figures as a table or JSON.

What every benchmark of speed shares: the options that name the systems, the workers, the medians and ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

WORKER = Path(__file__).with_name("worker.py")
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
}

Row = dict[str, Any]


@dataclass(frozen=True)
class System:
    """A pipeline of treelet or spaCy, and the interpreter that has the library."""

    kind: str
    pipeline: str
    python: str
    exclude: str = ""
    batch_size: int = 64

    @property
    def name(self) -> str:
        """As it stands in the tables."""
        return f"{self.kind} {Path(self.pipeline).name}"


class Contestant:
    """A system in its own process, loaded and waiting."""

    def __init__(self, system: System, cores: Sequence[int]) -> None:
        self.system = system
        command = [system.python, str(WORKER), system.kind, system.pipeline, ",".join(map(str, cores))]
        self.process = subprocess.Popen(
            [*command, system.exclude],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **ONE_THREAD},
        )
        self.answers: list[Row] = []
        self.loaded = self.answer()

    def __enter__(self) -> "Contestant":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def send(self, job: str, **values: Any) -> None:
        """Start a job, without waiting for it."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"job": job, **values}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Row:
        """Wait for the job that was sent. Ends the program when the worker has ended."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.system.name}: the worker ended with code {self.process.wait()}")
        values: Row = json.loads(line)
        return values

    def ask(self, job: str, **values: Any) -> Row:
        """One job from start to end; how it is done: worker.py, the method of that name."""
        self.send(job, **values)
        return self.answer()


def started(stack: ExitStack, systems: Iterable[System], core: int) -> list[Contestant]:
    """A worker a system, all pinned to one core; `stack` ends them."""
    return [stack.enter_context(Contestant(system, [core])) for system in systems]


def in_turns(contestants: Sequence[Contestant], rounds: int, job: str, **values: Any) -> None:
    """Ask each in turn, once to get warm and then `rounds` times; every answer is kept, the first one too."""
    for _ in range(rounds + 1):
        for contestant in contestants:
            batch = {"batch_size": contestant.system.batch_size} if "batch_size" in values else {}
            contestant.answers.append(contestant.ask(job, **{**values, **batch}))


def speed_row(contestant: Contestant) -> Row:
    """Medians of the warm rounds; `busy` is the part of the time that the process had the core."""
    cold, *warm = contestant.answers
    warm = warm or [cold]
    speeds = sorted(one["words"] / one["seconds"] for one in warm)
    seconds = statistics.median(one["seconds"] for one in warm)
    return {
        "system": contestant.system.name,
        "words_per_second": statistics.median(speeds),
        "slowest": speeds[0],
        "fastest": speeds[-1],
        "cold_words_per_second": cold["words"] / cold["seconds"],
        "seconds": seconds,
        "cpu_seconds": statistics.median(one["cpu_seconds"] for one in warm),
        "busy": statistics.median(one["cpu_seconds"] / one["seconds"] for one in warm),
        "words": cold["words"],
        "rounds": len(warm),
        "peak_megabytes": warm[-1]["peak_megabytes"],
    }


def add_ratio(rows: Sequence[Row], value: str = "seconds", ratio: str = "times_as_fast") -> None:
    """How many times the last row's value is each row's: more is better for us where less is better."""
    for row in rows:
        row[ratio] = rows[-1][value] / row[value]


SPEED_COLUMNS = [
    ("system", "system", ""),
    ("words_per_second", "words/s", ",.0f"),
    ("slowest", "slowest", ",.0f"),
    ("fastest", "fastest", ",.0f"),
    ("cold_words_per_second", "cold", ",.0f"),
    ("times_as_fast", "ratio", ".2f"),
    ("cpu_times_as_fast", "cpu ratio", ".2f"),
    ("busy", "busy", ".0%"),
    ("words", "words", ",d"),
    ("peak_megabytes", "peak MB", ",.0f"),
]


def table(rows: Sequence[Row], columns: Sequence[tuple[str, str, str]]) -> str:
    """Columns are (key, heading, format); what a row lacks is a dash, texts stand left and numbers right."""
    lines = [[heading for _, heading, _ in columns]]
    for row in rows:
        cells = []
        for key, _, form in columns:
            value = row.get(key)
            cells.append("-" if value is None else format(value, "" if isinstance(value, str) else form))
        lines.append(cells)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    left = [any(isinstance(row.get(key), str) for row in rows) for key, _, _ in columns]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if is_left else cell.rjust(width)
            for cell, width, is_left in zip(cells, widths, left, strict=True)
        ).rstrip()
        for cells in lines
    )


def show(rows: Sequence[Row], columns: Sequence[tuple[str, str, str]], options: argparse.Namespace) -> None:
    """Print rows as a table, or all they hold as JSON (`--json`)."""
    print(json.dumps(list(rows), indent=1) if options.json else table(rows, columns))


def parser_of(description: str | None, *, texts: bool = True, rounds: int = 5) -> argparse.ArgumentParser:
    """The options that all figures share."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    if texts:
        parser.add_argument("--texts", required=True, help='JSON lines with {"text": …}')
    parser.add_argument(
        "--package", action="append", default=[], help="treelet package, name or folder; may be repeated"
    )
    parser.add_argument(
        "--peer", action="append", default=[], help="spaCy pipeline, name or folder; may be repeated"
    )
    parser.add_argument("--peer-python", default=sys.executable, help="interpreter that has spaCy")
    parser.add_argument("--rounds", type=int, default=rounds, help="timed rounds after the one that warms up")
    parser.add_argument("--core", type=int, default=last_core(), help="core that all are pinned to")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")
    return parser


def last_core() -> int:
    """The last core this process may use: the first ones have more else to do."""
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0


def systems_of(options: argparse.Namespace) -> list[System]:
    """All systems that options name, the peers last. Ends the program when there are none."""
    batch = getattr(options, "batch_size", 64), getattr(options, "peer_batch_size", 64)
    exclude = getattr(options, "disable", ""), getattr(options, "peer_disable", "")
    found = [System("treelet", name, sys.executable, exclude[0], batch[0]) for name in options.package]
    found += [System("spacy", name, options.peer_python, exclude[1], batch[1]) for name in options.peer]
    if not found:
        raise SystemExit("give at least one --package or --peer")
    return found
