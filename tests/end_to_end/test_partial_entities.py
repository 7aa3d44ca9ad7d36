"""Half-annotated documents teach what is known; a known-wrong entity is unlearnt."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

import treelet
from small_corpus import sentence, write
from treelet import Doc
from treelet.formats import read_jsonl, write_jsonl
from treelet.settings import settings_from_dict
from treelet.training import TrainingJob, train

NEVER_ANNOTATED = "Lisbon"
OTHERS = "Rome Paris Oslo Bern Riga Kyiv Lyon Cork Turin Porto Bonn Graz Hull Lima"
CITIES = [NEVER_ANNOTATED] * 5 + OTHERS.split()

SETTINGS = settings_from_dict(
    {
        "encoder": {
            "width": 24,
            "depth": 1,
            "rows_norm": 200,
            "rows_prefix": [50],
            "rows_suffix": [100],
            "rows_shape": 50,
        },
        "ner": {"hidden": 16},
        "training": {
            "epochs": 8,
            "batch_start": 60,
            "batch_stop": 60,
            "learning_rate": 0.01,
            "average": 0.9,
        },
    }
)


def corpus(n: int, wrong: bool) -> list[Doc]:
    """Entities annotated but for one place; with `wrong`, that place is known to be none."""
    chance = random.Random(0)
    docs = []
    for _ in range(n):
        rows = sentence(chance)
        words = [chance.choice(CITIES) if row[7] == "B-place" else row[0] for row in rows]
        tags = [None if word == NEVER_ANNOTATED else row[7] for word, row in zip(words, rows, strict=True)]
        doc = Doc(words=words, ents=tags)
        if wrong:
            doc.wrong_ents = [doc[i : i + 1] for i, tag in enumerate(tags) if tag is None]
        docs.append(doc)
    return docs


def labels_found(tmp_path: Path, wrong: bool) -> Counter[str]:
    """What a taught pipeline says of the place that was never annotated."""
    docs = corpus(80, wrong)
    taught = write(tmp_path / "train.jsonl", "".join(write_jsonl(docs)))
    assert list(read_jsonl(taught.read_text(encoding="utf-8").splitlines())) == docs
    dev = write(tmp_path / "dev.jsonl", "".join(write_jsonl(corpus(20, wrong))))
    out = tmp_path / "package"
    list(train(TrainingJob(train=[taught], dev=[dev], out=out, settings=SETTINGS)))
    nlp = treelet.load(out)
    words = [Doc(words=[token.text for token in doc]) for doc in docs]
    found = [token for doc in words for token in nlp(doc)]
    assert [token.ent_type_ for token in found if token.text == "Rome"].count("place") > 0
    return Counter(token.ent_type_ for token in found if token.text == NEVER_ANNOTATED)


@pytest.mark.parametrize("wrong", [False, True])
def test_a_wrong_entity_is_unlearnt(tmp_path: Path, wrong: bool) -> None:
    found = labels_found(tmp_path, wrong)
    assert found.total() > 5
    share = found["place"] / found.total()
    assert share < 0.1 if wrong else share > 0.9
