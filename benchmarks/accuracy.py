r"""A package and spaCy pipelines on a treebank, by the official CoNLL scorer, raw and on gold words.

    python benchmarks/accuracy.py GOLD.conllu --package en_core_web_sm \
        --peer PIPELINE --peer-python .venv-spacy/bin/python

Raw: one text a paragraph. Gold words: words and sentences given; ours as whole paragraphs with preset
sentence starts, a peer gets one sentence at a time. Needs udtools (`pip install 'treelet[test]'`); spaCy
only in the interpreter of --peer-python.
"""

import argparse
import io
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import udtools.udeval

import treelet
from peer import run_peer
from treelet.formats.conllu import read_conllu, write_conllu

METRICS = (
    "Tokens",
    "Words",
    "Sentences",
    "UPOS",
    "XPOS",
    "UFeats",
    "Lemmas",
    "UAS",
    "LAS",
    "CLAS",
    "MLAS",
    "BLEX",
)


def score(gold: str, system: str) -> dict[str, float]:
    """F1 of each metric in percent, from two CoNLL-U texts."""
    loaded = [
        udtools.udeval.load_conllu(io.StringIO(text), name, {"multiple_roots_okay": True})
        for text, name in ((gold, "gold"), (system, "system"))
    ]
    scores = udtools.udeval.evaluate(*loaded)
    return {name: 100 * scores[name].f1 for name in METRICS}


def annotate_ours(package: str, gold: Path, gold_words: bool) -> str:
    nlp = treelet.load(package)
    docs = list(read_conllu(gold))
    given: Iterator[Any] = (doc.bare(sentences=True) if gold_words else doc.text for doc in docs)
    return "".join(write_conllu(doc) for doc in nlp.pipe(given))


def annotate_peer(pipeline: str, python: str, gold: Path, gold_words: bool) -> str:
    if gold_words:
        documents: list[dict[str, Any]] = [
            {"words": [token.form_ for token in doc], "spaces": [bool(token.whitespace_) for token in doc]}
            for doc in read_conllu(gold, per="sentence")
        ]
    else:
        documents = [{"text": doc.text.strip()} for doc in read_conllu(gold)]
    return "".join(peer_conllu(answer["words"]) for answer in run_peer(pipeline, python, documents))


def peer_conllu(words: list[list[Any]]) -> str:
    """CoNLL-U of one document; a head in another sentence, which no valid tree has, becomes a root."""
    starts = [k for k, word in enumerate(words) if word[8] or k == 0] + [len(words)]
    lines: list[str] = []
    for start, end in pairwise(starts):
        for k in range(start, end):
            text, lemma, pos, tag, morph, head, relation, space, *_ = words[k]
            number = head - start + 1 if head != k and start <= head < end else 0
            label = "root" if number == 0 else "dep" if relation in ("ROOT", "root", "") else relation
            cells = [
                k - start + 1,
                text,
                lemma or "_",
                pos or "_",
                tag or "_",
                morph or "_",
                number,
                label,
                "_",
            ]
            lines.append("\t".join(map(str, cells)) + ("\t_" if space else "\tSpaceAfter=No"))
        lines.append("")
    return "".join(line + "\n" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path, metavar="GOLD.conllu")
    parser.add_argument(
        "--package", action="append", default=[], help="treelet package, name or folder; may be repeated"
    )
    parser.add_argument(
        "--peer", action="append", default=[], help="spaCy pipeline, name or folder; may be repeated"
    )
    parser.add_argument("--peer-python", default=sys.executable, help="interpreter that has spaCy")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    gold = options.gold.read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = []
    for gold_words in (False, True):
        text = "gold words" if gold_words else "raw"
        for name in options.package:
            rows.append(
                {
                    "system": f"treelet {Path(name).name}",
                    "from": text,
                    **score(gold, annotate_ours(name, options.gold, gold_words)),
                }
            )
        for name in options.peer:
            rows.append(
                {
                    "system": f"spacy {Path(name).name}",
                    "from": text,
                    **score(gold, annotate_peer(name, options.peer_python, options.gold, gold_words)),
                }
            )
    print(json.dumps(rows, indent=1) if options.json else table(rows))


def table(rows: list[dict[str, Any]]) -> str:
    """One line a system and kind of input."""
    lines = [f"{'system':32} {'from':10} " + " ".join(f"{name:>9}" for name in METRICS)]
    lines += [
        f"{row['system']:32} {row['from']:10} " + " ".join(f"{row[name]:9.2f}" for name in METRICS)
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
