"""Damage packages at random, load them, annotate with what loads: crashes, hangs, blow-ups, wrong errors.

    python benchmarks/fuzz_package.py --count 30000 --seed 1 [--package FOLDER] [--seconds 600]

What is right: the package loads, or an error of the library says in a line what is wrong with it. Cases are
numbered; `--first N --count 1` runs one again. `--memory 0` where the core is built with sanitizers.
"""

from __future__ import annotations

import argparse
import os
import resource
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
BATCH = 500  # cases of one process


@dataclass
class Result:
    """What all cases gave."""

    outcomes: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, -1)

    @property
    def cases(self) -> int:
        """Those that ended, however they did."""
        return sum(self.outcomes.values())

    def add(self, number: int, seconds: float, outcome: str) -> None:
        """One case that ended."""
        self.slowest = max(self.slowest, (seconds, number))
        self.outcomes[outcome.partition(":")[0]] += 1
        if outcome.startswith("FOUND"):
            self.found.append(f"case {number}: {outcome}")


def make_bases(folder: Path, more: list[Path]) -> None:
    """Small packages of every kind, and copies of those named."""
    sys.path.insert(0, str(HERE.parent / "tests"))
    from random_package import ENCODER, VECTORS, save_random_package

    wide = ENCODER | {"width": 32, "rows_norm": 300, "recurrent_layers": 2}
    small = ENCODER | {"depth": 0, "recurrent_layers": 0}
    save_random_package(folder / "plain")
    save_random_package(folder / "vectors", encoder=VECTORS, stored="fp32")
    save_random_package(folder / "bytes", encoder=wide, stored="int8", senter={})
    save_random_package(
        folder / "beams", parser={"hidden": 8, "beam_width": 3}, ner={"hidden": 4, "beam_width": 2}
    )
    save_random_package(folder / "shallow", encoder=small, parser={"hidden": 8, "features": ["all"]})
    for path in more:
        shutil.copytree(path, folder / f"given-{path.name}")


def fuzz(arguments: argparse.Namespace, scratch: Path) -> Result:
    """Cases in processes of their own, one after the other."""
    result = Result()
    bases = scratch / "bases"
    bases.mkdir()
    make_bases(bases, arguments.package)
    end = time.monotonic() + arguments.seconds
    number, last = arguments.first, arguments.first + arguments.count
    while number < last and time.monotonic() < end:
        number = _run_batch(arguments, scratch, (number, min(BATCH, last - number)), result)
        print(f"{result.cases:,} cases, {len(result.found)} findings", file=sys.stderr)
    return result


def _run_batch(arguments: argparse.Namespace, scratch: Path, cases: tuple[int, int], result: Result) -> int:
    """The first case that is still to be run."""
    first, count = cases
    command = [sys.executable, str(HERE / "fuzz_worker.py"), "--bases", str(scratch / "bases")]
    command += ["--scratch", str(scratch), "--seed", str(arguments.seed), "--memory", str(arguments.memory)]
    command += ["--first", str(first), "--count", str(count)]
    with open(scratch / "stderr", "wb") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
    running, rest = None, b""
    assert process.stdout is not None
    while True:
        ready = select.select([process.stdout], [], [], arguments.patience)[0]
        chunk = os.read(process.stdout.fileno(), 65536) if ready else b""
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            kind, number, *told = line.decode("utf-8", "replace").split(" ", 3)
            running = int(number) if kind == "begin" else None
            if kind == "end":
                result.add(int(number), float(told[0]), told[1])
                first = int(number) + 1
        if not chunk:
            break
    process.stdout.close()
    if not ready:
        process.kill()
    process.wait()
    if running is None and process.returncode == 0:
        return first
    how = f"it died, exit {process.returncode}" if ready else f"no end after {arguments.patience} s"
    told = (scratch / "stderr").read_text(errors="replace")
    outcome = f"FOUND {'crash' if ready else 'hang'}: {how}: {told[-3000:]}"
    if running is None:
        raise SystemExit(f"the process of the cases cannot start: {told}")
    result.add(running, 0.0, outcome)
    return running + 1


def main() -> None:
    """Exit code 1 where anything was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1000, help="cases")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=1e9, help="no new process after that time")
    parser.add_argument("--package", type=Path, action="append", default=[], help="damage this one too")
    parser.add_argument("--memory", type=int, default=1500, help="MiB a process may take; 0: any")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds that a case may take")
    arguments = parser.parse_args()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        result = fuzz(arguments, Path(scratch))
    for finding in result.found:
        print(finding)
    told = ", ".join(f"{count:,} {name}" for name, count in result.outcomes.most_common())
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{result.cases:,} damaged packages in {time.monotonic() - begin:.0f} s: {told}")
    seconds, number = result.slowest
    print(f"slowest: {seconds:.2f} s (case {number}); memory of a process: {peak:.0f} MiB at most")
    sys.exit(1 if result.found else 0)


if __name__ == "__main__":
    main()
