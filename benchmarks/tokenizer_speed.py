r"""Words a second of the tokenizer alone, from Python, beside spaCy's: same texts, one pinned core, in turns.

    python benchmarks/tokenizer_speed.py --texts TEXTS.jsonl --package en_core_web_sm \
        --peer PIPELINE --peer-python .venv-spacy/bin/python

Two ways: one call of `nlp.make_doc` a text, and a stream (`nlp.pipe` with everything disabled; spaCy's
`nlp.tokenizer.pipe`). Docs are dropped as they come. Both keep what they learnt of the texts in their caches:
the first round (cold) is reported apart. Ratios are of the median times, against the last system.
"""

from contextlib import ExitStack

from contestants import SPEED_COLUMNS, add_ratio, in_turns, parser_of, show, speed_row, started, systems_of


def main() -> None:
    options = parser_of(__doc__).parse_args()
    rows = []
    for way, batched in (("make_doc", False), ("stream", True)):
        with ExitStack() as stack:
            contestants = started(stack, systems_of(options), options.core)
            for contestant in contestants:
                contestant.ask("read", path=options.texts)
            in_turns(contestants, options.rounds, "tokenize", batched=batched)
            found = [{**speed_row(contestant), "way": way} for contestant in contestants]
        add_ratio(found)
        add_ratio(found, "cpu_seconds", "cpu_times_as_fast")
        rows += found
    show(rows, [("way", "way", ""), *SPEED_COLUMNS], options)


if __name__ == "__main__":
    main()
