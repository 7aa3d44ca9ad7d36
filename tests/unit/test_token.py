"""Token: attributes, letters and the tree."""

import pytest

from treelet.doc import Doc, MorphAnalysis
from treelet.errors import TextError
from treelet.formats import read_conllu

NO = """1-2\tNo\t_\t_\t_\t_\t_\t_\t_\t_
1\tEm\tem\tADP\t_\t_\t3\tcase\t_\t_
2\to\to\tDET\t_\tGender=Masc\t3\tdet\t_\t_
3\tfim\tfim\tNOUN\t_\t_\t0\troot\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\t_\t_\t3\tpunct\t_\t_
"""


@pytest.fixture
def doc() -> Doc:
    # 1 and 5 are joined to 0 through conj; 3 hangs below 5
    words = ["apples", "pears", "and", "very", "ripe", "figs", "grow"]
    deps = ["nsubj", "conj", "cc", "advmod", "amod", "conj", "root"]
    return Doc(words, heads=[6, 0, 5, 4, 5, 1, 6], deps=deps)


def test_the_word_and_the_text_it_stands_on() -> None:
    doc = next(read_conllu(NO.split("\n")))
    assert doc.text == "No fim."
    assert [t.form_ for t in doc] == ["Em", "o", "fim", "."]
    assert [t.text for t in doc] == ["N", "o", "fim", "."]
    assert [t.token_range for t in doc] == [(0, 2), (0, 2), (2, 3), (3, 4)]
    assert [t.whitespace_ for t in doc] == ["", " ", "", ""]
    assert doc[0].lower_ == "em"


def test_annotation_is_read_and_written(doc: Doc) -> None:
    token = doc[0]
    assert (token.lemma_, token.pos_, token.tag_, str(token.morph), token.ent_type_, token.ent_iob_) == (
        "",
    ) * 6
    assert not token.has_morph()
    token.lemma_, token.pos_, token.tag_, token.dep_ = "apple", "NOUN", "NNS", "obj"
    token.set_morph({"Number": "Plur", "Case": "Nom"})
    assert (token.lemma_, token.pos_, token.tag_, token.dep_) == ("apple", "NOUN", "NNS", "obj")
    assert str(token.morph) == "Case=Nom|Number=Plur"
    token.set_morph("")
    assert token.has_morph()
    token.set_morph(None)
    assert not token.has_morph()
    token.pos_ = None  # type: ignore[assignment]
    assert token.pos_ == ""


def test_tree(doc: Doc) -> None:
    assert [t.i for t in doc[5].lefts] == [2, 4]
    assert [t.i for t in doc[0].rights] == [1]
    assert [t.i for t in doc[6].children] == [0]
    assert (doc[5].n_lefts, doc[5].n_rights) == (2, 0)
    assert [t.i for t in doc[5].subtree] == [2, 3, 4, 5]
    assert (doc[0].left_edge.i, doc[0].right_edge.i) == (0, 5)
    assert [t.i for t in doc[3].ancestors] == [4, 5, 1, 0, 6]
    assert doc[0].is_ancestor(doc[3])
    assert not doc[3].is_ancestor(doc[0])
    assert doc[6].head == doc[6]


def test_conjuncts_are_the_same_from_each(doc: Doc) -> None:
    assert [t.i for t in doc[0].conjuncts] == [1, 5]
    assert [t.i for t in doc[1].conjuncts] == [0, 5]
    assert [t.i for t in doc[5].conjuncts] == [0, 1]
    assert doc[6].conjuncts == ()


def test_setting_a_head_changes_the_tree(doc: Doc) -> None:
    assert [t.i for t in doc[6].children] == [0]
    doc[3].head = doc[6]
    assert [t.i for t in doc[6].children] == [0, 3]
    with pytest.raises(TextError, match="another document"):
        doc[3].head = doc.copy()[0]


def test_sentence_starts() -> None:
    doc = Doc(["a", "b", "c"])
    assert [t.is_sent_start for t in doc] == [True, None, None]
    doc[1].is_sent_start = True
    doc[2].is_sent_start = False
    assert [t.is_sent_start for t in doc] == [True, True, False]
    assert [s.text for s in doc.sents] == ["a", "b c"]
    assert doc[2].sent.text == "b c"
    assert doc[0].is_sent_end is True
    assert doc[1].is_sent_end is False
    assert doc[2].is_sent_end is True


def test_neighbours(doc: Doc) -> None:
    assert doc[0].nbor().i == 1
    assert doc[3].nbor(-2).i == 1
    with pytest.raises(IndexError):
        doc[0].nbor(-1)
    assert doc[0] < doc[1] <= doc[1] < doc[2]
    assert doc[0] != doc.copy()[0]
    assert len({doc[0], doc[0], doc[1]}) == 2


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("Apple", "Xxxxx"),
        ("apples", "xxxx"),
        ("U.S.", "X.X."),
        ("10,000", "dd,ddd"),
        ("É", "X"),
        ("a" * 100, "LONG"),
    ],
)
def test_shape(word: str, shape: str) -> None:
    assert Doc([word])[0].shape_ == shape


def test_letters() -> None:
    apple, number, url, mail, quote, dash = Doc(["Apple", "10,000.5", "https://a.b/c", "me@x.org", "“", "--"])
    assert (apple.prefix_, apple.suffix_, apple.lower_, apple.norm_) == ("A", "ple", "apple", "apple")
    assert apple.is_alpha
    assert apple.is_title
    assert not apple.is_upper
    assert number.like_num
    assert not apple.like_num
    assert Doc(["twenty"])[0].like_num
    assert url.like_url
    assert not mail.like_url
    assert mail.like_email
    assert not url.like_email
    assert quote.is_quote
    assert quote.is_punct
    assert dash.is_punct
    assert Doc(["€"])[0].is_currency
    assert Doc(["("])[0].is_bracket
    assert Doc(["7"])[0].is_digit


def test_morphological_features() -> None:
    morph = MorphAnalysis("Case=Acc,Dat|Number=Sing")
    assert morph.get("Case") == ["Acc", "Dat"]
    assert morph.get("Person") == []
    assert morph.get("Person", ["3"]) == ["3"]
    assert morph.to_dict() == {"Case": "Acc,Dat", "Number": "Sing"}
    assert "Number=Sing" in morph
    assert morph == MorphAnalysis("Number=Sing|Case=Acc,Dat")
    assert hash(morph) == hash(MorphAnalysis("Number=Sing|Case=Acc,Dat"))
    assert len(MorphAnalysis("_")) == 0
    assert str(MorphAnalysis("_")) == ""
