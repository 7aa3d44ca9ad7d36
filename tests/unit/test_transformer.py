"""Words through a pretrained transformer: what it sees at once, whose vector is whose, what is stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

pytest.importorskip("transformers")

from small_transformer import write_transformer
from treelet.errors import PackageError, SettingsError
from treelet.networks.pretrained import read_pretrained, stored_transformer
from treelet.networks.transformer import Transformer, windows
from treelet.package.files import TRANSFORMER_CONFIG, TRANSFORMER_WEIGHTS
from treelet.settings import TransformerSettings

WORDS = ["The", "dog", "saw", "Otto", "."]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_transformer(tmp_path_factory.mktemp("transformer"))


def made(folder: Path, width: int = 12, **settings: object) -> Transformer:
    torch.manual_seed(3)
    chosen = TransformerSettings(**{"precision": "fp32", **settings})
    return Transformer(read_pretrained(folder), chosen, width).eval()


def test_a_word_gets_the_vector_of_its_first_sub_token(folder: Path) -> None:
    """Beside the same computed in the plainest way: one text, no padding, no windows."""
    transformer = made(folder)
    with torch.no_grad():
        transformer.mix.copy_(torch.tensor([0.1, 0.7, -0.4]))
        transformer.factor.fill_(1.5)
        found = transformer([WORDS])
        ids = [
            2,
            5,
            *(transformer.subtokens.of(["dog", "saw", "Otto"])[i][j] for i in (0, 1) for j in range(3)),
        ]
        ids += [*transformer.subtokens.of(["Otto"])[0], 4, 3]
        layers = transformer.model(torch.tensor([ids]), output_hidden_states=True).hidden_states
        shares = torch.softmax(transformer.mix, 0)
        mixed = 1.5 * sum(share * layer[0] for share, layer in zip(shares, layers, strict=True))
        expected = transformer.map(mixed[[1, 2, 5, 8, 12]])
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)


def test_neighbouring_documents_change_nothing(folder: Path) -> None:
    transformer = made(folder)
    with torch.no_grad():
        alone = torch.cat([transformer([words]) for words in (WORDS, WORDS[:2], ["a"])])
        together = transformer([WORDS, WORDS[:2], ["a"]])
    torch.testing.assert_close(alone, together, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("word", ["", " ", "\u200b", "中", "x" * 500, "don't", "\ud800"])
def test_every_word_has_a_vector(folder: Path, word: str) -> None:
    transformer = made(folder)
    with torch.no_grad():
        assert torch.isfinite(transformer([["a", word, "b"]])).all()
        assert transformer([["a", word, "b"]]).shape == (3, 12)
    assert transformer([]).shape == (0, 12)


def test_windows_hold_all_words_in_order() -> None:
    words = ["one", ".", "two", "three", "four", ".", "five", "six"]
    ids = [[i] * (1 + i % 3) for i in range(len(words))]
    for most in range(1, 20):
        seen = list(windows(words, ids, most))
        assert [window.ids[place] for window in seen for place in window.first] == list(range(len(words)))
        assert all(len(window.ids) <= most for window in seen)
    ends_at_marks = [
        [window.ids[place] for place in window.first] for window in windows(words, [[i] for i in range(8)], 7)
    ]
    assert ends_at_marks == [[0, 1, 2, 3, 4, 5], [6, 7]]


def test_what_is_stored_computes_the_same(folder: Path, tmp_path: Path) -> None:
    transformer = made(folder)
    with torch.no_grad():
        for parameter in transformer.parameters():
            parameter.copy_(parameter.half().float())  # stored in 16 bits
        transformer.mix.copy_(torch.tensor([0.5, 0.25, -0.5]))
        for name, data in transformer.files().items():
            (tmp_path / name).write_bytes(data)
        again = stored_transformer(tmp_path, transformer.settings, 12)
        assert torch.equal(transformer([WORDS]), again([WORDS]))
    assert not any(parameter.requires_grad for parameter in again.parameters())


def test_what_does_not_fit_is_refused(folder: Path, tmp_path: Path) -> None:
    transformer = made(folder)
    for name, data in transformer.files().items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(PackageError, match=r"map\.bias: found \(12,\), expected \(13,\)"):
        stored_transformer(tmp_path, transformer.settings, 13)
    whole = (tmp_path / TRANSFORMER_WEIGHTS).read_bytes()
    (tmp_path / TRANSFORMER_WEIGHTS).write_bytes(whole[:-10])
    with pytest.raises(PackageError, match="damaged"):
        stored_transformer(tmp_path, transformer.settings, 12)
    for config in ("{", '{"model_type": "no such"}', "[]", '{"hidden_size": "wide", "model_type": "bert"}'):
        (tmp_path / TRANSFORMER_CONFIG).write_text(config)
        with pytest.raises(PackageError, match="damaged"):
            stored_transformer(tmp_path, transformer.settings, 12)


def test_nothing_that_came_with_the_weights_runs(folder: Path, tmp_path: Path) -> None:
    """A configuration that names code of its own is read without it."""
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "mine.py").write_text("open('ran', 'w')\nclass Mine: pass\n")
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"auto_map": {"AutoModel": "mine.Mine"}}))
    transformer = made(tmp_path)
    assert type(transformer.model).__name__ == "BertModel"
    assert b"auto_map" not in transformer.files()[TRANSFORMER_CONFIG]
    assert not Path("ran").exists()


def test_a_folder_without_a_transformer(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"expected a folder with config\.json"):
        read_pretrained(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(SettingsError, match="transformer: "):
        read_pretrained(tmp_path)
