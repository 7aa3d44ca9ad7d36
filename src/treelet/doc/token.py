"""Token: one syntactic word of a Doc, a view of its columns."""

from __future__ import annotations

from treelet.doc.entity_tags import BEGIN, INSIDE, OUTSIDE
from treelet.doc.lexical_attributes import LexicalAttributes
from treelet.doc.morph import MorphAnalysis
from treelet.doc.tree_navigation import TreeNavigation
from treelet.errors import TextError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from treelet.doc.doc import Doc
    from treelet.doc.span import Span

_IOB_NAMES = {INSIDE: "I", OUTSIDE: "O", BEGIN: "B"}


class Token(TreeNavigation, LexicalAttributes):
    """One word. Attributes are strings, with the names that end in `_`; there are no integer ids beside them.

    A string that is not annotated is "". `text` is the piece of text the word stands on and `form_` the word
    itself: they differ only inside a multi-word token, as in Portuguese `no`, where `n` stands for `em`.
    """

    __slots__ = ()

    def __init__(self, doc: Doc, i: int) -> None:
        self.doc = doc
        self.i = i

    # The word and its place

    @property
    def text(self) -> str:
        """The piece of text the word stands on."""
        return self.doc.columns.surface(self.i)

    @property
    def form_(self) -> str:
        """The syntactic word."""
        return self.doc.columns.word(self.i)

    @property
    def whitespace_(self) -> str:
        """White space between this word and the next."""
        return self.doc.columns.whitespace(self.i)

    @property
    def text_with_ws(self) -> str:
        """The text and the white space after it."""
        return self.text + self.whitespace_

    @property
    def idx(self) -> int:
        """Where the text starts, in characters of the document."""
        return self.doc.char_starts[self.i]

    @property
    def token_range(self) -> tuple[int, int]:
        """First and one past the last word of the surface token that this word is part of."""
        columns, start, end = self.doc.columns, self.i, self.i + 1
        while columns.part(start) == 2:
            start -= 1
        while end < len(columns) and columns.part(end) == 2:
            end += 1
        return start, end

    def nbor(self, i: int = 1) -> Token:
        """The word i places on. Raises IndexError past the ends of the document."""
        if not 0 <= self.i + i < len(self.doc):
            raise IndexError(f"word {self.i} + {i}: the document has {len(self.doc)} words")
        return Token(self.doc, self.i + i)

    # Annotation

    @property
    def lemma_(self) -> str:
        """LEMMA."""
        return self.doc.columns.lemma(self.i) or ""

    @lemma_.setter
    def lemma_(self, value: str | None) -> None:
        self.doc.columns.set_lemma(self.i, value)

    @property
    def pos_(self) -> str:
        """UPOS."""
        return self.doc.columns.upos(self.i) or ""

    @pos_.setter
    def pos_(self, value: str | None) -> None:
        self.doc.columns.set_upos(self.i, value)

    @property
    def tag_(self) -> str:
        """XPOS."""
        return self.doc.columns.xpos(self.i) or ""

    @tag_.setter
    def tag_(self, value: str | None) -> None:
        self.doc.columns.set_xpos(self.i, value)

    @property
    def morph(self) -> MorphAnalysis:
        """FEATS."""
        return MorphAnalysis(self.doc.columns.feats(self.i) or "")

    def set_morph(self, features: MorphAnalysis | str | dict[str, str] | None) -> None:
        """Sets FEATS; None makes them missing, "" says that the word has none."""
        if isinstance(features, dict):
            features = MorphAnalysis(features)
        self.doc.columns.set_feats(self.i, None if features is None else str(features))

    def has_morph(self) -> bool:
        """Whether FEATS are annotated."""
        return self.doc.columns.feats(self.i) is not None

    @property
    def dep_(self) -> str:
        """DEPREL."""
        return self.doc.columns.deprel(self.i) or ""

    @dep_.setter
    def dep_(self, value: str | None) -> None:
        self.doc.columns.set_deprel(self.i, value)

    @property
    def ent_type_(self) -> str:
        """Type of the entity the word is in, or ""."""
        return self.doc.columns.ent_type(self.i) or ""

    @property
    def ent_iob_(self) -> str:
        """`B`, `I`, `O`, or "" where entities are not annotated."""
        return _IOB_NAMES.get(self.doc.columns.iob(self.i), "")

    # Sentences

    @property
    def is_sent_start(self) -> bool | None:
        """Whether the word starts a sentence; None where that is not known."""
        known = self.doc.columns.sent_start(self.i)
        if known:
            return known == 1
        if not self.doc.has_annotation("SENT_START"):
            return True if self.i == 0 else None
        return self.i in self.doc.sentence_starts

    @is_sent_start.setter
    def is_sent_start(self, value: bool | None) -> None:
        self.doc.columns.set_sent_start(self.i, 0 if value is None else 1 if value else -1)
        self.doc.forget_index()

    @property
    def is_sent_end(self) -> bool | None:
        """Whether the word ends a sentence; None where that is not known."""
        return True if self.i + 1 == len(self.doc) else self.nbor().is_sent_start

    @property
    def sent(self) -> Span:
        """The sentence the word is in. Raises TextError where sentences are not known."""
        return self.doc.sentence_of(self.i)

    # The tree

    @property
    def head(self) -> Token:
        """The governing word; the word itself for a root, or where it is not known."""
        head = self.doc.columns.head(self.i)
        return self if head < 0 else Token(self.doc, head)

    @head.setter
    def head(self, value: Token) -> None:
        if value.doc is not self.doc:
            raise TextError(f"head of word {self.i}: found a token of another document")
        self.doc.columns.set_head(self.i, value.i)
        self.doc.forget_index()

    @property
    def head_probability(self) -> float | None:
        """How probable it is that the head is right, 0 to 1; None where no parser decided it."""
        return self.doc.columns.head_probability(self.i)

    @property
    def dep_probability(self) -> float | None:
        """How probable it is that head and `dep_` are both right, 0 to 1; None where no parser decided."""
        return self.doc.columns.deprel_probability(self.i)

    def has_head(self) -> bool:
        """Whether the head is annotated."""
        return self.doc.columns.head(self.i) >= 0

    def __len__(self) -> int:
        return len(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and self.doc is other.doc and self.i == other.i

    def __lt__(self, other: Token) -> bool:
        return self.i < other.i

    def __le__(self, other: Token) -> bool:
        return self.i <= other.i

    def __gt__(self, other: Token) -> bool:
        return self.i > other.i

    def __ge__(self, other: Token) -> bool:
        return self.i >= other.i

    def __hash__(self) -> int:
        return hash((id(self.doc), self.i))
