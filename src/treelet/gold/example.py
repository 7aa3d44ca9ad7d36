"""Texts or words and what is known of them in; an Example, one gold document to learn from, out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from treelet.doc import Doc
from treelet.doc.offsets import Misaligned, set_offsets
from treelet.errors import TextError
from treelet.gold.annotations import BOOL, STRING, Default, annotate, annotations_of, read_list


class Example:
    """One gold document: what `nlp.update`, `nlp.initialize` and `nlp.evaluate` take.

    reference: the gold Doc, never changed. What is missing of it (None in a list, or no list at all) is not
        known: it teaches nothing and costs nothing, and is left out of scores.
    """

    __slots__ = ("reference",)

    def __init__(self, reference: Doc) -> None:
        """Raises TextError for anything but a Doc."""
        if not isinstance(reference, Doc):
            raise TextError(
                f"example: found {type(reference).__name__}, expected a gold Doc; "
                "Example.from_offsets and Example.from_dict make one"
            )
        self.reference = reference

    @property
    def text(self) -> str:
        """The text of the document."""
        return self.reference.text

    @classmethod
    def from_offsets(
        cls,
        doc: Doc,
        entities: Iterable[Any],
        *,
        misaligned: Misaligned = "raise",
        default: Default = "outside",
    ) -> Example:
        """Entities of a text, as Example.from_offsets(nlp.make_doc(text), [(0, 8, "PER")]).

        entities: (start, end, label), or mappings with these keys: the first character and one past the last,
            counted in code points of `doc.text`.
        misaligned: what becomes of an entity that does not begin and end where tokens do. "raise": an error;
            "expand": all tokens it touches; "contract": the tokens wholly inside; "missing": not known what
            the tokens are that it touches.
        default: words in no entity are "outside", so that the recognizer learns to find nothing there; with
            "missing" nobody has looked at them, and they teach nothing.

        Raises OffsetsError, a TextError, that shows every entity that cannot be taken, with the text around
        it and the offsets that were probably meant: misaligned ones; whatever `misaligned` says, those that
        are empty, reversed or not inside the text, and those that share a token. None is ever left out.
        """
        reference = _words_of(doc)
        set_offsets(reference, entities, misaligned=misaligned, default=default)
        return cls(reference)

    @classmethod
    def from_dict(
        cls,
        doc: Doc,
        annotations: Mapping[str, Any],
        *,
        misaligned: Misaligned = "raise",
        default: Default = "outside",
    ) -> Example:
        """A document and a dictionary of what is known of it; what the Doc itself holds besides words is not
        taken over.

        One value a word, None where it is not known: `tags`, `pos`, `morphs`, `lemmas`, `deps`, `heads`
        (indices in the document, a root's its own), `sent_starts` (True, False).
        `entities`: character offsets and labels as in from_offsets, or one IOB2 or BILUO tag a word.
        `words`: the gold words where they may not be the Doc's; their text, white space aside, must be the
        same, and they become the words of the example. `spaces`: whether a blank follows each.

        Raises TextError for an unknown key, a wrong number or type of values, heads out of range or in a
        cycle, and words of another text, with the first difference; OffsetsError as from_offsets does.
        """
        return cls(annotate(_words_of(doc), annotations, misaligned, default))

    @classmethod
    def from_words(
        cls, words: Sequence[str], spaces: Sequence[bool] | None = None, **annotations: Any
    ) -> Example:
        """Words, each followed by a blank unless `spaces` says otherwise, and what from_dict takes, as
        Example.from_words(["Ann", "met", "May"], entities=["B-PER", "O", "B-PER"]).

        Raises TextError as from_dict does, and for an empty word.
        """
        forms = read_list(words, "words", None, STRING)
        blanks = None if spaces is None else read_list(spaces, "spaces", len(forms), BOOL)
        return cls(annotate(Doc(forms, blanks), annotations, "raise", "outside"))

    @classmethod
    def from_conllu(cls, text: str, *, label_map: Mapping[str, str] | None = None) -> list[Example]:
        """Examples of CoNLL-U, a paragraph each: see read_conllu. Raises FormatError, with the line."""
        from treelet.formats import read_conllu

        lines = text.splitlines(keepends=True) if isinstance(text, str) else text
        return [cls(doc) for doc in read_conllu(lines, where="<text>", label_map=label_map)]

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str],
        *,
        label_map: Mapping[str, str] | None = None,
        tokenize: Callable[[str], Doc] | None = None,
    ) -> Iterator[Example]:
        """Examples of a CoNLL-U, IOB2 or JSONL file, read as they are asked for; see formats.read_docs.

        label_map: renames entity types, "" to outside, "-" to missing.
        tokenize: such as `nlp.make_doc`; JSONL that has character offsets and no tokens needs it.
        Raises FormatError with file and line.
        """
        from treelet.formats import read_docs

        return (cls(doc) for doc in read_docs(path, label_map=label_map, tokenize=tokenize) if len(doc))

    def to_dict(self) -> dict[str, Any]:
        """What from_dict takes: words, spaces, and every column that is annotated."""
        return annotations_of(self.reference)

    def __len__(self) -> int:
        return len(self.reference)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Example) and self.reference == other.reference

    def __hash__(self) -> int:
        return hash(self.reference)

    def __repr__(self) -> str:
        text = self.text if len(self.text) <= 60 else f"{self.text[:57]}…"
        return f"Example({text!r})"


def gold_docs(examples: Iterable[Example | Doc]) -> list[Doc]:
    """The gold documents of examples, or of Docs given as they are.

    Raises TextError for one example instead of a list of them, and for anything else in the list.
    """
    if isinstance(examples, (Example, Doc, str)):
        raise TextError(f"examples: found one {type(examples).__name__}, expected a list of them")
    docs = []
    for number, example in enumerate(examples):
        if not isinstance(example, (Example, Doc)):
            raise TextError(
                f"examples[{number}]: found {type(example).__name__}, expected an Example or a gold Doc; "
                "Example.from_offsets and Example.from_dict make one"
            )
        docs.append(example.reference if isinstance(example, Example) else example)
    return docs


def _words_of(doc: Doc) -> Doc:
    """A copy of text and words alone."""
    if isinstance(doc, str):
        raise TextError("doc: found a string, expected a Doc: tokenize it first, with nlp.make_doc(text)")
    if not isinstance(doc, Doc):
        raise TextError(f"doc: found {type(doc).__name__}, expected a Doc, as nlp.make_doc(text) gives it")
    return doc.bare()
