"""A package in; time and private memory of loading it, read and mapped, in one process and in several, out.

    python benchmarks/memory_map.py PACKAGE [--processes 4] [--repeats 7]

Memory is what /proc/self/smaps_rollup (Linux) says that a process shares with none (private pages), beyond
what it had before it loaded; it is taken after loading, and after annotating a text.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

TEXT = "The committee approved a plan to restore the old harbour, said Anna Schmidt of Reuters in Oslo."


def private_bytes() -> int:
    """Pages of this process that no other shares, clean or dirty."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def worker(package: str, is_mapped: bool, repeats: int) -> None:
    """Tell figures of one process, a line each, as it is told to go on."""
    import treelet

    treelet.blank("en")(TEXT)  # what is imported on the way counts for neither
    before = private_bytes()
    nlp = treelet.load(package, memory_map=is_mapped)
    _meet()  # private pages become shared ones when the other processes have them too
    loaded = private_bytes() - before
    _meet()
    nlp(TEXT)
    _meet()
    annotated = private_bytes() - before
    times = []
    for _ in range(repeats):
        start = time.process_time()
        treelet.load(package, memory_map=is_mapped)
        times.append(1000 * (time.process_time() - start))
    print(json.dumps({"ms": min(times), "loaded": loaded / 1e6, "annotated": annotated / 1e6}), flush=True)
    _meet()


def _meet() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def measure(package: str, is_mapped: bool, options: argparse.Namespace, count: int) -> dict[str, float]:
    """Medians over `count` processes that live at the same time."""
    command = [sys.executable, __file__, package, "--worker", str(int(is_mapped))]
    command += ["--repeats", str(options.repeats)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    lines: list[str] = []
    for _ in range(4):
        for process in processes:
            assert process.stdout is not None
            while (line := process.stdout.readline().strip()) not in ("ready", ""):
                lines.append(line)
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
    for process in processes:
        process.communicate()
    found = [json.loads(line) for line in lines]
    return {name: statistics.median(each[name] for each in found) for name in found[0]}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--worker", choices=["0", "1"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        worker(options.package, options.worker == "1", options.repeats)
        return
    for count in (1, options.processes):
        for is_mapped in (False, True):
            found = measure(options.package, is_mapped, options, count)
            print(
                f"{count} process{'es' if count > 1 else ''}, {'mapped' if is_mapped else 'read'}: load "
                f"{found['ms']:.1f} ms (CPU), private {found['loaded']:.1f} MB loaded, "
                f"{found['annotated']:.1f} MB after a text"
            )


if __name__ == "__main__":
    main()
