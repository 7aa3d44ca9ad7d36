"""What holds of any document: texts are rebuilt, formats lose nothing, trees agree with their definition."""

import json
import pickle
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from treelet._core import Doc as Columns
from treelet.doc import Doc
from treelet.formats import read_conllu, read_jsonl, write_conllu, write_jsonl
from treelet.scoring import entity_scores

plain = st.characters(codec="utf-8", exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc"))
label = st.sampled_from(["A", "B", "nsubj:pass", "Number=Sing|Case=Nom"])
spaces = st.sampled_from([" ", "", "\n", "\t ", "\u00a0", "  \r\n"])


@st.composite
def documents(draw: st.DrawFn, characters: st.SearchStrategy[str] = plain) -> Doc:
    """Documents with multi-word tokens, sentences, trees, and partly missing labels and entities."""
    form = st.text(characters, min_size=1, max_size=5).filter(lambda s: s != "_")
    tokens = draw(st.lists(st.tuples(form, st.lists(form, max_size=3), spaces), min_size=1, max_size=12))
    words = [parts if len(parts) > 1 else [] for _, parts, _ in tokens]
    columns = Columns.from_tokens(
        draw(st.sampled_from(["", " ", "\n"])), [t[0] for t in tokens], words, [t[2] for t in tokens]
    )
    n = len(columns)

    def maybe(values: st.SearchStrategy[str]) -> list[str | None]:
        return draw(st.lists(st.none() | values, min_size=n, max_size=n))

    columns.set_upos_column(maybe(label))
    columns.set_xpos_column(maybe(label))
    columns.set_lemma_column(maybe(form))
    columns.set_deprel_column(maybe(label))
    columns.set_feats_column(
        [None if upos is None else draw(st.just("") | label) for upos in columns.upos_column()]
    )
    cuts = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    starts = [i for i in range(n) if i == 0 or (cuts[i] and columns.part(i) != 2)]
    columns.set_sent_start_column([1 if i in starts else -1 for i in range(n)])
    heads = []
    for start, end in pairwise([*starts, n]):
        heads += [draw(st.sampled_from([-1, i, *range(start, i)])) for i in range(start, end)]
    columns.set_head_column(heads)
    doc = Doc.from_columns(columns)
    if draw(st.booleans()):
        bounds = sorted(set(draw(st.lists(st.integers(0, n), max_size=6))))
        spans = [doc[a:b] for a, b in pairwise(bounds)]
        for span in spans:
            span.label_ = draw(st.sampled_from(["X", "Y"]))
        sentences = [(s.start, s.end) for s in doc.sents]
        inside = [s for s in spans if any(a <= s.start and s.end <= b for a, b in sentences)]
        missing = [
            doc[i : i + 1]
            for i in range(n)
            if draw(st.booleans()) and not any(s.start <= i < s.end for s in inside)
        ]
        doc.set_ents(inside, missing=missing)
    return doc


@settings(max_examples=40, deadline=None)
@given(documents())
def test_surfaces_and_white_space_rebuild_the_text(doc: Doc) -> None:
    rebuilt = doc.columns.leading_whitespace() + "".join(token.text_with_ws for token in doc)
    assert rebuilt == doc.text
    for token in doc:
        assert doc.text[token.idx : token.idx + len(token.text)] == token.text


@settings(max_examples=80, deadline=None)
@given(documents())
def test_conllu_loses_nothing(doc: Doc) -> None:
    (again,) = read_conllu(write_conllu(doc).split("\n"), per="document")
    assert again == doc


@settings(max_examples=40, deadline=None)
@given(documents(st.characters(exclude_categories=())))
def test_json_and_pickle_lose_nothing(doc: Doc) -> None:
    assert list(read_jsonl(write_jsonl([doc]))) == [doc]
    assert pickle.loads(pickle.dumps(doc)) == doc


@settings(max_examples=40, deadline=None)
@given(documents())
def test_trees_agree_with_their_definition(doc: Doc) -> None:
    for token in doc:
        below = {t.i for t in doc if t == token or token in set(t.ancestors)}
        assert [t.i for t in token.subtree] == sorted(below)
        assert (token.left_edge.i, token.right_edge.i) == (min(below), max(below))
        children = [t.i for t in doc if t.head == token and t != token]
        assert sorted(t.i for t in token.children) == children
        assert [t.i for t in token.lefts] == [i for i in children if i < token.i]
        assert token.sent.start <= token.i < token.sent.end


@settings(max_examples=40, deadline=None)
@given(documents(), st.integers(-2, 40), st.integers(-2, 40))
def test_char_span_modes_nest(doc: Doc, start: int, end: int) -> None:
    strict, inner, outer = (
        doc.char_span(start, end, alignment_mode=m) for m in ("strict", "contract", "expand")
    )
    if strict is not None:
        assert (strict.start_char, strict.end_char) == (start, end)
    if inner is not None:
        assert start <= inner.start_char <= inner.end_char <= end
    if outer is not None:
        touched = [t.i for t in doc if t.idx < end and t.idx + len(t.text) > start]
        assert set(touched) <= set(range(outer.start, outer.end))


@settings(max_examples=40, deadline=None)
@given(documents(), documents())
def test_entity_scores_are_set_counts(one: Doc, other: Doc) -> None:
    text = ["a"] * min(len(one), len(other))
    gold, predicted = (Doc(text, ents=[tag(d, i) for i in range(len(text))]) for d in (one, other))
    scores = entity_scores([gold], [predicted])
    known = [gold.columns.iob(i) != 0 for i in range(len(text))]
    if scores is None:
        assert not any(known)
        return
    ours = {(e.start, e.end, e.label_) for e in gold.ents}
    theirs = {(e.start, e.end, e.label_) for e in predicted.ents if all(known[e.start : e.end])}
    assert (scores.micro.gold, scores.micro.predicted, scores.micro.correct) == (
        len(ours),
        len(theirs),
        len(ours & theirs),
    )


def tag(doc: Doc, i: int) -> str | None:
    token = doc[i]
    return f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else token.ent_iob_ or None


probability = st.none() | st.floats(0, 1, width=32) | st.integers(0, 10**6).map(lambda n: n / 10**6)


@settings(max_examples=60, deadline=None)
@given(documents(st.characters()), st.lists(probability, min_size=1, max_size=6))
def test_a_json_line_is_what_the_json_module_writes(doc: Doc, sure: list[float | None]) -> None:
    for shift, name in enumerate(("head", "deprel", "ent")):
        values = [sure[(i + shift) % len(sure)] for i in range(len(doc))]
        getattr(doc.columns, f"set_{name}_probability_column")(values)
    for with_them in (False, True):
        line = next(write_jsonl([doc], probabilities=with_them))
        known = doc.to_json(probabilities=with_them)
        ascii_only = any("\ud800" <= c <= "\udfff" for c in json.dumps(known, ensure_ascii=False))
        assert line == json.dumps(known, ensure_ascii=ascii_only) + "\n"
