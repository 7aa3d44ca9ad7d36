r"""Time and memory of one document of 100 to 1,000,000 words, beside spaCy: are they straight lines?

    python benchmarks/document_length.py --texts TEXTS.jsonl --package en_core_web_sm \
        --peer PIPELINE --peer-python .venv-spacy/bin/python

Documents are made of TEXTS, as often as needed: one of a length, or as many different ones as have 20,000
words together, for caches know a text that comes again. Each length has a process of its own for each round,
pinned to one core, warmed up with 20,000 other words. CPU time, medians; `beyond` is the peak of memory above
what was resident before, for a word of one document. A document that a system refuses says why.
"""

import statistics
from collections.abc import Sequence
from contextlib import ExitStack

from contestants import Contestant, Row, System, parser_of, show, systems_of

COLUMNS = [
    ("asked", "words asked", ",d"),
    ("system", "system", ""),
    ("words", "words", ",d"),
    ("documents", "documents", ",d"),
    ("microseconds_a_word", "us a word", ".2f"),
    ("times_as_fast", "ratio", ".2f"),
    ("peak_megabytes", "peak MB", ",.0f"),
    ("bytes_a_word", "beyond, bytes a word", ",.0f"),
    ("refused", "refused", ""),
]


def one_round(system: System, words: int, path: str, core: int) -> Row:
    with ExitStack() as stack:
        contestant = stack.enter_context(Contestant(system, [core]))
        return contestant.ask("documents", path=path, words=words)


def row_of(system: System, asked: int, found: Sequence[Row]) -> Row:
    """Medians of the rounds; speed and memory are absent when the document was refused."""
    row: Row = {"system": system.name, "asked": asked, "characters": found[0]["characters"]}
    if "refused" in found[0]:
        return {**row, "refused": found[0]["refused"]}
    words = found[0]["words"]
    seconds = statistics.median(one["cpu_seconds"] for one in found)
    grown = statistics.median(one["peak_megabytes"] - one["megabytes_before"] for one in found)
    return {
        **row,
        "words": words // found[0]["documents"],
        "documents": found[0]["documents"],
        "seconds": seconds,
        "microseconds_a_word": seconds / words * 1e6,
        "peak_megabytes": statistics.median(one["peak_megabytes"] for one in found),
        "bytes_a_word": grown * 2**20 / (words / found[0]["documents"]),
    }


def main() -> None:
    parser = parser_of(__doc__, rounds=1)
    parser.add_argument(
        "--words", type=int, action="append", default=[], help="lengths (100, 1,000, … 1,000,000); repeats"
    )
    options = parser.parse_args()
    systems = systems_of(options)
    rows = []
    for asked in options.words or [10**power for power in range(2, 7)]:
        found: dict[System, list[Row]] = {system: [] for system in systems}
        for _ in range(options.rounds):
            for system in systems:
                found[system].append(one_round(system, asked, options.texts, options.core))
        same = [row_of(system, asked, found[system]) for system in systems]
        for row in same:
            if "seconds" in row and "seconds" in same[-1]:
                row["times_as_fast"] = same[-1]["seconds"] / row["seconds"]
        rows += same
    show(rows, COLUMNS, options)


if __name__ == "__main__":
    main()
