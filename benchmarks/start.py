r"""How long a whole process takes that imports, loads and annotates one text, beside spaCy's, in turns.

    python benchmarks/start.py --package en_core_web_sm --peer PIPELINE --peer-python .venv-spacy/bin/python

Wall time from before the process starts until it has ended, on one pinned core, files in the cache of the
system. Each interpreter also runs `pass`: `beyond` is the time above that, for an editable installation or a
full environment makes an interpreter slow to start. Medians; the ratio is of whole processes that do the
same, against the last system.
"""

import os
import statistics
import subprocess
import time
from collections.abc import Sequence

from contestants import ONE_THREAD, Row, System, add_ratio, parser_of, show, systems_of

COLUMNS = [
    ("does", "does", ""),
    ("system", "system", ""),
    ("milliseconds", "median ms", ".1f"),
    ("fastest", "fastest", ".1f"),
    ("beyond", "beyond pass", ".1f"),
    ("times_as_fast", "ratio", ".1f"),
    ("fastest_times_as_fast", "of fastest", ".1f"),
]
TEXT = "Apple is looking at buying a U.K. startup for $1 billion."


def programs(system: System) -> dict[str, str]:
    """What a process does to its code."""
    library = "treelet" if system.kind == "treelet" else "spacy"
    load = f"import {library}; nlp = {library}.load({system.pipeline!r})"
    return {
        "pass": "pass",
        "import": f"import {library}",
        "import, load": load,
        "import, load, one text": f"{load}; nlp({TEXT!r})",
    }


def milliseconds(python: str, code: str) -> float:
    """Of a process from start to end. Raises CalledProcessError when it fails."""
    started = time.perf_counter()
    subprocess.run([python, "-c", code], check=True, env={**os.environ, **ONE_THREAD})
    return (time.perf_counter() - started) * 1e3


def rows_of(systems: Sequence[System], rounds: int) -> list[Row]:
    """A row for everything that a process of each system does; one round before those that count."""
    work = [(system, does, code) for system in systems for does, code in programs(system).items()]
    taken: dict[tuple[str, str], list[float]] = {(system.name, does): [] for system, does, _ in work}
    for number in range(rounds + 1):
        for system, does, code in sorted(work, key=lambda one: one[1]):
            spent = milliseconds(system.python, code)
            if number > 0 or rounds == 0:
                taken[system.name, does].append(spent)
    rows = []
    for does in programs(systems[0]):
        found = []
        for system in systems:
            median = statistics.median(taken[system.name, does])
            found.append(
                {
                    "does": does,
                    "system": system.name,
                    "milliseconds": median,
                    "fastest": min(taken[system.name, does]),
                    "beyond": median - statistics.median(taken[system.name, "pass"]),
                }
            )
        add_ratio(found, "milliseconds")
        add_ratio(found, "fastest", "fastest_times_as_fast")
        rows += found
    return rows


def main() -> None:
    options = parser_of(__doc__, texts=False, rounds=11).parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {options.core})  # what a process starts runs where it runs
    show(rows_of(systems_of(options), options.rounds), COLUMNS, options)


if __name__ == "__main__":
    main()
