"""A trace shows exactly what annotation did: its actions, walked again, give the same columns."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

import treelet
from random_package import LABELS, save_random_package
from treelet import Doc, Pipeline, _core
from treelet.annotators.shapes import parser_system
from treelet.annotators.trace import HEADINGS, Trace
from treelet.cli import run
from treelet.errors import SettingsError, TextError

TEXT = "The dogs that was running in Paris . Apple did n't obj the nmod of U.K. ! So what , asked Tim Cook ?"
INSIDE, OUTSIDE, BEGIN = 1, 2, 3


@pytest.fixture(scope="module", params=[0, 1, 2, 3, 4, 5])
def nlp(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    parser = {"hidden": 8, "non_monotonic": request.param % 2 == 0, "lifting": "head"}
    path = tmp_path_factory.mktemp("package") / "p"
    return treelet.load(save_random_package(path, seed=request.param, parser=parser, senter=None))


def walked(trace: Trace, nlp: Pipeline, presets: list[int]) -> tuple[list[int], list[str], list[int]]:
    """Heads, deprels and sentence starts that the trace's actions lead to."""
    assert nlp.settings.parser is not None
    system = parser_system(nlp.settings.parser, LABELS)
    walk = _core.ParseWalk(system, len(trace.words), presets)
    for step in trace:
        assert list(step.stack) == walk.stack()
        assert list(step.buffer) == walk.buffer()[:16]
        assert step.allowed == sum(walk.valid())
        walk.apply(system.actions.index(step.action))
    assert walk.is_final()
    heads = [i if head < 0 else head for i, head in enumerate(walk.heads())]
    names = ["root" if label < 0 else system.labels[label] for label in walk.deprels()]
    return *_core.deprojectivize(heads, names, nlp.settings.parser.lifting), walk.sent_starts()


def parsed(doc: Doc) -> tuple[list[int], list[str | None], list[int]]:
    columns = doc.columns
    return columns.head_column(), columns.deprel_column(), columns.sent_start_column()


def entity_columns(trace: Trace) -> tuple[list[int], list[str | None]]:
    iob, labels = [], []
    for step in trace:
        move, _, label = step.action.partition("-")
        iob.append({"Out": OUTSIDE, "Begin": BEGIN, "Unit": BEGIN}.get(move, INSIDE))
        labels.append(label or None)
    return iob, labels


def test_the_actions_lead_to_the_annotated_tree(nlp: Pipeline) -> None:
    doc = nlp(TEXT)
    trace = nlp.get_pipe("parser").trace(TEXT)
    assert walked(trace, nlp, [0] * len(doc)) == parsed(doc)
    assert [step.number for step in trace] == list(range(1, len(trace) + 1))
    columns, before = doc.columns, doc.to_json()
    assert nlp.get_pipe("parser").trace(doc) == trace
    assert doc.columns is columns
    assert doc.to_json() == before
    heads = {i: i if i == head else head for i, head in enumerate(doc.columns.head_column())}
    assert all(heads[each.word] == each.head != each.walked_head for each in trace.restored)


def test_preset_sentence_starts_are_kept(nlp: Pipeline) -> None:
    doc = nlp.make_doc(TEXT)
    presets = [1] + [(-1, 0, 1, 0)[i % 4] for i in range(1, len(doc))]
    doc.columns.set_sent_start_column(presets)
    trace = nlp.get_pipe("parser").trace(doc)
    assert walked(trace, nlp, presets) == parsed(nlp(doc))


def test_groups_of_sentences_change_nothing(nlp: Pipeline) -> None:
    """Annotation walks a few sentences at a time where all starts are known, a trace all of them at once."""
    doc = nlp.make_doc(" ".join([TEXT] * 40))
    lengths = [1, 3, 120, 2, 64, 65, 7, 200, 63]
    starts = {sum(lengths[:i]) for i in range(len(lengths) + 1)}
    presets = [1 if i in starts else -1 for i in range(len(doc))]
    assert len(doc) > max(starts) + 64
    doc.columns.set_sent_start_column(presets)
    trace = nlp.get_pipe("parser").trace(doc)
    assert walked(trace, nlp, presets) == parsed(nlp(doc))


def test_the_actions_lead_to_the_annotated_entities(nlp: Pipeline) -> None:
    doc = nlp(TEXT)
    trace = nlp.get_pipe("ner").trace(TEXT)
    assert entity_columns(trace) == (doc.columns.iob_column(), doc.columns.ent_type_column())
    assert nlp.get_pipe("ner").trace(doc) == trace
    for step in trace:
        assert step.buffer[0] == step.number - 1
        assert (step.stack == ()) == (step.action.partition("-")[0] in ("Out", "Begin", "Unit"))


def test_preset_entities_are_kept(nlp: Pipeline) -> None:
    doc = nlp.make_doc(TEXT)
    doc.columns.set_iob_column([0, BEGIN, INSIDE, 0, OUTSIDE] + [0] * (len(doc) - 5))
    doc.columns.set_ent_type_column([None, "LOC", "LOC"] + [None] * (len(doc) - 3))
    trace = nlp.get_pipe("ner").trace(doc)
    nlp(doc)
    assert entity_columns(trace) == (doc.columns.iob_column(), doc.columns.ent_type_column())
    assert [step.action.partition("-")[2] for step in trace][1:5:3] == ["LOC", ""]


def test_long_documents_are_traced_by_segments(nlp: Pipeline) -> None:
    doc = nlp("word , " * 3000)
    trace = nlp.get_pipe("parser").trace(doc, alternatives=0)
    roots = [i for i, head in enumerate(doc.columns.head_column()) if head == i]
    assert sum("is the root" in step.effect for step in trace) == len(roots)
    assert entity_columns(nlp.get_pipe("ner").trace(doc))[0] == doc.columns.iob_column()


@pytest.mark.parametrize("annotator", ["parser", "ner"])
def test_probabilities_are_those_of_all_allowed_actions(nlp: Pipeline, annotator: str) -> None:
    scored = 0
    for step in nlp.get_pipe(annotator).trace(TEXT, alternatives=100):
        assert len(step.alternatives) == step.allowed - 1
        if step.score is None:
            assert step.allowed == 1
            continue
        scored += 1
        assert step.probability + sum(each.probability for each in step.alternatives) == pytest.approx(1)
        scores = [step.score, *(each.score for each in step.alternatives)]
        assert all(a >= b for a, b in pairwise(scores))
    assert scored > 5


def test_the_text_has_a_row_a_step() -> None:
    trace = Trace("parser", ("a\nb", "c"), ())
    assert str(trace).split() == " ".join(HEADINGS).split()


def test_text_and_json(nlp: Pipeline) -> None:
    trace = nlp.get_pipe("parser").trace("The dogs was\u2028running .", alternatives=1)
    lines = str(trace).splitlines()
    assert len(lines) == 1 + len(trace) + len(trace.restored)
    assert json.loads(json.dumps(trace.to_json()))["steps"][0]["action"] == trace[0].action
    assert len(nlp.get_pipe("parser").trace("")) == len(nlp.get_pipe("ner").trace("")) == 0


def test_what_cannot_be_traced_is_an_error(nlp: Pipeline) -> None:
    with pytest.raises(SettingsError, match="tagger makes no transitions"):
        nlp.get_pipe("tagger").trace("a")
    with pytest.raises(SettingsError, match="alternatives -1"):
        nlp.get_pipe("ner").trace("a", alternatives=-1)
    with pytest.raises(TextError, match="found int"):
        nlp.get_pipe("ner").trace(3)  # type: ignore[arg-type]


def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    package = str(save_random_package(tmp_path / "p"))
    assert run(["trace", TEXT, "--model", package]) == 0
    assert capfd.readouterr().out.split()[: len(HEADINGS)] == " ".join(HEADINGS).split()[: len(HEADINGS)]
    assert run(["trace", TEXT, "--model", package, "--annotator", "ner", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["annotator"] == "ner"
    assert run(["trace", TEXT, "--model", package, "--annotator", "tagger"]) == 2
