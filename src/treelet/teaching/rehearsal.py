"""Gold documents and a network's own predictions in, documents that teach new and rehearse old things out.

Rehearsal with the old network's labels: pseudo-rehearsal (Robins 1995), "Learning without Forgetting" (Li &
Hoiem 2016), here with hard labels.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from treelet.doc import Doc, Span
from treelet.doc.entity_tags import MISSING, entity_tag
from treelet.teaching.lessons import Lesson

Annotate = Callable[[Any], Doc]
"""What the old network does: a text, or in place a Doc whose words are given, to an annotated Doc."""

PARAGRAPH = 4  # sentences: a parser that only sees single ones forgets where they end
_TAGS = ("xpos", "upos", "feats", "lemma")


def entity_types(docs: Iterable[Doc]) -> set[str]:
    """Types that documents annotate: of their entities, and of spans known to be wrong."""
    return {span.label_ for doc in docs for span in (*doc.ents, *doc.wrong_ents) if span.label_}


def filled_in(
    docs: Sequence[Doc],
    annotate: Annotate,
    leave: Collection[str] = (),
    known: Collection[str] | None = None,
) -> list[Doc]:
    """Copies of the gold documents of one source, what they leave open filled in by the old network.

    A column that a document lacks becomes the old network's. Of entities, those types are open that no
    document of the source annotates: a predicted entity of such a type that touches no gold one is taken
    over. A word that is outside is outside for every type that the source does annotate. Words whose
    entities are missing are open for all types, and where the whole document says nothing of entities, the
    old network's are all there are. leave: columns, as the core names them, that are not filled in. known:
    the types that the source annotates, where these documents are not all of it.
    """
    known = entity_types(docs) if known is None else known
    return [_filled(doc, annotate, known, leave) for doc in paragraphs(docs)]


def rehearsed(sources: Sequence[Iterable[str]], annotate: Annotate, words: int) -> list[Doc]:
    """Texts as the old network annotates them, so many words in all, of each source about as many."""
    docs: list[Doc] = []
    taken, left = dict.fromkeys(range(len(sources)), 0), words
    texts = [iter(source) for source in sources]
    while taken and left > 0:
        number = min(taken, key=taken.__getitem__)
        text = next(texts[number], None)
        if text is None:
            del taken[number]
            continue
        doc = annotate(text)
        if len(doc):
            docs.append(doc)
            taken[number] += len(doc)
            left -= len(doc)
    return docs


def paragraphs(docs: Iterable[Doc]) -> Iterator[Doc]:
    """The documents, single sentences that annotate entities alone joined in their order."""
    run: list[Doc] = []
    for doc in docs:
        if not is_entity_sentence(doc):
            yield from _joined(run)
            run = []
            yield doc
            continue
        run.append(doc)
        if len(run) == PARAGRAPH:
            yield from _joined(run)
            run = []
    yield from _joined(run)


def is_entity_sentence(doc: Doc) -> bool:
    """Whether it is one sentence that annotates entities and nothing else."""
    columns = doc.columns
    others = (f"has_{name}" for name in (*_TAGS, "head", "deprel"))
    if not len(doc) or any(getattr(columns, name)() for name in others) or any(columns.part_column()):
        return False
    starts = columns.sent_start_column()
    return starts[0] == 1 and 1 not in starts[1:]


def _joined(docs: Sequence[Doc]) -> Iterator[Doc]:
    """One document of several sentences, apart by blanks."""
    if len(docs) < 2:
        yield from docs
        return
    words: list[str] = []
    spaces: list[bool] = []
    tags: list[str | None] = []
    starts: list[int] = []
    wrong: list[tuple[int, int, str]] = []
    for doc in docs:
        columns, first = doc.columns, len(words)
        words += columns.word_column()
        spaces += [bool(blank) for blank in columns.whitespace_column()[:-1]] + [True]
        tags += map(entity_tag, columns.iob_column(), columns.ent_type_column())
        starts += columns.sent_start_column()
        wrong += [(first + span.start, first + span.end, span.label_) for span in doc.wrong_ents]
    joined = Doc(words, spaces, sent_starts=starts, ents=tags)
    joined.wrong_ents = [Span(joined, *each) for each in wrong]
    yield joined


def _filled(gold: Doc, annotate: Annotate, known: Collection[str], leave: Collection[str]) -> Doc:
    found = annotate(gold.bare(sentences=True)).columns
    filled = gold.copy()
    columns = filled.columns
    for name in _TAGS:
        if name not in leave and not getattr(columns, f"has_{name}")() and getattr(found, f"has_{name}")():
            getattr(columns, f"set_{name}_column")(getattr(found, f"{name}_column")())
    if "head" not in leave and not columns.has_head() and not columns.has_deprel() and found.has_head():
        columns.set_head_column(found.head_column())
        columns.set_deprel_column(found.deprel_column())
    if not any(columns.sent_start_column()) and any(found.sent_start_column()):
        columns.set_sent_start_column(found.sent_start_column())
    if found.has_iob():
        _fill_entities(filled, Doc.from_columns(found), known)
    filled.forget_index()
    return filled


def _fill_entities(doc: Doc, found: Doc, known: Collection[str]) -> None:
    codes = doc.columns.iob_column()
    taken = {word for ent in doc.ents for word in range(ent.start, ent.end)}
    wrong = {(span.start, span.end, span.label_) for span in doc.wrong_ents}
    silent = not any(codes)
    more = [
        Span(doc, ent.start, ent.end, ent.label_)
        for ent in found.ents
        if taken.isdisjoint(range(ent.start, ent.end))
        and not wrong & {(ent.start, ent.end, ent.label_), (ent.start, ent.end, "")}
        and (ent.label_ not in known or set(codes[ent.start : ent.end]) == {MISSING})
    ]
    doc.set_ents([*doc.ents, *more], default="outside" if silent and not wrong else "unmodified")


@dataclass(frozen=True)
class Rehearsal:
    """Lessons of raw text, taken in turn: so many words of them in each pass."""

    lessons: Sequence[Lesson] = ()
    words: int = 0

    def portion(self, number: int) -> list[Lesson]:
        """Those of a pass, counted from 1: the ones behind those of the pass before, from the start again
        when all have been.
        """
        if not self.words or not self.lessons:
            return []
        ends = np.cumsum([len(lesson) for lesson in self.lessons])
        starts = np.concatenate([[0], ends[:-1]])
        behind = (starts - (number - 1) * self.words) % ends[-1]
        return [lesson for lesson, place in zip(self.lessons, behind, strict=True) if place < self.words]
