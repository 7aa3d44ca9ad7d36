r"""Resident memory beside spaCy: after loading, while a long corpus streams by, and of docs that are kept.

    python benchmarks/memory.py --texts TEXTS.jsonl --times 5 --package en_core_web_sm \
        --peer PIPELINE --peer-python .venv-spacy/bin/python

Texts are read from the file while it runs, `--times` over. *Loaded*: after import and load. *Streaming*: the
most that was ever resident (VmHWM, Linux) while docs were dropped as they came. *A kept word*: what resident
memory grew by, per word, when the docs of the file were kept for a second time: the first ones filled what
the stream had left free. A process of its own each.
"""

from contextlib import ExitStack

from contestants import Contestant, Row, System, add_ratio, parser_of, show, systems_of

COLUMNS = [
    ("system", "system", ""),
    ("loaded", "loaded MB", ".1f"),
    ("streaming", "streaming MB", ".1f"),
    ("times_less", "ratio", ".2f"),
    ("kept", "docs kept MB", ".1f"),
    ("bytes_a_kept_word", "bytes a kept word", ",.0f"),
    ("words", "words streamed", ",d"),
    ("kept_words", "words kept", ",d"),
]


def row_of(system: System, path: str, times: int, core: int) -> Row:
    with ExitStack() as stack:
        contestant = stack.enter_context(Contestant(system, [core]))
        batch = system.batch_size
        streamed = contestant.ask("stream_file", path=path, times=times, batch_size=batch)
        first = contestant.ask("stream_file", path=path, batch_size=batch, keep=True)
        kept = contestant.ask("stream_file", path=path, batch_size=batch, keep=True)
        grown = kept["megabytes"] - first["megabytes"]
        return {
            "system": system.name,
            "loaded": contestant.loaded["megabytes"],
            "streaming": streamed["peak_megabytes"],
            "kept": kept["peak_megabytes"],
            "bytes_a_kept_word": grown * 2**20 / kept["words"],
            "words": streamed["words"],
            "kept_words": first["words"] + kept["words"],
        }


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--times", type=int, default=5, help="how often the corpus streams by")
    parser.add_argument("--batch-size", type=int, default=64, help="documents a batch, treelet")
    parser.add_argument("--peer-batch-size", type=int, default=64, help="documents a batch, spaCy")
    options = parser.parse_args()
    rows = [row_of(system, options.texts, options.times, options.core) for system in systems_of(options)]
    add_ratio(rows, "streaming", "times_less")
    show(rows, COLUMNS, options)


if __name__ == "__main__":
    main()
