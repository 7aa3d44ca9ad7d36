r"""What each annotator takes of a pipeline's time, in microseconds a word: ours, and spaCy's components.

    python benchmarks/shares.py --texts TEXTS.jsonl --package en_core_web_sm \
        --peer PIPELINE --peer-python .venv-spacy/bin/python

Ours: what leaving an annotator out saves; the tokenizer alone; what is left is the encoder, which all share
(and the making of docs). spaCy's: one component after the other over all docs; its `tok2vec` is the encoder
of those that listen to it, while its `ner` has one of its own. CPU time; systems in turns, and for each 32
texts the least of all rounds: differences of small times bear no noise.
"""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack

from contestants import Row, in_turns, parser_of, show, started, systems_of

COLUMNS = [
    ("system", "system", ""),
    ("stage", "stage", ""),
    ("microseconds_a_word", "us a word", ".3f"),
    ("share", "share", ".1%"),
]


def best_times(answers: Sequence[Row], key: str) -> dict[str, float]:
    """Microseconds a word of everything under a key: for each part of the texts the least of all rounds."""
    words = answers[0]["words"]
    return {
        name: sum(map(min, zip(*(answer[key][name] for answer in answers), strict=True))) / words * 1e6
        for name in answers[0][key]
    }


def stages_of(answers: Sequence[Row]) -> dict[str, float]:
    """Microseconds a word of each stage."""
    if "stages" in answers[0]:
        return best_times(answers, "stages")
    times = best_times(answers, "without")
    whole, tokens = times.pop("whole"), times.pop("none")
    saved = {name: whole - without for name, without in times.items()}
    return {"tokenizer": tokens, "encoder": whole - tokens - sum(saved.values()), **saved}


def stage_rows(system: str, answers: Sequence[Row]) -> list[Row]:
    """A row a stage and one for all, from warm rounds."""
    taken = stages_of(answers)
    whole = sum(taken.values())
    rows: list[Row] = [
        {"system": system, "stage": stage, "microseconds_a_word": value, "share": value / whole}
        for stage, value in taken.items()
    ]
    return [*rows, {"system": system, "stage": "all", "microseconds_a_word": whole, "share": 1.0}]


def measure(options: argparse.Namespace) -> list[Row]:
    with ExitStack() as stack:
        contestants = started(stack, systems_of(options), options.core)
        for contestant in contestants:
            contestant.ask("read", path=options.texts)
        in_turns(contestants, options.rounds, "stages")
        return [
            row
            for contestant in contestants
            for row in stage_rows(contestant.system.name, contestant.answers[1:] or contestant.answers)
        ]


def main() -> None:
    options = parser_of(__doc__).parse_args()
    show(measure(options), COLUMNS, options)


if __name__ == "__main__":
    main()
