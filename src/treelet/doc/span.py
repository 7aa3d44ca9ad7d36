"""Span: neighbouring words of a Doc, with or without a label."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from treelet.doc.entity_tags import BEGIN, INSIDE
from treelet.doc.token import Token
from treelet.errors import TextError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import overload

    from treelet.doc.doc import AlignmentMode, Doc


class Span:
    """Words start to end of a document, end not included.

    Labels are strings (`label_`); there are no integer ids.
    """

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: Doc, start: int, end: int, label: str = "") -> None:
        """Raises IndexError unless 0 ≤ start ≤ end ≤ len(doc)."""
        if not 0 <= start <= end <= len(doc):
            raise IndexError(f"span {start} to {end} of a document of {len(doc)} words")
        self.doc = doc
        self.start = start
        self.end = end
        self.label_ = label

    # Text

    @property
    def start_char(self) -> int:
        """Where the first word starts, in characters of the document."""
        starts = self.doc.char_starts
        return starts[self.start] if self.start < len(starts) else len(self.doc.text)

    @property
    def end_char(self) -> int:
        """Where the last word ends, in characters of the document."""
        return self.doc.char_ends[self.end - 1] if self.end > self.start else self.start_char

    @property
    def text(self) -> str:
        """From the first to the last word, without the white space that follows."""
        return self.doc.text[self.start_char : self.end_char]

    @property
    def text_with_ws(self) -> str:
        """The text and the white space after it."""
        return self.text + (self.doc.columns.whitespace(self.end - 1) if self.end > self.start else "")

    @property
    def lemma_(self) -> str:
        """The lemmas, with the white space that stands between the words."""
        return "".join(token.lemma_ + token.whitespace_ for token in self).strip()

    def char_span(
        self, start: int, end: int, label: str = "", alignment_mode: AlignmentMode = "strict"
    ) -> Span | None:
        """Words at characters start to end, counted from the span's first: see Doc.char_span."""
        found = self.doc.char_span(self.start_char + start, self.start_char + end, label, alignment_mode)
        return found if found is not None and found.start >= self.start and found.end <= self.end else None

    # What lies inside

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        return (Token(self.doc, i) for i in range(self.start, self.end))

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, key: int) -> Token: ...
        @overload
        def __getitem__(self, key: slice) -> Span: ...

    def __getitem__(self, key: int | slice) -> Token | Span:
        if isinstance(key, slice):
            start, end = slice_bounds(key, len(self))
            return Span(self.doc, self.start + start, self.start + end)
        if not -len(self) <= key < len(self):
            raise IndexError(f"word {key} of a span of {len(self)} words")
        return Token(self.doc, self.start + key % len(self))

    @property
    def ents(self) -> tuple[Span, ...]:
        """Entities that lie wholly inside."""
        return tuple(ent for ent in self.doc.ents if ent.start >= self.start and ent.end <= self.end)

    @property
    def noun_chunks(self) -> Iterator[Span]:
        """Base noun phrases that lie wholly inside: see Doc.noun_chunks."""
        return (
            chunk for chunk in self.doc.noun_chunks if chunk.start >= self.start and chunk.end <= self.end
        )

    @property
    def sent(self) -> Span:
        """The sentence of the first word. Raises TextError where sentences are not known."""
        return self.doc.sentence_of(min(self.start, len(self.doc) - 1))

    @property
    def sents(self) -> Iterator[Span]:
        """Sentences that share a word with the span."""
        starts = self.doc.sentence_starts
        for k in range(max(0, bisect_right(starts, self.start) - 1), bisect_left(starts, self.end)):
            yield Span(self.doc, starts[k], starts[k + 1] if k + 1 < len(starts) else len(self.doc))

    @property
    def probability(self) -> float | None:
        """How probable it is that the span, with its borders and label, is a named entity, 0 to 1.

        None where the span is not among the entities of the document, or no recognizer found it.
        """
        return entity_probability(self)

    # The tree

    @property
    def root(self) -> Token:
        """The word nearest to the root of its tree, the first of several.

        Raises TextError for an empty span.
        """
        if not len(self):
            raise TextError("an empty span has no root")
        depth = self.doc.tree.depth
        return Token(self.doc, min(range(self.start, self.end), key=lambda i: (depth[i], i)))

    @property
    def lefts(self) -> Iterator[Token]:
        """Words before the span whose head is inside."""
        return (left for token in self for left in token.lefts if left.i < self.start)

    @property
    def rights(self) -> Iterator[Token]:
        """Words after the span whose head is inside."""
        return (right for token in self for right in token.rights if right.i >= self.end)

    @property
    def n_lefts(self) -> int:
        """Number of words before the span whose head is inside."""
        return sum(1 for _ in self.lefts)

    @property
    def n_rights(self) -> int:
        """Number of words after the span whose head is inside."""
        return sum(1 for _ in self.rights)

    @property
    def subtree(self) -> Iterator[Token]:
        """The span's words and all words below them, in order."""
        tree = self.doc.tree
        inside = set(range(self.start, self.end))
        tops = [i for i in inside if tree.heads[i] == i or tree.heads[i] not in inside]
        return (Token(self.doc, i) for i in sorted({word for top in tops for word in tree.subtree(top)}))

    @property
    def conjuncts(self) -> tuple[Token, ...]:
        """Words coordinated with the root."""
        return self.root.conjuncts

    def as_doc(self) -> Doc:
        """A document of its own; a word whose head lies outside becomes a root."""
        return self.doc.slice(self.start, self.end)

    # Comparison

    def _key(self) -> tuple[int, int, str]:
        return self.start, self.end, self.label_

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span) and self.doc is other.doc and self._key() == other._key()

    def __lt__(self, other: Span) -> bool:
        return self._key() < other._key()

    def __le__(self, other: Span) -> bool:
        return self._key() <= other._key()

    def __gt__(self, other: Span) -> bool:
        return self._key() > other._key()

    def __ge__(self, other: Span) -> bool:
        return self._key() >= other._key()

    def __hash__(self) -> int:
        return hash((id(self.doc), *self._key()))


def entity_probability(span: Span) -> float | None:
    """What the columns say of an entity with the borders and the label of this span; None where nothing."""
    columns, start, end = span.doc.columns, span.start, span.end
    if start == end or columns.iob(start) != BEGIN or columns.ent_type(start) != span.label_:
        return None
    if any(columns.iob(i) != INSIDE for i in range(start + 1, end)):
        return None
    if end < len(span.doc) and columns.iob(end) == INSIDE:
        return None
    values = {columns.ent_probability(i) for i in range(start, end)}
    return values.pop() if len(values) == 1 else None


def slice_bounds(key: slice, length: int) -> tuple[int, int]:
    """Start and end of a slice of `length` words. Raises ValueError for a step other than one."""
    start, end, step = key.indices(length)
    if step != 1:
        raise ValueError(f"step {step}: the words of a span are neighbours, in order")
    return start, max(start, end)
