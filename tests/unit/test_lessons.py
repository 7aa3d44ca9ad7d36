"""Gold documents as numbers: labels by frequency, -1 for what is missing, and no cost for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import treelet.teaching.teacher as teacher_module
from small_corpus import conllu
from treelet import Doc
from treelet.formats import read_conllu
from treelet.settings import SenterSettings, Settings, settings_from_dict
from treelet.teaching.labels import Labels, collect_labels
from treelet.teaching.lessons import Lesson, LessonMaker
from treelet.teaching.teacher import Teacher, given_starts
from treelet.teaching.word_types import WordTypes

WALKED = {"exploration": 1.0}  # no dice: a walk is the same in any batch
ALL: dict[str, Any] = {
    "tagger": {},
    "morphologizer": {},
    "lemmatizer": {},
    "parser": WALKED,
    "ner": WALKED,
}


def small_settings(**training: Any) -> Settings:
    sizes = {"rows_norm": 60, "rows_prefix": [16], "rows_suffix": [30], "rows_shape": 20}
    encoder = {"width": 16, "depth": 1} | sizes
    return settings_from_dict(ALL | {"encoder": encoder, "training": training})


def gold_docs(n: int = 6) -> list[Doc]:
    return list(read_conllu(conllu(n).splitlines(keepends=True), per="sentence"))


def bare(doc: Doc) -> Doc:
    return Doc(words=[token.text for token in doc])


def prepare(docs: list[Doc], settings: Settings, more: list[Doc]) -> tuple[Teacher, list[Lesson]]:
    """A teacher of the docs' labels with random parameters, and the lessons of `more`."""
    torch.manual_seed(0)
    labels = collect_labels(docs, settings)
    types = WordTypes(settings)
    teacher = Teacher(settings, labels, types)
    assert teacher.system is not None
    lessons = LessonMaker(settings, labels, teacher.system.labels, types).make(more)
    with torch.no_grad():
        for parameter in teacher.network.parameters():
            parameter.normal_(0.0, 0.3)
    teacher.network.eval()
    return teacher, lessons


def sums(teacher: Teacher, batch: list[Lesson]) -> dict[str, float]:
    words = sum(map(len, batch))
    return {name: loss.item() * words for name, loss in teacher.losses(batch, seed=1).items()}


def test_walks_follow_right_actions_until_exploration_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    docs = gold_docs()
    settings = small_settings()
    assert settings.parser is not None
    settings = replace(settings, parser=replace(settings.parser, exploration=0.7, exploration_start=2.0))
    teacher, lessons = prepare(docs, settings, docs)
    seen: list[float] = []
    real = teacher_module.roll_parser
    monkeypatch.setattr(
        teacher_module, "roll_parser", lambda *args: seen.append(args[4].exploration) or real(*args)
    )
    for passes in (0.0, 1.9, 2.0, 5.0):
        teacher.losses(lessons, seed=1, passes=passes)
    assert seen == [0.0, 0.0, 0.7, 0.7]


def test_a_loss_over_all_actions_also_lowers_those_that_are_not_allowed() -> None:
    docs = gold_docs()
    losses = {}
    for counted in ("valid", "all"):
        settings = small_settings()
        assert settings.parser is not None
        settings = replace(settings, parser=replace(settings.parser, normalize_over=counted))
        losses[counted] = sums(*prepare(docs, settings, docs))["parser"]
    assert losses["all"] > losses["valid"] + 0.1


def test_numbers_are_those_of_the_label_sets() -> None:
    (doc,) = gold_docs(1)
    settings = small_settings()
    labels = collect_labels([doc], settings)
    parser_labels = sorted(set(labels.left) | set(labels.right))
    (lesson,) = LessonMaker(settings, labels, parser_labels, WordTypes(settings)).make([doc])
    assert [labels.xpos[i] for i in lesson.tags["tagger"]] == doc.columns.xpos_column()
    assert [labels.upos[i] for i in lesson.tags["upos"]] == doc.columns.upos_column()
    assert [labels.feats[i] for i in lesson.tags["feats"]] == [f or "" for f in doc.columns.feats_column()]
    assert lesson.heads is not None
    assert lesson.heads.tolist() == doc.columns.heads().tolist()
    assert lesson.iob is not None
    assert lesson.iob.tolist() == doc.columns.iobs().tolist()
    assert lesson.entities is not None
    assert [labels.ner[i] if i >= 0 else None for i in lesson.entities] == [
        entity or None for entity in doc.columns.ent_type_column()
    ]


def test_labels_fall_in_frequency_and_rare_trees_go() -> None:
    docs = gold_docs(20)
    labels = collect_labels(docs, small_settings())
    counts = [sum(doc.columns.xpos_column().count(label) for doc in docs) for label in labels.xpos]
    assert counts == sorted(counts, reverse=True)
    once = Doc(words=["mice"], lemmas=["mouse"])
    assert set(collect_labels([*docs, once], small_settings()).trees) == set(labels.trees)
    assert set(collect_labels([*docs, once, once], small_settings()).trees) > set(labels.trees)
    assert collect_labels(docs, replace(small_settings(), tagger=None)).xpos == []


def test_packaged_labels_leave_supertags_out() -> None:
    assert Labels(xpos=["NN"], supertag=["NOUN||root"]).packaged() == {"xpos": ["NN"]}


def test_words_of_one_type_have_one_number() -> None:
    types = WordTypes(small_settings())
    first, second = types.add(Doc(words=["a", "b", "a"])), types.add(Doc(words=["b", "A"]))
    assert first.tolist() == [0, 1, 0]
    assert second.tolist() == [1, 2]
    assert len(types) == 3
    assert types.rows(np.arange(3)).shape == (3, 7, 4)
    assert types.static(np.arange(3)).shape == (3, 0)


def test_types_that_come_later_keep_the_rows_of_earlier_ones() -> None:
    types, at_once = WordTypes(small_settings()), WordTypes(small_settings())
    words = [f"word{i}" for i in range(500)]
    for start in range(0, 500, 7):
        types.add(Doc(words=words[start : start + 7]))
    numbers = at_once.add(Doc(words=words))
    assert np.array_equal(types.rows(numbers), at_once.rows(numbers))


def test_unknown_labels_are_missing() -> None:
    docs = gold_docs()
    unknown = Doc(words=["x", "y"], tags=["NN", "NEVER-SEEN"])
    _, (lesson,) = prepare(docs, small_settings(), [unknown])
    assert lesson.tags["tagger"][0] >= 0
    assert lesson.tags["tagger"][1] == -1


def test_documents_without_words_are_left_out() -> None:
    _, lessons = prepare(gold_docs(), small_settings(), [Doc(words=[])])
    assert lessons == []


def test_missing_annotation_is_no_column() -> None:
    docs = gold_docs()
    _, (lesson,) = prepare(docs, small_settings(), [bare(docs[0])])
    assert lesson.tags == {}
    assert lesson.heads is lesson.deprels is lesson.sent_starts is lesson.iob is lesson.entities is None


@pytest.mark.parametrize("order", [1, -1])
def test_a_document_without_annotation_costs_nothing(order: int) -> None:
    docs = gold_docs()
    settings = small_settings()
    teacher, lessons = prepare(docs, settings, [docs[0], bare(docs[1]), docs[2], bare(docs[3])])
    annotated = [lessons[0], lessons[2]]
    alone = sums(teacher, annotated)
    assert {"tagger", "upos", "feats", "lemmatizer", "parser", "ner"} <= set(alone)
    assert sums(teacher, lessons[::order]) == pytest.approx(alone, rel=1e-4)


def test_a_word_without_a_tag_costs_nothing() -> None:
    docs = gold_docs()
    teacher, (lesson,) = prepare(docs, small_settings(), [docs[0]])
    every = sum(
        sums(teacher, [replace(lesson, tags={"tagger": only(lesson.tags["tagger"], i)})])["tagger"]
        for i in range(len(lesson))
    )
    whole = sums(teacher, [replace(lesson, tags={"tagger": lesson.tags["tagger"]})])
    assert whole["tagger"] == pytest.approx(every, rel=1e-4)
    assert "upos" not in whole


def only(labels: Any, kept: int) -> Any:
    found = np.full_like(labels, -1)
    found[kept] = labels[kept]
    return found


def test_trees_and_entities_without_annotation_cost_nothing() -> None:
    docs = gold_docs()
    teacher, (lesson,) = prepare(docs, small_settings(), [docs[0]])
    n = len(lesson)
    nothing = replace(
        lesson,
        heads=np.full(n, -1, np.int32),
        deprels=np.full(n, -1, np.int32),
        sent_starts=np.zeros(n, np.int8),
        iob=np.zeros(n, np.uint8),
        entities=np.full(n, -1, np.int32),
    )
    losses = sums(teacher, [nothing])
    assert losses["parser"] == pytest.approx(0.0, abs=1e-3)
    assert losses["ner"] == pytest.approx(0.0, abs=1e-3)
    assert sums(teacher, [lesson])["parser"] > 1.0


def test_losses_do_not_depend_on_neighbours_in_the_batch() -> None:
    docs = gold_docs()
    teacher, lessons = prepare(docs, small_settings(), docs)
    together = sums(teacher, lessons)
    apart = [sums(teacher, [lesson]) for lesson in lessons]
    for name, loss in together.items():
        assert loss == pytest.approx(sum(one.get(name, 0.0) for one in apart), rel=1e-3)


def test_sentence_starts_teach_where_documents_have_trees() -> None:
    settings = replace(small_settings(), senter=SenterSettings())
    (trees,) = read_conllu(conllu(3).splitlines(keepends=True))
    listed = Doc(words=["a", "b", "c"], sent_starts=[True, False, True])
    labels = collect_labels([trees], settings)
    maker = LessonMaker(settings, labels, [], WordTypes(settings))
    first, second = maker.make([trees, listed])
    assert second.gaps is None
    assert first.gaps is not None
    assert first.gap_starts is not None
    assert first.gaps.shape == (len(trees), 6)
    assert first.gap_starts.tolist() == [0, *trees.columns.sent_start_column()[1:]]
    (alone,) = maker.make([listed])
    assert alone.gap_starts is not None
    assert alone.gap_starts.tolist() == [0, -1, 1]


def test_given_starts_are_a_share_of_documents() -> None:
    settings = small_settings()
    docs = list(read_conllu(conllu(40).splitlines(keepends=True)))
    _, lessons = prepare(docs, settings, docs)
    assert given_starts(lessons, 0.0, seed=3) is None
    everything = np.concatenate([e.sent_starts for e in lessons if e.sent_starts is not None])
    whole = given_starts(lessons, 1.0, seed=3)
    half = given_starts(lessons, 0.5, seed=3)
    assert whole is not None
    assert half is not None
    assert whole.tolist() == everything.tolist()
    ends = np.cumsum([len(e) for e in lessons])[:-1]
    kept = [bool(column.any()) for column in np.split(half, ends)]
    assert 0 < sum(kept) < len(kept)
    assert all(
        found.tolist() == (gold if keep else 0 * gold).tolist()
        for found, gold, keep in zip(np.split(half, ends), np.split(everything, ends), kept, strict=True)
    )
