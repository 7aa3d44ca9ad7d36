"""What the old network says fills what gold documents leave open, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from treelet import Doc, Span
from treelet.teaching.lessons import Lesson
from treelet.teaching.rehearsal import Annotate, Rehearsal, entity_types, filled_in, paragraphs, rehearsed


def said(**columns: Sequence[str | None]) -> Annotate:
    """An old network that says this of every document."""

    def annotate(doc: Doc) -> Doc:
        known = {name: values[: len(doc)] for name, values in columns.items()}
        doc.columns = Doc([token.text for token in doc], **known).columns  # type: ignore[arg-type]
        return doc

    return annotate


def tags(doc: Doc) -> list[str]:
    return [f"{token.ent_iob_}-{token.ent_type_}".strip("-") for token in doc]


WORDS = ["Ann", "sang", "Help", "in", "Rome"]


def filled(ents: list[str | None] | None, old: list[str | None], *others: Doc) -> Doc:
    gold = Doc(WORDS, ents=ents, tags=["a"] * 5)
    return filled_in([gold, *others], said(ents=old))[0]


ALBUM = Doc(["X"], ents=["B-album"], tags=["a"])
PLACE = Doc(["X"], ents=["B-LOC"], tags=["a"])
PERSON = Doc(["X"], ents=["B-PER"], tags=["a"])
OLD = ["B-PER", "O", "B-PER", "O", "B-LOC"]


@pytest.mark.parametrize(
    ("gold", "others", "expected"),
    [
        (["O", "O", "B-album", "O", "O"], [], ["B-PER", "O", "B-album", "O", "B-LOC"]),
        # the source annotates LOC: outside is outside for it
        (["O", "O", "B-album", "O", "O"], [PLACE], ["B-PER", "O", "B-album", "O", "O"]),
        # words that are not annotated are open for all types
        ([None, "O", "B-album", "O", "O"], [PERSON], ["B-PER", "O", "B-album", "O", "B-LOC"]),
        # nothing is said of entities at all
        (None, [ALBUM], ["B-PER", "O", "B-PER", "O", "B-LOC"]),
        # what touches a gold entity is left out
        (["B-album", "I-album", "I-album", "O", "O"], [], ["B-album", "I-album", "I-album", "O", "B-LOC"]),
    ],
)
def test_entities(gold: list[str | None] | None, others: list[Doc], expected: list[str]) -> None:
    assert tags(filled(gold, OLD, *others)) == expected


def test_known_wrong_entities_are_not_taken_over() -> None:
    gold = Doc(WORDS, ents=["O"] * 5, tags=["a"] * 5)
    gold.wrong_ents = [Span(gold, 0, 1, ""), Span(gold, 4, 5, "ORG")]
    (found,) = filled_in([gold], said(ents=OLD))
    assert tags(found) == ["O", "O", "B-PER", "O", "B-LOC"]
    assert entity_types([gold]) == {"ORG"}


def test_columns() -> None:
    old = {"tags": ["x"] * 5, "pos": ["NOUN"] * 5, "lemmas": ["l"] * 5}
    gold = Doc(WORDS, tags=["a", None, "a", "a", "a"])
    (found,) = filled_in([gold], said(**old), leave=["lemma"])
    assert found.columns.xpos_column() == ["a", None, "a", "a", "a"]
    assert found.columns.upos_column() == ["NOUN"] * 5
    assert not found.columns.has_lemma()
    assert not gold.columns.has_upos()


def test_sentences_of_entities_are_joined() -> None:
    def sentence(tag: str) -> Doc:
        doc = Doc(["Ann", "sang", "."], [True, False, False], ents=[tag, "O", "O"], sent_starts=[1, -1, -1])
        doc.wrong_ents = [Span(doc, 1, 2, "PER")]
        return doc

    tree = Doc(["a"], pos=["X"], sent_starts=[1])
    docs = [*(sentence("B-PER") for _ in range(6)), tree, sentence("O")]
    joined = list(paragraphs(docs))
    assert [len(doc) for doc in joined] == [12, 6, 1, 3]
    assert joined[0].text == "Ann sang. " * 4
    assert [len(list(doc.sents)) for doc in joined[:2]] == [4, 2]
    assert tags(joined[1]) == ["B-PER", "O", "O"] * 2
    assert [(span.start, span.label_) for span in joined[1].wrong_ents] == [(1, "PER"), (4, "PER")]


def test_each_source_gives_as_many_words() -> None:
    docs = rehearsed([["a b c d"] * 9, ["x y", "", "x y"]], lambda text: Doc(text.split()), 14)
    assert [doc[0].text for doc in docs] == ["a", "x", "x", "a", "a"]
    assert not rehearsed([["a"]], lambda text: Doc(text.split()), 0)


def test_passes_take_turns() -> None:
    def lesson(n: int) -> Lesson:
        import numpy as np

        return Lesson(np.zeros(n, np.int64), {}, None, None, None, None, None, None, None)

    lessons = [lesson(n) for n in (3, 1, 2, 4)]
    rehearsal = Rehearsal(lessons, 4)
    names = {id(each): number for number, each in enumerate(lessons)}
    portions = [[names[id(each)] for each in rehearsal.portion(number)] for number in range(1, 6)]
    assert portions == [[0, 1], [2, 3], [0], [1, 2], [3]]
    assert set().union(*portions) == {0, 1, 2, 3}
    assert len(Rehearsal(lessons, 100).portion(1)) == 4
    assert Rehearsal().portion(1) == []
