"""Doc: one document, a thin Python face over the columns of the core."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

from treelet.doc.entity_access import EntityAccess
from treelet.doc.span import Span, slice_bounds
from treelet.doc.token import Token
from treelet.errors import TextError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, Literal, overload

    from treelet._core import Doc as Columns
    from treelet.doc.tree import Tree
    from treelet.doc.wrong_entities import WrongEntity

    AlignmentMode = Literal["strict", "contract", "expand"]

_COLUMNS = {
    "POS": "upos",
    "TAG": "xpos",
    "MORPH": "feats",
    "LEMMA": "lemma",
    "DEP": "deprel",
    "HEAD": "head",
    "ENT_IOB": "iob",
    "ENT_TYPE": "iob",
}


class Doc(EntityAccess):
    """A text and what is known of its words. The unit is the syntactic word; `doc[i]` is a Token, `doc[i:j]`
    a Span.

    columns: the core's own form, readable and writable column by column; call forget_index() after writing
        heads, sentence starts or words there.
    user_data: anything that should travel along. Readers put "newdoc" and "newpar" there.
    """

    __slots__ = ("_char_ends", "_char_starts", "_sentence_starts", "_text", "_tree", "columns", "user_data")

    def __init__(
        self,
        words: Sequence[str] | None = None,
        spaces: Sequence[bool] | None = None,
        *,
        tags: Sequence[str | None] | None = None,
        pos: Sequence[str | None] | None = None,
        morphs: Sequence[str | None] | None = None,
        lemmas: Sequence[str | None] | None = None,
        heads: Sequence[int | None] | None = None,
        deps: Sequence[str | None] | None = None,
        sent_starts: Sequence[bool | int | None] | None = None,
        ents: Sequence[str | None] | None = None,
        user_data: dict[str, Any] | None = None,
    ) -> None:
        """A document of given words, each followed by a blank unless spaces says otherwise.

        heads: indices in the document, a root's its own, None unknown. sent_starts: True, False, None
            unknown.
        ents: IOB2 or BILUO tags such as "B-PER", "O" outside, "" or None unknown.

        Raises TextError where lengths differ, a word is empty, or a value is out of range.
        """
        from treelet.doc.build import Annotations, columns_from_words  # deferred: annotating does without

        annotations = Annotations(tags, pos, morphs, lemmas, heads, deps, sent_starts, ents)
        self.columns = columns_from_words(words or [], spaces, annotations)
        self.user_data: dict[str, Any] = user_data if user_data is not None else {}
        self._wrong: tuple[WrongEntity, ...] = ()
        self.forget_index()

    @classmethod
    def from_columns(cls, columns: Columns, user_data: dict[str, Any] | None = None) -> Doc:
        """A document over columns that exist; they are not copied."""
        doc = cls.__new__(cls)
        doc.columns = columns
        doc.user_data = user_data if user_data is not None else {}
        doc._wrong = ()
        doc.forget_index()
        return doc

    def bare(self, *, sentences: bool = False) -> Doc:
        """A copy with the same text and words, and nothing else but, on request, where sentences start."""
        return Doc.from_columns(self.columns.bare(sentences), dict(self.user_data))

    def forget_index(self) -> None:
        """Drops what was derived from the columns: tree, offsets, sentence borders.

        They are made again when asked for.
        """
        self._tree: Tree | None = None
        self._char_starts: list[int] | None = None
        self._char_ends: list[int] | None = None
        self._sentence_starts: list[int] | None = None
        self._text: str | None = None

    # Text

    @property
    def text(self) -> str:
        """The text, exactly as it came in."""
        if self._text is None:
            self._text = self.columns.text
        return self._text

    @property
    def text_with_ws(self) -> str:
        """The same as text."""
        return self.text

    @property
    def char_starts(self) -> list[int]:
        """Where each word starts, in characters (code points)."""
        if self._char_starts is None:
            self._char_starts = self.columns.char_starts()
        return self._char_starts

    @property
    def char_ends(self) -> list[int]:
        """Where each word ends, in characters (code points)."""
        if self._char_ends is None:
            self._char_ends = self.columns.char_ends()
        return self._char_ends

    def char_span(
        self, start: int, end: int, label: str = "", alignment_mode: AlignmentMode = "strict"
    ) -> Span | None:
        """The words at characters start to end, or None.

        "strict": both must be borders of words. "contract": the words wholly inside. "expand": all words
        touched.
        Raises TextError for another mode.
        """
        from treelet.doc.alignment import words_at

        bounds = words_at(self, start, end, alignment_mode)
        return None if bounds is None else Span(self, *bounds, label)

    # Words

    def __len__(self) -> int:
        return len(self.columns)

    def __iter__(self) -> Iterator[Token]:
        return (Token(self, i) for i in range(len(self)))

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, key: int) -> Token: ...
        @overload
        def __getitem__(self, key: slice) -> Span: ...

    def __getitem__(self, key: int | slice) -> Token | Span:
        n = len(self)
        if isinstance(key, slice):
            return Span(self, *slice_bounds(key, n))
        if not -n <= key < n:
            raise IndexError(f"word {key} of a document of {n} words")
        return Token(self, key % n)

    # What is known

    def has_annotation(self, attribute: str, require_complete: bool = False) -> bool:
        """Whether any word has it, or every word with require_complete.

        attribute: TAG, POS, MORPH, LEMMA, DEP, HEAD, ENT_IOB, ENT_TYPE or SENT_START (also where heads tell).
        Raises TextError for another name.
        """
        name = attribute.upper()
        if name == "SENT_START":
            known = self.columns.sent_start_column()
            if require_complete:
                return all(known[1:]) or (not any(known) and self.has_annotation("HEAD", True))
            return any(known) or self.columns.has_head()
        if name not in _COLUMNS:
            raise TextError(
                f"attribute: found {attribute!r}, expected SENT_START or one of {', '.join(_COLUMNS)}"
            )
        if not require_complete:
            return bool(getattr(self.columns, f"has_{_COLUMNS[name]}")())
        missing = {"head": -1, "iob": 0}.get(_COLUMNS[name])
        return missing not in getattr(self.columns, f"{_COLUMNS[name]}_column")()

    def require(self, attribute: str, what: str, wanted_by: str) -> None:
        """Raises TextError, saying what is missing, unless it is annotated or there are no words."""
        if len(self) and not self.has_annotation(attribute):
            raise TextError(
                f"doc has no {what}, which {wanted_by} needs: "
                f"annotate it with a pipeline that sets {attribute}, or set it"
            )

    @property
    def tree(self) -> Tree:
        """Children, edges and depths by index. Raises TextError where heads form a cycle."""
        if self._tree is None:
            from treelet.doc.tree import Tree

            self._tree = Tree(self.columns.head_column())
        return self._tree

    # Sentences

    @property
    def sentence_starts(self) -> list[int]:
        """Index of the first word of each sentence.

        Raises TextError where neither starts nor heads are known.
        """
        if self._sentence_starts is None:
            self.require("SENT_START", "sentence boundaries", "sents")
            known = self.columns.sent_start_column()
            if any(known):
                self._sentence_starts = [i for i, start in enumerate(known) if start == 1 or i == 0]
            else:
                from treelet.doc.tree import starts_from_heads

                self._sentence_starts = starts_from_heads(self.columns.head_column())
        return self._sentence_starts

    def sentence_of(self, word: int) -> Span:
        """The sentence that holds a word. Raises TextError where sentences are not known."""
        starts = self.sentence_starts
        if not starts:
            raise TextError("an empty document has no sentences")
        k = bisect_right(starts, word)
        return Span(self, starts[k - 1], starts[k] if k < len(starts) else len(self))

    @property
    def sents(self) -> Iterator[Span]:
        """Sentences, in order. Raises TextError where neither sentence starts nor heads are known."""
        starts = self.sentence_starts
        return (Span(self, start, end) for start, end in pairwise([*starts, len(self)]))

    @property
    def noun_chunks(self) -> Iterator[Span]:
        """Base noun phrases, in order: see doc/noun_chunks.py. Raises TextError without a tree."""
        from treelet.doc.noun_chunks import noun_chunks

        return noun_chunks(self)

    # Copies

    def copy(self) -> Doc:
        """An independent copy."""
        doc = Doc.from_columns(self.columns.copy(), dict(self.user_data))
        doc._wrong = self._wrong
        return doc

    def slice(self, start: int, end: int) -> Doc:
        """Words start to end as a document of its own; a word whose head lies outside becomes a root."""
        from treelet.doc.build import slice_columns
        from treelet.doc.wrong_entities import within

        doc = Doc.from_columns(slice_columns(self.columns, start, end))
        doc._wrong = within(self._wrong, start, end)
        return doc

    def to_json(self, *, probabilities: bool = False) -> dict[str, Any]:
        """A dictionary of plain values that from_json turns back into an equal document.

        probabilities: with `head_probability`, `dep_probability` and `ent_probability` of each token, where
            known.
        """
        from treelet.doc.json_form import doc_to_json

        return doc_to_json(self, probabilities)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Doc:
        """The document of a dictionary as to_json makes it. Raises TextError where it is not one."""
        from treelet.doc.json_form import columns_from_json
        from treelet.doc.wrong_entities import wrong_from_json

        doc = cls.from_columns(columns_from_json(data), dict(data.get("user_data") or {}))
        doc._wrong = wrong_from_json(data.get("wrong_ents", []), len(doc))
        return doc

    def __reduce__(self) -> tuple[Any, ...]:
        return Doc.from_json, (self.to_json(probabilities=True),)

    def __copy__(self) -> Doc:
        return self.copy()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Doc) and (self is other or self.to_json() == other.to_json())

    def __hash__(self) -> int:
        return hash(self.text)

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__
