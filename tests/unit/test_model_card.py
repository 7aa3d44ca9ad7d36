"""A model card says what the manifest says, and texts of the manifest cannot say more than themselves."""

from __future__ import annotations

from typing import Any

import pytest

from treelet.package import Manifest
from treelet.publishing import model_card
from treelet.publishing.card import escaped
from treelet.publishing.licences import spdx_of


def manifest(**values: Any) -> Manifest:
    told = {"lang": "pt", "genre": "news", "annotators": ["tagger", "parser", "ner"], **values}
    return Manifest.read(told)


def test_facts_scores_and_labels() -> None:
    card = model_card(
        manifest(
            version="0.3.1",
            licence="CC BY-SA 4.0",
            sources=["Treebank 1, CC BY 4.0", "Names 2"],
            parameters=1234567,
            scores={"LAS": 84.333, "ENTS": 75},
            raw_scores={"LAS": 83.5, "Words": 99.74},
            label_scores={
                "LAS": {"nsubj:pass": [90.5, 80.0, 84.93]},
                "ENTS": {"PER|X": [1, 2.5, 3]},
                "UPOS": {},
            },
            labels={"xpos": 49, "ner": 3},
            files={"weights.safetensors": {"bytes": 2_260_000, "sha256": "0" * 64}},
        )
    )
    assert card.startswith(
        "# pt_core_news_sm\n\nA model package for treelet: raw text in the language `pt` to "
    )
    rows = [
        *(
            "| version | 0.3.1 |",
            "| licence | CC BY-SA 4.0 |",
            "| size | 2.3 MB |",
            "| parameters | 1,234,567 |",
        ),
        *(
            "| data | Treebank 1, CC BY 4.0 |",
            "|  | Names 2 |",
            "| entity types | 3 |",
            "| LAS | 83.50 | 84.33 |",
        ),
        *("| ENTS |  | 75 |", "| Words | 99.74 |  |", "| nsubj:pass | 90.50 | 80.00 | 84.93 |"),
        *("| entity type | precision | recall | F1 |", r"| PER\|X | 1 | 2.50 | 3 |"),
    ]
    for row in rows:
        assert f"\n{row}\n" in card
    assert "pip install ./treelet_pt_core_news_sm-0.3.1-py3-none-any.whl" in card
    assert 'treelet.load("pt_core_news_sm", verify=True)' in card
    assert "part of speech (UPOS)" not in card
    assert card.endswith("\n")
    assert "\n\n\n" not in card


def test_what_is_not_told_is_left_out() -> None:
    card = model_card(manifest())
    assert "## Scores" not in card
    assert "## Labels" not in card
    assert "| licence | not told |" in card


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("en_core_web_sm", "en_core_web_sm"),
        ("_all_ *of* `it`", r"\_all\_ \*of\* \`it\`"),
        ("a | b", r"a \| b"),
        ("[here](javascript:x) ![i](u)", r"\[here\](javascript:x) !\[i\](u)"),
        ("<script>x</script> & more", "&lt;script&gt;x&lt;/script&gt; &amp; more"),
        ("one\n# two\r\n\x1b[31mthree\u2028four", r"one \# two \[31mthree four"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("back\\slash ~~no~~", r"back\\slash \~\~no\~\~"),
    ],
)
def test_marks_mean_nothing(text: str, expected: str) -> None:
    assert escaped(text) == expected


def test_hostile_texts_stay_in_their_place() -> None:
    evil = "| x |\n\n# Evil\n<img src=x> `"
    card = model_card(
        manifest(
            description=evil,
            licence=evil,
            sources=[evil],
            scores={evil: evil},
            label_scores={evil: {evil: [1, 2, 3]}},
            labels={evil: 1},
        )
    )
    assert [line for line in card.splitlines() if line.startswith("# ")] == ["# pt_core_news_sm"]
    assert "<img" not in card
    tables = [block.splitlines() for block in card.split("\n\n") if block.startswith("|")]
    assert [len({line.replace(r"\|", "").count("|") for line in table}) for table in tables] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("licence", "expression"),
    [
        ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("cc-by 3.0", "CC-BY-3.0"),
        ("CC BY-NC-ND 2.5", "CC-BY-NC-ND-2.5"),
        ("CC0 1.0", "CC0-1.0"),
        ("MIT and CC BY-SA 4.0", "MIT AND CC-BY-SA-4.0"),
        ("Apache-2.0 OR MIT", "Apache-2.0 OR MIT"),
        ("CC BY-SA", None),
        ("CC BY-SA 4.1", None),
        ("MIT AND", None),
        ("free for all", None),
        ("", None),
    ],
)
def test_licences_that_have_an_expression(licence: str, expression: str | None) -> None:
    assert spdx_of(licence) == expression
