"""Teachers and gold documents in, how good each is, and all together; what least probabilities leave.

    python benchmarks/teachers.py DEV.conllu --teacher PACKAGE [--teacher PACKAGE …]

Gold words, all else predicted. Sentences are the teachers', so a head is right where it is gold's.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

import treelet
from treelet import Doc
from treelet.formats import read_docs
from treelet.silver.cache import Silver
from treelet.silver.teachers import annotated

LEAST = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9)


def measure(gold: Sequence[Doc], found: Sequence[Silver]) -> dict[str, float]:
    """Percent of words with the right value, of those that gold annotates; F of entities."""
    scores = {}
    for name in ("upos", "feats", "xpos", "lemma"):
        pairs = [
            (a, b)
            for doc, each in zip(gold, found, strict=True)
            for a, b in zip(
                getattr(doc.columns, f"{name}_column")(),
                getattr(each.doc.columns, f"{name}_column")(),
                strict=True,
            )
        ]
        known = [a == b for a, b in pairs if a is not None and b is not None]
        if known:
            scores[name.upper()] = 100 * float(np.mean(known))
    heads, labels = right_arcs(gold, found)
    if heads.size:
        scores |= {"UAS": 100 * float(heads.mean()), "LAS": 100 * float(labels.mean())}
    ours = [{(e.start, e.end, e.label_) for e in each.doc.ents} for each in found]
    theirs = [{(e.start, e.end, e.label_) for e in doc.ents} for doc in gold]
    if any(ours) and any(theirs):
        both = sum(len(a & b) for a, b in zip(ours, theirs, strict=True))
        scores["ENTS"] = 200 * both / (sum(map(len, ours)) + sum(map(len, theirs)))
    return scores


def right_arcs(gold: Sequence[Doc], found: Sequence[Silver]) -> tuple[np.ndarray, np.ndarray]:
    """For every word whether its head, and whether head and relation are right; empty without trees."""
    if not all(each.doc.columns.has_head() for each in found):
        return np.zeros(0, bool), np.zeros(0, bool)
    rows = [
        (a == b, a == b and _base(c) == _base(d))
        for doc, each in zip(gold, found, strict=True)
        for a, b, c, d in zip(
            doc.columns.head_column(),
            each.doc.columns.head_column(),
            doc.columns.deprel_column(),
            each.doc.columns.deprel_column(),
            strict=True,
        )
    ]
    heads, labels = np.array(rows, bool).T
    return heads, labels


def _base(deprel: str | None) -> str:
    return (deprel or "").partition(":")[0]


def left_by(least: float, gold: Sequence[Doc], found: Sequence[Silver]) -> str:
    """What a least probability leaves of heads and relations, and how much of that is right."""
    heads, labels = right_arcs(gold, found)
    parts = []
    for name, right in (("head", heads), ("deprel", labels)):
        sure = np.concatenate([each.sure[name] for each in found])
        kept = ~(sure < least)
        parts.append(f"{100 * kept.mean():5.1f} % kept, {100 * right[kept].mean():5.1f} % right")
    return "   ".join(parts)


def main() -> None:
    """Rows to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dev")
    parser.add_argument("--teacher", action="append", required=True)
    options = parser.parse_args()
    gold = [doc for doc in read_docs(options.dev) if len(doc)]
    teachers = [treelet.load(each) for each in options.teacher]
    chosen = [*([each] for each in teachers), *([teachers] if len(teachers) > 1 else [])]
    names = [*options.teacher, "all, by vote"]
    for name, several in zip(names, chosen, strict=False):
        found = annotated(several, [doc.bare() for doc in gold])
        scores = measure(gold, found)
        print(f"{name:30.30}", "  ".join(f"{key} {value:.2f}" for key, value in scores.items()))
        if "UAS" in scores:
            for least in LEAST:
                print(f"    at least {least:.1f}: heads, relations", left_by(least, gold, found))


if __name__ == "__main__":
    main()
