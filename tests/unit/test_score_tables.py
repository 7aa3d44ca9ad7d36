"""Tables of the scores that a manifest tells."""

from __future__ import annotations

from typing import Any

import pytest

from treelet.cli.score_tables import label_tables, manifest_tables, print_tables
from treelet.package import Manifest


def manifest(**fields: Any) -> Manifest:
    return Manifest(lang="en", genre="web", **fields)


def test_metrics_from_raw_text_and_on_gold_words(capfd: pytest.CaptureFixture[str]) -> None:
    told = manifest(scores={"LAS": 84.5, "ENTS": 60.0, "old": 3}, raw_scores={"LAS": 83.25, "Tokens": 99.0})
    print_tables(manifest_tables(told))
    rows = [line.split() for line in capfd.readouterr().out.splitlines()]
    assert rows[0] == ["F1", "of", "raw", "text", "gold", "words"]
    assert rows[1:] == [["LAS", "83.25", "84.50"], ["ENTS", "60.00"], ["old", "3"], ["Tokens", "99.00"]]


def test_labels_as_the_manifest_has_them(capfd: pytest.CaptureFixture[str]) -> None:
    las = {"obj": [90.0, 80.5, 85.0], "[red]\x1b[31m": [1.0, 2.0, 4.0 / 3]}
    print_tables(label_tables(manifest(label_scores={"LAS": las, "UPOS": {}, "new": {"a": [100, 0.0, 0.0]}})))
    blocks = [block.splitlines() for block in capfd.readouterr().out.strip("\n").split("\n\n")]
    assert [[line.split() for line in block] for block in blocks] == [
        [
            ["relation", "(LAS)", "precision", "recall", "F1"],
            ["obj", "90.00", "80.50", "85.00"],
            ["[red]\\x1b[31m", "1.00", "2.00", "1.33"],
        ],
        [["new", "precision", "recall", "F1"], ["a", "100.00", "0.00", "0.00"]],
    ]


def test_a_manifest_that_tells_nothing_has_no_tables(capfd: pytest.CaptureFixture[str]) -> None:
    told = manifest()
    print_tables([*manifest_tables(told), *label_tables(told)])
    assert capfd.readouterr().out == ""
