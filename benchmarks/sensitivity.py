r"""How much each hyper-parameter matters: one changed at a time, on a third of a treebank.

    python benchmarks/sensitivity.py --out FOLDER \
        --corpus ewt:en:EN-TRAIN.conllu:EN-DEV.conllu --corpus bosque:pt:PT-TRAIN.conllu:PT-DEV.conllu
    python benchmarks/sensitivity.py --table

What is tried is in sensitivity_values.json beside this file, in the order it is run; what came out in
sensitivity.json. A run leaves a JSON file in --out and is not made again; several processes may share
--out, each taking the next run that none has. Settings of annotation alone change the default's package and
teach nothing. The table needs no data.
"""

import argparse
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import treelet
from sensitivity_table import DEFAULT, Results, summarized, table
from treelet.settings import (
    ANNOTATION_SETTINGS,
    EncoderSettings,
    Settings,
    override,
    read_settings,
    settings_from_dict,
)
from treelet.training import TrainingJob, train
from treelet.training.corpus import read_corpora
from treelet.training.evaluation import Evaluator
from treelet.training.progress import Evaluated, Prepared

VALUES = Path(__file__).with_name("sensitivity_values.json")
RESULTS = Path(__file__).with_name("sensitivity.json")
PROTOCOL = {"every": 3, "passes": 5, "seeds": [0, 1, 2, 3, 4]}
AFFIX_ROWS = {"prefix": EncoderSettings().rows_prefix, "suffix": EncoderSettings().rows_suffix}
VECTORS = "encoder.vector_words"  # taught with --vectors; elsewhere there are none
SHOWN = ("XPOS", "UPOS", "UFeats", "Lemmas", "Sentences", "UAS", "LAS", "ENTS")


@dataclass(frozen=True)
class Corpus:
    """A treebank: its name here, its language, a third of its documents to teach from, all of dev."""

    name: str
    language: str
    train: Path
    dev: Path
    vectors: Path | None
    has_entities: bool

    def has_use_for(self, setting: str) -> bool:
        return self.has_entities if setting.startswith("ner.") else bool(self.vectors or setting != VECTORS)


@dataclass(frozen=True)
class Run:
    """One setting of one corpus at one value; the seed is the default's setting."""

    corpus: Corpus
    setting: str
    value: Any

    @property
    def name(self) -> str:
        return f"{self.setting}={json.dumps(self.value)}"

    def settings(self) -> Settings:
        """The defaults with the one change; of affixes, with as many tables as there are lengths."""
        values: dict[str, Any] = {"language": self.corpus.language}
        override(values, f"training.epochs={PROTOCOL['passes']}")
        override(values, f"{self.setting}={json.dumps(self.value)}")
        for kind, rows in AFFIX_ROWS.items():
            if self.setting == f"features.{kind}_lengths":
                override(values, f"encoder.rows_{kind}={json.dumps(rows[: len(self.value)])}")
        return settings_from_dict(values)


def reduced(path: Path, every: int, out: Path) -> Path:
    """Every so manieth document of a file, from the first on, in a file of its own."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    number, kept = -1, []
    for line in lines:
        number += line.startswith("# newdoc")
        if max(number, 0) % every == 0:
            kept.append(line)
    out.write_text("".join(kept), encoding="utf-8")
    return out


def corpora(options: argparse.Namespace) -> list[Corpus]:
    found = []
    for description in options.corpus:
        name, language, train_file, dev_file, *vectors = description.split(":")
        folder = options.out / name
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / "train.conllu"
        if not part.exists():
            temporary = reduced(Path(train_file), PROTOCOL["every"], folder / f"train.{os.getpid()}")
            temporary.replace(part)
        has_entities = "NER=B-" in part.read_text(encoding="utf-8")
        given = Path(vectors[0]) if vectors else None
        found.append(Corpus(name, language, part, Path(dev_file), given, has_entities))
    return found


def runs(corpora: Sequence[Corpus], only: Sequence[str]) -> Iterator[Run]:
    """All there are, the defaults with their seeds first, without settings that a corpus has nothing for."""
    for seed in PROTOCOL["seeds"]:
        yield from (Run(corpus, DEFAULT, seed) for corpus in corpora)
    tried: dict[str, dict[str, list[Any]]] = json.loads(VALUES.read_text(encoding="utf-8"))
    for settings in tried.values():
        for setting, values in settings.items():
            for corpus in corpora:
                if corpus.has_use_for(setting) and (not only or setting in only):
                    yield from (Run(corpus, setting, value) for value in values)


@contextmanager
def claimed(path: Path) -> Iterator[bool]:
    """Whether this process alone may make what goes to the path; freed when it ends, however it ends."""
    with open(path.with_suffix(".lock"), "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield not path.exists()


def teach(run: Run, package: Path) -> dict[str, float]:
    """Scores of the best pass, its number, the network's parameters and the seconds of teaching."""
    vectors = run.corpus.vectors if run.setting == VECTORS else None
    job = TrainingJob([run.corpus.train], [run.corpus.dev], package, run.settings(), vectors=vectors)
    found: dict[str, float] = {}
    sizes: dict[str, float] = {}
    for event in train(job):
        if isinstance(event, Prepared):
            sizes = {"parameters": event.parameters, "words": event.words}
        elif isinstance(event, Evaluated) and event.best:
            found = picked(event.scores, event.score) | {"best_pass": event.epoch}
    return found | sizes


def annotate(run: Run, taught: Path) -> dict[str, float]:
    """Scores of the package that the defaults taught, with another value of a setting of annotation."""
    nlp = treelet.load(taught, settings={run.setting: run.value})
    evaluator = Evaluator(read_corpora([run.corpus.dev], {}), read_settings(taught / "settings.toml"))
    return picked(*evaluator.evaluate_pipeline(nlp))


def picked(scores: dict[str, float], score: float) -> dict[str, float]:
    return {"score": round(score, 3)} | {name: round(scores[name], 2) for name in SHOWN if name in scores}


def perform(run: Run, path: Path) -> None:
    folder = path.parent
    package = folder / path.stem.replace(" ", "")
    taught = folder / "default"
    began = time.monotonic()
    scores = annotate(run, taught) if run.setting in ANNOTATION_SETTINGS else teach(run, package)
    scores["seconds"] = round(time.monotonic() - began, 1)
    path.write_text(
        json.dumps({"setting": run.setting, "value": run.value, "scores": scores}), encoding="utf-8"
    )
    if run.setting == DEFAULT and run.value == PROTOCOL["seeds"][0]:
        package.replace(taught)
    shutil.rmtree(package, ignore_errors=True)
    print(f"{run.corpus.name} {run.name}: {scores}", flush=True)


def collect(out: Path) -> None:
    """Write sensitivity.json anew from what runs have left in `out`."""
    found: Results = {}
    for path in sorted(out.glob("*/*.json")):
        run = json.loads(path.read_text(encoding="utf-8"))
        of_setting = found.setdefault(run["setting"], {}).setdefault(path.parent.name, {})
        of_setting[json.dumps(run["value"])] = run["scores"]
    temporary = RESULTS.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(summarized(found, PROTOCOL), indent=1) + "\n", encoding="utf-8")
    temporary.replace(RESULTS)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", action="append", default=[], metavar="NAME:LANG:TRAIN:DEV[:VECTORS]")
    parser.add_argument("--out", type=Path, help="for what runs leave; may be shared by processes")
    parser.add_argument("--only", nargs="*", default=[], help="names of settings")
    parser.add_argument("--most", type=int, default=10**6, help="runs to make at most")
    parser.add_argument("--table", action="store_true", help="print sensitivity.json, run nothing")
    options = parser.parse_args()
    if options.table:
        if options.out:
            collect(options.out)
        print(table(json.loads(RESULTS.read_text(encoding="utf-8"))))
        return
    if not options.corpus or not options.out:
        parser.error("--corpus and --out are needed to run")
    found = corpora(options)
    planned = list(runs(found, options.only))
    for run in planned:
        run.settings()  # a wrong one is told before hours of work, not after
    made = 0
    for run in planned:
        path = options.out / run.corpus.name / f"{run.name}.json"
        if path.exists() or made == options.most:
            continue
        with claimed(path) as mine:
            if mine:
                made += 1
                perform(run, path)
                collect(options.out)


if __name__ == "__main__":
    main()
