"""What writing costs: microseconds a word of each writer, and of all that `treelet annotate` does besides.

    python benchmarks/writing.py corpus.txt        # paragraphs between blank lines

One thread, processor time, the least of seven runs.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import treelet
import treelet.package
from treelet.cli import run
from treelet.doc import Doc
from treelet.formats import write_conllu, write_jsonl
from treelet.formats.conllu_writer import conllu_bytes
from treelet.formats.jsonl import json_bytes

RUNS = 7


class Annotated:
    """Stands in for a pipeline whose documents are ready."""

    def __init__(self, docs: list[Doc]) -> None:
        self.docs = docs

    def pipe(self, texts: Iterable[tuple[str, Any]], **_: Any) -> Iterator[tuple[Doc, Any]]:
        for doc, (_, context) in zip(self.docs, texts, strict=False):
            yield doc, context


def least(work: Callable[[], object]) -> float:
    """Seconds of the processor that the quickest of several runs took."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    """Print a line for each writer, and for the command."""
    style = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=style)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--model", default="en_core_web_sm")
    options = parser.parse_args()
    nlp = treelet.load(options.model)
    texts = [text for text in options.corpus.read_text(encoding="utf-8").split("\n\n") if text.strip()]
    docs = list(nlp.pipe(texts))
    ready = Annotated(docs)
    treelet.package.load = lambda *_, **__: ready  # type: ignore[assignment]
    with TemporaryDirectory() as folder:
        source = Path(folder) / "corpus.txt"
        source.write_text("\n\n".join(texts), encoding="utf-8")

        def command(to: str) -> Callable[[], object]:
            arguments = ["annotate", str(source), "--to", to, "--output", str(Path(folder) / "out")]
            return lambda: run(arguments)

        jobs: dict[str, Callable[[], object]] = {
            "CoNLL-U, str": lambda: [write_conllu(doc) for doc in docs],
            "CoNLL-U, UTF-8": lambda: [conllu_bytes(doc, "# newpar\n") for doc in docs],
            "JSONL, str": lambda: list(write_jsonl(docs)),
            "JSONL, UTF-8": lambda: [json_bytes(doc, False) for doc in docs],
            "JSONL, probabilities": lambda: [json_bytes(doc, True) for doc in docs],
            "annotate --to conllu": command("conllu"),
            "annotate --to jsonl": command("jsonl"),
        }
        n_words = sum(map(len, docs))
        for name, work in jobs.items():
            print(f"{name:22s} {least(work) / n_words * 1e6:.3f} us a word")


if __name__ == "__main__":
    main()
