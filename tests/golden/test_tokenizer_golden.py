"""What the rules of every language make of hard cases.

A line is the text, a tab, and its tokens: parted by spaces, their words by `|`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from treelet.languages import LANGUAGES, Tokenizer

FOLDER = Path(__file__).parent


def cases() -> list[tuple[str, str, str]]:
    out = []
    for code in LANGUAGES:
        for line in (FOLDER / f"tokenizer_{code}.tsv").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#\t"):
                text, expected = line.split("\t")
                out.append((code, text, expected))
    return out


TOKENIZERS = {code: Tokenizer.from_language(code) for code in LANGUAGES}


@pytest.mark.parametrize(("code", "text", "expected"), cases())
def test_hard_case(code: str, text: str, expected: str) -> None:
    found = " ".join("|".join(words) for _, words, _ in TOKENIZERS[code].tokens(text))
    assert found == expected
