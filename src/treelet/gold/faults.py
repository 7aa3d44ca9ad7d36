"""A Corpus in; what is wrong or odd inside its documents, with the line, out."""

from __future__ import annotations

import re
from bisect import bisect_right

from treelet.doc import Doc
from treelet.doc.entity_tags import BEGIN
from treelet.errors import TextError
from treelet.gold.corpus import Corpus, Sentence
from treelet.gold.findings import Faults

LONG_SENTENCE = 200
"""Words; treebanks have hardly any, so it is mostly a missing sentence border."""

_DAMAGED = re.compile("[\ufffd\x00-\x08\x0e-\x1f\x7f\x80-\x9f]")


def find_faults(corpus: Corpus, faults: Faults, long_document: int) -> None:
    """Adds the places of what is found. long_document: words a document may have unremarked, 0: any."""
    for number, doc in enumerate(corpus.docs):
        sentences = list(corpus.sentences(number))
        if long_document and len(doc) > long_document:
            faults.add("long document", corpus.place(number))
        for start, end, line in sentences:
            if end - start > LONG_SENTENCE:
                faults.add("long sentence", (corpus.path, line))
        _words(corpus, doc, sentences, faults)
        if doc.columns.has_head():
            _trees(corpus, number, sentences, faults)
        if doc.columns.has_iob() or doc.wrong_ents:
            _entities(corpus, doc, sentences, faults)


def _words(corpus: Corpus, doc: Doc, sentences: list[Sentence], faults: Faults) -> None:
    if not _DAMAGED.search(doc.text):
        return
    for start, end, line in sentences:
        for word in doc.columns.word_column()[start:end]:
            if _DAMAGED.search(word):
                faults.add("damaged text", (corpus.path, line))


def _trees(corpus: Corpus, number: int, sentences: list[Sentence], faults: Faults) -> None:
    doc = corpus.docs[number]
    try:
        _ = doc.tree
    except TextError:
        faults.add("cycle", corpus.place(number))
        return
    heads, deprels = doc.columns.head_column(), doc.columns.deprel_column()
    for start, end, line in sentences:
        place = (corpus.path, line)
        roots = 0
        for word in range(start, end):
            head = heads[word]
            if head < 0:
                continue
            roots += head == word
            if not start <= head < end:
                faults.add("head crosses", place)
            deprel = deprels[word]
            if not deprel:
                faults.add("no relation", place)
            elif "|" in deprel or ">" in deprel:
                faults.add("bad label", place)
        if roots > 1:
            faults.add("several roots", place)


def _entities(corpus: Corpus, doc: Doc, sentences: list[Sentence], faults: Faults) -> None:
    entities = doc.ents if BEGIN in doc.columns.iob_column() else ()
    starts = [start for start, _, _ in sentences]
    gold = {(ent.start, ent.end): ent.label_ for ent in entities}
    for ent in entities:
        sentence = bisect_right(starts, ent.start) - 1
        place = (corpus.path, sentences[sentence][2])
        if ent.end > sentences[sentence][1]:
            faults.add("entity crosses", place)
        if ent[0].text.isspace() or ent[len(ent) - 1].text.isspace():
            faults.add("entity white space", place)
    for span in doc.wrong_ents:
        label = gold.get((span.start, span.end))
        if label is not None and span.label_ in ("", label):
            faults.add("wrong entity", (corpus.path, sentences[0][2]))
