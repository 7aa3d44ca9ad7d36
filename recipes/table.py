"""Recipes, their data and packages in; two tables in Markdown out: what the models are, and their scores."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from prepare import prepare
from recipe import Recipe

BEGIN, END = "<!-- made by recipes/make.py --table -->", "<!-- end -->"
RAW = ("Words", "Sentences", "UPOS", "UFeats", "Lemmas", "UAS", "LAS")
GOLD = ("UPOS", "UAS", "LAS")


def write_table(recipes: Sequence[Recipe], data: Path, out: Path, page: Path) -> None:
    """Put the tables between the marks of a page. Raises SystemExit without marks."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{page}: expected a line {BEGIN} and a line {END}")
    made = [recipe for recipe in recipes if (out / recipe.name / "manifest.json").exists()]
    for recipe in made:
        prepare(recipe.prepared, data, out / "prepared")
    models = _markdown(
        ("model", "language", "annotators", "taught on", "words with trees", "with entities", "MB"),
        (_about(recipe, data, out) for recipe in made),
    )
    columns = (
        "model",
        "dev file",
        *RAW,
        "entities",
        *(f"{name}, gold words" for name in GOLD),
        "entities, gold words",
    )
    scores = _markdown(columns, (row for recipe in made for row in _scores(recipe, data, out)))
    page.write_text(f"{before}{begin}\n\n{models}\n{scores}\n{end}{after}", encoding="utf-8")


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _about(recipe: Recipe, data: Path, out: Path) -> list[str]:
    folder = out / recipe.name
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = dict.fromkeys(recipe.files(recipe.train, data, out))
    counts = [_words(path) for path in files]
    trees, entities = (sum(column) for column in zip(*counts, strict=True))
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    return [
        f"`{recipe.name}`",
        recipe.description.partition(":")[0],
        ", ".join(manifest["annotators"]),
        "; ".join(recipe.sources),
        f"{trees:,}",
        f"{entities:,}" if entities else "",
        f"{size:.1f}",
    ]


def _words(path: Path) -> tuple[int, int]:
    """With trees, and with entities."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if path.suffix != ".conllu":
        return 0, len(rows)
    words = [row for row in rows if row[0].isdigit()]
    return len(words), len(words) * any("NER=" in row[-1] for row in words)


def _scores(recipe: Recipe, data: Path, out: Path) -> list[list[str]]:
    """A row for each file with trees; entities may be in one of their own, and are in the row before it."""
    rows: list[list[str]] = []
    for name, path in zip(recipe.dev, recipe.files(recipe.dev, data, out), strict=True):
        raw, gold = (_evaluate(out / recipe.name, path, recipe, how) for how in ([], ["--gold-tokens"]))
        if path.suffix == ".conllu":
            rows.append([f"`{recipe.name}`", name, *_percent(raw, RAW), "", *_percent(gold, GOLD), ""])
        if "entities" in raw:
            rows[-1][2 + len(RAW)], rows[-1][-1] = (
                f"{100 * one['entities']['micro']['f1']:.1f}" for one in (raw, gold)
            )
    return rows


def _percent(scores: dict[str, Any], names: Iterable[str]) -> list[str]:
    return [f"{100 * scores[name]['f1']:.2f}" if name in scores else "" for name in names]


def _evaluate(package: Path, path: Path, recipe: Recipe, how: list[str]) -> dict[str, Any]:
    maps = [f"--map={label}={entity}" for entity, labels in recipe.labels.items() for label in labels]
    command = [sys.executable, "-m", "treelet", "evaluate", str(package), str(path), "--json", *maps, *how]
    scores: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return scores
