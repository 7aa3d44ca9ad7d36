"""Two-column entity files."""

import pytest

from treelet.doc import Doc
from treelet.doc.entity_tags import read_entity_tags
from treelet.errors import FormatError, TextError
from treelet.formats import IobLayout, read_iob, write_iob


def tags(doc: Doc) -> list[str]:
    return [f"{t.ent_iob_}-{t.ent_type_}".rstrip("-") for t in doc]


def test_sentences_become_documents() -> None:
    docs = list(read_iob(["Bo\tB-PER", "Li\tI-PER", "ran\tO", "", "", "Hi\tO", ""]))
    assert [d.text for d in docs] == ["Bo Li ran", "Hi"]
    assert [(e.text, e.label_) for e in docs[0].ents] == [("Bo Li", "PER")]
    assert docs[0].has_annotation("ENT_IOB", require_complete=True)
    assert [s.text for s in docs[0].sents] == ["Bo Li ran"]


def test_several_sentences_a_document() -> None:
    lines = ["a\tO", "", "b\tO", "c\tO", "", "d\tO", ""]
    docs = list(read_iob(lines, layout=IobLayout(sentences=2)))
    assert [[s.text for s in d.sents] for d in docs] == [["a", "b c"], ["d"]]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (["I-A", "I-A", "O", "I-A"], ["B-A", "I-A", "O", "B-A"]),  # IOB1
        (["I-A", "B-A", "I-B"], ["B-A", "B-A", "B-B"]),
        (["B-A", "I-A", "L-A", "U-B", "O"], ["B-A", "I-A", "I-A", "B-B", "O"]),  # BILUO
        (["B-A", "E-A", "S-A", "I-A"], ["B-A", "I-A", "B-A", "B-A"]),  # BIOES
        (["-", "_", "", "B-A-b"], ["", "", "", "B-A-b"]),
        (["O", "I-A", "-", "I-A"], ["O", "B-A", "", "B-A"]),
    ],
)
def test_schemes_become_iob2(found: list[str], expected: list[str]) -> None:
    codes, types = read_entity_tags(found)
    assert [
        f"{' IOB'[c].strip()}{'-' + t if t else ''}" for c, t in zip(codes, types, strict=True)
    ] == expected


def test_label_map() -> None:
    codes, types = read_entity_tags(["B-a", "I-a", "B-b", "B-c", "I-c", "B-d"], {"a": "X", "b": "", "c": "-"})
    assert codes == [3, 1, 2, 0, 0, 3]
    assert types == ["X", "X", None, None, None, "d"]


def test_merged_types_keep_their_borders() -> None:
    codes, _ = read_entity_tags(["I-a", "I-b"], {"a": "X", "b": "X"})
    assert codes == [3, 3]


def test_columns_comments_and_blanks() -> None:
    lines = [
        "-DOCSTART- -X- O O",
        "",
        "# text = a b",
        "#\tO",
        "# O",
        "Bo NNP I-NP B-PER",
        "\tO",
        "Li\tx\tI-PER",
    ]
    (doc,) = read_iob(lines)
    assert doc.text == "# # Bo Li"
    assert tags(doc) == ["O", "O", "B-PER", "I-PER"]
    (doc,) = read_iob(["#\tsource", "1\tBo\tB-PER\tO"], layout=IobLayout(token=1, tag=2))
    assert (doc.text, tags(doc)) == ("Bo", ["B-PER"])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a\tO", "alone"], "f.iob2, line 2: found 'alone', expected a token and its entity tag"),
        (["\tB-PER"], "line 1"),
        (["a\tO", "b\tPER"], "f.iob2, line 2: found entity tag 'PER'"),
        (["a\tB-"], "entity tag 'B-'"),
        (["a\tX-PER"], "entity tag 'X-PER'"),
    ],
)
def test_malformed_lines_are_named(lines: list[str], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        list(read_iob(lines, where="f.iob2"))


def test_writing() -> None:
    text = "Bo\tB-PER\nLi\tI-PER\nran\tO\n\nand\t-\n\n"
    docs = list(read_iob(text.split("\n"), layout=IobLayout(sentences=9)))
    assert list(write_iob(docs)) == [text]
    with pytest.raises(TextError, match="word 0"):
        list(write_iob([Doc(["a\tb"])]))
