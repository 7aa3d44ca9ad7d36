"""Docs in; words, tokens and sentences out, placed by the characters that are not white space."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from treelet.doc import Doc
from treelet.errors import TextError

CONTENT_RELATIONS = frozenset(
    [
        "nsubj",
        "obj",
        "iobj",
        "csubj",
        "ccomp",
        "xcomp",
        "obl",
        "vocative",
        "expl",
        "dislocated",
        "advcl",
        "advmod",
        "discourse",
        "nmod",
        "appos",
        "nummod",
        "acl",
        "amod",
        "conj",
        "fixed",
        "flat",
        "compound",
        "list",
        "parataxis",
        "orphan",
        "goeswith",
        "reparandum",
        "root",
        "dep",
    ]
)
FUNCTIONAL_RELATIONS = frozenset({"aux", "cop", "mark", "det", "clf", "case", "cc"})
UNIVERSAL_FEATURES = frozenset(
    [
        "PronType",
        "NumType",
        "Poss",
        "Reflex",
        "Foreign",
        "Abbr",
        "Gender",
        "Animacy",
        "Number",
        "Case",
        "Definite",
        "Degree",
        "VerbForm",
        "Mood",
        "Tense",
        "Aspect",
        "Voice",
        "Evident",
        "Polarity",
        "Person",
        "Polite",
    ]
)
ROOT = -1


@dataclass
class WordList:
    """All words of some documents. Lists from `starts` on have one value a word."""

    characters: list[str] = field(default_factory=list)  # a string a document, without white space
    tokens: list[tuple[int, int]] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)  # of the word's surface token
    ends: list[int] = field(default_factory=list)
    in_multiword: list[bool] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)  # in lower case
    lemmas: list[str] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    xpos: list[str] = field(default_factory=list)
    feats: list[str] = field(default_factory=list)  # universal features alone, sorted
    heads: list[int] = field(default_factory=list)  # index in this list, or ROOT
    deprels: list[str] = field(default_factory=list)  # without subtypes
    is_content: list[bool] = field(default_factory=list)
    functional_children: list[list[int]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def n_characters(self) -> int:
        """Characters so far."""
        return self.tokens[-1][1] if self.tokens else 0


def word_list(docs: Iterable[Doc]) -> WordList:
    """Raises TextError for a token of white space alone, which has no place among characters."""
    words = WordList()
    for number, doc in enumerate(docs):
        _add_doc(words, doc, number)
    words.is_content = [deprel in CONTENT_RELATIONS for deprel in words.deprels]
    words.functional_children = [[] for _ in range(len(words))]
    for i, head in enumerate(words.heads):
        if head != ROOT and words.deprels[i] in FUNCTIONAL_RELATIONS:
            words.functional_children[head].append(i)
    return words


def _add_doc(words: WordList, doc: Doc, number: int) -> None:
    columns = doc.columns
    base, n = len(words), len(doc)
    surfaces, forms, parts = columns.surface_column(), columns.word_column(), columns.part_column()
    characters: list[str] = []
    at = words.n_characters
    word_start = [0] * n
    i = 0
    while i < n:
        end = i + 1
        while end < n and parts[end] == 2:
            end += 1
        surface = "".join("".join(surfaces[i:end]).split())
        if not surface:
            raise TextError(
                f"document {number}, word {i}: its token is white space alone, which cannot be scored"
            )
        characters.append(surface)
        words.tokens.append((at, at + len(surface)))
        for word in range(i, end):
            word_start[word] = at
            words.starts.append(at)
            words.ends.append(at + len(surface))
            words.in_multiword.append(parts[word] != 0)
            form = forms[word] if parts[word] else "".join(forms[word].split())
            words.forms.append(form.lower())
        at += len(surface)
        i = end
    words.characters.append("".join(characters))
    if n:
        starts = doc.sentence_starts if doc.has_annotation("SENT_START") else [0]
        places = [*(word_start[start] for start in starts), at]
        words.sentences += pairwise(places)
    words.lemmas += [lemma or "_" for lemma in columns.lemma_column()]
    words.upos += [upos or "_" for upos in columns.upos_column()]
    words.xpos += [xpos or "_" for xpos in columns.xpos_column()]
    words.feats += [_universal(feats or "") for feats in columns.feats_column()]
    words.deprels += [(deprel or "_").partition(":")[0] for deprel in columns.deprel_column()]
    words.heads += [ROOT if head in (-1, i) else base + head for i, head in enumerate(columns.head_column())]


@lru_cache(maxsize=10_000)
def _universal(feats: str) -> str:
    known = [feature for feature in feats.split("|") if feature.partition("=")[0] in UNIVERSAL_FEATURES]
    return "|".join(sorted(known))


def check_same_text(gold: WordList, predicted: WordList) -> None:
    """Raises TextError, showing the place, where characters differ in any pair of documents."""
    if len(gold.characters) != len(predicted.characters):
        raise TextError(
            f"found {len(predicted.characters)} predicted documents, "
            f"expected as many as gold ones, {len(gold.characters)}"
        )
    for number, (ours, theirs) in enumerate(zip(gold.characters, predicted.characters, strict=True)):
        if ours != theirs:
            at = next(
                (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b),
                min(len(ours), len(theirs)),
            )
            raise TextError(
                f"document {number}: gold and predicted text differ, white space aside, after "
                f"{ours[max(0, at - 20) : at]!r}: gold goes on {ours[at : at + 20]!r}, "
                f"predicted {theirs[at : at + 20]!r}: score two analyses of the same text"
            )
