"""A Doc in; the JSON text of its to_json out, made column by column without the dictionary between them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise, repeat
from json.encoder import encode_basestring as _quoted

from treelet.doc import Doc
from treelet.doc.entity_tags import entity_tag
from treelet.doc.json_form import PROBABILITIES

_PARTS = ("", ', "part": 1', ', "part": 2')
_SENT_STARTS = {1: ', "sent_start": true', 0: "", -1: ', "sent_start": false'}


def json_line(doc: Doc, probabilities: bool = False) -> str:
    """What json.dumps(doc.to_json(probabilities=…), ensure_ascii=False) gives, letter by letter, sooner."""
    columns = doc.columns
    surfaces = columns.surface_column()
    lemmas = ["" if lemma is None else f', "lemma": {_quoted(lemma)}' for lemma in columns.lemma_column()]
    heads = ["" if head < 0 else f', "head": {head}' for head in columns.head_column()]
    tokens = [
        f'{{"id": {i}, "start": {start}, "end": {end}, "text": {text}{known}'
        for i, start, end, text, known in zip(
            range(len(surfaces)),
            doc.char_starts,
            doc.char_ends,
            map(_quoted, surfaces),
            map(
                "".join,
                zip(
                    _forms(doc, surfaces),
                    lemmas,
                    map(_tags, columns.upos_column(), columns.xpos_column(), columns.feats_column()),
                    map(_relation, columns.deprel_column()),
                    heads,
                    map(
                        _entity, columns.iob_column(), columns.ent_type_column(), columns.sent_start_column()
                    ),
                    _probabilities(doc) if probabilities else repeat("", len(surfaces)),
                    strict=True,
                ),
            ),
            strict=True,
        )
    ]
    members = [f'"text": {_quoted(doc.text)}', f'"tokens": {_objects(tokens)}']
    if doc.has_annotation("SENT_START"):
        starts, ends = doc.char_starts, doc.char_ends
        bounds = pairwise([*doc.sentence_starts, len(doc)])
        sentences = (f'{{"start": {starts[first]}, "end": {ends[end - 1]}' for first, end in bounds)
        members.append(f'"sents": {_objects(sentences)}')
    if doc.has_annotation("ENT_IOB"):
        entities = (
            f'{{"start": {ent.start_char}, "end": {ent.end_char}, "label": {_quoted(ent.label_)}'
            for ent in doc.ents
        )
        members.append(f'"ents": {_objects(entities)}')
    if wrong := doc.wrong_ents:
        entries = (
            f'{{"first": {span.start}, "last": {span.end - 1}'
            + (f', "label": {_quoted(span.label_)}' if span.label_ else "")
            for span in wrong
        )
        members.append(f'"wrong_ents": {_objects(entries)}')
    if doc.user_data:
        members.append(f'"user_data": {json.dumps(doc.user_data, ensure_ascii=False)}')
    return f"{{{', '.join(members)}}}"


def _probabilities(doc: Doc) -> list[str]:
    columns = [(key, getattr(doc.columns, f"{column}_column")()) for key, column in PROBABILITIES]
    return [
        "".join(f', "{key}": {values[i]!r}' for key, values in columns if values[i] is not None)
        for i in range(len(doc))
    ]


def _objects(objects: Iterable[str]) -> str:
    """A JSON list of objects, each given without its closing brace."""
    text = "}, ".join(objects)
    return f"[{text}}}]" if text else "[]"


def _forms(doc: Doc, surfaces: list[str]) -> Iterable[str]:
    """Form and part: those of multi-word tokens, as a rule."""
    columns = doc.columns
    parts = columns.part_column()
    if not any(parts) and not any(map(columns.has_form, range(len(surfaces)))):
        return repeat("", len(surfaces))
    return [
        (f', "form": {_quoted(form)}' if columns.has_form(i) else "") + _PARTS[part]
        for i, (form, part) in enumerate(zip(columns.word_column(), parts, strict=True))
    ]


@lru_cache(maxsize=4096)
def _tags(pos: str | None, tag: str | None, morph: str | None) -> str:
    fields = (("pos", pos), ("tag", tag), ("morph", morph))
    return "".join(f', "{key}": {_quoted(value)}' for key, value in fields if value is not None)


@lru_cache(maxsize=4096)
def _relation(label: str | None) -> str:
    return "" if label is None else f', "dep": {_quoted(label)}'


@lru_cache(maxsize=4096)
def _entity(code: int, label: str | None, sent_start: int) -> str:
    tag = entity_tag(code, label)
    return ("" if tag is None else f', "ent": {_quoted(tag)}') + _SENT_STARTS[sent_start]
