"""Readers that go on after errors, and what they tell of lines."""

from __future__ import annotations

import pytest

import small_corpus
from treelet import FormatError
from treelet.formats import ReadingLog, read_conllu, read_iob, read_jsonl


def test_lines_of_sentences() -> None:
    log = ReadingLog()
    docs = list(read_conllu(small_corpus.conllu(12).splitlines(), log=log))
    starts = [line for lines in log.lines for line in lines]
    assert [len(lines) for lines in log.lines] == [10, 2]
    assert starts[:2] == [1, 2 + len(next(docs[0].sents))]
    assert list(read_conllu(small_corpus.conllu(12).splitlines())) == docs


def test_a_sentence_with_an_error_leaves_nothing_behind() -> None:
    good = "1\ta\ta\tX\tx\t_\t0\troot\t_\tNER=B-P\n\n"
    bad = "1-2\tab\t_\t_\t_\t_\t_\t_\t_\t_\n1\ta\ta\tX\tx\t_\t0\troot\t_\t_\n"
    bad += "2\tb\tb\tX\tx\t_\t1\tx\t_\tNER=?\n\n"
    log = ReadingLog()
    lines = (good + bad + good).splitlines()
    assert list(read_conllu(lines, log=log)) == list(read_conllu((good + good).splitlines()))
    assert [(error.line, log.lines) for error in log.problems] == [(5, [[1, 7]])]
    with pytest.raises(FormatError, match="line 5") as caught:
        list(read_conllu(lines))
    assert caught.value.line == 5


def test_iob_and_jsonl() -> None:
    log = ReadingLog()
    (doc,) = read_iob([b"a\tO\n", b"b\n", b"c\tQ\n", b"\xff\tB-X\n"], log=log)
    assert sorted(error.line or 0 for error in log.problems) == [2, 3, 4]
    assert [token.ent_iob_ for token in doc] == ["O", "", "B"]
    log = ReadingLog()
    docs = list(read_jsonl(["{", '{"text": "", "tokens": []}', "1" * 5000], log=log))
    assert len(docs) == 1
    assert [error.line for error in log.problems] == [1, 3]
    assert log.lines == [[2]]
