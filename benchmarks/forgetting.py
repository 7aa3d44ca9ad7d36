r"""What a recognizer forgets when a new entity type is taught from 200 sentences, with and without rehearsal.

    python benchmarks/forgetting.py DATA --raw TEXTS --out FOLDER [--base PACKAGE] [--trees DEV.conllu]

DATA holds CrossNER_*/ as IOB2. The base is a package that knows PER, ORG and LOC: the recognizer of
en_core_web_sm, if none is named. The new type comes from one domain of CrossNER: 200 sentences that annotate
nothing else, 100 more decide which pass is kept. The rest of the domain, and the development files of the
others, tell what became of the old types; in their figures spans of the new type count neither for nor
against. --trees, a treebank with entities (NER= in MISC), tells of UPOS, LAS and the old types in other
text. A run that has been made is not made again.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import treelet
from treelet import Doc, Span
from treelet.formats import read_docs, write_iob
from treelet.scoring import entity_scores, score_docs
from treelet.settings import settings_from_dict
from treelet.training import TrainingJob, train
from treelet.training.base import Base

DOMAINS = ("ai", "literature", "music", "politics", "science")
COARSE = {
    **dict.fromkeys(["PER", "person", "politician", "writer", "musicalartist"], "PER"),
    **dict.fromkeys(["scientist", "researcher"], "PER"),
    **dict.fromkeys(["ORG", "organisation", "university", "band", "politicalparty"], "ORG"),
    **dict.fromkeys(["LOC", "location", "country"], "LOC"),
}
TYPES = ("music/album", "literature/book", "science/astronomicalobject", "politics/election")
MODES = {
    "none": "--no-rehearsal",
    "texts": "the files alone",
    "raw": "--raw",
    "frozen": "--raw --freeze others",
    "alone": "no base",
}
TAUGHT, CHOOSING = 200, 100  # sentences
FROZEN_RATE = 0.004  # one layer learns, and what it reads stays: larger steps harm less


@dataclass(frozen=True)
class Run:
    """One teaching: a type "domain/label", a way to rehearse, a seed."""

    type: str
    mode: str
    seed: int


def domain(data: Path, name: str) -> list[Doc]:
    """Sentences of a domain, those to train on first."""
    folder = data / f"CrossNER_{name}"
    return [doc for part in ("train", "dev") for doc in read_docs(folder / f"{part}.iob2")]


def unseen(data: Path, run: Run) -> dict[str, list[Doc]]:
    """By domain, sentences to measure on: of the new type's own, those that were not used."""
    own = run.type.split("/")[0]
    return {
        name: domain(data, name)[TAUGHT + CHOOSING :]
        if name == own
        else list(read_docs(data / f"CrossNER_{name}" / "dev.iob2"))
        for name in DOMAINS
    }


def with_types(doc: Doc, types: dict[str, str], without: frozenset[int] = frozenset()) -> Doc:
    """The words with entities of these types, renamed, that touch none of the words `without`."""
    kept = doc.bare(sentences=True)
    kept.set_ents(
        [
            Span(kept, ent.start, ent.end, types[ent.label_])
            for ent in doc.ents
            if ent.label_ in types and without.isdisjoint(range(ent.start, ent.end))
        ]
    )
    return kept


def f1(gold: Sequence[Doc], found: Sequence[Doc]) -> float:
    scores = entity_scores(gold, found)
    return 100 * scores.micro.f1 if scores else 0.0


def measure(package: Any, data: Path, run: Run, trees: Path | None) -> dict[str, float]:
    """F of old and new types on words as given, and of trees."""
    nlp = treelet.load(package)
    label = run.type.split("/")[1]
    old = {name: coarse for name, coarse in COARSE.items() if name != label}
    kept = {"PER": "PER", "ORG": "ORG", "LOC": "LOC"}
    gold, found = [], []
    for docs in unseen(data, run).values():
        for doc in docs:
            new = frozenset(i for ent in doc.ents if ent.label_ == label for i in range(ent.start, ent.end))
            gold.append(with_types(doc, old, new))
            found.append(with_types(nlp(doc.bare()), kept, new))
    own = unseen(data, run)[run.type.split("/")[0]]
    scores = {
        "old, CrossNER": f1(gold, found),
        "new": f1(
            [with_types(doc, {label: label}) for doc in own],
            [with_types(nlp(doc.bare()), {label: label}) for doc in own],
        ),
    }
    if trees is not None:
        treebank = [doc for doc in read_docs(trees) if len(doc)]
        guessed = [nlp(doc.bare()) for doc in treebank]
        coarse = [with_types(doc, COARSE) for doc in treebank]
        scores["old, treebank"] = f1(coarse, [with_types(doc, kept) for doc in guessed])
        if "parser" in nlp.pipe_names:
            counted = score_docs(treebank, guessed)
            scores |= {name: 100 * counted[name].f1 for name in ("UPOS", "LAS")}
    return scores


def write(path: Path, docs: Iterable[Doc]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(write_iob(docs)), encoding="utf-8")
    return path


def finish(job: TrainingJob) -> Path:
    """Teach to the end."""
    for _ in train(job):
        pass
    return job.out


def recognizer(out: Path) -> Path:
    """That of en_core_web_sm, as a package of its own."""
    if not (out / "base" / "manifest.json").exists():
        nlp = treelet.load("en_core_web_sm")
        for name in nlp.pipe_names:
            if name != "ner":
                nlp.remove_pipe(name)
        nlp.to_disk(out / "base", type="ent")
    return out / "base"


def teach(run: Run, base: Path, options: argparse.Namespace) -> Path:
    """The package of a run."""
    name, label = run.type.split("/")
    docs = [with_types(doc, {label: label}) for doc in domain(options.data, name)]
    folder = options.out / f"{name}-{label}"
    taught = write(folder / "train.iob2", docs[:TAUGHT])
    choosing = write(folder / "dev.iob2", docs[TAUGHT : TAUGHT + CHOOSING])
    out = folder / f"{run.mode}-{run.seed}"
    changes: dict[str, Any] = {"training": {"seed": run.seed}}
    if run.mode == "frozen":
        changes["training"]["learning_rate"] = FROZEN_RATE
    if run.mode == "alone":
        from_the_start = settings_from_dict({"pipeline": ["ner"], **changes})
        return finish(TrainingJob([taught], [choosing], out, from_the_start, resume=True))
    return finish(
        TrainingJob(
            [taught],
            [choosing],
            out,
            Base(base).settings_with(changes),
            base=base,
            raw=options.raw if run.mode in ("raw", "frozen") else (),
            freeze=["others"] if run.mode == "frozen" else (),
            rehearse=run.mode != "none",
            resume=True,
        )
    )


def show(rows: list[dict[str, Any]]) -> None:
    """Means over seeds; the change against the base in brackets."""
    names = list(rows[0]["scores"])
    print("\n" + " ".join(f"{name:>22}" for name in ("type", "rehearsal", *names)))
    for key in dict.fromkeys((row["type"], row["mode"]) for row in rows):
        chosen = [row for row in rows if (row["type"], row["mode"]) == key]
        cells = []
        for name in names:
            now = statistics.mean(row["scores"][name] for row in chosen)
            change = now - statistics.mean(row["before"][name] for row in chosen)
            cells.append(f"{now:6.1f} ({change:+5.1f})")
        print(" ".join(f"{cell:>22}" for cell in (key[0].split("/")[1], key[1], *cells)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for packages and results.jsonl")
    parser.add_argument("--raw", type=Path, action="append", default=[], help="plain text to rehearse on")
    parser.add_argument("--base", help="package to teach more")
    parser.add_argument("--trees", type=Path, help="treebank that tells of UPOS and LAS")
    parser.add_argument("--type", action="append", dest="types", help="such as music/band; may be repeated")
    parser.add_argument("--mode", action="append", dest="modes", choices=list(MODES))
    parser.add_argument("--seeds", type=int, default=2)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    base = options.base or recognizer(options.out)
    results = options.out / "results.jsonl"
    rows = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
    old: dict[str, dict[str, float]] = {}
    done = {(row["type"], row["mode"], row["seed"]) for row in rows}
    for seed in range(options.seeds):
        for kind in options.types or TYPES:
            for mode in options.modes or MODES:
                run = Run(kind, mode, seed)
                if (kind, mode, seed) in done:
                    continue
                if kind not in old:
                    old[kind] = measure(base, options.data, run, options.trees)
                before = old[kind]
                after = measure(teach(run, base, options), options.data, run, options.trees)
                scores = {"before": before, "scores": {**before, **after}}
                row = {"type": kind, "mode": mode, "seed": seed, **scores}
                rows.append(row)
                with results.open("a") as file:
                    file.write(json.dumps(row) + "\n")
                print(json.dumps(row), file=sys.stderr, flush=True)
    show(rows)


if __name__ == "__main__":
    main()
