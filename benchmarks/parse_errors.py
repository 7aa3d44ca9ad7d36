r"""Where a parser errs: a package on a treebank with gold words, LAS by what the words and arcs are like.

    python benchmarks/parse_errors.py en_core_web_sm DEV.conllu --train TRAIN.conllu

Sentences are the package's own, so that what a wrong boundary costs is a row too. --train tells which forms
were taught: without it those rows are left out. `errors` is the share of all attachment errors.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

import treelet
from treelet.doc import Doc
from treelet.formats import read_docs

LENGTHS = ((1, "1"), (2, "2"), (4, "3 to 4"), (7, "5 to 7"), (15, "8 to 15"), (10**9, "16 and more"))
SENTENCES = ((5, "1 to 5"), (10, "6 to 10"), (20, "11 to 20"), (40, "21 to 40"), (10**9, "41 and more"))


@dataclass
class Count:
    words: int = 0
    heads: int = 0  # right ones
    arcs: int = 0  # right ones with the right relation


def upto(steps: Iterable[tuple[int, str]], value: int) -> str:
    return next(name for most, name in steps if value <= most)


def groups(doc: Doc, found: Doc, known: set[str] | None) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Each word with the rows that it counts in, as (kind, row)."""
    bounds = {token.i for token in found if token.is_sent_start}
    for sentence in doc.sents:
        inside = [i for i in range(sentence.start + 1, sentence.end) if i in bounds]
        ends = sentence.end == len(doc) or sentence.end in bounds
        whole = sentence.start in bounds and not inside and ends
        for token in sentence:
            length = abs(token.head.i - token.i)
            rows = [
                ("all", "all"),
                ("relation", token.dep_.split(":")[0]),
                ("length of arc", upto(LENGTHS, length) if length else "root"),
                ("words in sentence", upto(SENTENCES, len(sentence))),
                ("sentence boundaries", "right" if whole else "wrong"),
            ]
            if known is not None:
                rows.append(("form in training", "yes" if token.form_.lower() in known else "no"))
            yield token.i, rows


def count(package: str, dev: Path, train: Path | None) -> dict[tuple[str, str], Count]:
    nlp = treelet.load(package)
    known = {token.form_.lower() for doc in read_docs(train) for token in doc} if train else None
    counts: dict[tuple[str, str], Count] = {}
    for doc in read_docs(dev):
        found = nlp(doc.bare())
        for i, rows in groups(doc, found, known):
            right = found[i].head.i == doc[i].head.i
            labelled = right and found[i].dep_.split(":")[0] == doc[i].dep_.split(":")[0]
            for row in rows:
                cell = counts.setdefault(row, Count())
                cell.words += 1
                cell.heads += right
                cell.arcs += labelled
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package")
    parser.add_argument("dev", type=Path)
    parser.add_argument("--train", type=Path, help="CoNLL-U that the package was taught on")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    counts = count(options.package, options.dev, options.train)
    errors = sum(cell.words - cell.arcs for row, cell in counts.items() if row == ("all", "all"))
    rows = [
        {
            "kind": kind,
            "row": name,
            "words": cell.words,
            "UAS": round(100 * cell.heads / cell.words, 1),
            "LAS": round(100 * cell.arcs / cell.words, 1),
            "errors": round(100 * (cell.words - cell.arcs) / max(1, errors), 1),
        }
        for (kind, name), cell in sorted(counts.items(), key=lambda pair: (pair[0][0], -pair[1].words))
    ]
    if options.json:
        print(json.dumps(rows, indent=1))
        return
    table = Table(*rows[0])
    for line in rows:
        table.add_row(*map(str, line.values()))
    Console().print(table)


if __name__ == "__main__":
    main()
