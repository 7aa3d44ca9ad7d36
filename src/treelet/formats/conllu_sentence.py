"""The lines of one CoNLL-U sentence in; its words added to those of their Doc."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from treelet.doc.entity_tags import UnknownTagError, read_entity_tags
from treelet.formats.conllu_words import WordLists
from treelet.formats.lines import Place
from treelet.formats.spaces import misc_fields, space_after, unescape_spaces


@dataclass
class ConlluSentence:
    """The numbered lines of one sentence, and the marks that stood before it."""

    marks: dict[str, str] = field(default_factory=dict)  # "newdoc", "newpar" -> id
    rows: list[tuple[int, str]] = field(default_factory=list)


class SentenceReader:
    """Appends the words of one sentence to those of its Doc."""

    def __init__(self, name: str, sentence: ConlluSentence, words: WordLists) -> None:
        self.name = name
        self.rows = sentence.rows
        self.words = words
        self.base = len(words.lemmas)
        self.lines: list[int] = []  # line of each word
        self.heads: list[int] = []  # as written: 0 root, −1 missing
        self.tags: list[str | None] = []
        self.range_end = 0  # id of the last word of the open multi-word token, or 0

    def read(self, entity_key: str, label_map: Mapping[str, str] | None) -> None:
        """Raises FormatError with file and line where the sentence is malformed."""
        words = self.words
        for number, line in self.rows:
            fields = line.split("\t")
            if len(fields) != 10:
                raise Place(self.name, number).error(
                    f"{len(fields)} columns", "10 that are separated by tabs"
                )
            n_before = len(self.lines)
            if fields[0] == str(n_before + 1):
                self._word(number, fields, entity_key)
            elif "-" in fields[0]:
                self._range(number, fields)
            elif "." not in fields[0] or not fields[0].replace(".", "", 1).isdecimal():
                raise Place(self.name, number).error(f"id '{fields[0]}'", f"{n_before + 1}")
        n = len(self.lines)
        if self.range_end:
            raise Place(self.name, self.rows[-1][0]).error(
                f"the end of the sentence after word {n}", f"the words of a token up to {self.range_end}"
            )
        if not n:
            raise Place(self.name, self.rows[-1][0]).error("a sentence without words", "one at least")
        self._add_heads()
        try:
            codes, types = read_entity_tags(self.tags, label_map)
        except UnknownTagError as error:
            raise Place(self.name, self.lines[error.word]).error(
                str(error), "O or B-, I-, L-, U- and a type"
            ) from None
        words.iobs += codes
        words.ent_types += types
        words.sent_starts += [1] + [-1] * (n - 1)
        words.n_sentences += 1
        words.lines.append(self.rows[0][0])

    def _word(self, number: int, fields: list[str], entity_key: str) -> None:
        words = self.words
        _, form, lemma, upos, xpos, feats, head, deprel, _, misc = fields
        pairs = misc_fields(misc) if "=" in misc else {}
        if "SpacesInToken" in pairs:
            form = unescape_spaces(pairs["SpacesInToken"])
        if not form:
            raise Place(self.name, number).error("an empty form", "at least one character")
        self.tags.append(pairs.get(entity_key))
        if self.range_end:
            words.token_words[-1].append(form)
            if self.range_end == len(self.lines) + 1:
                self.range_end = 0
        else:
            self._token(form, [], pairs)
        words.lemmas.append(None if lemma == "_" and form != "_" else lemma)
        words.upos.append(None if upos == "_" else upos)
        words.xpos.append(None if xpos == "_" else xpos)
        words.feats.append(feats if feats != "_" else None if upos == "_" else "")
        words.deprels.append(None if deprel == "_" else deprel)
        if _is_number(head):
            self.heads.append(int(head))
        elif head == "_":
            self.heads.append(-1)
        else:
            raise Place(self.name, number).error(f"head '{head}'", "the id of a word of the sentence, 0 or _")
        self.lines.append(number)

    def _range(self, number: int, fields: list[str]) -> None:
        first, _, last = fields[0].partition("-")
        next_id = len(self.lines) + 1
        if self.range_end or first != str(next_id) or not _is_number(last) or int(last) < next_id:
            expected = (
                f"{next_id}" if self.range_end else f"{next_id}, or {next_id}- and the id of a later word"
            )
            raise Place(self.name, number).error(f"id '{fields[0]}'", expected)
        pairs = misc_fields(fields[9]) if "=" in fields[9] else {}
        form = unescape_spaces(pairs["SpacesInToken"]) if "SpacesInToken" in pairs else fields[1]
        if not form:
            raise Place(self.name, number).error("an empty form", "at least one character")
        self._token(form, [], pairs)
        self.range_end = int(last)

    def _token(self, surface: str, token_words: list[str], misc: dict[str, str]) -> None:
        words = self.words
        if not words.surfaces and "SpacesBefore" in misc:
            before = unescape_spaces(misc["SpacesBefore"])
            words.leading = before if before.isspace() else ""
        words.surfaces.append(surface)
        words.token_words.append(token_words)
        words.spaces.append(space_after(misc) if misc else None)

    def _add_heads(self) -> None:
        n = len(self.heads)
        for line, head in zip(self.lines, self.heads, strict=True):
            if head > n:
                raise Place(self.name, line).error(f"head {head}", f"0 to {n}, the words of the sentence")
        cycle = _find_cycle(self.heads)
        if cycle:
            raise Place(self.name, self.lines[cycle - 1]).error(
                f"a cycle of heads through word {cycle}",
                f"a tree in the sentence that starts at line {self.lines[0]}",
            )
        base = self.base
        self.words.heads += [
            base + i if head == 0 else base + head - 1 if head > 0 else -1
            for i, head in enumerate(self.heads)
        ]


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 10


def _find_cycle(heads: list[int]) -> int:
    """The id (from 1) of a word in a cycle, or 0. heads: ids, 0 a root, −1 missing."""
    visited = [0] * (len(heads) + 1)  # number of the walk that passed here
    for start in range(1, len(heads) + 1):
        word = start
        while word > 0 and not visited[word]:
            visited[word] = start
            word = heads[word - 1]
        if word > 0 and visited[word] == start:
            return word
    return 0
