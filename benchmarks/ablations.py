r"""One setting changed at a time: each variant taught on the same data, scored on the same development data.

    python benchmarks/ablations.py --train TRAIN.conllu --dev DEV.conllu --lang en --out FOLDER

The variants are in ablations.json beside this file. A variant whose package is in --out already is not
taught again, so a run that was stopped goes on. `raw`: from text
alone; the others: words and sentences given. One seed: differences below half a point of LAS may be chance.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import treelet
from treelet.formats import read_docs
from treelet.scoring import Score, Scores, score_docs
from treelet.settings import override, settings_from_dict
from treelet.training import TrainingJob, train
from treelet.training.progress import Evaluated

SHOWN = ("Sentences", "UPOS", "UFeats", "Lemmas", "UAS", "LAS")


def variants(options: argparse.Namespace) -> dict[str, list[str]]:
    path = Path(__file__).with_suffix(".json")
    table: dict[str, dict[str, list[str]]] = json.loads(path.read_text(encoding="utf-8"))
    found = {f"{group}: {name}": changes for group, rows in table.items() for name, changes in rows.items()}
    return {name: changes for name, changes in found.items() if not options.only or name in options.only}


def folder_of(out: Path, name: str) -> Path:
    return out / "".join(c if c.isalnum() else "_" for c in name)


def teach(options: argparse.Namespace, out: Path, changes: list[str]) -> None:
    values: dict[str, Any] = {"language": options.lang}
    override(values, f"training.epochs={options.passes}")
    vectors: Path | None = None
    for change in changes:
        if change == "vectors":
            vectors = options.vectors
        else:
            override(values, change)
    job = TrainingJob([options.train], [options.dev], out, settings_from_dict(values), vectors=vectors)
    for event in train(job):
        if isinstance(event, Evaluated):
            print(f"  pass {event.epoch}: LAS {event.scores['LAS']:.2f}, {event.seconds:.0f} s", flush=True)


def score(package: Path, dev: Path, shown: Sequence[str] = SHOWN) -> dict[str, dict[str, float]]:
    nlp = treelet.load(package)
    gold = list(read_docs(dev))
    found = {
        "gold": [nlp(doc.bare(sentences=True)) for doc in gold],
        "raw": [nlp(doc.text) for doc in gold],
    }
    metrics = {how: measured(score_docs(gold, docs)) for how, docs in found.items()}
    return {
        how: {name: round(100 * m[name].f1, 2) for name in shown if name in m} for how, m in metrics.items()
    }


def measured(scores: Scores) -> dict[str, Score]:
    """Entities among the others, where they are known."""
    return scores.metrics | ({"ENTS": scores.entities.micro} if scores.entities else {})


def show(rows: dict[str, dict[str, dict[str, float]]]) -> None:
    table = Table("variant", "raw Sent.", "raw LAS", "UPOS", "UFeats", "UAS", "LAS")
    for name, s in rows.items():
        gold, raw = s["gold"], s["raw"]
        cells = (raw["Sentences"], raw["LAS"], gold["UPOS"], gold["UFeats"], gold["UAS"], gold["LAS"])
        table.add_row(name, *(f"{cell:.2f}" for cell in cells))
    Console(width=100).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("--train", "--dev", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--vectors", type=Path, help="for the variants that take static vectors")
    parser.add_argument("--lang", default="xx")
    parser.add_argument("--passes", type=int, default=8)
    parser.add_argument("--only", nargs="*", help="names of variants")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = {}
    for name, changes in variants(options).items():
        if "vectors" in changes and not options.vectors:
            continue
        out = folder_of(options.out, name)
        scores = out.with_suffix(".json")
        if not scores.exists():
            print(name, flush=True)
            teach(options, out, changes)
            scores.write_text(json.dumps(score(out, options.dev)), encoding="utf-8")
        rows[name] = json.loads(scores.read_text(encoding="utf-8"))
    if options.json:
        print(json.dumps(rows, indent=1))
    else:
        show(rows)


if __name__ == "__main__":
    main()
