r"""Words a second with 1, 2, … threads, beside what the machine has to give: as many processes at once.

    python benchmarks/threads.py --texts TEXTS.jsonl --package en_core_web_sm

Cores of one machine slow each other down: they share its caches, its power, and virtual ones each other's
time. So N threads of one process are held against N processes of one thread that have nothing to do with each
other, each pinned to a core of its own. `of one` is the speed over one thread's, `of machine` that over the
processes'. Rounds in turns; wall time; a busy machine spoils this figure more than others.
"""

import argparse
import os
import statistics
from collections.abc import Sequence
from contextlib import ExitStack

from contestants import Contestant, Row, System, parser_of, show, systems_of

COLUMNS = [
    ("system", "system", ""),
    ("threads", "threads", "d"),
    ("words_per_second", "words/s", ",.0f"),
    ("of_one", "of one", ".2f"),
    ("processes_words_per_second", "processes words/s", ",.0f"),
    ("processes_of_one", "of one", ".2f"),
    ("of_machine", "of machine", ".1%"),
]


def threads_round(contestant: Contestant, cores: Sequence[int], options: argparse.Namespace) -> float:
    """Words a second of one process with a thread a core."""
    named = ",".join(map(str, cores))
    found = contestant.ask(
        "pipe", cores=named, threads=len(cores), batch_size=options.batch_size, keep=options.keep
    )
    return float(found["words"] / found["seconds"])


def processes_round(contestants: Sequence[Contestant], options: argparse.Namespace) -> float:
    """Words a second of several processes at once, each with one thread; the slowest ends the round."""
    for contestant in contestants:
        contestant.send("pipe", batch_size=options.batch_size, keep=options.keep)
    found = [contestant.answer() for contestant in contestants]
    return float(sum(one["words"] for one in found) / max(one["seconds"] for one in found))


def measure(system: System, counts: Sequence[int], options: argparse.Namespace) -> list[Row]:
    """A row a number of threads."""
    cores = sorted(os.sched_getaffinity(0), reverse=True)
    threads: dict[int, list[float]] = {count: [] for count in counts}
    processes: dict[int, list[float]] = {count: [] for count in counts}
    with ExitStack() as stack:
        alone = [stack.enter_context(Contestant(system, [core])) for core in cores[: max(counts)]]
        shared = stack.enter_context(Contestant(system, cores))
        for contestant in [*alone, shared]:
            contestant.ask("read", path=options.texts)
        for number in range(options.rounds + 1):
            for count in counts:
                found = threads_round(shared, cores[:count], options)
                others = processes_round(alone[:count], options)
                if number > 0 or options.rounds == 0:
                    threads[count].append(found)
                    processes[count].append(others)
    one, one_process = statistics.median(threads[counts[0]]), statistics.median(processes[counts[0]])
    rows = []
    for count in counts:
        speed, limit = statistics.median(threads[count]), statistics.median(processes[count])
        rows.append(
            {
                "system": system.name,
                "threads": count,
                "words_per_second": speed,
                "of_one": speed / one,
                "processes_words_per_second": limit,
                "processes_of_one": limit / one_process,
                "of_machine": speed / limit,
            }
        )
    return rows


def main() -> None:
    most = len(os.sched_getaffinity(0))
    parser = parser_of(__doc__)
    parser.add_argument(
        "--threads",
        type=int,
        action="append",
        default=[],
        help="how many besides 1 (2 and all cores); repeats",
    )
    parser.add_argument("--batch-size", type=int, default=64, help="documents a batch and thread")
    parser.add_argument("--keep", action="store_true", help="keep the docs of a round")
    options = parser.parse_args()
    counts = sorted({1, *(options.threads or (2, most))})
    if max(counts) > most:
        raise SystemExit(f"--threads {max(counts)}: this process may use {most} cores")
    systems = [system for system in systems_of(options) if system.kind == "treelet"]
    show([row for system in systems for row in measure(system, counts, options)], COLUMNS, options)


if __name__ == "__main__":
    main()
