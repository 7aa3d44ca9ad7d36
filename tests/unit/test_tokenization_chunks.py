"""Chunks of gold text for the tokenizer: text between white space with the words of each token."""

from __future__ import annotations

from treelet.formats import read_conllu
from treelet.languages import Tokenizer
from treelet.teaching.tokenization import chunks, taught_rules

TREE = """\
# text = Gonnado it (now).
1-2\tGonnado\t_\t_\t_\t_\t_\t_\t_\t_
1\tGonna\tgo\tVERB\t_\t_\t0\troot\t_\t_
2\tdo\tdo\tVERB\t_\t_\t1\txcomp\t_\t_
3\tit\tit\tPRON\t_\t_\t2\tobj\t_\t_
4\t(\t(\tPUNCT\t_\t_\t5\tpunct\t_\tSpaceAfter=No
5\tnow\tnow\tADV\t_\t_\t2\tadvmod\t_\tSpaceAfter=No
6\t)\t)\tPUNCT\t_\t_\t5\tpunct\t_\tSpaceAfter=No
7\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\t_

"""
BARE = "1\tGonnado\t_\t_\t_\t_\t_\t_\t_\t_\n\n"


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def test_chunks_hold_the_words_of_every_token() -> None:
    (doc,) = read_conllu(lines(TREE))
    assert list(chunks(doc)) == [
        ("Gonnado", [["Gonna", "do"]]),
        ("it", [["it"]]),
        ("(now).", [["("], ["now"], [")"], ["."]]),
    ]


def test_a_document_that_ends_without_white_space_keeps_its_last_chunk() -> None:
    (doc,) = read_conllu(lines(TREE.replace("\t1\tpunct\t_\t_", "\t1\tpunct\t_\tSpaceAfter=No")))
    assert [surface for surface, _ in chunks(doc)] == ["Gonnado", "it", "(now)."]


def test_treebanks_teach_and_lists_of_words_do_not() -> None:
    (tree,), (bare,) = read_conllu(lines(TREE)), read_conllu(lines(BARE))
    taught = Tokenizer(taught_rules("en", [tree] * 3 + [bare] * 9))
    assert taught.tokens("Gonnado it")[0][1] == ["Gonna", "do"]
    untaught = Tokenizer(taught_rules("en", [bare] * 9))
    assert untaught.tokens("Gonnado it")[0][1] == ["Gonnado"]
