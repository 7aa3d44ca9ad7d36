"""Crossing arcs of treebanks, and how many trees come back exactly from each way of lifting them.

    python benchmarks/projectivity.py FILE.conllu … [--json]

A row a file, named by its folder and stem: sentences, share of them with a crossing arc, share of arcs that
cross; for each scheme how many labels with a mark it makes, the share of crossing trees that come back
exactly, and the share of lifted arcs that come back to their first head.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

from treelet import _core
from treelet.formats import read_docs

SCHEMES = ("head", "path", "head+path")
Tree = tuple[list[int], list[str]]


@dataclass
class Scheme:
    """What a way of lifting does to the crossing trees of a file."""

    marked_labels: set[str] = field(default_factory=set)
    lifted: int = 0  # arcs
    recovered: int = 0  # lifted arcs that come back
    trees: int = 0  # crossing trees that come back exactly


@dataclass
class Row:
    """Counts of one file."""

    name: str
    sentences: int = 0
    arcs: int = 0
    crossing_sentences: int = 0
    crossing_arcs: int = 0
    schemes: dict[str, Scheme] = field(default_factory=lambda: {name: Scheme() for name in SCHEMES})


def sentences(path: str) -> list[Tree]:
    """The tree of every sentence that is annotated throughout, words numbered from 0."""
    trees = []
    for doc in read_docs(path):
        heads, deprels = doc.columns.head_column(), doc.columns.deprel_column()
        for start, end in pairwise([*doc.sentence_starts, len(doc)]):
            if all(start <= head < end for head in heads[start:end]):
                names = [deprel or "" for deprel in deprels[start:end]]
                trees.append(([head - start for head in heads[start:end]], names))
    return trees


def measure(path: str) -> Row:
    row = Row("/".join(Path(path).with_suffix("").parts[-2:]))
    for heads, deprels in sentences(path):
        row.sentences += 1
        row.arcs += sum(head != word for word, head in enumerate(heads))
        crossing = len(_core.nonprojective_words(heads))
        if not crossing:
            continue
        row.crossing_sentences += 1
        row.crossing_arcs += crossing
        for name, scheme in row.schemes.items():
            add(scheme, name, heads, deprels)
    return row


def add(scheme: Scheme, name: str, heads: list[int], deprels: list[str]) -> None:
    lifted_heads, lifted = _core.projectivize(heads, deprels, name)
    back, _ = _core.deprojectivize(lifted_heads, lifted, name)
    moved = [word for word, head in enumerate(heads) if head != lifted_heads[word]]
    scheme.marked_labels |= {label for label in lifted if "|" in label or ">" in label}
    scheme.lifted += len(moved)
    scheme.recovered += sum(back[word] == heads[word] for word in moved)
    scheme.trees += back == heads


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "-"


def show(row: Row) -> str:
    cells = [f"{row.name:42}{row.sentences:>8,}", f"{share(row.crossing_sentences, row.sentences):>7}"]
    cells.append(f"{share(row.crossing_arcs, row.arcs):>6}")
    for scheme in row.schemes.values():
        trees = share(scheme.trees, row.crossing_sentences)
        cells.append(f"{len(scheme.marked_labels):>7}{trees:>8}{share(scheme.recovered, scheme.lifted):>8}")
    return "".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    rows = [measure(path) for path in arguments.files]
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=1, default=len))
        return
    print(f"{'':63}" + "".join(f"{name:>23}" for name in SCHEMES))
    print(f"{'file':42}{'sents':>8}{'%cross':>7}{'%arcs':>6}" + f"{'labels':>7}{'%trees':>8}{'%arcs':>8}" * 3)
    for row in rows:
        print(show(row))


if __name__ == "__main__":
    main()
