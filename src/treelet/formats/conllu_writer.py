"""A Doc in; CoNLL-U out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from treelet.doc import Doc
from treelet.doc.entity_tags import entity_tag
from treelet.errors import TextError
from treelet.formats.spaces import escape_spaces

_LINE_BREAKING = re.compile(r"[\t\n\r]")


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
    writer = _Writer(doc, entity_key)
    starts = doc.sentence_starts if doc.has_annotation("SENT_START") else [0]
    out: list[str] = []
    for number, (start, end) in enumerate(pairwise([*starts, len(doc)])):
        if start == 0:
            out += _mark_lines(doc, marks)
        if sent_id:
            out.append(f"# sent_id = {sent_id}{first_sentence + number}")
        text = doc.text[doc.char_starts[start] : doc.char_ends[end - 1]]
        out.append(f"# text = {_one_line(text)}")
        out += writer.sentence(start, end)
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
            lines.append(f"# {name}" if mark is True else f"# {name} id = {_one_line(str(mark))}")
    return lines


def _one_line(text: str) -> str:
    return _LINE_BREAKING.sub(" ", text)


class _Writer:
    """The columns of one document, ready to be written sentence by sentence."""

    def __init__(self, doc: Doc, entity_key: str) -> None:
        columns = doc.columns
        self.entity_key = entity_key
        self.columns = columns
        self.surfaces = columns.surface_column()
        self.forms = columns.word_column()
        self.spaces = columns.whitespace_column()
        self.parts = columns.part_column()
        self.lemmas = [_field(lemma) for lemma in columns.lemma_column()]
        self.upos = [_field(upos) for upos in columns.upos_column()]
        self.xpos = [_field(xpos) for xpos in columns.xpos_column()]
        self.feats = [_field(feats) for feats in columns.feats_column()]
        self.deprels = [_field(deprel) for deprel in columns.deprel_column()]
        self.heads = columns.head_column()
        self.tags = list(map(entity_tag, columns.iob_column(), columns.ent_type_column()))

    def sentence(self, start: int, end: int) -> list[str]:
        lines = []
        i = start
        while i < end:
            last = i
            while self.parts[i] == 1 and last + 1 < end and self.parts[last + 1] == 2:
                last += 1
            surface = "".join(self.surfaces[i : last + 1])
            misc = self._space_misc(i, last, surface if last > i else self.forms[i])
            if last > i:
                ids = f"{i - start + 1}-{last - start + 1}"
                lines.append("\t".join([ids, _form(surface), *["_"] * 7, "|".join(misc) or "_"]))
                misc = []
            for word in range(i, last + 1):
                lines.append(self._word(word, start, end, misc))
            i = last + 1
        return lines

    def _word(self, i: int, start: int, end: int, misc: list[str]) -> str:
        head = self.heads[i]
        if head >= 0 and not start <= head < end:
            raise TextError(
                f"word {i}: found head {head}, expected one of its sentence, words {start} to {end - 1}"
            )
        head_id = "_" if head < 0 else "0" if head == i else str(head - start + 1)
        fields = [*misc]
        if not misc and _LINE_BREAKING.search(self.forms[i]):
            fields.append(f"SpacesInToken={escape_spaces(self.forms[i])}")
        if self.tags[i] is not None:
            fields.append(f"{self.entity_key}={self.tags[i]}")
        return "\t".join([
            str(i - start + 1), _form(self.forms[i]), self.lemmas[i], self.upos[i], self.xpos[i],
            self.feats[i], head_id, self.deprels[i], "_", "|".join(fields) or "_",
        ])  # fmt: skip

    def _space_misc(self, first: int, last: int, form: str) -> list[str]:
        misc = []
        spaces = self.spaces[last]
        expected = " " if last + 1 < len(self.spaces) else ""
        if spaces != expected:
            misc.append("SpaceAfter=No" if not spaces else f"SpacesAfter={escape_spaces(spaces)}")
        if first == 0 and self.columns.leading_whitespace():
            misc.append(f"SpacesBefore={escape_spaces(self.columns.leading_whitespace())}")
        if _LINE_BREAKING.search(form):
            misc.append(f"SpacesInToken={escape_spaces(form)}")
        return misc


def _field(value: str | None) -> str:
    return _one_line(value) if value else "_"


def _form(form: str) -> str:
    return _one_line(form) if form else "_"
