r"""What helps a narrow network besides a teacher: variants of a recipe in one table.

    python benchmarks/narrow.py en_core_web_sm --data DATA --out FOLDER
    python benchmarks/narrow.py en_core_web_sm --data DATA --out FOLDER --passes 24 --only "as it is"

DATA is the folder that the recipe's files are in. The recipe gives labels, vectors, development file and the
settings of all; narrow.json beside this file has the variants: lists of settings that differ, in the order
they are taught. `--silver FOLDER`, which `treelet distill` made, is taught beside gold, as much as the recipe
says; without it there is none. A variant that is in --out is not taught again, so a run that was stopped goes
on; of each that is done a line comes at once. Scores: words and sentences given, and `raw` from text alone.
`--every 3` takes every third document, which tells large differences sooner. Time: all packages annotate the
development texts in turns, in this process. `--untaught` tells size and time alone, of networks as they
begin, with encoder and tagger alone: what the others take depends on what they have learned, and hardly on
settings.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import treelet
from ablations import folder_of, score
from treelet.formats import read_docs
from treelet.settings import override, settings_from_dict
from treelet.teaching.coverage import complete_settings
from treelet.teaching.labels import collect_labels
from treelet.teaching.learner import Learner
from treelet.teaching.static_vectors import read_static_vectors, with_vectors
from treelet.teaching.tokenization import taught_rules
from treelet.training import TrainingJob, train
from treelet.training.corpus import read_corpora
from treelet.training.export import Exporter
from treelet.training.progress import Evaluated

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "recipes"))
from recipe import Recipe, read_recipe

SHOWN = ("Sentences", "UPOS", "Lemmas", "LAS", "ENTS")
COLUMNS = {"raw LAS": ("raw", "LAS"), "raw ENTS": ("raw", "ENTS")}
COLUMNS |= {name: ("gold", name) for name in ("UPOS", "Lemmas", "LAS", "ENTS")}
FILES = ["ud/English-EWT/train.conllu", "ner/BTC/train.iob2", "ner/WNUT17/train.iob2"]
NO_VECTORS = "no vectors"
NO_VECTORS_SETTINGS = ["encoder.vector_words=0", "encoder.vector_rows=0"]
UNTAUGHT = ("morphologizer", "lemmatizer", "senter", "parser", "ner")
Row = dict[str, Any]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipe", help="whose settings, labels and development file are the base")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--train", nargs="*", default=FILES, help="files of DATA to teach from")
    parser.add_argument("--every", type=int, default=1, help="each how manieth document is taught")
    parser.add_argument("--silver", type=Path, help="texts that teachers labelled")
    parser.add_argument("--passes", type=int, default=4, help="a variant may say otherwise")
    parser.add_argument("--untaught", action="store_true", help="sizes and times alone")
    parser.add_argument("--only", nargs="*", help="names of variants")
    parser.add_argument("--rounds", type=int, default=3, help="times each package annotates; 0: not timed")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def variants() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return found


def job_of(options: argparse.Namespace, recipe: Recipe, changes: list[str], out: Path) -> TrainingJob:
    values: dict[str, Any] = {"language": recipe.name.split("_")[0]}
    given = [*recipe.assignments(), f"training.epochs={options.passes}", "training.patience=1000"]
    without = NO_VECTORS in changes
    for change in [*given, *changes]:
        for assignment in NO_VECTORS_SETTINGS if change == NO_VECTORS else [change]:
            override(values, assignment)
    return TrainingJob(
        train=[thinned(options.data / name, options.every, options.out) for name in options.train],
        dev=recipe.files(recipe.dev, options.data, options.out),
        out=out,
        settings=settings_from_dict(values),
        label_map={old: new for new, names in recipe.labels.items() for old in names},
        vectors=None if without else options.data / recipe.vectors,
        silver=options.silver,
        resume=True,
    )


def thinned(path: Path, every: int, out: Path) -> Path:
    """A file of every so manieth sentence of IOB2, or document of CoNLL-U."""
    if every == 1:
        return path
    text = path.read_text(encoding="utf-8").rstrip("\n")
    mark = "\n\n# newdoc" if path.suffix == ".conllu" else "\n\n"
    kept = mark.join(text.split(mark)[::every])
    new = out / f"{path.parent.name}.{every}{path.suffix}"
    new.parent.mkdir(parents=True, exist_ok=True)
    new.write_text(kept + "\n\n", encoding="utf-8")
    return new


def made(options: argparse.Namespace, recipe: Recipe, name: str, changes: list[str]) -> Row:
    """What a variant scores, how large it is, how long it took to teach; from --out where it is there."""
    out = folder_of(options.out, f"{name} {options.passes} {options.every}")
    scores = out.with_suffix(".json")
    if not scores.exists():
        watch, job = time.process_time(), job_of(options, recipe, changes, out)
        for event in train(job):
            if isinstance(event, Evaluated):
                print(f"  {name}, pass {event.epoch}: LAS {event.scores['LAS']:.2f}", file=sys.stderr)
        size = sum(path.stat().st_size for path in out.iterdir()) / 1e6
        row = score(out, job.dev[0], SHOWN)
        scores.write_text(json.dumps({**row, "MB": size, "minutes": (time.process_time() - watch) / 60}))
    found: Row = json.loads(scores.read_text(encoding="utf-8"))
    return {**found, "folder": str(out)}


def untaught(options: argparse.Namespace, recipe: Recipe, name: str, changes: list[str]) -> Row:
    """How large a variant is."""
    job = job_of(options, recipe, changes, folder_of(options.out, f"{name} untaught"))
    docs = read_corpora(job.train, job.label_map, job.settings.language)
    settings, vectors = complete_settings(job.settings, docs), None
    if job.vectors is not None:
        vectors = read_static_vectors(job.vectors, settings.encoder.vector_words)
        settings = with_vectors(settings, vectors)
    learner = Learner(settings, collect_labels(docs, settings), vectors)
    exporter = Exporter(job.out, settings, learner.labels, taught_rules(settings.language, docs), {})
    exporter.keep(learner.arrays(), {})
    size = sum(path.stat().st_size for path in job.out.iterdir()) / 1e6
    return {"MB": size, "folder": str(job.out)}


def time_all(rows: dict[str, Row], dev: Path, rounds: int, exclude: tuple[str, ...] = ()) -> None:
    """Add microseconds a word, the median of so many rounds in turns."""
    texts = [doc.text for doc in read_docs(dev)]
    pipelines = {name: treelet.load(row["folder"], exclude=exclude) for name, row in rows.items()}
    seconds: dict[str, list[float]] = {name: [] for name in rows}
    words = 1
    for _ in range(rounds + 1):  # the first warms up
        for name, nlp in pipelines.items():
            watch = time.process_time()
            words = sum(len(doc) for doc in nlp.pipe(texts, threads=1))
            seconds[name].append(time.process_time() - watch)
    for name, row in rows.items():
        row["us a word"] = statistics.median(seconds[name][1:]) / words * 1e6


def cells(row: Row) -> list[str]:
    scores = [f"{row[how][metric]:.2f}" if how in row else "" for how, metric in COLUMNS.values()]
    return [*scores, f"{row.get('us a word', float('nan')):.2f}", f"{row['MB']:.2f}"]


def main() -> None:
    options = arguments()
    recipe = read_recipe(options.recipe)
    make = untaught if options.untaught else made
    rows = {}
    for name, changes in variants().items():
        if options.only and name not in options.only:
            continue
        rows[name] = make(options, recipe, name, changes)
        if not options.json and not options.untaught:
            told = ", ".join(
                f"{column} {cell}" for column, cell in zip(COLUMNS, cells(rows[name]), strict=False)
            )
            print(f"{name}: {told}, {rows[name]['MB']:.2f} MB", flush=True)
    if options.rounds:
        dev = recipe.files(recipe.dev, options.data, options.out)[0]
        time_all(rows, dev, options.rounds, UNTAUGHT if options.untaught else ())
    if options.json:
        print(json.dumps(rows, indent=1))
        return
    shown = Table("variant", *COLUMNS, "µs a word", "MB")
    for name, row in rows.items():
        shown.add_row(name, *cells(row))
    Console(width=110).print(shown)


if __name__ == "__main__":
    main()
