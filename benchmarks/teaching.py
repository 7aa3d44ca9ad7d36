r"""Words a second of teaching beside spaCy, in one run: same file, as many passes, one pinned core, in turns.

    python benchmarks/teaching.py --train TRAIN.conllu --dev DEV.conllu --passes 3 \
        --peer-config CONFIG.cfg --peer-python .venv-spacy/bin/python

Everything counts from the start of the program to its end: reading the data, rollouts, evaluations, saving.
Words are those of the treebank times the passes, for both. The peer reads a file converted beforehand, and
evaluates as often as its configuration says (`--peer-set training.eval_frequency=STEPS` changes that); we
evaluate once a pass. The table tells how often each did. The ratio is that of words a second, medians of
`--rounds` runs in turns, against the peer; `busy` below 100 % means that something else ran on the core.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from contestants import ONE_THREAD, show

SENTENCES_PER_DOCUMENT = "10"
COLUMNS = [
    ("system", "system", ""),
    ("words_per_second", "words/s", ",.0f"),
    ("times_as_fast", "ratio", ".2f"),
    ("seconds", "seconds", ".1f"),
    ("least_seconds", "least", ".1f"),
    ("most_seconds", "most", ".1f"),
    ("busy", "busy", ".0%"),
    ("words", "words", ",d"),
    ("passes", "passes", "d"),
    ("evaluations", "evaluations", "d"),
    ("scores", "last scores", ""),
]


@dataclass(frozen=True)
class Run:
    """One teaching from start to end."""

    seconds: float
    cpu_seconds: float
    evaluations: int
    scores: str
    """The last ones."""


Teach = Callable[[Path, argparse.Namespace], Run]


def first_sentences(source: Path, count: int, target: Path) -> int:
    """Copy the first sentences of a CoNLL-U file (0: all of them); the number of their words."""
    blocks = (block for block in source.read_text(encoding="utf-8").split("\n\n") if block.strip())
    kept = list(islice(blocks, count or None))
    target.write_text("".join(block.strip("\n") + "\n\n" for block in kept), encoding="utf-8")
    return sum(line.split("\t", 1)[0].isdecimal() for block in kept for line in block.splitlines())


def run_pinned(command: Sequence[str], core: int) -> tuple[float, float, str]:
    """Seconds that a program takes on one core, those it had the core, and what it printed."""
    started, cpu_before = time.perf_counter(), cpu_of_children()
    result = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **ONE_THREAD},
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        check=False,
    )
    seconds = time.perf_counter() - started
    if result.returncode:
        raise SystemExit(f"{' '.join(command)}\nended with code {result.returncode}:\n{result.stdout}")
    return seconds, cpu_of_children() - cpu_before, result.stdout


def cpu_of_children() -> float:
    """Seconds of all that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def teach_treelet(folder: Path, options: argparse.Namespace) -> Run:
    settings = [
        f"training.epochs={options.passes}",
        f"training.patience={options.passes}",
        "training.threads=1",
        *options.set,
    ]
    command = [sys.executable, "-m", "treelet", "train", "--json", "--out", str(folder / "treelet")]
    command += ["--train", str(folder / "train.conllu"), "--dev", str(folder / "dev.conllu")]
    command += [part for setting in settings for part in ("--set", setting)]
    command += ["--settings", options.settings] if options.settings else []
    seconds, cpu_seconds, printed = run_pinned(command, options.core)
    events = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    evaluated = [event for event in events if event["event"] == "evaluated"]
    return Run(seconds, cpu_seconds, len(evaluated), f"LAS {evaluated[-1]['scores'].get('LAS', 0.0):.2f}")


def teach_spacy(folder: Path, options: argparse.Namespace) -> Run:
    command = [options.peer_python, "-m", "spacy", "train", options.peer_config]
    command += ["--output", str(folder / "spacy")]
    values = {
        "paths.train": folder / "train.spacy",
        "paths.dev": folder / "dev.spacy",
        "training.max_epochs": options.passes,
        "training.max_steps": 0,
        "training.patience": 0,
    }
    values |= dict(assignment.split("=", 1) for assignment in options.peer_set)
    for name, value in values.items():
        command += [f"--{name}", str(value)]
    seconds, cpu_seconds, printed = run_pinned(command, options.core)
    lines = [line.split() for line in printed.splitlines()]
    rows = [cells for cells in lines if len(cells) > 2 and cells[0].isdecimal() and cells[1].isdecimal()]
    header = next((cells for cells in lines if cells[:2] == ["E", "#"]), [])
    scores = dict(zip(reversed(header), reversed(rows[-1]), strict=False)) if rows else {}
    return Run(seconds, cpu_seconds, len(rows), f"LAS {scores.get('DEP_LAS', '-')}")


def convert_for_spacy(folder: Path, options: argparse.Namespace) -> None:
    for part in ("train", "dev"):
        command = [options.peer_python, "-m", "spacy", "convert", str(folder / f"{part}.conllu")]
        command += [str(folder), "-c", "conllu", "-n", SENTENCES_PER_DOCUMENT]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def measure(options: argparse.Namespace) -> list[dict[str, Any]]:
    """One row a system; rounds alternate between them."""
    systems: dict[str, Teach] = {"treelet": teach_treelet}
    if options.peer_config:
        systems["spacy"] = teach_spacy
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = first_sentences(Path(options.train), options.sentences, folder / "train.conllu")
        first_sentences(Path(options.dev), options.dev_sentences, folder / "dev.conllu")
        if options.peer_config:
            convert_for_spacy(folder, options)
        runs: dict[str, list[Run]] = {system: [] for system in systems}
        for _ in range(options.rounds):
            for system, teach in systems.items():
                runs[system].append(teach(folder, options))
    taught = words * options.passes
    rows = []
    for system, found in runs.items():
        seconds = [run.seconds for run in found]
        rows.append(
            {
                "system": system,
                "words": taught,
                "passes": options.passes,
                "seconds": statistics.median(seconds),
                "least_seconds": min(seconds),
                "most_seconds": max(seconds),
                "words_per_second": taught / statistics.median(seconds),
                "busy": statistics.median(run.cpu_seconds / run.seconds for run in found),
                "evaluations": found[-1].evaluations,
                "scores": found[-1].scores,
            }
        )
    for row in rows:
        row["times_as_fast"] = row["words_per_second"] / rows[-1]["words_per_second"]
    return rows


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", required=True, help="treebank to teach from, CoNLL-U")
    parser.add_argument("--dev", required=True, help="treebank to evaluate on, CoNLL-U")
    parser.add_argument("--passes", type=int, default=1, help="passes over the data, for both")
    parser.add_argument("--sentences", type=int, default=0, help="first sentences of --train (0: all)")
    parser.add_argument("--dev-sentences", type=int, default=0, help="first sentences of --dev (0: all)")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each system, in turns")
    parser.add_argument("--settings", help="treelet settings, TOML")
    parser.add_argument("--set", action="append", default=[], help="SECTION.NAME=VALUE for treelet")
    parser.add_argument("--peer-config", help="spaCy training configuration; none leaves spaCy out")
    parser.add_argument("--peer-set", action="append", default=[], help="SECTION.NAME=VALUE for spaCy")
    parser.add_argument("--peer-python", default=sys.executable, help="interpreter that has spaCy")
    parser.add_argument(
        "--core", type=int, default=max(os.sched_getaffinity(0)), help="core that all are pinned to"
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    rows = measure(options)
    show(rows, COLUMNS, options)


if __name__ == "__main__":
    main()
