"""Gold documents in, the tokenizer's rules out: a language's, and the exceptions that a treebank teaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from treelet.doc import Doc
from treelet.languages import load_language
from treelet.languages.data import Rules
from treelet.languages.learning import Analysis, learn_exceptions


def taught_rules(language: str, docs: Iterable[Doc]) -> Rules:
    """The rules of a language with exceptions from the treebank documents among `docs`.

    Only documents with parts of speech or trees count: lists of tagged tokens do not say where the text had
    white space.
    """
    treebank = (doc for doc in docs if doc.columns.has_upos() or doc.columns.has_head())
    return learn_exceptions(load_language(language), (pair for doc in treebank for pair in chunks(doc)))


def chunks(doc: Doc) -> Iterator[tuple[str, Analysis]]:
    """Every stretch of text without white space, with the words of each of its tokens."""
    columns = doc.columns
    tokens: list[list[str]] = []
    surface = ""
    rows = zip(
        columns.surface_column(),
        columns.word_column(),
        columns.part_column(),
        columns.whitespace_column(),
        strict=True,
    )
    for piece, word, part, whitespace in rows:
        if whitespace and part != 2 and not tokens:  # as most are
            yield piece, [[word]]
            continue
        surface += piece
        if part == 2:
            tokens[-1].append(word)
        else:
            tokens.append([word])
        if whitespace:
            yield surface, tokens
            surface, tokens = "", []
    if tokens:
        yield surface, tokens
