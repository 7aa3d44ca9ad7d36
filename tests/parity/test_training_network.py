"""The PyTorch network that is taught against the core that annotates, number by number, on random weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import treelet
from random_package import LABELS, random_settings
from random_weights import to_core
from treelet import Doc, _core
from treelet.annotators.assemble import core_encoder_settings
from treelet.annotators.shapes import entity_system, network_shapes, parser_system
from treelet.languages import Tokenizer
from treelet.networks.encoder import Drop, WordFeatures
from treelet.networks.network import Network, OutputSizes
from treelet.package import save_package
from treelet.settings import Settings
from treelet.teaching.static_vectors import StaticVectors, pruned
from treelet.teaching.word_types import WordTypes

WORDS = [f"{word}{i}" for word in ("The", "dogs", "é", "Paris", "42", "–", "RUNNING") for i in range(9)]
SETTINGS: dict[str, dict[str, Any]] = {
    "plain": {"width": 16, "depth": 2},
    "dilated": {"width": 16, "depth": 3, "dilation": [1, 2, 5], "recurrent_layers": 0},
    "two recurrent layers": {"width": 24, "depth": 1, "recurrent_layers": 2, "recurrent_units": 5},
    "wide window": {"width": 24, "depth": 2, "window": 2, "pieces": 2, "dilation": [2, 1]},
    "no layers": {"width": 10, "depth": 0, "recurrent_layers": 0},
    "static vectors": {"width": 16, "depth": 2, "vector_words": 20, "vector_length": 7},
    "static vectors that share rows": {
        "width": 16,
        "depth": 1,
        "vector_words": 20,
        "vector_rows": 6,
        "vector_length": 7,
    },
    "static vectors of a width that fills no panel": {
        "width": 208,
        "depth": 1,
        "vector_words": 20,
        "vector_length": 7,
    },
    "no affixes": {
        "width": 16,
        "depth": 1,
        "rows_prefix": [],
        "rows_suffix": [],
        "features": {"prefix_lengths": [], "suffix_lengths": []},
    },
    "other affixes and static vectors": {
        "width": 16,
        "depth": 1,
        "vector_words": 20,
        "vector_length": 7,
        "rows_suffix": [30],
        "features": {"prefix_lengths": [4, 1, 8], "suffix_lengths": [3], "shape_run": 2},
    },
}


def make_settings(sections: dict[str, Any]) -> Settings:
    rows = {
        "rows_norm": 60,
        "rows_prefix": [16],
        "rows_suffix": [30, 20],
        "rows_shape": 20,
        "precision": "fp32",
    }
    encoder = rows | sections
    made: Settings = random_settings(features=encoder.pop("features", {}), encoder=encoder, senter=None)
    return made


def make_network(settings: Settings) -> Network:
    assert settings.parser is not None
    assert settings.ner is not None
    system, moves = parser_system(settings.parser, LABELS), entity_system(settings.ner, LABELS)
    tagged = {"tagger": "xpos", "upos": "upos", "feats": "feats", "lemmatizer": "trees"}
    sizes = OutputSizes(
        {name: len(LABELS[column]) for name, column in tagged.items()},
        (len(system.features), system.n_actions),
        (len(moves.features), moves.n_actions),
    )
    network = Network(settings, sizes).eval()
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.normal_(1.0 if name.endswith("gain") else 0.0, 0.3, generator=generator)
    return network


def make_vectors(settings: Settings) -> StaticVectors | None:
    encoder, random = settings.encoder, np.random.default_rng(5)
    if not encoder.vector_length:
        return None
    keys = _core.norm_hashes(WORDS[: encoder.vector_words])
    table = random.integers(-127, 128, (len(keys), encoder.vector_length), dtype=np.int8)
    vectors = StaticVectors(
        keys, table, random.uniform(0.001, 0.01, encoder.vector_length).astype(np.float32)
    )
    return pruned(vectors, encoder.vector_rows) if encoder.vector_rows else vectors


def core_weights(network: Network, vectors: StaticVectors | None) -> _core.Weights:
    weights = to_core({name: array.numpy() for name, array in network.arrays().items()})
    if vectors is not None:
        weights.add_keys("vectors.keys", vectors.keys)
        weights.add("vectors.table", "I8", list(vectors.table.shape), vectors.table)
        weights.add("vectors.scale", "F32", list(vectors.scale.shape), vectors.scale)
    return weights


def core_encoder(settings: Settings, weights: _core.Weights) -> _core.Encoder:
    return _core.Encoder(core_encoder_settings(settings), weights)


def make_docs(seed: int = 3) -> list[Doc]:
    random = np.random.default_rng(seed)
    return [Doc(words=[WORDS[i] for i in random.integers(0, len(WORDS), n)]) for n in (1, 30, 2, 300, 17)]


def encode(network: Network, settings: Settings, docs: list[Doc], vectors: StaticVectors | None) -> Any:
    """Token vectors of all documents in one batch, as teaching computes them."""
    types = WordTypes(settings, vectors)
    numbers = [types.add(doc) for doc in docs]
    every = np.arange(len(types))
    words = WordFeatures(torch.from_numpy(types.rows(every)), torch.from_numpy(types.static(every)))
    documents = np.repeat(np.arange(len(docs)), [len(doc) for doc in docs])
    with torch.no_grad():
        return network.encoder(
            words, torch.from_numpy(np.concatenate(numbers)), torch.from_numpy(documents), Drop(0.5, 0.5)
        )


@pytest.mark.parametrize("name", SETTINGS)
def test_encoder(name: str) -> None:
    settings = make_settings(SETTINGS[name])
    network, vectors, docs = make_network(settings), make_vectors(settings), make_docs()
    encoder = core_encoder(settings, core_weights(network, vectors))
    expected = np.concatenate([encoder.encode(doc.columns) for doc in docs])
    found = encode(network, settings, docs, vectors).numpy()
    assert found.std() > 0.1
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


def test_names_and_shapes_are_those_of_a_package() -> None:
    for encoder in SETTINGS.values():
        settings = make_settings(encoder)
        shapes = network_shapes(settings, LABELS)
        fixed = ("vectors.keys", "vectors.table", "vectors.scale")
        arrays = make_network(settings).arrays()
        assert {name: tuple(array.shape) for name, array in arrays.items()} == {
            name: shape for name, shape in shapes.items() if name not in fixed
        }


@pytest.mark.parametrize("name", ["tagger", "upos", "feats", "lemmatizer"])
def test_tag_scores(name: str) -> None:
    network = make_network(make_settings(SETTINGS["plain"]))
    rows = np.random.default_rng(2).standard_normal((11, 16)).astype(np.float32)
    with torch.no_grad():
        found = network.tagged[name](torch.from_numpy(rows)).numpy()
    np.testing.assert_allclose(found, _core.affine(core_weights(network, None), name, rows), atol=1e-4)


@pytest.mark.parametrize("name", ["parser", "ner"])
def test_state_scores(name: str) -> None:
    network = make_network(make_settings(SETTINGS["plain"]))
    scorer = getattr(network, name)
    random = np.random.default_rng(4)
    vectors = random.standard_normal((9, 16)).astype(np.float32)
    tokens = random.integers(-1, 9, (40, scorer.n_features))
    assert (tokens < 0).any()
    with torch.no_grad():
        rows = scorer.rows(torch.from_numpy(vectors))
        positions = torch.from_numpy(np.where(tokens < 0, 9, tokens).astype(np.int32))
        found = scorer(rows, positions, 0.5).numpy()
    weights = core_weights(network, None)
    expected = [_core.score_state(weights, name, vectors, row.tolist(), scorer.hidden) for row in tokens]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


def walk(state: Any, scorer: Any, rows: Any) -> Any:
    """Greedy walk with scores from PyTorch."""
    while not state.is_final():
        words = [word if word >= 0 else len(rows) for word in state.words()]
        scores = scorer(rows, torch.tensor([words], dtype=torch.int32), 0.0)[0]
        allowed = torch.tensor(state.valid())
        state.apply(int(scores.masked_fill(~allowed, -torch.inf).argmax()))
    return state


def save(network: Network, settings: Settings, vectors: StaticVectors | None, path: Path) -> treelet.Pipeline:
    """The network as a package in full precision, loaded."""
    static = vectors.arrays() if vectors else {}
    save_package(
        path,
        settings=settings,
        weights={name: array.numpy() for name, array in network.arrays().items()} | static,
        labels=LABELS,
        tokenizer_json=Tokenizer.from_language("en").to_json(),
        stored="fp32",
        genre="random",
    )
    return treelet.load(path)


def test_a_saved_network_annotates_as_it_was_taught(tmp_path: Path) -> None:
    settings = make_settings(SETTINGS["static vectors"])
    network, vectors, docs = make_network(settings), make_vectors(settings), make_docs(7)
    nlp = save(network, settings, vectors, tmp_path / "p")
    assert settings.parser is not None
    assert settings.ner is not None
    system, moves = parser_system(settings.parser, LABELS), entity_system(settings.ner, LABELS)
    for doc in docs:
        rows = encode(network, settings, [doc], vectors)
        nlp(doc)
        with torch.no_grad():
            best = network.tagged["tagger"](rows).argmax(1)
            parse = walk(_core.ParseWalk(system, len(doc)), network.parser, network.parser.rows(rows))
            sentences = _core.EntityWalk(moves, len(doc), sent_starts=parse.sent_starts())
            names = walk(sentences, network.ner, network.ner.rows(rows))
        assert doc.columns.xpos_column() == [LABELS["xpos"][i] for i in best]
        heads = [i if head < 0 else head for i, head in enumerate(parse.heads())]
        decorated = [system.labels[i] if i >= 0 else "root" for i in parse.deprels()]
        heads, labels = _core.deprojectivize(heads, decorated)
        assert doc.columns.heads().tolist() == heads
        assert doc.columns.deprel_column() == labels
        assert doc.columns.sent_starts().tolist() == parse.sent_starts()
        assert doc.columns.iobs().tolist() == names.iob()


def test_the_second_segment_of_a_long_document(tmp_path: Path) -> None:
    """Rows, presets and heads of a segment that does not begin at the document's first word."""
    settings = make_settings(SETTINGS["dilated"])
    network = make_network(settings)
    nlp = save(network, settings, None, tmp_path / "p")
    random = np.random.default_rng(8)
    words = [WORDS[i] for i in random.integers(0, len(WORDS), 1064)]
    starts = [True if i in (0, 1020, 1030) else None for i in range(len(words))]
    doc = Doc(words=words, sent_starts=starts)
    begin, end = _core.segment_ends(doc.columns)
    assert (begin, end) == (1020, 1064)
    rows = encode(network, settings, [doc], None)[begin:]
    nlp(doc)
    assert settings.parser is not None
    system = parser_system(settings.parser, LABELS)
    with torch.no_grad():
        assert network.parser is not None
        presets = [int(i in (0, 10)) for i in range(end - begin)]
        state = _core.ParseWalk(system, end - begin, presets)
        parse = walk(state, network.parser, network.parser.rows(rows))
    assert doc.columns.sent_starts().tolist()[begin:] == parse.sent_starts()
    restored, _ = _core.deprojectivize(
        [i if h < 0 else h for i, h in enumerate(parse.heads())],
        [system.labels[i] if i >= 0 else "root" for i in parse.deprels()],
    )
    assert doc.columns.heads().tolist()[begin:] == [begin + head for head in restored]
