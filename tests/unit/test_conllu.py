"""CoNLL-U in and out: what is read, what is written, what is refused."""

from pathlib import Path

import pytest

from treelet.doc import Doc
from treelet.errors import FormatError, TextError
from treelet.formats import ConlluMarks, read_conllu, read_docs, write_conllu

SAMPLE = """\
# newdoc id = d1
# newpar id = d1-p1
# sent_id = 1
# text = Don't ask Bo Li.
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\tVB\tMood=Imp\t3\taux\t_\tNER=O
2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t_\tNER=O
3\task\task\tVERB\tVB\t_\t0\troot\t_\tNER=O
3.1\tnobody\t_\t_\t_\t_\t_\t_\t3:x\t_
4\tBo\tBo\tPROPN\tNNP\t_\t3\tobj\t_\tNER=B-PER
5\tLi\tLi\tPROPN\tNNP\t_\t4\tflat\t_\tSpaceAfter=No|NER=I-PER
6\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\tSpacesAfter=\\n

# text = Go
1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\t_

# newpar
# text = _ 10 000
1\t_\t_\tSYM\t_\t_\t2\tdep\t_\t_
2\t10 000\t_\t_\t_\t_\t_\t_\t_\tNER=O

"""


def read(text: str, **options: object) -> list[Doc]:
    return list(read_conllu(text.split("\n"), **options))  # type: ignore[arg-type]


def test_paragraphs_become_documents() -> None:
    first, second = read(SAMPLE)
    assert first.text == "Don't ask Bo Li.\nGo"
    assert second.text == "_ 10 000"
    assert first.user_data == {"newdoc": "d1", "newpar": "d1-p1"}
    assert second.user_data == {"newpar": ""}
    assert [s.text for s in first.sents] == ["Don't ask Bo Li.", "Go"]
    assert [t.is_sent_start for t in first] == [True, False, False, False, False, False, True]


def test_words_and_their_annotation() -> None:
    first, second = read(SAMPLE)
    assert [t.form_ for t in first] == ["Do", "n't", "ask", "Bo", "Li", ".", "Go"]
    assert [t.head.i for t in first] == [2, 2, 2, 2, 3, 2, 6]
    assert [t.dep_ for t in first][:3] == ["aux", "advmod", "root"]
    assert first[0].token_range == (0, 2)
    assert [(e.text, e.label_) for e in first.ents] == [("Bo Li", "PER")]
    assert [first.columns.iob(i) for i in range(7)] == [2, 2, 2, 3, 1, 0, 0]
    assert first.columns.feats_column() == ["Mood=Imp", "", "", "", "", "", ""]
    columns = second.columns
    assert (columns.lemma_column(), columns.xpos_column()) == (["_", None], [None, None])
    assert (columns.upos_column(), columns.feats_column()) == (["SYM", None], ["", None])
    assert (columns.head_column(), columns.deprel_column()) == ([1, -1], ["dep", None])


def test_per_sentence_and_document() -> None:
    assert [d.text for d in read(SAMPLE, per="sentence")] == ["Don't ask Bo Li.\n", "Go", "_ 10 000"]
    (whole,) = read(SAMPLE, per="document")
    assert whole.text == "Don't ask Bo Li.\nGo\n\n_ 10 000"
    assert len(list(whole.sents)) == 3
    with pytest.raises(ValueError, match="'word'"):
        read(SAMPLE, per="word")


def test_files_without_marks_are_cut_every_ten_sentences() -> None:
    sentence = "1\tGo\t_\t_\t_\t_\t0\troot\t_\t_\n\n"
    assert [len(d) for d in read(sentence * 23)] == [10, 10, 3]


def test_entity_options() -> None:
    text = SAMPLE.replace("NER=", "Name=")
    assert not read(text)[0].has_annotation("ENT_IOB")
    (ent,) = read(text, entity_key="Name", label_map={"PER": "PERSON"})[0].ents
    assert ent.label_ == "PERSON"


def test_a_file_with_bom_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.conllu"
    path.write_bytes(b"\xef\xbb\xbf" + SAMPLE.replace("\n", "\r\n").encode())
    assert list(read_docs(path)) == read(SAMPLE)
    path.write_bytes(SAMPLE.rstrip("\n").encode())  # no line end at the end
    assert list(read_docs(path)) == read(SAMPLE)
    with pytest.raises(FormatError, match=r"extension '.xyz'"):
        read_docs(tmp_path / "a.xyz")


def test_only_line_feeds_end_lines() -> None:
    (doc,) = read("1\ta\u2028b\x85\x0c\t_\t_\t_\t_\t0\troot\t_\t_")
    assert doc.text == "a\u2028b\x85\x0c"


WORD = "1\tGo\t_\t_\t_\t_\t0\troot\t_\t_\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("1\tGo\t_\n", 1, "3 columns, expected 10"),
        (WORD + "3\ta\t_\t_\t_\t_\t1\tx\t_\t_", 2, "id '3', expected 2"),
        (WORD + "x.y\ta\t_\t_\t_\t_\t1\tx\t_\t_", 2, "id 'x.y'"),
        (WORD + "2\t\t_\t_\t_\t_\t1\tx\t_\t_", 2, "empty form"),
        (WORD + "2\ta\t_\t_\t_\t_\t3\tx\t_\t_", 2, "head 3, expected 0 to 2"),
        (WORD + "2\ta\t_\t_\t_\t_\t-1\tx\t_\t_", 2, "head '-1'"),
        (WORD + "2\ta\t_\t_\t_\t_\t²\tx\t_\t_", 2, "head '²'"),
        (WORD + "2\ta\t_\t_\t_\t_\t" + "9" * 5000 + "\tx\t_\t_", 2, "head"),
        ("1\ta\t_\t_\t_\t_\t2\tx\t_\t_\n2\ta\t_\t_\t_\t_\t1\tx\t_\t_", 1, "cycle"),
        (WORD + "2\ta\t_\t_\t_\t_\t2\tx\t_\t_", 2, "cycle"),
        (WORD + "2-4\tab\t_\t_\t_\t_\t_\t_\t_\t_\n2\ta\t_\t_\t_\t_\t1\tx\t_\t_", 3, "token up to 4"),
        (WORD + "3-4\tab\t_\t_\t_\t_\t_\t_\t_\t_", 2, "id '3-4'"),
        (WORD + "2-1\tab\t_\t_\t_\t_\t_\t_\t_\t_", 2, "id '2-1'"),
        (WORD + "2-" + "9" * 5000 + "\tab\t_\t_\t_\t_\t_\t_\t_\t_", 2, "id"),
        (WORD + "1.1\ta\t_\t_\t_\t_\t_\t_\t_\t_\n2\ta\t_\t_\t_\t_\t1\tx\t_\tNER=PER", 3, "entity tag 'PER'"),
        ("1.1\ta\t_\t_\t_\t_\t_\t_\t_\t_", 1, "without words"),
        ("\n\n# a\n1\tGo", 4, "2 columns"),
    ],
)
def test_malformed_lines_are_named(text: str, line: int, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        list(read_conllu(text.split("\n"), where="bad.conllu"))
    assert f"bad.conllu, line {line}:" in str(caught.value)
    assert message in str(caught.value)


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "latin1.conllu"
    path.write_bytes(WORD.encode() + b"2\tcaf\xe9\t_\t_\t_\t_\t1\tx\t_\t_\n")
    with pytest.raises(
        FormatError, match=rf"latin1.conllu, line 2: found byte 0xe9 at offset {len(WORD) + 5}"
    ):
        list(read_conllu(path))


def test_what_is_read_before_an_error_is_kept() -> None:
    docs = read_conllu((SAMPLE + "broken\n").split("\n"))
    assert next(docs).text.startswith("Don't")


def test_writing() -> None:
    first, second = read(SAMPLE)
    expected = SAMPLE.replace("3.1\tnobody\t_\t_\t_\t_\t_\t_\t3:x\t_\n", "").replace("# sent_id = 1\n", "")
    assert write_conllu(first) + write_conllu(second) == expected
    assert write_conllu(second, sent_id="s", first_sentence=4).splitlines()[1] == "# sent_id = s4"
    plain = write_conllu(first, marks=ConlluMarks(newdoc=False, newpar=True))
    assert plain.startswith("# newpar\n# text")
    assert write_conllu(Doc()) == ""


def test_white_space_that_lines_cannot_hold_is_escaped() -> None:
    doc = Doc(["a\tb", "c|d\\", "e"], [True, True, False])
    out = write_conllu(doc)
    assert all(len(line.split("\t")) == 10 for line in out.splitlines() if line and line[0] != "#")
    (again,) = read(out)
    assert [t.text for t in again] == ["a\tb", "c|d\\", "e"]


def test_a_head_outside_its_sentence_cannot_be_written() -> None:
    doc = Doc(["a", "b"], heads=[1, 1], sent_starts=[True, True])
    with pytest.raises(TextError, match="word 0: found head 1"):
        write_conllu(doc)
