"""Pipelines on a device (PyTorch on the processor stands in) against the core: vectors, annotations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import treelet
from random_package import ENCODER, VECTORS, save_random_package
from treelet import Doc, Pipeline, Span, _core
from treelet.annotators.assemble import core_encoder_settings
from treelet.annotators.shapes import feature_settings
from treelet.errors import PackageError, SettingsError, TextError
from treelet.networks import annotation
from treelet.networks.device import STAND_IN
from treelet.package import arrays_of
from treelet.settings import FeatureSettings

TEXTS = [
    "Apple is looking at buying a U.K. startup for $1 billion. Tim Cook didn't comment.",
    "",
    "   \n\t ",
    "a",
    "lone \ud800 surrogate",
    "First paragraph.\n\nSecond one, with word3 and word7!",
    "ﬁne — naïve café 東京 🎉 " * 20,
] + [f"Sentence number {i} was running in Paris . " * (i % 5 + 1) for i in range(40)]
PACKAGES: dict[str, dict[str, Any]] = {
    "plain": {},
    "senter": {"senter": {}},
    "static vectors": {"encoder": VECTORS},
    "static vectors that share rows": {"encoder": VECTORS | {"vector_rows": 5}},
    "two recurrent layers": {"encoder": ENCODER | {"recurrent_layers": 2, "window": 2, "pieces": 2}},
    "no layers": {"encoder": ENCODER | {"depth": 0, "recurrent_layers": 0}},
    "beams": {"parser": {"hidden": 8, "beam_width": 4}, "ner": {"hidden": 8, "beam_width": 4}},
}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Many small products on few words: more threads only wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module", params=PACKAGES)
def package(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("package") / "p", **PACKAGES[request.param])


@pytest.fixture(scope="module")
def plain_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_package(tmp_path_factory.mktemp("package") / "p")


def tokens(docs: Any) -> list[dict[str, Any]]:
    return [token for doc in docs for token in doc.to_json()["tokens"]]


def check_same(found: Any, expected: Any) -> None:
    """Every annotation of every word, but for one word in a thousand: scores that tie may fall either way."""
    pairs = list(zip(tokens(found), tokens(expected), strict=True))
    assert len(pairs) > 5
    assert sum(one != other for one, other in pairs) <= len(pairs) / 1000


def in_core(package: Path, **options: Any) -> Pipeline:
    """In full precision, as devices compute."""
    return treelet.load(package, settings={"encoder.precision": "fp32"}, **options)


def on_device(package: Path, **options: Any) -> Pipeline:
    return in_core(package, **options).to(STAND_IN)


def test_token_vectors(package: Path) -> None:
    nlp = on_device(package)
    assert nlp._on_device is not None
    docs = [doc for doc in map(nlp.make_doc, TEXTS) if len(doc)]
    segments = list(nlp._on_device._segments(docs, nlp.pipe_names))
    found = nlp._on_device.encode(segments, nlp.pipe_names)["vectors"]
    weights = _core.Weights()
    for name, array in arrays_of(nlp._parts.tensors()).items():
        if name == "vectors.keys":
            weights.add_keys(name, array)
        else:
            dtype = {"float16": "F16", "float32": "F32", "int8": "I8"}[array.dtype.name]
            weights.add(name, dtype, list(array.shape), np.ascontiguousarray(array))
    encoder = _core.Encoder(core_encoder_settings(nlp.settings), weights)
    expected = np.concatenate([encoder.encode(doc.columns) for doc in docs])
    assert np.abs(expected).max() > 0.5
    # The core keeps 16 bits of what a type adds to the first convolution.
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


def test_annotations(package: Path) -> None:
    check_same(on_device(package).pipe(TEXTS), in_core(package).pipe(TEXTS))


@pytest.mark.parametrize("options", [{"exclude": ["parser"]}, {"exclude": ["ner", "tagger", "lemmatizer"]}])
def test_annotators_that_were_left_out(plain_package: Path, options: dict[str, Any]) -> None:
    core = in_core(plain_package, **options)
    check_same(on_device(plain_package, **options).pipe(TEXTS), core.pipe(TEXTS))


@pytest.mark.parametrize(
    "disable", [["parser"], ["parser", "ner"], ["tagger", "morphologizer", "lemmatizer"]]
)
def test_annotators_that_are_disabled(plain_package: Path, disable: list[str]) -> None:
    found = on_device(plain_package).pipe(TEXTS, disable=disable)
    check_same(found, in_core(plain_package).pipe(TEXTS, disable=disable))
    names = in_core(plain_package).pipe_names
    (doc,) = on_device(plain_package).pipe([TEXTS[0]], disable=names)
    assert not doc.columns.has_head()


@pytest.mark.parametrize(("batch_size", "threads"), [(1, 1), (7, 1), (5, 4), (1000, 2)])
def test_streams_keep_order_and_contexts(plain_package: Path, batch_size: int, threads: int) -> None:
    nlp = on_device(plain_package)
    pairs = list(enumerate(TEXTS))
    found = list(nlp.pipe([(t, i) for i, t in pairs], as_tuples=True, batch_size=batch_size, threads=threads))
    assert [context for _, context in found] == [i for i, _ in pairs]
    assert [doc.text for doc, _ in found] == TEXTS
    check_same([doc for doc, _ in found], [nlp(text) for text in TEXTS])


def test_what_a_doc_holds_is_kept(plain_package: Path) -> None:
    def given() -> Doc:
        starts = [True, False, False, True, None, None]
        doc = Doc(words=["Tim", "was", "running", "The", "dogs", "."], sent_starts=starts)
        doc.set_ents([Span(doc, 0, 2, "PER")])
        return doc

    found, expected = on_device(plain_package)(given()), in_core(plain_package)(given())
    check_same([found], [expected])
    assert found[3].is_sent_start
    assert found.ents[0].text == "Tim was"


def test_batches_of_segments(plain_package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotation, "MOST_WORDS", 40)
    nlp = on_device(plain_package)
    assert nlp._on_device is not None
    assert max(len(nlp.make_doc(text)) for text in TEXTS) > 40
    check_same(nlp.pipe(TEXTS), in_core(plain_package).pipe(TEXTS))
    docs = [Doc(words=["a"] * n) for n in (3, 0, 30, 10, 41, 0, 40, 1, 90)]
    batches = annotation.batches(nlp._on_device._segments(docs, ["parser"]), 40)
    assert [[len(segment) for segment in batch] for batch in batches] == [
        [3, 0, 30], [10], [41], [0, 40], [1], [90],
    ]  # fmt: skip


def test_a_document_of_several_segments(plain_package: Path) -> None:
    words = [f"word{i % 97}" if i % 13 else "." for i in range(9000)]
    texts = [Doc(words=words), "Some words between .", Doc(words=words[:4200], sent_starts=[True] * 4200)]
    found = list(on_device(plain_package).pipe(texts))
    assert len(_core.segment_ends(found[0].columns)) > 3
    again = [Doc(words=words), texts[1], Doc(words=words[:4200], sent_starts=[True] * 4200)]
    check_same(found, in_core(plain_package).pipe(again))


def test_what_is_no_text_comes_after_what_came_before(plain_package: Path) -> None:
    stream = on_device(plain_package).pipe(["One .", "Two .", 3, "Four ."])  # type: ignore[list-item]
    assert [next(stream).text, next(stream).text] == ["One .", "Two ."]
    with pytest.raises(TextError, match="found int, expected str or Doc"):
        next(stream)


def test_cpu_brings_the_core_back(plain_package: Path) -> None:
    nlp = in_core(plain_package)
    before = [doc.to_json() for doc in nlp.pipe(TEXTS)]
    assert nlp.to(STAND_IN) is nlp
    assert nlp.device == STAND_IN
    with pytest.raises(SettingsError):
        nlp.to("gpu")
    assert nlp.device == STAND_IN
    assert nlp.to("cpu").device == "cpu"
    assert [doc.to_json() for doc in nlp.pipe(TEXTS)] == before


def test_a_network_is_made_without_drawing_the_callers_random_numbers(plain_package: Path) -> None:
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    on_device(plain_package)
    assert torch.equal(torch.rand(1), expected)


def test_arrays_that_do_not_fit_are_refused(plain_package: Path) -> None:
    nlp = in_core(plain_package)
    doc, width = nlp.make_doc("Tim was running ."), nlp.settings.encoder.width
    vectors, n_rows = np.zeros((4, width), np.float32), len(arrays_of(nlp._parts.tensors())["parser.lower"])
    walk = _core.SegmentWalk(nlp._core, doc.columns, nlp.pipe_names)
    assert walk.ends() == [4]
    for shape in ((3, width), (4, width + 1), (0, 0)):
        with pytest.raises(TextError, match=rf"vectors: found shape \({shape[0]}, .*expected \(4, {width}\)"):
            walk.annotate(np.zeros(shape, np.float32))
    for shape in ((3, n_rows), (4, n_rows - 1)):
        with pytest.raises(TextError, match=rf"parser: found shape .*expected \(4, {n_rows}\)"):
            walk.annotate(vectors, parser=np.zeros(shape, np.float32))
    for wrong in (vectors.astype(np.float64), np.zeros((8, width), np.float32)[::2]):
        with pytest.raises(TypeError):
            walk.annotate(wrong)
    with pytest.raises(TextError, match="found 0 of 1 segments annotated"):
        walk.finish(doc.columns)
    assert not doc.columns.has_head()
    without = in_core(plain_package, exclude=["ner"])
    with pytest.raises(TextError, match="this pipeline has no ner"):
        _core.SegmentWalk(without._core, doc.columns, ["tagger"]).annotate(vectors, ner=vectors)


def test_segments_are_annotated_once_and_in_order(plain_package: Path) -> None:
    nlp = in_core(plain_package)
    doc = nlp.make_doc("Tim was running .")
    vectors = np.zeros((4, nlp.settings.encoder.width), np.float32)
    walk = _core.SegmentWalk(nlp._core, doc.columns, nlp.pipe_names)
    walk.annotate(vectors)
    with pytest.raises(TextError, match="after the last"):
        walk.annotate(vectors)
    walk.finish(doc.columns)
    assert doc.columns.has_head()
    with pytest.raises(TextError, match="finished before"):
        walk.finish(doc.columns)
    for words, enabled in (([], nlp.pipe_names), (["a"], [])):
        assert _core.SegmentWalk(nlp._core, Doc(words=words).columns, enabled).ends() == []


def test_numbers_that_are_not_finite_are_refused(plain_package: Path) -> None:
    nlp = in_core(plain_package)
    doc = nlp.make_doc("Tim was running .")
    walk = _core.SegmentWalk(nlp._core, doc.columns, nlp.pipe_names)
    with pytest.raises(PackageError, match="not finite"):
        walk.annotate(np.full((4, nlp.settings.encoder.width), np.nan, np.float32))
    assert not doc.columns.has_head()


def test_word_types() -> None:
    features, n_rows = feature_settings(FeatureSettings()), [50, 20, 30, 20, 30, 30, 10]
    docs = [Doc(words=["The", "dog", "The"]).columns, Doc(words=["dog", "Dog", "cat"]).columns]
    types, rows, norms = _core.word_types([*docs, docs[1]], [(0, 3), (0, 2), (3, 3)], features, n_rows)
    assert types.tolist() == [0, 1, 0, 1, 2]
    words = ["The", "dog", "Dog"]
    assert np.array_equal(rows, _core.feature_rows(Doc(words=words).columns, features, n_rows))
    assert np.array_equal(norms, _core.norm_hashes(words))
    types, rows, norms = _core.word_types([], [], features, n_rows)
    assert (types.shape, rows.shape, norms.shape) == ((0,), (0, 7, 4), (0,))
    for spans in ([], [(0, 4)], [(0, 1), (0, 1)]):
        with pytest.raises(TextError, match="word_types: "):
            _core.word_types(docs[:1], spans, features, n_rows)
