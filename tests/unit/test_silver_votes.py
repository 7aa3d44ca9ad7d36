"""Several teachers' documents of the same words become one: what most say, and how sure that is."""

import numpy as np
import pytest

from treelet import Doc
from treelet.silver.cache import Silver
from treelet.silver.gaps import with_gaps
from treelet.silver.votes import voted

WORDS = ["Ana", "saw", "Rome", ".", "She", "left"]


def doc(
    heads: list[int] | None = None,
    pos: list[str | None] | None = None,
    ents: list[str | None] | None = None,
    morphs: list[str | None] | None = None,
) -> Doc:
    deps = None
    if heads is not None:
        deps = ["root" if head == i else f"d{head}" for i, head in enumerate(heads)]
    starts = None if heads is None else [True, False, False, False, heads[4] != 1, False]
    return Doc(WORDS, heads=heads, deps=deps, pos=pos, ents=ents, morphs=morphs, sent_starts=starts)


def test_the_tree_of_most_arcs_and_its_sentences() -> None:
    one = doc([1, 1, 1, 1, 5, 5])
    two = doc([1, 1, 1, 1, 5, 5])
    three = doc([1, 1, 3, 1, 1, 1])
    found = voted([three, one, two])
    assert found.doc.columns.head_column() == [1, 1, 1, 1, 5, 5]
    assert found.doc.columns.deprel_column() == ["d1", "root", "d1", "d1", "d5", "root"]
    assert found.doc.sentence_starts == [0, 4]
    shares = np.array([3, 3, 2, 3, 2, 2]) / 3 * 0.5  # nobody told probabilities
    assert found.sure["head"].tolist() == pytest.approx(shares.tolist())


def test_sure_teachers_outweigh_more_that_are_not() -> None:
    docs = [doc([1, 1, 3, 1, 5, 5]), doc([1, 1, 3, 1, 5, 5]), doc([1, 1, 1, 1, 5, 5])]
    for each, likely in zip(docs, (0.2, 0.3, 0.9), strict=True):
        each.columns.set_head_probability_column([likely] * len(WORDS))
        each.columns.set_deprel_probability_column([likely / 2] * len(WORDS))
    found = voted(docs)
    assert found.doc.columns.head(2) == 1
    assert found.sure["head"][2] == pytest.approx(0.3)
    assert found.sure["deprel"][2] == pytest.approx(0.15)


def test_each_says_what_it_knows() -> None:
    tags = ["PROPN", "VERB", "PROPN", "PUNCT", "PRON", "VERB"]
    trees, names = doc([1, 1, 1, 1, 5, 5], pos=tags), doc(ents=["B-PER", "O", "B-LOC", "O", "O", "O"])
    found = voted([names, trees])
    assert found.doc.columns.head_column() == [1, 1, 1, 1, 5, 5]
    assert found.doc.columns.upos_column() == tags
    assert [(ent.text, ent.label_) for ent in found.doc.ents] == [("Ana", "PER"), ("Rome", "LOC")]
    assert found.doc.columns.xpos_column() == [None] * 6
    assert "upos" not in found.sure  # one alone has no vote to win


def test_tags_by_vote_and_features_of_those_who_chose_the_tag() -> None:
    noun, verb = ["NOUN"] * 6, ["VERB"] * 6
    docs = [
        doc(pos=verb, morphs=["VerbForm=Fin"] * 6),
        doc(pos=noun, morphs=["Number=Sing"] * 6),
        doc(pos=noun, morphs=["Number=Plur"] * 6),
    ]
    found = voted(docs)
    assert found.doc.columns.upos_column() == noun
    assert found.doc.columns.feats_column() == ["Number=Sing"] * 6
    assert found.sure["upos"].tolist() == pytest.approx([2 / 3] * 6)
    assert found.sure["feats"].tolist() == pytest.approx([1 / 3] * 6)


def test_entities_that_half_name_and_doubt_about_the_others() -> None:
    docs = [
        doc(ents=["B-PER", "O", "B-LOC", "O", "O", "O"]),
        doc(ents=["B-PER", "O", "O", "O", "O", "O"]),
        doc(ents=["B-ORG", "O", "O", "O", "B-PER", "O"]),
    ]
    for each in docs:
        each.columns.set_ent_probability_column([0.9] * len(WORDS))
    found = voted(docs)
    assert [(ent.text, ent.label_) for ent in found.doc.ents] == [("Ana", "PER")]
    assert found.sure["ent"].tolist() == pytest.approx(
        [0.6, np.nan, 0.7, np.nan, 0.7, np.nan], nan_ok=True, abs=1e-3
    )


def test_gaps_where_nobody_is_sure() -> None:
    silver = doc([1, 1, 1, 1, 5, 5], ents=["B-PER", "O", "B-MISC", "O", "O", "O"])
    likely = np.array([0.9, 0.9, 0.4, 0.9, 0.9, 0.9], np.float32)
    labelled = np.array([0.9, 0.9, 0.3, 0.45, 0.9, np.nan], np.float32)
    entity = np.array([0.9, np.nan, 0.9, np.nan, np.nan, 0.1], np.float32)
    found = with_gaps(Silver(silver, {"head": likely, "deprel": labelled, "ent": entity}), 0.5, ["PER"])
    assert found.columns.head_column() == [1, 1, -1, 1, 5, 5]
    assert found.columns.deprel_column() == ["d1", "root", None, None, "d5", "root"]
    assert found.columns.iob_column() == [3, 2, 0, 2, 2, 0]  # MISC is not taught
    assert found.sentence_starts == [0, 4]
