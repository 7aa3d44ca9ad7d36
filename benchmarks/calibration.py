r"""How far a package's probabilities of heads, relations and entities can be believed, on gold documents.

    python benchmarks/calibration.py en_core_web_sm GOLD.conllu [--entities GOLD2.conllu] [--json]

Words are given, sentences and all else predicted. Three ways: `own` are the walk's own probabilities,
`package` those that the package writes, `cross` those of weights fitted on the even documents and measured
on the odd ones, and the other way round: the honest figure where GOLD is what the package was calibrated on.
ECE is the expected calibration error in ten bins of equal width, in points; `chance` is what so many
predictions would show were every probability true. `sure` is the share of predictions above 0.9, the last
column how many of those are right, both in percent.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import treelet
from treelet.formats import read_docs
from treelet.package.safetensors import read_tensors
from treelet.scoring import measure_calibration
from treelet.training.calibration import (
    OWN_ENTITIES,
    OWN_HEADS,
    OWN_LABEL,
    entity_probabilities,
    fit_entities,
    fit_heads,
    fit_labels,
    head_probabilities,
    label_probabilities,
)
from treelet.training.evidence import EntityEvidence, HeadEvidence, collect_evidence

SURE = 0.9


def main() -> None:
    options = arguments()
    nlp = treelet.load(options.package)
    docs = [doc for doc in read_docs(options.gold) if len(doc)]
    heads, entities = collect_evidence(nlp, docs)
    if options.entities:
        _, entities = collect_evidence(nlp, [doc for doc in read_docs(options.entities) if len(doc)])
    saved = package_weights(Path(treelet.package.find_package(options.package)))
    rows = [*head_rows(heads, saved), *entity_rows(entities, saved)]
    print(json.dumps(rows, indent=1) if options.json else table(rows, options.bins))


def package_weights(folder: Path) -> dict[str, np.ndarray]:
    """The calibration of a package; the walk's own where it has none."""
    found = {
        "parser.calibration": OWN_HEADS,
        "parser.label_calibration": OWN_LABEL,
        "ner.calibration": OWN_ENTITIES,
    }
    tensors = read_tensors(folder / "weights.safetensors")
    for name in found.keys() & tensors.keys():
        kind = {"F16": "<f2", "F32": "<f4"}[tensors[name].dtype]
        found[name] = np.frombuffer(tensors[name].data, kind).reshape(tensors[name].shape).astype(np.float64)
    return found


def head_rows(evidence: HeadEvidence, saved: dict[str, np.ndarray]) -> Iterator[dict[str, Any]]:
    """Head right; head and relation right."""
    if not len(evidence.side):
        return

    def both(e: HeadEvidence, weights: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        return head_probabilities(e, weights[0]) * label_probabilities(e, weights[1])

    own, package = (OWN_HEADS, OWN_LABEL), (saved["parser.calibration"], saved["parser.label_calibration"])
    by_way = {
        "own": lambda apply: apply(evidence, own),
        "package": lambda apply: apply(evidence, package),
        "cross": lambda apply: crossed(evidence, lambda e: (fit_heads(e), fit_labels(e)), apply),
    }
    for way, of in by_way.items():
        yield row("head", way, of(lambda e, w: head_probabilities(e, w[0])), evidence.head_right)
    for way, of in by_way.items():
        yield row("head+deprel", way, of(both), evidence.both_right)


def entity_rows(evidence: EntityEvidence, saved: dict[str, np.ndarray]) -> Iterator[dict[str, Any]]:
    """Borders and label right."""
    if not len(evidence.right):
        return
    yield row("entity", "own", entity_probabilities(evidence, OWN_ENTITIES), evidence.right)
    yield row("entity", "package", entity_probabilities(evidence, saved["ner.calibration"]), evidence.right)
    yield row("entity", "cross", crossed(evidence, fit_entities, entity_probabilities), evidence.right)


def crossed(evidence: Any, fit: Callable[[Any], Any], apply: Callable[[Any, Any], np.ndarray]) -> np.ndarray:
    """Probabilities of each half by weights fitted on the other; documents are whole."""
    found = np.empty(len(evidence.document))
    for half in (0, 1):
        here = evidence.document % 2 == half
        found[here] = apply(chosen(evidence, here), fit(chosen(evidence, ~here)))
    return found


def chosen(evidence: Any, rows: np.ndarray) -> Any:
    return type(evidence)(**{name: column[rows] for name, column in vars(evidence).items()})


def row(what: str, way: str, probabilities: np.ndarray, right: np.ndarray) -> dict[str, Any]:
    measured = measure_calibration(probabilities.tolist(), right.tolist())
    assert measured is not None
    sure = probabilities > SURE
    return {
        "what": what,
        "way": way,
        **measured.to_dict(),
        "sure": float(sure.mean()),
        "right_where_sure": float(right[sure].mean()) if sure.any() else None,
    }


def table(rows: list[dict[str, Any]], bins: bool) -> str:
    lines = [f"{'':20} {'n':>7} {'right':>6} {'ECE':>6} {'chance':>6} {'Brier':>6} {'sure':>6} {'right':>6}"]
    for r in rows:
        where_sure = "" if r["right_where_sure"] is None else f"{100 * r['right_where_sure']:6.2f}"
        lines.append(
            f"{r['what']:12}{r['way']:8} {r['n']:7,} {100 * r['right']:6.2f} {r['ece']:6.2f} "
            f"{r['chance_ece']:6.2f} {r['brier']:6.4f} {100 * r['sure']:6.2f} {where_sure:>6}"
        )
        if bins:
            lines += [
                f"    {b['low']:.1f} to {b['high']:.1f} {b['n']:7,}"
                f"   says {b['probability']:.3f}   is {b['right']:.3f}"
                for b in r["bins"]
                if b["n"]
            ]
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", help="name or folder")
    parser.add_argument("gold", help="CoNLL-U or IOB2 with what is to be judged")
    parser.add_argument("--entities", help="another file to judge entities on")
    parser.add_argument("--bins", action="store_true", help="show the reliability tables")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
