r"""Words a second of packages beside spaCy pipelines, in one run: same texts, one pinned core, alternating.

    python benchmarks/speed.py --texts TEXTS.jsonl --package en_core_web_sm \
        --peer PIPELINE --peer-python .venv-spacy/bin/python

TEXTS has one {"text": …} a line. Every system has a process of its own; docs are kept until a round ends;
the first round warms up and is reported apart. Words are counted as each system cuts them, so the ratio is
that of the median times for the same texts, against the last system of the table.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

WORKER = Path(__file__).with_name("speed_worker.py")
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
}


class Contestant:
    """One system in its own process."""

    def __init__(self, system: str, pipeline: str, options: argparse.Namespace) -> None:
        self.name = f"{system} {Path(pipeline).name}"
        python = sys.executable if system == "treelet" else options.peer_python
        batch = options.batch_size if system == "treelet" else options.peer_batch_size
        disabled = options.disable if system == "treelet" else options.peer_disable
        command = [
            python,
            str(WORKER),
            system,
            pipeline,
            options.texts,
            str(options.core),
            str(batch),
            disabled,
        ]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **ONE_THREAD},
        )
        self.loaded = self._answer()
        self.rounds: list[dict[str, float]] = []

    def _answer(self) -> dict[str, float]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name}: the worker ended with code {self.process.wait()}")
        answer: dict[str, float] = json.loads(line)
        return answer

    def round(self) -> None:
        """Annotate all texts once."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        self.rounds.append(self._answer())

    def result(self) -> dict[str, Any]:
        """Figures of all rounds; the first one is the cold one."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()
        speeds = [one["tokens"] / one["seconds"] for one in self.rounds]
        return {
            "system": self.name,
            "words_per_second": statistics.median(speeds[1:] or speeds),
            "spread": [min(speeds[1:] or speeds), max(speeds[1:] or speeds)],
            "cold_words_per_second": speeds[0],
            "seconds": statistics.median(one["seconds"] for one in self.rounds[1:] or self.rounds),
            "tokens": self.rounds[0]["tokens"],
            "peak_megabytes": self.rounds[-1]["megabytes"],
            **self.loaded,
        }


def main() -> None:
    options = arguments()
    contestants = [Contestant("treelet", name, options) for name in options.package]
    contestants += [Contestant("spacy", name, options) for name in options.peer]
    for _ in range(options.rounds + 1):
        for contestant in contestants:
            contestant.round()
    results = [contestant.result() for contestant in contestants]
    for result in results:
        result["times_as_fast"] = result["seconds"] and results[-1]["seconds"] / result["seconds"]
    print(json.dumps(results, indent=1) if options.json else table(results))


def table(results: list[dict[str, Any]]) -> str:
    """Rows of systems; the ratio is against the last one."""
    lines = [
        f"{'system':32} {'words/s':>9} {'min':>9} {'max':>9} {'cold':>9} "
        f"{'ratio':>6} {'load s':>7} {'peak MB':>8}"
    ]
    for row in results:
        low, high = row["spread"]
        lines.append(
            f"{row['system']:32} {row['words_per_second']:9,.0f} {low:9,.0f} {high:9,.0f} "
            f"{row['cold_words_per_second']:9,.0f} {row['times_as_fast']:6.2f} {row['load_seconds']:7.3f} "
            f"{row['peak_megabytes']:8.0f}"
        )
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", required=True, help='JSON lines with {"text": …}')
    parser.add_argument(
        "--package", action="append", default=[], help="treelet package, name or folder; may be repeated"
    )
    parser.add_argument(
        "--peer", action="append", default=[], help="spaCy pipeline, name or folder; may be repeated"
    )
    parser.add_argument("--peer-python", default=sys.executable, help="interpreter that has spaCy")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds after the cold one")
    parser.add_argument(
        "--core", type=int, default=max(os.sched_getaffinity(0)), help="core that all are pinned to"
    )
    parser.add_argument("--batch-size", type=int, default=128, help="documents a batch, treelet")
    parser.add_argument(
        "--peer-batch-size", type=int, default=64, help="documents a batch, spaCy (64 is its best here)"
    )
    parser.add_argument("--disable", default="", help="annotators that treelet leaves out, comma-separated")
    parser.add_argument(
        "--peer-disable", default="", help="components that spaCy leaves out, comma-separated"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.package and not options.peer:
        parser.error("give at least one --package or --peer")
    return options


if __name__ == "__main__":
    main()
