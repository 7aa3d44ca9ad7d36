"""Gold files and teachers in, the same files with what they leave open filled in by the teachers, out.

A treebank without entities, or sentences with entities and nothing else, then teach all annotators; what gold
says stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from treelet.doc import Doc, Span
from treelet.doc.entity_tags import entity_tag
from treelet.formats import language_tokenizer, read_docs, write_conllu
from treelet.formats.conllu_writer import ConlluMarks
from treelet.package.writer import write_file
from treelet.pipeline import Pipeline, load
from treelet.silver.cache import open_cache
from treelet.teaching.rehearsal import entity_types, filled_in, is_entity_sentence

FOLDER = "filled"


class FilledGold:
    """Where the filled files of a cache are, and how they are made."""

    def __init__(self, cache: Path, language: str, label_map: Mapping[str, str]) -> None:
        """label_map: renames entity types of gold, to those of the teachers."""
        self._folder, self._language, self._map = cache / FOLDER, language, dict(label_map)
        self._teachers = open_cache(cache).made_from.get("teachers")

    def path(self, gold: Path) -> Path:
        """Of the filled file, named by all that decides what is in it."""
        digest = hashlib.sha256(gold.read_bytes())
        digest.update(json.dumps([self._language, sorted(self._map.items()), self._teachers]).encode())
        return self._folder / f"{gold.parent.name}-{gold.stem}-{digest.hexdigest()[:12]}.conllu"

    def of(self, gold: Sequence[Path]) -> list[Path]:
        """The filled file of each where there is one, else gold itself."""
        paths = [(path, self.path(path)) for path in gold]
        return [filled if filled.is_file() else path for path, filled in paths]

    def make(
        self, gold: Sequence[Path], teachers: Sequence[str | Path], device: str = "cpu"
    ) -> Iterator[Path]:
        """Fill in those that are not there; each as it is done. Errors are those of reading and loading."""
        missing = [path for path in gold if not self.path(path).is_file()]
        loaded: list[Pipeline] = []
        for path in missing:
            loaded = loaded or [load(each).to(device) for each in teachers]
            tokenize = language_tokenizer(self._language)
            found = read_docs(path, label_map=self._map, tokenize=tokenize)
            docs = [_opened(doc) for doc in found if len(doc)]
            for teacher in loaded:
                docs = filled_by(teacher, docs)
            marks = ConlluMarks(newdoc=True, newpar=False)
            text = "".join(write_conllu(doc, marks=marks) for doc in docs)
            self._folder.mkdir(parents=True, exist_ok=True)
            write_file(self.path(path), text.encode("utf-8", "backslashreplace"))
            yield self.path(path)


def _opened(doc: Doc) -> Doc:
    """A sentence of an entity corpus, which may be a whole tweet, without saying that it is one sentence."""
    if not is_entity_sentence(doc):
        return doc
    columns, spaces = doc.columns, [bool(blank) for blank in doc.columns.whitespace_column()]
    tags = [entity_tag(*each) for each in zip(columns.iob_column(), columns.ent_type_column(), strict=True)]
    opened = Doc(columns.word_column(), spaces, ents=tags)
    opened.wrong_ents = [Span(opened, span.start, span.end, span.label_) for span in doc.wrong_ents]
    return opened


def filled_by(teacher: Pipeline, docs: Sequence[Doc]) -> list[Doc]:
    """Documents of one file as `filled_in` makes them; annotated as a stream, which a transformer needs."""
    stream = teacher.pipe(doc.bare(sentences=True) for doc in docs)

    def annotate(bare: Any) -> Doc:
        found = next(stream)
        assert len(found) == len(bare)
        return found

    return filled_in(docs, annotate, known=entity_types(docs))
