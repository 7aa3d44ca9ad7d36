"""The code of docs/python.md runs, and does what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(blocks) == 2
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(blocks[0], names)
    assert [(e.text, e.label_) for e in names["nlp"]("Ana vive em Faro.").ents] == [
        ("Ana", "PER"),
        ("Faro", "LOC"),
    ]
    exec(blocks[1], names)
    assert names["nlp"].get_pipe("ner").labels == ("LOC", "PER", "BAND")
