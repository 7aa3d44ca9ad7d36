"""Beam width as a user sets it: when loading, in a package, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import treelet
from random_package import save_random_package
from treelet import Doc, Pipeline
from treelet.cli import run
from treelet.errors import SettingsError
from treelet.settings import override, settings_from_dict

TEXTS = ["Tim Cook didn't run. Apple is in Paris!", "", "a", "The dogs was running to Paris . " * 40]
WIDE = {"parser.beam_width": 6, "ner.beam_width": 4}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("package") / "p", seed=7)


@pytest.fixture(scope="module")
def wide(package: Path) -> Pipeline:
    return treelet.load(package, settings=WIDE)


def columns(doc: Doc) -> Any:
    return doc.to_json()


def test_batches_threads_and_scratch_change_nothing(wide: Pipeline) -> None:
    alone = [columns(wide(text)) for text in TEXTS * 5]
    assert [columns(doc) for doc in wide.pipe(TEXTS * 5, batch_size=3, threads=3)] == alone


def test_a_width_is_taken_and_told(package: Path, wide: Pipeline) -> None:
    greedy = treelet.load(package)
    assert (greedy.get_pipe("parser").cfg["beam_width"], wide.get_pipe("parser").cfg["beam_width"]) == (1, 6)
    assert wide.settings.ner is not None
    assert wide.settings.ner.beam_width == 4
    assert columns(greedy(TEXTS[3])) != columns(wide(TEXTS[3]))
    one = treelet.load(package, settings={"parser.beam_width": 1, "ner.beam_width": 1})
    assert columns(one(TEXTS[3])) == columns(greedy(TEXTS[3]))


def test_a_package_may_name_its_width(package: Path, wide: Pipeline, tmp_path: Path) -> None:
    sections = {"parser": {"hidden": 8, "beam_width": 6}, "ner": {"hidden": 8, "beam_width": 4}}
    kept = treelet.load(save_random_package(tmp_path / "p", seed=7, **sections))
    assert columns(kept(TEXTS[3])) == columns(wide(TEXTS[3]))


def test_presets_are_kept(wide: Pipeline) -> None:
    doc = wide.make_doc("The dogs was running to Paris with Tim Cook.")
    doc[4].is_sent_start = True
    doc[5].is_sent_start = False
    wide(doc)
    assert (doc[4].is_sent_start, doc[5].is_sent_start) == (True, False)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"parser.beam_width": 0}, r"parser\.beam_width: found 0, expected 1 to 1,024"),
        ({"parser.beam_width": "many"}, r"parser\.beam_width"),
        ({"parser.hidden": 8}, r"parser\.hidden: cannot change after teaching; what can: .*ner\.beam_width"),
        ({"beam_width": 8}, "beam_width: cannot change"),
        ({3: 4}, "3: cannot change"),
        ({"ner.beam_width": 10**5000}, r"ner\.beam_width: found a whole number beyond all measure"),
        ({"senter.start_above": float("nan")}, r"senter\.start_above: this pipeline has no senter"),
    ],
)
def test_wrong_settings_are_named(package: Path, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        treelet.load(package, settings=settings)


def test_settings_of_an_absent_annotator(tmp_path: Path) -> None:
    package = save_random_package(tmp_path / "p", ner=None)
    with pytest.raises(SettingsError, match=r"ner\.beam_width: this pipeline has no ner"):
        treelet.load(package, settings={"ner.beam_width": 2})


def test_on_the_command_line(package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, gold, out = tmp_path / "a.txt", tmp_path / "gold.conllu", tmp_path / "out.conllu"
    text.write_text(TEXTS[3])
    assert run(["annotate", str(text), "--model", str(package), "--output", str(gold)]) == 0
    wide = ["--set", "parser.beam_width=6", "--set", "ner.beam_width=4"]
    assert run(["annotate", str(text), "--model", str(package), *wide, "--output", str(out)]) == 0
    assert out.read_text() != gold.read_text()
    assert run(["evaluate", str(package), str(gold), "--json"]) == 0
    assert '"LAS"' in capsys.readouterr().out
    assert run(["evaluate", str(package), str(out), *wide, "--json"]) == 0
    assert run(["evaluate", str(package), str(gold), "--set", "parser.beam_width=0"]) == 1
    assert "parser.beam_width" in capsys.readouterr().err
    assert run(["annotate", "x y", "--model", str(package), "--set", "nonsense"]) == 1
    assert "expected section.name=value" in capsys.readouterr().err


def test_assignments_still_override_nested_dictionaries() -> None:
    values: dict[str, Any] = {}
    override(values, "parser.global_updates=0.5")
    settings = settings_from_dict(values)
    assert settings.parser is not None
    assert settings.parser.global_updates == 0.5
