r"""How long one call takes for one short sentence: median and 95th percentile, beside spaCy, in turns.

    python benchmarks/latency.py --texts TEXTS.jsonl --package en_core_web_sm \
        --peer PIPELINE --peer-python .venv-spacy/bin/python

Sentences of exactly `--words` words for every system, each of them another, from the second half of TEXTS;
the first half warms up. Every sentence comes once unseen (*new*), then again in each round (*known*: its
words are in the caches). The systems alternate after every 20 sentences. Ratios are against the last system.
"""

import argparse
import statistics
from collections.abc import Sequence
from contextlib import ExitStack

from contestants import Contestant, Row, System, add_ratio, parser_of, show, started, systems_of

TURN = 20
COLUMNS = [
    ("system", "system", ""),
    ("texts", "sentences", ""),
    ("median", "median ms", ".4f"),
    ("p95", "p95 ms", ".4f"),
    ("times_as_fast", "ratio", ".1f"),
    ("p95_times_as_fast", "p95 ratio", ".1f"),
    ("calls", "calls", ",d"),
]


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest of the values that at least this part of them does not exceed."""
    ordered = sorted(values)
    at_most = [value for rank, value in enumerate(ordered, 1) if rank >= part * len(ordered)]
    return at_most[0]


def chosen_sentences(systems: Sequence[System], options: argparse.Namespace) -> list[str]:
    """Sentences as the first system finds them, of so many words for all; in workers that end here, so that
    those which are timed have seen none."""
    sentences: list[str] = []
    with ExitStack() as stack:
        for contestant in started(stack, systems, options.core):
            if not sentences:
                contestant.ask("read", path=options.texts, half=1)
                sentences = contestant.ask("sentences", words=options.words)["sentences"]
            counts = contestant.ask("count", texts=sentences)["words"]
            sentences = [text for text, n in zip(sentences, counts, strict=True) if n == options.words]
    if not sentences:
        raise SystemExit(f"no sentence of {options.words} words in the second half of {options.texts}")
    return sentences[: options.sentences]


def timed(
    contestants: Sequence[Contestant], sentences: Sequence[str], rounds: int
) -> list[list[list[float]]]:
    """Seconds of each call: for each contestant, for each round (the first one new), for each sentence."""
    seconds: list[list[list[float]]] = [[] for _ in contestants]
    for _ in range(rounds + 1):
        for found in seconds:
            found.append([])
        for begin in range(0, len(sentences), TURN):
            for contestant, found in zip(contestants, seconds, strict=True):
                found[-1] += contestant.ask("calls", texts=sentences[begin : begin + TURN])["seconds"]
    return seconds


def rows_of(names: Sequence[str], seconds: Sequence[Sequence[Sequence[float]]]) -> list[Row]:
    """Milliseconds of the calls with new sentences, then of those with known ones."""
    rows = []
    for texts, part in (("new", slice(0, 1)), ("known", slice(1, None))):
        found = []
        for name, rounds in zip(names, seconds, strict=True):
            calls = [value * 1e3 for values in rounds[part] for value in values]
            if calls:
                found.append(
                    {
                        "system": name,
                        "texts": texts,
                        "median": statistics.median(calls),
                        "p95": percentile(calls, 0.95),
                        "calls": len(calls),
                    }
                )
        add_ratio(found, "median")
        add_ratio(found, "p95", "p95_times_as_fast")
        rows += found
    return rows


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--words", type=int, default=25, help="words of a sentence")
    parser.add_argument("--sentences", type=int, default=200, help="at most so many sentences")
    options = parser.parse_args()
    systems = systems_of(options)
    sentences = chosen_sentences(systems, options)
    with ExitStack() as stack:
        contestants = started(stack, systems, options.core)
        for contestant in contestants:
            contestant.ask("read", path=options.texts, half=0)
            contestant.ask("pipe", keep=False)
        seconds = timed(contestants, sentences, options.rounds)
    show(rows_of([system.name for system in systems], seconds), COLUMNS, options)


if __name__ == "__main__":
    main()
