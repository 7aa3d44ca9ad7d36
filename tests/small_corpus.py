"""A small treebank with entities, written by a few patterns, for a small network to learn fast."""

from __future__ import annotations

import random
from pathlib import Path

DETERMINERS = ["The", "A", "This"]
NOUNS = [
    ("dog", "dogs"),
    ("cat", "cats"),
    ("child", "children"),
    ("river", "rivers"),
    ("teacher", "teachers"),
]
VERBS = [("see", "saw"), ("like", "liked"), ("find", "found"), ("paint", "painted")]
PEOPLE = ["Tim", "Ana", "Maria", "Otto"]
PLACES = ["Rome", "Paris", "Lisbon"]


def sentence(chance: random.Random) -> list[tuple[str, str, str, str, str, int, str, str]]:
    """Rows of form, lemma, upos, xpos, feats, head (1 = first word), deprel, entity."""
    noun, plural = chance.choice(NOUNS)
    is_plural = chance.random() < 0.5
    verb, past = chance.choice(VERBS)
    who, place = chance.choice(PEOPLE), chance.choice(PLACES)
    number = "Number=Plur" if is_plural else "Number=Sing"
    determiner = "The" if is_plural else chance.choice(DETERMINERS)
    form = plural if is_plural else noun
    rows = [
        (determiner, determiner.lower(), "DET", "DT", "PronType=Art", 2, "det", "O"),
        (form, noun, "NOUN", "NNS" if is_plural else "NN", number, 3, "nsubj", "O"),
        (past, verb, "VERB", "VBD", "Tense=Past", 0, "root", "O"),
        (who, who, "PROPN", "NNP", "Number=Sing", 3, "obj", "B-person"),
    ]
    if chance.random() < 0.6:
        rows += [
            ("in", "in", "ADP", "IN", "_", 6, "case", "O"),
            (place, place, "PROPN", "NNP", "Number=Sing", 3, "obl", "B-place"),
        ]
    rows.append((".", ".", "PUNCT", ".", "_", 3, "punct", "O"))
    return rows


def conllu(n: int, seed: int = 0, entities: bool = True) -> str:
    """n sentences in CoNLL-U; entities stand in MISC."""
    chance = random.Random(seed)
    lines = []
    for _ in range(n):
        for i, (form, lemma, upos, xpos, feats, head, deprel, entity) in enumerate(sentence(chance), 1):
            misc = f"NER={entity}" if entities else "_"
            lines.append(f"{i}\t{form}\t{lemma}\t{upos}\t{xpos}\t{feats}\t{head}\t{deprel}\t_\t{misc}")
        lines.append("")
    return "\n".join(lines) + "\n"


def iob2(n: int, seed: int = 0) -> str:
    """n sentences as words with entity tags."""
    chance = random.Random(seed)
    blocks = ["".join(f"{row[0]}\t{row[7]}\n" for row in sentence(chance)) for _ in range(n)]
    return "\n".join(blocks) + "\n"


def write(path: Path, content: str) -> Path:
    """The path, with the content in it."""
    path.write_text(content, encoding="utf-8")
    return path
