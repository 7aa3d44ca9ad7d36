r"""A taught package and the file of its vectors in; what more of them are worth without teaching, out.

    python benchmarks/vector_words.py en_core_web_sm DEV.conllu --vectors glove.6B.50d.top100k.f16.npy.xz \
        --words 22000 50000 100000

Static vectors are never updated, and what turns them into a part of the mix is one matrix for all: a word
that had none while the package was taught can be given one afterwards. `pruned`: words beyond --rows get the
row of the nearest of the first --rows words, so that a key is all that they need (`encoder.vector_rows`).
Words and sentences given, and `raw` from text alone.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ablations import score
from treelet.package import save_package
from treelet.teaching.static_vectors import StaticVectors, pruned, read_static_vectors, with_vectors
from treelet.training.base import Base

SHOWN = ("Sentences", "UPOS", "Lemmas", "LAS", "ENTS")
KEY = 8
"""Bytes of the hash of a norm, and of the number of a row that several keys share."""


def first(vectors: StaticVectors, words: int) -> StaticVectors:
    return StaticVectors(vectors.keys[:words], vectors.table[:words], vectors.scale)


def scored(base: Base, vectors: StaticVectors, gold: Path) -> dict[str, dict[str, float]]:
    settings = with_vectors(base.settings, vectors)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "changed"
        save_package(
            out,
            settings=settings,
            weights={**base.arrays, **vectors.arrays()},
            labels=base.labels,
            tokenizer_json=json.dumps(base.rules),
            stored=base.settings.training.stored,
        )
        return score(out, gold, SHOWN)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package")
    parser.add_argument("gold", type=Path)
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--words", type=int, nargs="+", required=True)
    parser.add_argument("--rows", type=int, nargs="*", default=[22_000], help="of pruned tables")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    base = Base(options.package)
    every = read_static_vectors(options.vectors, max(options.words))
    row = every.table.shape[1]
    found: dict[str, dict[str, Any]] = {}
    for words in sorted(options.words):
        vectors = first(every, words)
        size = len(vectors.keys) * (KEY + row) / 1e6
        found[f"{words:,}"] = {**scored(base, vectors, options.gold), "MB": size}
    for rows in options.rows:
        vectors = pruned(every, rows)
        size = (len(vectors.keys) * KEY + rows * row) / 1e6
        name = f"{len(vectors.keys):,} pruned to {rows:,} rows"
        found[name] = {**scored(base, vectors, options.gold), "MB": size}
    if options.json:
        print(json.dumps(found, indent=1))
        return
    table = Table("words with vectors", "MB of vectors", "raw LAS", "UPOS", "Lemmas", "LAS", "ENTS")
    for name, each in found.items():
        gold = each["gold"]
        cells = (each["raw"]["LAS"], *(gold.get(name) for name in ("UPOS", "Lemmas", "LAS", "ENTS")))
        table.add_row(name, f"{each['MB']:.2f}", *("" if cell is None else f"{cell:.2f}" for cell in cells))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
