"""CoNLL-U in; one Doc a paragraph, sentence or document out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from treelet.doc import Doc
from treelet.errors import FormatError
from treelet.formats.conllu_sentence import ConlluSentence, SentenceReader
from treelet.formats.conllu_words import WordLists
from treelet.formats.lines import ReadingLog, Source, name_of, numbered_lines

Per = Literal["paragraph", "sentence", "document"]

SENTENCES_WITHOUT_PARAGRAPHS = 10
"""Sentences in a Doc where a file marks neither paragraphs nor documents."""


def read_conllu(
    source: Source,
    *,
    where: str | None = None,
    per: Per = "paragraph",
    entity_key: str = "NER",
    label_map: Mapping[str, str] | None = None,
    log: ReadingLog | None = None,
) -> Iterator[Doc]:
    """Docs of a CoNLL-U file, read as they are asked for.

    source: path, open file, or lines. where: what errors call it, else its path.
    per: a Doc starts at each `# newpar` and `# newdoc` ("paragraph"), at each `# newdoc`, paragraphs joined
        by blank lines ("document"), or at each sentence. Without such marks "paragraph" means ten sentences.
    entity_key: the key in MISC that holds entity tags (`NER=B-PER`); a word without it is not annotated, `O`
        is outside.
    label_map: renames entity types, see read_entity_tags.
    log: goes on after errors and tells them.

    A field `_` is missing, except FEATS of a word with UPOS: it has no features. Empty nodes and DEPS are
    left out. `doc.user_data` holds "newdoc" and "newpar" with their ids ("" without one) where they stood
    before the Doc.

    Raises FormatError with file, line, what was found and expected: wrong columns or ids, heads outside their
        sentence
    or in a cycle, entity tags of no known scheme, bytes that are not UTF-8.
    """
    if per not in ("paragraph", "sentence", "document"):
        raise ValueError(f"per: found {per!r}, expected 'paragraph', 'sentence' or 'document'")
    name = name_of(source, where)
    words = WordLists()
    marked = False
    for sentence in _sentences(source, name, log):
        starts = sentence.marks
        marked = marked or bool(starts)
        if words.n_sentences and (
            per == "sentence"
            or "newdoc" in starts
            or (
                per == "paragraph"
                and (bool(starts) or (not marked and words.n_sentences == SENTENCES_WITHOUT_PARAGRAPHS))
            )
        ):
            yield _doc(words, log)
            words = WordLists()
        elif words.n_sentences and "newpar" in starts:
            words.end_paragraph()
        if not words.n_sentences:
            words.user_data = dict(starts)
        n_tokens, n_words = len(words.surfaces), len(words.lemmas)
        try:
            SentenceReader(name, sentence, words).read(entity_key, label_map)
        except FormatError as error:
            if log is None:
                raise
            log.problems.append(error)
            words.cut_back(n_tokens, n_words)
    if words.n_sentences:
        yield _doc(words, log)


def _doc(words: WordLists, log: ReadingLog | None) -> Doc:
    if log is not None:
        log.lines.append(words.lines)
    return words.doc()


def _sentences(source: Source, name: str, log: ReadingLog | None) -> Iterator[ConlluSentence]:
    sentence = ConlluSentence()
    for number, line in numbered_lines(source, name, log):
        if not line:
            if sentence.rows:
                yield sentence
                sentence = ConlluSentence()
        elif line[0] == "#" and not sentence.rows:
            for mark in ("newdoc", "newpar"):
                if line.startswith(f"# {mark}"):
                    sentence.marks[mark] = line.partition("=")[2].strip()
        else:
            sentence.rows.append((number, line))
    if sentence.rows:
        yield sentence
