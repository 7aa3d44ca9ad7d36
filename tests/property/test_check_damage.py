"""Randomly damaged files: the check reports and never raises, and what it lets pass can be trained on."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

import small_corpus
from treelet.cli.check import check_command
from treelet.doc import Doc
from treelet.errors import TreeletError
from treelet.formats import read_docs, write_jsonl
from treelet.settings import Settings
from treelet.teaching.coverage import complete_settings
from treelet.teaching.labels import collect_labels, usable_labels
from treelet.training.corpus import read_corpora
from treelet.training.evaluation import Evaluator

PIECES = [
    "\t",
    "\n",
    "\n\n",
    "0",
    "9",
    "-",
    "1-2",
    "_",
    "B-",
    "NER=",
    "é",
    "\ufffd",
    '"',
    "[",
    "{",
    "|",
    "null",
    " ",
]


@pytest.fixture(scope="module")
def whole_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    conllu = small_corpus.write(folder / "a.conllu", small_corpus.conllu(6))
    offsets = {"text": "Ann met Tim Cook in Rome.", "entities": [[0, 3, "PER"], [8, 16, "PER"]]}
    return {
        "a.conllu": conllu.read_bytes(),
        "a.iob2": small_corpus.iob2(6).encode(),
        "a.jsonl": "".join(write_jsonl(read_docs(conllu))).encode(),
        "b.jsonl": (json.dumps(offsets) + "\n").encode() * 4,
    }


def damage(data: bytes, seed: int, times: int) -> bytes:
    """Lines and characters left out, doubled, swapped, replaced; bytes that are no UTF-8."""
    chance = random.Random(seed)
    for _ in range(times):
        kind = chance.choice([0, 0, 1, 2, 3, 4, 4, 4, 5])
        place = chance.randrange(len(data) + 1)
        piece = chance.choice(PIECES).encode()
        lines = data.splitlines(keepends=True)
        line = chance.randrange(len(lines)) if lines else 0
        if kind == 0:
            data = data[:place] + piece + data[place + chance.randrange(3) :]
        elif kind == 1:
            data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
        elif kind == 2:
            data = b"".join(lines[:line] + lines[line + 1 :])
        elif kind == 3:
            data = b"".join(lines[: line + 1] + lines[line:])
        elif kind == 4 and lines:
            fields = lines[line].split(b"\t")
            fields[chance.randrange(len(fields))] = piece
            data = b"".join([*lines[:line], b"\t".join(fields), *lines[line + 1 :]])
        elif kind == 5 and chance.random() < 0.3:
            data = data[:place]
    return data


@pytest.mark.parametrize("name", ["a.conllu", "a.iob2", "a.jsonl", "b.jsonl"])
def test_damaged_files(whole_files: dict[str, bytes], tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    failed = 0
    for seed in range(60):
        path.write_bytes(damage(whole_files[name], seed, seed % 3 + (seed > 5)))
        failed += check_agrees(path)
    assert 5 < failed < 55


def check_agrees(path: Path) -> bool:
    """Whether training would fail: the check and the way that training goes must say the same."""
    result = CliRunner().invoke(
        check_command, [str(path), "--dev", str(path), "--json"], catch_exceptions=False
    )
    told = json.loads(result.output)
    assert result.exit_code == told["fails"]
    assert told["fails"] == would_fail(path)
    for finding in told["findings"]:
        for place in finding["places"]:
            assert place["file"] == str(path)
            assert 1 <= place["line"] <= path.read_bytes().count(b"\n") + 1
    shown = CliRunner().invoke(check_command, [str(path), "--dev", str(path)], catch_exceptions=False)
    assert shown.exit_code == result.exit_code
    return bool(told["fails"])


def would_fail(path: Path) -> bool:
    """Whether what training does before the first step raises."""
    try:
        docs: list[Doc] = read_corpora([path], {}, "en")
        completed = complete_settings(Settings(), docs)
        usable_labels(collect_labels(docs, completed), completed)
        Evaluator(docs, completed)
    except TreeletError:
        return True
    return False
