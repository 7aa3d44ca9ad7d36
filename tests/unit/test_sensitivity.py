"""The benchmark of settings: what is planned, what a spread is, and a run of it on a few sentences."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from small_corpus import conllu

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def sensitivity(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("sensitivity")


def scores(score: float, las: float = 70.0) -> dict[str, float]:
    return {"score": score, "LAS": las}


RUNS: dict[str, Any] = {
    "training.seed": {"ewt": {"0": scores(80.0), "1": scores(80.4)}},
    "encoder.width": {"ewt": {"48": scores(79.0, 68.0), "192": scores(80.5)}},
    "parser.beam_width": {"ewt": {"8": scores(80.05)}},
    "training.dropout": {"ewt": {"0.0": scores(80.1, 71.0)}},
}


def test_a_spread_counts_the_defaults_mean(sensitivity: ModuleType) -> None:
    found = sensitivity.summarized(RUNS, {"passes": 5})
    assert found["default"]["ewt"]["mean"]["score"] == pytest.approx(80.2)
    assert found["default"]["ewt"]["noise"] == pytest.approx(0.4)
    assert found["spread"] == {
        "encoder.width": {"ewt": 1.5},
        "parser.beam_width": {"ewt": 0.05},  # beside the first seed, whose network it is
        "training.dropout": {"ewt": 0.1},
    }
    assert found["encoder.width"]["ewt"]["48"] == scores(79.0, 68.0)


def test_the_table_is_sorted_and_marks_what_is_beyond_noise(sensitivity: ModuleType) -> None:
    text = sensitivity.table(sensitivity.summarized(RUNS, {"passes": 5}))
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert rows == [
        "| `encoder.width` | 96 | 1.50 | 48: **−1.20** / **−2.00**; 192: +0.30 / +0.00 |",
        "| `training.dropout` | 0.2 | 0.10 | 0.0: −0.10 / **+1.00** |",
        "| `parser.beam_width` | 1 | 0.05 | 8: +0.05 / +0.00 |",
    ]
    assert "`encoder.depth`" in text.splitlines()[-1]
    assert "`encoder.width`" not in text.splitlines()[-1]


def test_every_value_that_is_tried_is_allowed_and_no_default(sensitivity: ModuleType, tmp_path: Path) -> None:
    corpus = sensitivity.Corpus("x", "en", tmp_path, tmp_path, tmp_path, True)
    planned = list(sensitivity.runs([corpus], []))
    names = [run.name for run in planned]
    assert len(set(names)) == len(names)
    usual = sensitivity.Run(corpus, sensitivity.DEFAULT, 0).settings().to_dict()
    for run in planned[len(sensitivity.PROTOCOL["seeds"]) :]:
        assert run.settings().to_dict() != usual, run.name


def test_every_third_document_is_kept(sensitivity: ModuleType, tmp_path: Path) -> None:
    whole = tmp_path / "whole.conllu"
    whole.write_text("".join(f"# newdoc id = {i}\n1\tword{i}\n\n# text\n1\tmore{i}\n\n" for i in range(7)))
    kept = sensitivity.reduced(whole, 3, tmp_path / "part").read_text()
    assert [i for i in range(7) if f"word{i}\n" in kept and f"more{i}\n" in kept] == [0, 3, 6]


def test_runs_are_made_once(
    sensitivity: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    values, results, out = (tmp_path / name for name in ("values.json", "results.json", "out"))
    values.write_text('{"first": {"parser.hidden": [8], "parser.beam_width": [2], "ner.hidden": [8]}}')
    monkeypatch.setattr(sensitivity, "VALUES", values)
    monkeypatch.setattr(sensitivity, "RESULTS", results)
    monkeypatch.setattr(sensitivity, "PROTOCOL", {"every": 1, "passes": 1, "seeds": [0]})
    treebank = tmp_path / "small.conllu"
    treebank.write_text(conllu(8, entities=False), encoding="utf-8")
    corpus = f"small:en:{treebank}:{treebank}"
    monkeypatch.setattr(sys, "argv", ["sensitivity.py", "--corpus", corpus, "--out", str(out)])
    sensitivity.main()
    assert len(capsys.readouterr().out.splitlines()) == 3, "the small corpus has no entities"
    found = json.loads(results.read_text())
    assert set(found["spread"]) == {"parser.hidden", "parser.beam_width"}
    assert {"score", "LAS", "UPOS", "parameters"} <= set(found["parser.hidden"]["small"]["8"])
    assert sorted(path.name for path in (out / "small").iterdir() if path.is_dir()) == ["default"]
    sensitivity.main()
    assert not capsys.readouterr().out
