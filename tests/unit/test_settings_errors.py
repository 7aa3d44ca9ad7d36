"""What is wrong with settings is said with place, path, what was found and what is right."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import treelet
from small_corpus import conllu, write
from treelet.cli import run
from treelet.errors import SettingsError
from treelet.settings import read_settings, settings_for_teaching, settings_from_dict, settings_from_toml
from treelet.settings.explanations import line_of

SECTIONS = ["encoder", "ner", "training"]
HEAD = 'language = "en"\n\n[encoder]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "wdth = 3\n", "f.toml: line 4: encoder.wdth: is not a setting; did you mean encoder.width?"),
        (HEAD + "dropout = 0.3\n", "line 4: encoder.dropout: is not a setting; did you mean senter.dropout?"),
        ("width = 3\n", "f.toml: line 1: width: is not a setting; did you mean encoder.width?"),
        ("[enkoder]\nwidth = 3\n", "line 1: enkoder: is not a setting; did you mean encoder?"),
        ("[encoder.width]\nx = 3\n", "line 1: encoder.width: found {'x': 3}, expected a whole number"),
        ("encoder.depth = 1\nencoder.width = 4\n", "line 2: encoder.width: found 4, expected 8 to 1,024"),
        (HEAD + "# width = 4\nwidth = 4\n", "line 5: encoder.width: found 4"),
        (HEAD + "dilation = [\n 1,\n 0,\n]\n", "line 4: encoder.dilation.1: found 0, expected 1 to 1,024"),
        (HEAD + "width = 1e3\n", "encoder.width: found 1000.0, expected a whole number"),
        (HEAD + "width = true\n", "encoder.width: found True, expected a whole number"),
        ("[training]\ndropout = true\n", "line 2: training.dropout: found True, expected a number"),
        ("[training]\ndropout = nan\n", "training.dropout: found nan, expected 0.0 to 0.9"),
        ("[training]\ndropout = inf\n", "training.dropout: found inf, expected 0.0 to 0.9"),
        ("[training]\nlearning_rate = 0.0\n", "training.learning_rate: found 0.0, expected 1e-06 to 1.0"),
        ("[training]\nseed = 99999999999999999999\n", "expected 0 to 2,147,483,647"),
        ("[training]\nseed = " + "9" * 5000 + "\n", "f.toml: not TOML"),
        ("[training]\nseed = 0x" + "f" * 5000 + "\n", "seed: found a whole number beyond all measure"),
        ("encoder = 3\n", "line 1: encoder: found 3, expected a table of names and values"),
        ("encoder = []\n", "encoder: found [], expected a table of names and values"),
        ("ner = false\n", "ner: found False, expected a table of names and values"),
        ('pipeline = "ner"\n', "pipeline: found 'ner', expected a list in brackets"),
        ('pipeline = ["ner", "ner"]\n', "pipeline: found ['ner', 'ner'], 'ner' twice, expected any of"),
        ('pipeline = ["nerr"]\n', "pipeline.0: found 'nerr', expected one of tagger, "),
        ("pipeline = [[[1]]]\n", "pipeline.0: found [[1]], expected text"),
        ('language = ""\n', "language: found '', expected a code such as en"),
        ('language = "../../x"\n', "language: found '../../x', expected a code such as en"),
        ('[ner]\nfeatures = ["S0"]\n', "line 2: ner.features.0: found 'S0', expected one of 3, 6, all, B0"),
        ('[parser]\nfeatures = ["E0"]\n', "line 2: parser.features.0: found 'E0', expected one of 8, 13"),
        ("[parser]\nfeatures = []\n", "parser.features: found [], 0 of them, expected one or more of 8, 13"),
        ('[parser]\nfeatures = ["8", "13"]\n', "parser.features: 'B0' stands there twice, expected each"),
        ('[ner]\nfeatures = ["6", "L0"]\n', "line 2: ner.features: 'L0' stands there twice"),
        ("[encoder]\nvector_length = 50\n", "encoder.vector_words: found 0, expected 1 or more, as"),
        ("[features]\nsuffix_lengths = [2]\n", "rows_suffix: found [500, 2500, 2500], expected 1 to 1"),
        ("a = 1\na = 2\n", "f.toml: not TOML: "),
        ("{]", "f.toml: not TOML: "),
        ("x = " + "[" * 9999 + "]" * 9999, "f.toml: lists in lists are too deep, expected name = value"),
    ],
)  # fmt: skip
def test_an_error_of_a_file(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from_toml(text, "f.toml")
    message = str(caught.value)
    assert message.startswith("f.toml: ")
    assert said in message
    assert len(message) < 500


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], "settings: found [], expected a table of names and values"),
        ({3: 4}, "settings: 3: is not a setting"),
        ({"": 1}, "is not a setting; known here: encoder, "),
        ({"training": {"seed": 10**5000}}, "training.seed: found a whole number beyond all measure"),
        ({"training": {"dropout": 10**5000}}, "training.dropout: found a whole number beyond all measure"),
        ({"encoder": {"width": "9" * 99}}, "expected a whole number"),
    ],
)
def test_an_error_of_a_dictionary(values: Any, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from_dict(values)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("values", "has_vectors", "said"),
    [
        ({"encoder": {"vector_words": 9}}, False, "encoder.vector_words: found 9, expected 0 without static"),
        ({"encoder": {"vector_words": 9, "vector_length": 5}}, False, "encoder.vector_words: found 9"),
        (
            {"training": {"batch_stop": 100}},
            True,
            "training.batch_stop: found 100, expected at least training.batch_start, 200",
        ),
        (
            {"ner": {"exploration_start": 16.0}},
            True,
            "ner.exploration_start: found 16.0, expected less than training.epochs, 16, or ner.explor",
        ),
        ({"parser": {"exploration_start": 3.5}, "training": {"epochs": 2}}, True, "parser.exploration_start"),
    ],
)
def test_what_cannot_go_together_in_teaching(values: dict[str, Any], has_vectors: bool, said: str) -> None:
    settings = settings_from_dict(values)
    with pytest.raises(SettingsError) as caught:
        settings_for_teaching(settings, has_vectors)
    assert f"settings: {said}" in str(caught.value)


@pytest.mark.parametrize("values", [
    {"encoder": {"vector_words": 9}},
    {"parser": {"exploration": 0.0, "exploration_start": 99.0}},
    {"training": {"batch_start": 7, "batch_stop": 7}},
])  # fmt: skip
def test_what_can(values: dict[str, Any]) -> None:
    settings = settings_from_dict(values)
    assert settings_for_teaching(settings, has_vectors=True) == settings


def test_settings_made_without_checks_are_checked_before_teaching() -> None:
    from dataclasses import replace

    settings = settings_from_dict({})
    wrong = replace(settings, encoder=replace(settings.encoder, width=-1))
    with pytest.raises(SettingsError, match=r"encoder\.width: found -1, expected 8 to 1,024 numbers"):
        settings_for_teaching(wrong, has_vectors=False)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    path.write_bytes(b"language = '\xff'\n")
    with pytest.raises(SettingsError, match=r"f\.toml: not UTF-8 text"):
        read_settings(path)
    with pytest.raises(SettingsError, match=r"nowhere\.toml: cannot be read"):
        read_settings(tmp_path / "nowhere.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path)
    path.write_bytes(b"\xef\xbb\xbflanguage = 'pt'\n")
    with pytest.raises(SettingsError, match=r"f\.toml: not TOML"):
        read_settings(path)


@given(st.text() | st.text(alphabet='[]{}=."\n #\\1ea_'))
def test_any_text_is_settings_or_our_error(text: str) -> None:
    with suppress(SettingsError):
        settings_from_toml(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(SECTIONS), inner),
    )
)
def test_any_value_is_settings_or_our_error(value: Any) -> None:
    with suppress(SettingsError):
        settings_from_dict(value)


def test_lines() -> None:
    text = "a = 1\n[b]\n  c = 2\n[b.d]\ne = [\n 1\n]\n"
    assert [line_of(text, path) for path in ("a", "b", "b.c", "b.d.e.0", "b.x", "x")] == [1, 2, 3, 5, 2, None]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"hiden": 3}, "ner.hiden: is not a setting; did you mean ner.hidden?"),
        ({"hidden": 2}, "ner.hidden: found 2, expected 4 to 1,024 units"),
        ({"features": ["S0"]}, "ner.features.0: found 'S0', expected one of 3, 6, all"),
        (5, "ner: found 5, expected a table of names and values"),
    ],
)
def test_an_error_in_python(config: Any, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        treelet.blank("pt").add_pipe("ner", config=config)
    assert str(caught.value).startswith(f"add_pipe('ner'): {said}")


def test_the_section_of_another_pipeline() -> None:
    first, second = treelet.blank("pt"), treelet.blank("en")
    first.add_pipe("ner", config={"hidden": 12})
    second.add_pipe("ner", config=first.get_pipe("ner").cfg)
    assert second.get_pipe("ner").cfg["hidden"] == 12


def test_an_error_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trees = str(write(tmp_path / "t.conllu", conllu(3)))
    command = ["train", "--train", trees, "--dev", trees, "--out", str(tmp_path / "p")]
    for assignment, code, said in (
        ("encoder.wdth=3", 2, "command line: encoder.wdth: is not a setting; did you mean encoder.width?"),
        ("encoder.width=x", 2, "command line: encoder.width: found 'x', expected a whole number"),
        ("training.batch_stop=9", 1, "settings: training.batch_stop: found 9, expected at least"),
        ("encoder.vector_words=9", 1, "settings: encoder.vector_words: found 9, expected 0 without"),
    ):
        assert run([*command, "--set", assignment]) == code
        assert said in capsys.readouterr().err
        assert not (tmp_path / "p").exists()
    file = write(tmp_path / "s.toml", "[encoder]\n\nwidth = 2\n")
    assert run([*command, "--settings", str(file)]) == 1
    assert "s.toml: line 3: encoder.width: found 2, expected 8 to 1,024" in capsys.readouterr().err
