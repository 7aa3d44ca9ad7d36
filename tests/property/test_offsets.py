"""Any offsets over any words: taken as they are, or an error whose suggestion works."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from treelet import Doc, Example
from treelet._core import Doc as Columns
from treelet.gold import OffsetsError, check_offsets

SURFACES = ["The", "Tim", "naïve", "🙂", "x", ".", "\u00a0", "Ὀδυσσεύς"]
SPLIT = [("don't", ["do", "n't"]), ("à", ["a", "a"]), ("no", ["em", "o"])]


@st.composite
def documents(draw: st.DrawFn) -> Doc:
    """Words and multi-word tokens, white space of any length between them."""
    tokens = draw(st.lists(st.one_of(st.sampled_from(SURFACES), st.sampled_from(SPLIT)), max_size=8))
    spaces = draw(st.lists(st.sampled_from(["", " ", " ", "\n\n"]), min_size=8, max_size=8))
    surfaces = [token if isinstance(token, str) else token[0] for token in tokens]
    words = [[] if isinstance(token, str) else token[1] for token in tokens]
    leading = draw(st.sampled_from(["", " "]))
    return Doc.from_columns(Columns.from_tokens(leading, surfaces, words, spaces[: len(tokens)]))


@st.composite
def spans(draw: st.DrawFn, n: int) -> list[tuple[int, int, str]]:
    """Runs of words that share none, with labels."""
    borders = sorted(draw(st.sets(st.integers(0, n), max_size=6)))
    pairs = [(a, b) for a, b in pairwise(borders) if draw(st.booleans())]
    return [(a, b, draw(st.sampled_from(["PER", "LOC"]))) for a, b in pairs]


@given(documents(), st.data())
@settings(max_examples=100, deadline=None)
def test_spans_to_offsets_and_back(doc: Doc, data: st.DataObject) -> None:
    assume(all(start < end for start, end in zip(doc.char_starts, doc.char_ends, strict=True)))  # unlike `à`
    chosen = data.draw(spans(len(doc)))
    offsets = [(doc[a:b].start_char, doc[a:b].end_char, label) for a, b, label in chosen]
    found = Example.from_offsets(doc, offsets).reference.ents
    assert [(ent.start, ent.end, ent.label_) for ent in found] == chosen
    assert [(ent.start_char, ent.end_char, ent.label_) for ent in found] == offsets


@given(documents(), st.integers(-3, 40), st.integers(-3, 40))
@settings(max_examples=250, deadline=None)
def test_a_suggestion_works(doc: Doc, start: int, end: int) -> None:
    given_one = (start, end, "PER")
    problems = check_offsets(doc, [given_one])
    if problems:
        with pytest.raises(OffsetsError) as caught:
            Example.from_offsets(doc, [given_one])
        assert list(caught.value.problems) == problems
        (problem,) = problems
        assert problem.entity == given_one
        assert problem.message in str(caught.value)
        if problem.suggestion is None:
            assert not len(doc) or max(start, end) < 0 or min(start, end) > len(doc.text)
            return
        assert f"did you mean {problem.suggestion}" in problem.message
        example = Example.from_offsets(doc, [(*problem.suggestion, "PER")])
        (ent,) = example.reference.ents
        assert (ent.start_char, ent.end_char) == problem.suggestion
    else:
        (ent,) = Example.from_offsets(doc, [given_one]).reference.ents
        assert (ent.start_char, ent.end_char) == (start, end)


@given(documents(), st.lists(st.tuples(st.integers(-2, 30), st.integers(-2, 30)), max_size=4))
@settings(max_examples=100, deadline=None)
def test_nothing_is_dropped(doc: Doc, pairs: list[tuple[int, int]]) -> None:
    """Each entity is among those of the example, touches unknown words, or has a problem of its own."""
    given_ones = [(start, end, f"L{number}") for number, (start, end) in enumerate(pairs)]
    for misaligned in ("raise", "expand", "contract", "missing"):
        try:
            doc_found = Example.from_offsets(doc, given_ones, misaligned=misaligned).reference
        except OffsetsError:
            continue
        labels = {ent.label_ for ent in doc_found.ents}
        for start, end, label in given_ones:
            if label not in labels:
                assert misaligned == "missing"
                touched = doc_found.char_span(start, end, alignment_mode="expand")
                assert touched is not None
                assert all(token.ent_iob_ != "O" for token in touched)
    assert all(problem.entity == given_ones[problem.number] for problem in check_offsets(doc, given_ones))
