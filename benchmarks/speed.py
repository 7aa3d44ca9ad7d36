r"""Words a second of packages beside spaCy pipelines, in one run: same texts, one pinned core, in turns.

    python benchmarks/speed.py --texts TEXTS.jsonl --package en_core_web_sm \
        --peer PIPELINE --peer-python .venv-spacy/bin/python

TEXTS has one {"text": …} a line. Every system has a process of its own and goes over all texts in each round;
docs are kept until a round ends, or dropped as they come (`--stream`). The first round warms up and is
reported apart (cold). Words are counted as each system cuts them, so the ratio is that of the median times
for the same texts, against the last system of the table; `busy` below 100 % means that something else ran.
"""

import argparse
from contextlib import ExitStack

from contestants import SPEED_COLUMNS, add_ratio, in_turns, parser_of, show, speed_row, started, systems_of


def arguments() -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument("--stream", action="store_true", help="drop every doc as it comes")
    parser.add_argument("--batch-size", type=int, default=128, help="documents a batch, treelet")
    parser.add_argument(
        "--peer-batch-size", type=int, default=64, help="documents a batch, spaCy (64 is its best here)"
    )
    parser.add_argument("--disable", default="", help="annotators that treelet leaves out, comma-separated")
    parser.add_argument(
        "--peer-disable", default="", help="components that spaCy leaves out, comma-separated"
    )
    return parser.parse_args()


def main() -> None:
    options = arguments()
    with ExitStack() as stack:
        contestants = started(stack, systems_of(options), options.core)
        for contestant in contestants:
            contestant.ask("read", path=options.texts)
        in_turns(contestants, options.rounds, "pipe", batch_size=0, keep=not options.stream)
        rows = [{**contestant.loaded, **speed_row(contestant)} for contestant in contestants]
    add_ratio(rows)
    add_ratio(rows, "cpu_seconds", "cpu_times_as_fast")
    show(rows, SPEED_COLUMNS, options)


if __name__ == "__main__":
    main()
