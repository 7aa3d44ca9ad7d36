"""A Doc in; CoNLL-U out. The lines are made by the core (`core/formats/conllu_writer.h`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from treelet import _core
from treelet.doc import Doc


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
    opening = mark_lines(marks or ConlluMarks(), doc.user_data)
    return _core.conllu_text(doc.columns, opening, sent_id, first_sentence, entity_key)


def conllu_bytes(doc: Doc, opening: str) -> bytes:
    """The same as UTF-8, lone surrogates as escapes. opening: lines before the first sentence's."""
    return _core.conllu_bytes(doc.columns, opening, "", 1, "NER")


def mark_lines(marks: ConlluMarks, user_data: Mapping[str, Any]) -> str:
    """The lines `# newdoc` and `# newpar`, as far as they are wanted, each with its line feed."""
    lines = ""
    for name, mark in (("newdoc", marks.newdoc), ("newpar", marks.newpar)):
        if mark is None:
            mark = user_data.get(name, False)
            if mark == "":
                mark = True
        if mark:
            lines += f"# {name}\n" if mark is True else f"# {name} id = {_one_line(str(mark))}\n"
    return lines


def _one_line(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
