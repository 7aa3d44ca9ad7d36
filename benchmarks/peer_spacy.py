"""A spaCy pipeline over JSON lines, for the benchmarks: documents in, annotations out.

    python peer_spacy.py PIPELINE < DOCS.jsonl > ANNOTATIONS.jsonl

In: {"text": …} for raw text, or {"words": […], "spaces": […]} for one sentence of given words.
Out: {"words": [[text, lemma, pos, tag, morph, head, relation, white space follows, sentence starts,
start, end], …], "ents": [[start, end, label], …]}; offsets in characters, heads as positions in "words"
(its own: a root). White space tokens are left out, and what hangs on one hangs on its head. Knows nothing
but the standard library and spaCy.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import spacy
from spacy.tokens import Doc


def read_documents(nlp: Any) -> Iterator[Any]:
    for line in sys.stdin:
        given = json.loads(line)
        if "words" in given:
            starts = [True] + [False] * (len(given["words"]) - 1)
            yield Doc(nlp.vocab, words=given["words"], spaces=given["spaces"], sent_starts=starts)
        else:
            yield nlp.make_doc(given["text"])


def annotations(doc: Any) -> dict[str, Any]:
    tokens = [token for token in doc if not token.is_space]
    position = {token.i: k for k, token in enumerate(tokens)}
    words: list[list[Any]] = []
    starts = False
    for token in doc:
        starts = starts or bool(token.is_sent_start)
        if token.is_space:
            continue
        head = token.head
        while head.is_space and head.head.i != head.i:
            head = head.head
        above = position.get(head.i, position[token.i])
        follows = bool(token.whitespace_) or (token.i + 1 < len(doc) and doc[token.i + 1].is_space)
        words.append(
            [
                token.text,
                token.lemma_,
                token.pos_,
                token.tag_,
                str(token.morph),
                above,
                token.dep_,
                follows,
                starts,
                token.idx,
                token.idx + len(token),
            ]
        )
        starts = False
    return {"words": words, "ents": [[span.start_char, span.end_char, span.label_] for span in doc.ents]}


def main() -> None:
    nlp = spacy.load(sys.argv[1])
    for doc in nlp.pipe(read_documents(nlp)):
        print(json.dumps(annotations(doc)))


main()
