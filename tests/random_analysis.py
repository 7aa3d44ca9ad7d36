"""Characters in; one of their random analyses, as CoNLL-U, out: in scoring, the text alone must agree."""

from __future__ import annotations

import random

RELATIONS = ["nsubj", "nsubj:pass", "case", "det", "aux:pass", "obl", "punct", "root", "conj", "mark", "_"]
FEATS = ["_", "Number=Sing", "Foo=Bar|Number=Plur", "Case=Nom|Abbr=Yes"]
FORMS = ["a", "A", "b", "ab", "ba", "ç"]


def random_analysis(characters: str, rng: random.Random) -> str:
    """CoNLL-U of a text cut at random into tokens, words and sentences, with random labels and trees."""
    sentences: list[list[list[str]]] = [[]]
    at = 0
    while at < len(characters):
        end = min(len(characters), at + rng.choice([1, 1, 1, 2, 3, 4]))
        surface = characters[at:end]
        at = end
        if rng.random() < 0.3:
            words = [rng.choice([*FORMS, surface, surface[0]]) for _ in range(rng.choice([2, 2, 3]))]
            sentences[-1].append([surface, *words])
        else:
            if len(surface) > 1 and rng.random() < 0.2:
                surface = surface[:1] + " " + surface[1:]
            sentences[-1].append([surface])
        if rng.random() < 0.2 and at < len(characters):
            sentences.append([])
    return "".join(random_sentence(tokens, rng) for tokens in sentences)


def random_sentence(tokens: list[list[str]], rng: random.Random) -> str:
    n = sum(max(1, len(token) - 1) for token in tokens)
    order = rng.sample(range(1, n + 1), n)
    heads = {
        word: 0 if rank == 0 else rng.choice([0, *order[:rank], *order[:rank]])
        for rank, word in enumerate(order)
    }
    lines, word = [], 0
    for surface, *parts in tokens:
        if parts:
            lines.append("\t".join([f"{word + 1}-{word + len(parts)}", surface, *["_"] * 8]))
        for form in parts or [surface]:
            word += 1
            upos, xpos = rng.choice(["NOUN", "VERB", "_"]), rng.choice(["X", "_"])
            fields = [str(word), form, rng.choice(["_", "x", "y"]), upos, xpos, rng.choice(FEATS)]
            lines.append("\t".join([*fields, str(heads[word]), rng.choice(RELATIONS), "_", "_"]))
    return "\n".join(lines) + "\n\n"
