"""Teaches a toy package and keeps it, with what it annotates, for tests/contract/test_old_packages.py.

    python tools/keep_package.py tests/old_packages/0.2-format2 --version 0.2.0 [--vectors] [--vector-rows 20]

Run before a release whose packages have a new structure or format, with the code of that release. What is
kept never changes: a kept package that no longer loads, or annotates otherwise, is a mistake in the library.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np

from treelet.settings import settings_from_dict
from treelet.training import TrainingJob, train

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from old_packages import annotations_of
from small_corpus import conllu, write
from small_pipeline import SMALL, apart


def main() -> None:
    """Teach, then write package and annotations into the folder."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vectors", action="store_true", help="with static vectors")
    parser.add_argument("--vector-rows", type=int, default=0, help="rows that the words share")
    parser.add_argument("--version", default="0.1.0", help="whose b is that of a new structure")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        teach(Path(scratch), options)
    (options.folder / "expected.conllu").write_text(annotations_of(options.folder / "package"))


def teach(scratch: Path, options: argparse.Namespace) -> None:
    """All annotators, on the small treebank of the tests, until they know it."""
    gold = write(scratch / "train.conllu", apart(conllu(120)))
    dev = write(scratch / "dev.conllu", apart(conllu(30, seed=1)))
    settings: dict[str, Any] = {
        **SMALL,
        "encoder": {**SMALL["encoder"], "vector_rows": options.vector_rows},
        "training": {**SMALL["training"], "epochs": 8, "batch_start": 60, "batch_stop": 60},
        "parser": {"hidden": 16},
        "ner": {"hidden": 16},
    }
    vectors = write_vectors(scratch / "vectors.txt", gold) if options.vectors else None
    name = {"lang": "en", "type": "core", "genre": "toy", "size": "sm", "licence": "CC0-1.0"}
    name["version"] = options.version
    out = options.folder / "package"
    job = TrainingJob([gold], [dev], out, settings_from_dict(settings), vectors=vectors, manifest=name)
    deque(train(job, "cpu"), maxlen=0)


def write_vectors(path: Path, treebank: Path) -> Path:
    """Random static vectors of its words."""
    forms = {line.split("\t")[1].lower() for line in treebank.read_text().splitlines() if "\t" in line}
    chance = np.random.default_rng(0)
    lines = (f"{form} {' '.join(f'{x:.3f}' for x in chance.normal(size=8))}\n" for form in sorted(forms))
    path.write_text("".join(lines))
    return path


if __name__ == "__main__":
    main()
