"""Recipes of models: what they say, what is prepared of the data, the table of scores."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from random_package import save_random_package
from treelet.languages import LANGUAGES
from treelet.package.name import TYPES
from treelet.settings import read_settings, settings_from_dict

FOLDER = Path(__file__).resolve().parents[2] / "recipes"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
TEACHERS = sorted(path.stem for path in FOLDER.glob("teachers/*.toml"))
FREE = ("CC BY", "CC0", "PDDL", "Apache-2.0")


@pytest.fixture(autouse=True)
def _recipes_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))


def module(name: str) -> ModuleType:
    return importlib.import_module(name)


@pytest.mark.parametrize("name", [*NAMES, *TEACHERS])
def test_a_recipe_is_whole(name: str) -> None:
    recipe = module("recipe").read_recipe(name)
    language, kind, _, size = name.split("_")
    assert language in LANGUAGES
    assert kind in TYPES
    assert size in (("sm", "md") if name in NAMES else ("lg",))
    assert set(recipe.teachers) <= set(TEACHERS)
    assert bool(recipe.teachers) == bool(recipe.raw)
    assert recipe.train
    assert recipe.dev
    assert all(any(licence in source for licence in FREE) for source in recipe.sources)
    assert "nc/" not in " ".join(recipe.train)
    if recipe.settings_file:
        read_settings(FOLDER / "settings" / recipe.settings_file)
    settings_from_dict({"language": language, **recipe.settings})
    prepared = {path for path in (*recipe.train, *recipe.dev) if path.startswith("prepared/")}
    assert prepared == {f"prepared/{path}" for path in recipe.prepared}


def test_there_are_recipes_of_eight_languages_and_of_the_models_that_ship() -> None:
    assert {"en_core_web_sm", "pt_core_news_sm"} <= set(NAMES)
    assert len({name.split("_")[0] for name in NAMES}) >= 8


@pytest.mark.parametrize(
    ("text", "what"),
    [("epochs = 1", "unknown: epochs"), ("train = []", "missing: .*licence"), (None, "no such recipe")],
)
def test_a_wrong_recipe_says_what_is_wrong(
    text: str | None, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = module("recipe")
    monkeypatch.setattr(recipe, "FOLDER", tmp_path)
    if text is not None:
        (tmp_path / "xx_dep_a_sm.toml").write_text(text)
    with pytest.raises(SystemExit, match=what):
        recipe.read_recipe("xx_dep_a_sm")


def test_the_command_of_a_recipe(tmp_path: Path) -> None:
    recipe = module("recipe").read_recipe("de_core_news_sm")
    command = module("make").train_command(recipe, Path("data"), tmp_path)
    assert command[:2] == ["treelet", "train"]
    pairs = list(zip(command[3::2], command[4::2], strict=True))
    assert ("--lang", "de") in pairs
    assert ("--train", str(tmp_path / "prepared" / "germeval-train.iob2")) in pairs
    assert ("--map", "LOCderiv=") in pairs
    assert ("--out", str(tmp_path / "de_core_news_sm")) in pairs


def test_what_is_made_is_skipped_and_a_dry_run_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pt_core_news_sm").mkdir()
    (tmp_path / "pt_core_news_sm" / "LICENSE").write_text("")
    arguments = ["data", "pt_core_news_sm", "en_core_web_sm", "--dry-run", "--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["make.py", *arguments])
    module("make").main()
    printed = capsys.readouterr().out
    assert "already" in printed.splitlines()[0]
    assert "--lang en" in printed
    assert "--lang pt" not in printed
    assert [path.name for path in tmp_path.iterdir()] == ["pt_core_news_sm"]


def test_preparing_takes_columns_parts_hyphens_and_leaves_sentences_out(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("SPD-Chef\tB-PER\tO\nging\tO\tO\n\nJa\tO\tO\n", encoding="utf-8")
    (tmp_path / "b.conllu").write_text("# text = Ja\n1\tJa" + "\t_" * 8 + "\n\n", encoding="utf-8")
    how = {"file": "a.tsv", "without": "b.conllu", "columns": [0, 1], "split_hyphens": True}
    module("prepare").prepare({"c.iob2": how}, tmp_path, tmp_path / "out")
    written = (tmp_path / "out" / "c.iob2").read_text(encoding="utf-8")
    assert written == "SPD\tB-PER\n-\tI-PER\nChef\tI-PER\nging\tO\n\n"


def test_the_table_is_written_between_its_marks(tmp_path: Path) -> None:
    recipe, table = module("recipe"), module("table")
    save_random_package(tmp_path / "en_core_web_sm")
    row = "{}\t{}\t{}\tNOUN\tNN\tNumber=Sing\t{}\t{}\t_\tNER=O"
    rows = [row.format(1, "dogs", "dog", 0, "root"), row.format(2, "dogs", "dog", 1, "obj")]
    (tmp_path / "dev.conllu").write_text("# text = dogs dogs\n" + "\n".join(rows) + "\n\n", encoding="utf-8")
    one = recipe.Recipe("en_core_web_sm", "d", "CC BY-SA 4.0", ["s"], "a", ["dev.conllu"], ["dev.conllu"])
    page = tmp_path / "models.md"
    page.write_text(f"before\n{table.BEGIN}\nan earlier table\n{table.END}\nafter\n", encoding="utf-8")
    table.write_table([one], tmp_path, tmp_path, page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "earlier" not in text
    assert "| 100.00 |" in text  # Words
    assert "| 2 | 2 |" in text  # with trees, with entities
    annotators = json.loads((tmp_path / "en_core_web_sm" / "manifest.json").read_text())["annotators"]
    assert ", ".join(annotators) in text
    page.write_text("no marks")
    with pytest.raises(SystemExit, match="expected a line"):
        table.write_table([one], tmp_path, tmp_path, page)
