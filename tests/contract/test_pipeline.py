"""What every pipeline holds to: batches, threads and caches change nothing; odd texts never crash it."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import treelet
from random_package import LABELS, random_settings, save_random_package
from random_weights import random_arrays, to_core
from treelet import Doc, Pipeline, _core
from treelet.annotators import network_shapes
from treelet.annotators.assemble import core_encoder_settings
from treelet.errors import SettingsError, TextError
from treelet.languages import Tokenizer
from treelet.package import save_package

TEXTS = [
    "Apple is looking at buying a U.K. startup for $1 billion. Tim Cook didn't comment.",
    "",
    "   \n\t ",
    "a",
    "lone \ud800 surrogate",
    "NUL \0 inside",
    "First paragraph.\n\nSecond one, with more words!",
    "ﬁne — naïve café 東京 🎉 " * 20,
] + [f"Sentence number {i} was running in Paris . " * (i % 5 + 1) for i in range(60)]


@pytest.fixture(scope="module")
def nlp(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return treelet.load(save_random_package(tmp_path_factory.mktemp("package") / "p"))


def columns(doc: Doc) -> dict[str, Any]:
    return doc.to_json()


def test_texts_come_back(nlp: Pipeline) -> None:
    for text in TEXTS:
        doc = nlp(text)
        assert doc.text == text
        for token in doc:
            assert token.tag_ in LABELS["xpos"]
            assert token.pos_ in LABELS["upos"]
            assert token.lemma_
            assert token.dep_ == "root" or token.dep_ in nlp.get_pipe("parser").labels
            assert token.head in doc
        assert sum(len(list(sent)) for sent in doc.sents) == len(doc) if len(doc) else True


def test_every_sentence_has_one_root(nlp: Pipeline) -> None:
    for doc in nlp.pipe(TEXTS):
        if len(doc):
            for sent in doc.sents:
                assert sum(token.head == token for token in sent) == 1
                assert all(token.head.i >= sent.start and token.head.i < sent.end for token in sent)


def test_one_text_is_no_stream_of_texts(nlp: Pipeline) -> None:
    with pytest.raises(TextError, match="found one str, expected an iterable"):
        nlp.pipe("hello")
    with pytest.raises(TextError, match="found str, expected a pair of text and context"):
        list(nlp.pipe(["abc"], as_tuples=True))  # type: ignore[list-item]


@pytest.mark.parametrize(("batch_size", "threads"), [(1, 1), (7, 1), (64, 2), (5, 4), (1000, 3)])
def test_batches_and_threads_change_nothing(nlp: Pipeline, batch_size: int, threads: int) -> None:
    alone = [columns(nlp(text)) for text in TEXTS]
    assert [columns(doc) for doc in nlp.pipe(TEXTS, batch_size=batch_size, threads=threads)] == alone


def test_python_threads_share_a_pipeline(nlp: Pipeline) -> None:
    alone = [columns(nlp(text)) for text in TEXTS]
    found: list[list[dict[str, Any]]] = []
    threads = [
        threading.Thread(target=lambda: found.append([columns(nlp(t)) for t in TEXTS])) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 4


@hypothesis_settings(deadline=None, max_examples=60)
@given(text=st.text(st.characters(exclude_categories=()), max_size=80))
@example(text="")
@example(text=" \t\n\u3000\u2028")
@example(text="\ud800\udc00 \udfff")
@example(text="\0\0 a\0b")
@example(text="x" * 1_000_000)
def test_any_text(nlp: Pipeline, text: str) -> None:
    assert nlp(text).text == text


@pytest.mark.parametrize("text", ["na\u00efve caf\u00e9", "\u6771\u4eac \ud800", "\U0001f389 party", "plain"])
def test_no_copy_is_left_in_a_text(nlp: Pipeline, text: str) -> None:
    own = "".join(text)  # never seen before, so nothing has been kept in it
    size = sys.getsizeof(own)
    assert nlp(own).text == own
    assert next(iter(nlp.pipe([own], threads=2))).text == own
    assert sys.getsizeof(own) == size


def test_ten_megabytes_without_a_space(nlp: Pipeline) -> None:
    text = "x" * 10_000_000
    assert nlp(text).text == text
    assert nlp("a b").text == "a b"


def test_very_long_documents_are_walked_in_segments(nlp: Pipeline) -> None:
    text = "The dogs was running to Paris with " * 3000
    doc = nlp(text)
    assert len(doc) == 21_000
    assert all(abs(token.head.i - token.i) <= 1024 for token in doc)


def test_pipe_streams(nlp: Pipeline) -> None:
    read = 0

    def endless() -> Any:
        nonlocal read
        while True:
            read += 1
            yield f"text {read}"

    docs = nlp.pipe(endless(), batch_size=8, threads=2)
    assert [next(docs).text for _ in range(20)] == [f"text {i}" for i in range(1, 21)]
    assert read <= 48


def test_pipe_of_tuples_keeps_contexts(nlp: Pipeline) -> None:
    pairs = [(text, {"id": i}) for i, text in enumerate(TEXTS)]
    for i, (doc, context) in enumerate(nlp.pipe(iter(pairs), as_tuples=True, batch_size=3)):
        assert doc.text == TEXTS[i]
        assert context is pairs[i][1]


def test_pipe_gives_what_comes_before_an_error(nlp: Pipeline) -> None:
    docs = nlp.pipe(["one", 2], batch_size=10)  # type: ignore[list-item]
    assert next(docs).text == "one"
    with pytest.raises(TextError, match="found int"):
        next(docs)


@pytest.mark.parametrize("wrong", [None, 3, b"bytes", ["list"]])
def test_other_types_are_errors(nlp: Pipeline, wrong: Any) -> None:
    for call in (nlp, nlp.make_doc):
        with pytest.raises(TextError, match=type(wrong).__name__):
            call(wrong)


def test_disable(nlp: Pipeline) -> None:
    doc = nlp("The dogs run.", disable=["parser", "ner"])
    assert doc[0].tag_
    assert not doc[0].dep_
    assert doc.has_annotation("TAG")
    assert not doc.has_annotation("DEP")
    with pytest.raises(SettingsError, match="'tagge' is no annotator"):
        nlp("x", disable=["tagge"])


def test_given_words_and_presets_are_kept(nlp: Pipeline) -> None:
    words = ["one", "two", "three", "four", "five", "six"]
    starts = [True, False, False, True, False, True]
    ents = ["B-PER", "I-PER", "O", "O", "O", "B-LOC"]
    doc = Doc(words=words, sent_starts=starts, ents=ents)
    assert nlp(doc) is doc
    assert [token.text for token in doc] == words
    assert [bool(token.is_sent_start) for token in doc] == starts
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("one two", "PER"), ("six", "LOC")]
    assert all(token.tag_ for token in doc)


def test_what_a_pipeline_tells(nlp: Pipeline) -> None:
    assert nlp.lang == "en"
    assert nlp.pipe_names == ["tagger", "morphologizer", "lemmatizer", "parser", "ner"]
    assert nlp.labels["tagger"] == LABELS["xpos"]
    assert nlp.get_pipe("parser").cfg["hidden"] == 8
    assert nlp.get_pipe("ner").labels == ("PER", "LOC")
    assert nlp.meta is not None
    assert nlp.meta.name == "en_core_random_sm"
    with pytest.raises(SettingsError, match="'textcat' is not in this pipeline"):
        nlp.get_pipe("textcat")
    with pytest.raises(TypeError):
        nlp.get_pipe("ner").cfg["hidden"] = 9  # type: ignore[index]


def test_make_doc_tokenizes_alone(nlp: Pipeline) -> None:
    doc = nlp.make_doc("Tim didn't.")
    assert [token.text for token in doc] == ["Tim", "did", "n't", "."]
    assert not doc.has_annotation("TAG")


def test_settings_of_all_kinds_run(tmp_path: Path) -> None:
    wide = {"width": 33, "depth": 3, "window": 2, "pieces": 1, "dilation": [4, 1]}
    for i, encoder in enumerate([{"width": 10, "depth": 0}, wide]):
        nlp = treelet.load(
            save_random_package(tmp_path / str(i), encoder=encoder, parser={"hidden": 5, "pieces": 3})
        )
        assert columns(nlp(TEXTS[0])) == columns(next(iter(nlp.pipe([TEXTS[0]]))))


def test_lemmatizer_tries_candidates_in_order(tmp_path: Path) -> None:
    """Weights of zero leave the biases to decide: `ning` off first, then `s` off, then lower case."""
    settings = random_settings(
        parser=None, ner=None, tagger=None, morphologizer=None, lemmatizer={"candidates": 2}
    )
    labels = {
        "trees": [_core.edit_tree(*pair) for pair in (("The", "the"), ("dogs", "dog"), ("running", "run"))]
    }
    arrays = random_arrays(network_shapes(settings, labels))
    arrays["lemmatizer.weight"][:] = 0
    arrays["lemmatizer.bias"][:] = [1, 2, 3]
    tokenizer = Tokenizer.from_language("en").to_json()
    save_package(
        tmp_path, settings=settings, weights=arrays, labels=labels, tokenizer_json=tokenizer, genre="x"
    )
    doc = treelet.load(tmp_path)("Swinning cats run Fast")
    assert [token.lemma_ for token in doc] == ["swin", "cat", "run", "Fast"]


def test_tags_are_the_best_scored(tmp_path: Path) -> None:
    settings = random_settings(parser=None, ner=None, morphologizer=None, lemmatizer=None)
    arrays = random_arrays(network_shapes(settings, LABELS))
    save_random_package(tmp_path, stored="fp32", parser=None, ner=None, morphologizer=None, lemmatizer=None)
    nlp = treelet.load(tmp_path, settings={"encoder.precision": "fp32"})
    doc = nlp("Some words of a text , to be tagged one by one .")
    encoder = _core.Encoder(core_encoder_settings(settings), to_core(arrays))
    vectors = encoder.encode(doc.columns)
    scores = vectors @ arrays["tagger.weight"].T + arrays["tagger.bias"]
    assert [token.tag_ for token in doc] == [LABELS["xpos"][i] for i in scores.argmax(1)]
