"""Lessons in another case or with other marks: labels stay, lemmas are still reached, by seed and pass."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from small_corpus import conllu
from treelet import Doc, _core
from treelet.errors import SettingsError
from treelet.formats import read_conllu
from treelet.settings import settings_from_dict
from treelet.teaching.augmentation import Augmentation, other_marks, title_case
from treelet.teaching.labels import collect_labels
from treelet.teaching.learner import Learner
from treelet.teaching.lessons import Lesson

ALL: dict[str, Any] = {name: {} for name in ("tagger", "morphologizer", "senter", "parser", "ner")}
SIZES = {"rows_norm": 60, "rows_prefix": [16], "rows_suffix": [30], "rows_shape": 20, "width": 16, "depth": 1}
QUOTED = """# newdoc
# text = "Rome" isn't -- he said... 'tis.
1\t"\t"\tPUNCT\t``\t_\t2\tpunct\t_\tSpaceAfter=No
2\tRome\tRome\tPROPN\tNNP\t_\t0\troot\t_\tSpaceAfter=No|NER=B-place
3\t"\t"\tPUNCT\t''\t_\t2\tpunct\t_\t_
4-5\tisn't\t_\t_\t_\t_\t_\t_\t_\t_
4\tis\tbe\tAUX\tVBZ\t_\t2\tcop\t_\t_
5\tn't\tnot\tPART\tRB\t_\t2\tadvmod\t_\t_
6\t--\t--\tPUNCT\t:\t_\t8\tpunct\t_\t_
7\the\the\tPRON\tPRP\t_\t8\tnsubj\t_\t_
8\tsaid\tsay\tVERB\tVBD\t_\t2\tparataxis\t_\tSpaceAfter=No
9\t...\t...\tPUNCT\t.\t_\t2\tpunct\t_\t_

1\t'\t'\tPUNCT\t``\t_\t2\tpunct\t_\tSpaceAfter=No
2\ttis\ttis\tVERB\tVBZ\t_\t0\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_

"""


def gold_docs(n: int = 12) -> list[Doc]:
    lines = (conllu(n) + QUOTED).splitlines(keepends=True)
    return list(read_conllu(lines, per="sentence"))


def documents() -> list[Doc]:
    """Documents of several sentences, with blanks, multi-word tokens and quotes."""
    return list(read_conllu((conllu(12) + QUOTED).splitlines(keepends=True)))


class Taught:
    """A learner, its documents and lessons, and their changes."""

    def __init__(self, docs: list[Doc], **training: Any) -> None:
        values = ALL | {"lemmatizer": {"min_tree_frequency": 1}, "encoder": SIZES, "training": training}
        settings = settings_from_dict(values)
        self.docs = docs
        self.learner = Learner(settings, collect_labels(docs, settings))
        self.lessons = self.learner.lessons(docs)
        self.change = self.learner.augmentation()

    def of_pass(self, number: int = 1) -> list[Lesson]:
        return list(self.change.of_pass(self.lessons, number))

    def words(self, lesson: Lesson) -> list[str]:
        words = self.learner._types.words()
        return [words[number] for number in lesson.types]

    def lemmas(self, lesson: Lesson) -> list[str | None]:
        trees = self.learner.labels.trees
        labels = lesson.tags["lemmatizer"].tolist()
        pairs = zip(self.words(lesson), labels, strict=True)
        return [None if label < 0 else _core.apply_edit_tree(trees[label], word) for word, label in pairs]


def same(first: Lesson, second: Lesson, but: tuple[str, ...] = ()) -> bool:
    for each in fields(Lesson):
        one, other = getattr(first, each.name), getattr(second, each.name)
        if each.name in but or (one is None and other is None):
            continue
        if isinstance(one, dict):
            if one.keys() != other.keys() or any((one[k] != other[k]).any() for k in one if k not in but):
                return False
        elif one is None or other is None or not np.array_equal(one, other):
            return False
    return True


CHANGED = ("types", "lemmatizer", "gaps", "gap_starts")


@pytest.mark.parametrize(
    ("setting", "change"),
    [
        ("augment_lower", str.lower),
        ("augment_upper", str.upper),
        ("augment_title", title_case),
    ],
)
def test_all_words_change_and_all_labels_stay(setting: str, change: Any) -> None:
    taught = Taught(documents(), **{setting: 1.0})
    for lesson, changed in zip(taught.lessons, taught.of_pass(), strict=True):
        assert taught.words(changed) == [change(word) for word in taught.words(lesson)]
        assert same(lesson, changed, but=CHANGED)


@pytest.mark.parametrize("setting", ["augment_lower", "augment_upper", "augment_title", "augment_marks"])
def test_trees_of_changed_forms_reach_the_gold_lemma_or_are_missing(setting: str) -> None:
    taught = Taught(documents(), **{setting: 1.0})
    found = missing = 0
    for doc, changed in zip(taught.docs, taught.of_pass(), strict=True):
        for lemma, gold in zip(taught.lemmas(changed), doc.columns.lemma_column(), strict=True):
            assert lemma in (None, gold)
            found, missing = found + (lemma is not None), missing + (lemma is None)
    assert found > 3 * missing


def test_gap_rows_are_those_of_the_changed_document() -> None:
    taught = Taught(documents(), augment_upper=1.0)
    rows = [line.split("\t") for line in (conllu(12) + QUOTED).splitlines(keepends=True)]
    upper = ["\t".join([row[0], row[1].upper(), *row[2:]]) if len(row) > 1 else row[0] for row in rows]
    again = read_conllu(line for line in upper if not line.startswith("# text"))
    for doc, lesson, changed in zip(again, taught.lessons, taught.of_pass(), strict=True):
        assert changed.gaps is not None
        assert lesson.gaps is not None
        assert np.array_equal(changed.gaps, _core.gap_rows(doc.columns))
        assert (changed.gaps != lesson.gaps).any()


def test_quotes_open_and_close() -> None:
    taught = Taught(documents(), augment_marks=1.0)
    words = taught.words(taught.of_pass()[-1])
    assert "".join(words) == "“Rome”isn’t—hesaid…’tis."


def test_plain_marks_come_back() -> None:
    assert [other_marks(word) for word in ("“", "—", "…", "don’t", "dog")] == [
        '"',
        "--",
        "...",
        "don't",
        "dog",
    ]


def test_the_final_mark_goes_and_nothing_else() -> None:
    taught = Taught(gold_docs(), augment_final=1.0)
    for lesson, changed in zip(taught.lessons, taught.of_pass(), strict=True):
        kept = len(lesson) - 1
        assert taught.words(changed) == taught.words(lesson)[:kept]
        assert lesson.heads is not None
        assert changed.heads is not None
        inside = lesson.heads[:kept] < kept
        assert (changed.heads[inside] == lesson.heads[:kept][inside]).all()


def test_a_document_that_is_a_mark_alone_keeps_it() -> None:
    taught = Taught([*gold_docs(), Doc(["."], tags=["."], sent_starts=[True])], augment_final=1.0)
    assert [len(lesson) for lesson in taught.of_pass()][-1] == 1


def test_pass_and_seed_decide() -> None:
    shares = {"augment_lower": 0.3, "augment_upper": 0.3, "augment_marks": 0.5, "augment_final": 0.5}
    docs = gold_docs(40)
    first, again, other = Taught(docs, **shares), Taught(docs, **shares), Taught(docs, seed=1, **shares)

    def words(taught: Taught, number: int) -> list[list[str]]:
        return [taught.words(lesson) for lesson in taught.of_pass(number)]

    second = words(first, 2)
    assert words(again, 2) == second  # whether or not a pass came before
    assert words(first, 2) == second
    assert words(first, 1) != second
    assert words(other, 2) != second


def test_type_numbers_do_not_depend_on_the_passes_before() -> None:
    docs = gold_docs(40)
    first, again = (Taught(docs, augment_lower=0.3, augment_title=0.3, augment_marks=0.4) for _ in range(2))
    first.of_pass(1)
    for one, other in zip(first.of_pass(2), again.of_pass(2), strict=True):
        assert same(one, other)


def test_type_numbers_follow_from_the_order_of_lessons_alone() -> None:
    """A run that is resumed makes the lessons of all passes so far before it changes any."""
    whole, resumed = (Taught(gold_docs(), augment_lower=0.5, augment_marks=0.5) for _ in range(2))
    second, third = ([Doc([*words.split(), "."]) for _ in range(9)] for words in ("Aa b'b", "Cc d'd"))
    first = whole.learner.lessons(second)
    list(whole.change.of_pass(first, 2))
    found = whole.change.of_pass(whole.learner.lessons(third), 3)
    resumed.learner.lessons(second)
    again = resumed.change.of_pass(resumed.learner.lessons(third), 3)
    assert all(same(one, other) for one, other in zip(found, again, strict=True))
    assert len({tuple(whole.words(changed)) for changed in found}) > 1


def test_about_the_share_asked_for_changes() -> None:
    taught = Taught(gold_docs(400), augment_lower=0.2, augment_upper=0.1)
    pairs = list(zip(taught.lessons, taught.of_pass(), strict=True))
    lower = sum(all(word == word.lower() for word in taught.words(changed)) for _, changed in pairs)
    upper = sum(all(word == word.upper() for word in taught.words(changed)) for _, changed in pairs)
    assert 55 < lower < 108
    assert 20 < upper < 65


def test_share_0_gives_the_lessons_themselves_and_numbers_nothing() -> None:
    taught = Taught(gold_docs())
    before = len(taught.learner._types)
    assert all(one is other for one, other in zip(taught.of_pass(), taught.lessons, strict=True))
    assert len(taught.learner._types) == before


def test_lessons_made_later_change_too() -> None:
    taught = Taught(gold_docs(), augment_upper=1.0)
    (late,) = taught.learner.lessons([Doc(["Gnus", "graze", "."], pos=["NOUN", "VERB", "PUNCT"])])
    (changed,) = taught.change.of_pass([late], 1)
    assert taught.words(changed) == ["GNUS", "GRAZE", "."]


def test_a_changed_lesson_can_be_taught() -> None:
    taught = Taught(documents(), augment_upper=0.5, augment_lower=0.5, augment_marks=1.0, augment_final=1.0)
    losses = taught.learner.step(taught.of_pass(), seed=0)
    assert set(losses) >= {"tagger", "lemmatizer", "senter", "parser", "ner"}
    assert all(np.isfinite(list(losses.values())))


def test_cases_cannot_be_more_than_all() -> None:
    with pytest.raises(SettingsError, match="augment_title"):
        Taught(gold_docs(), augment_lower=0.5, augment_title=0.6)


def test_what_makes_one_is_the_learner() -> None:
    assert isinstance(Taught(gold_docs()).change, Augmentation)
