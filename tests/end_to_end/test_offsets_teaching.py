"""JSON Lines of texts and character offsets: checked, taught from, and measured on, by the command line."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import small_corpus
from treelet.cli import run


def notes(n: int, seed: int) -> str:
    """A text a line with the places of its names."""
    chance = random.Random(seed)
    lines = []
    for _ in range(n):
        who, where = chance.choice(small_corpus.PEOPLE), chance.choice(small_corpus.PLACES)
        text = f"They say {who} didn't stay in {where}."
        first = text.index(where)
        entities = [[9, 9 + len(who), "PER"], {"start": first, "end": first + len(where), "label": "LOC"}]
        lines.append(json.dumps({"text": text, "entities": entities}))
    return "\n".join(lines) + "\n"


def test_offsets_teach(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = small_corpus.write(tmp_path / "train.jsonl", notes(120, 0))
    dev = small_corpus.write(tmp_path / "dev.jsonl", notes(20, 1))
    assert run(["check", str(train), "--dev", str(dev)]) == 0
    assert "Training would run, and teach ner." in capsys.readouterr().out
    small = [
        "--set",
        "encoder.width=16",
        "--set",
        "training.epochs=3",
        "--set",
        "training.learning_rate=0.01",
    ]
    files = ["--train", str(train), "--dev", str(dev), "--out", str(tmp_path / "out")]
    assert run(["train", *files, "--lang", "en", *small]) == 0
    capsys.readouterr()
    assert run(["evaluate", str(tmp_path / "out"), str(dev), "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["entities"]["micro"]["f1"] > 0.9
    damaged = small_corpus.write(tmp_path / "bad.jsonl", notes(3, 2).replace("[9,", "[8,"))
    assert run(["check", str(damaged)]) == 1
    assert run(["train", "--train", str(damaged), *files[2:], "--lang", "en", *small]) == 1
    assert f"{damaged}, line 1" in capsys.readouterr().err
