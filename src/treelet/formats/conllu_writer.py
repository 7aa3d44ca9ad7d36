"""A Doc in; CoNLL-U out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from treelet.doc import Doc
from treelet.formats.conllu_lines import one_line, word_lines


@dataclass(frozen=True)
class ConlluMarks:
    """What a Doc's first sentence says of its place.

    None: as the Doc's user_data says; True, or an id: say it.
    """

    newdoc: bool | str | None = None
    newpar: bool | str | None = None


def write_conllu(
    doc: Doc,
    *,
    sent_id: str = "",
    first_sentence: int = 1,
    marks: ConlluMarks | None = None,
    entity_key: str = "NER",
) -> str:
    """The sentences of a document, each with a blank line after it; "" for a document without words.

    sent_id: prefix of `# sent_id = PREFIX1`, counted from first_sentence; no such line when empty.
    A document whose sentences are not known is written as one. Missing values are `_`. Entities go to MISC
    (`NER=B-PER`, `NER=O`), and white space that is not one blank as `SpaceAfter=No` or `SpacesAfter=…`; what
    follows the last word only where there is any.

    Raises TextError for a head outside its sentence.
    """
    if not len(doc):
        return ""
    marks = marks or ConlluMarks()
    starts = doc.sentence_starts if doc.has_annotation("SENT_START") else [0]
    sentences = list(pairwise([*starts, len(doc)]))
    lines = word_lines(doc.columns, sentences, entity_key)
    out: list[str] = []
    for number, (start, end) in enumerate(sentences):
        if start == 0:
            out += _mark_lines(doc, marks)
        if sent_id:
            out.append(f"# sent_id = {sent_id}{first_sentence + number}")
        text = doc.text[doc.char_starts[start] : doc.char_ends[end - 1]]
        out.append(f"# text = {one_line(text)}")
        out += lines[start:end]
        out.append("")
    return "\n".join(out) + "\n"


def _mark_lines(doc: Doc, marks: ConlluMarks) -> list[str]:
    lines = []
    for name, mark in (("newdoc", marks.newdoc), ("newpar", marks.newpar)):
        if mark is None:
            mark = doc.user_data.get(name, False)
            if mark == "":
                mark = True
        if mark:
            lines.append(f"# {name}" if mark is True else f"# {name} id = {one_line(str(mark))}")
    return lines
