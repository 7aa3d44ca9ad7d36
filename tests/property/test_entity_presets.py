"""Random weights over Docs with given entities, blocked words, white space and sentence starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import treelet
from random_package import save_random_package
from treelet import Doc, Pipeline, Span

WORDS = ["The", "dogs", "Paris", "Ann", ".", "!", " ", "\u3000\n", "running"]
KINDS = ["entity", "blocked", "outside", "missing", "rest", "rest"]


@pytest.fixture(scope="module")
def pipelines(tmp_path_factory: pytest.TempPathFactory) -> list[Pipeline]:
    folder: Path = tmp_path_factory.mktemp("random")
    return [treelet.load(save_random_package(folder / str(seed), seed)) for seed in range(3)]


@st.composite
def pieces(draw: st.DrawFn, n: int) -> list[tuple[str, int, int]]:
    """Kind, start and end of neighbouring runs of words that make up the whole document."""
    found, start = [], 0
    while start < n:
        end = draw(st.integers(start + 1, min(n, start + 4)))
        found.append((draw(st.sampled_from(KINDS)), start, end))
        start = end
    return found


def check_legal(doc: Doc) -> None:
    codes, types = doc.columns.iob_column(), doc.columns.ent_type_column()
    for word, (code, label) in enumerate(zip(codes, types, strict=True)):
        assert code in (1, 2, 3)
        assert (label is None) == (code == 2)
        if code == 1:
            assert word > 0
            assert types[word - 1] == label


@given(st.integers(0, 2), st.integers(1, 14), st.data())
@settings(max_examples=100, deadline=None)
def test_what_is_given_stands(pipelines: list[Pipeline], which: int, n: int, data: st.DataObject) -> None:
    doc = Doc(words=data.draw(st.lists(st.sampled_from(WORDS), min_size=n, max_size=n)))
    runs = data.draw(pieces(n))
    of = {kind: [doc[a:b] for one, a, b in runs if one == kind] for kind in KINDS}
    labels = st.sampled_from(["PER", "LOC", "UNHEARD"])
    entities = [Span(doc, span.start, span.end, data.draw(labels)) for span in of["entity"]]
    doc.set_ents(
        entities, blocked=of["blocked"], outside=of["outside"], missing=of["missing"], default="missing"
    )
    within = {i for span in entities for i in range(span.start + 1, span.end)}
    starts = data.draw(st.lists(st.sampled_from([-1, 0, 0, 1]), min_size=n, max_size=n))
    starts = [0 if i in within else start for i, start in enumerate(starts)]
    doc.columns.set_sent_start_column(starts)
    disable = data.draw(st.sampled_from([[], ["parser"]]))
    pipelines[which](doc, disable=disable)

    check_legal(doc)
    given_ = {(span.start, span.end, span.label_) for span in entities}
    found = {(ent.start, ent.end, ent.label_) for ent in doc.ents}
    assert given_ <= found
    closed = {i for span in (*of["blocked"], *of["outside"]) for i in range(span.start, span.end)}
    for start, end, _ in found:
        assert not closed & set(range(start, end))
        assert not any(starts[i] == 1 for i in range(start + 1, end))
        if (start, end) not in {pair[:2] for pair in given_}:
            assert not doc[start].is_space
    if not disable:
        begins = {sent.start for sent in doc.sents}
        assert all(not begins & set(range(start + 1, end)) for start, end, _ in found)


def test_given_entities_hold_over_a_cut_of_a_long_document(pipelines: list[Pipeline]) -> None:
    doc = Doc(words=["Yahoo", "!"] * 3000)
    entities = [Span(doc, i, i + 8, "PER") for i in range(0, 5992, 8)]
    doc.set_ents(entities, default="missing")
    pipelines[0](doc, disable=["parser"])
    assert {(ent.start, ent.end) for ent in entities} <= {(ent.start, ent.end) for ent in doc.ents}


def test_no_entity_begins_with_white_space(pipelines: list[Pipeline]) -> None:
    words = [" ", "\n", "\u2028", "\u00a0"] * 50
    for nlp in pipelines:
        assert nlp(Doc(words=words)).ents == ()
        mixed = nlp(Doc(words=[word for blank in words for word in (blank, "Paris")]))
        assert all(not ent[0].is_space for ent in mixed.ents)
    assert any(nlp(Doc(words=["Paris"] * 200)).ents for nlp in pipelines)


@given(st.text(" \t\n\u3000\u2028\u00a0\u0085ab.", max_size=40))
@settings(max_examples=200, deadline=None)
def test_the_tokenizer_makes_no_word_of_white_space(pipelines: list[Pipeline], text: str) -> None:
    assert not any(token.text.isspace() for token in pipelines[0].make_doc(text))
