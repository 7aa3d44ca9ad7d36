"""Search spaces: what a file may say, errors that name the place in it, and values of a trial as settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from treelet.errors import SettingsError
from treelet.settings import Settings, settings_from_dict
from treelet.tuning.space import changed_settings, default_space, read_space, space_from_toml


class Fixed:
    """Stands for a trial: gives the lowest or first value, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def suggest_int(self, name: str, low: int, high: int, **options: object) -> int:
        self.asked.append((name, low, high, options))
        return low

    def suggest_float(self, name: str, low: float, high: float, **options: object) -> float:
        self.asked.append((name, low, high, options))
        return low + 0.000123456

    def suggest_categorical(self, name: str, choices: list[str]) -> str:
        self.asked.append((name, choices))
        return choices[-1]


SPACE = """\
[training.batch_stop]
low = 100
high = 1000
log = true
follow = ["training.batch_start"]
[training.dropout]
low = 0
high = 0.5
step = 0.05
[parser.hidden]
choices = [64, 128]
[features.prefix_lengths]
choices = [[1], [1, 3]]
[encoder.rows_prefix]
choices = [[250], [99]]
"""


def test_a_space_is_read_and_asked_for() -> None:
    space = space_from_toml(SPACE, "s")
    trial = Fixed()
    values = {each.path: each.suggest(trial) for each in space}
    assert trial.asked[:2] == [
        ("training.batch_stop", 100, 1000, {"log": True}),
        ("training.dropout", 0.0, 0.5, {"step": 0.05}),
    ]
    assert values == {
        "training.batch_stop": 100,
        "training.dropout": 0.000123,
        "parser.hidden": 128,
        "features.prefix_lengths": [1, 3],
        "encoder.rows_prefix": [99],
    }
    settings = changed_settings(Settings(), space, values)
    assert settings.training.batch_start == 20  # 200 / 1000 of it
    assert settings.parser is not None
    assert (settings.parser.hidden, settings.encoder.rows_prefix) == (128, [99])


def test_the_default_space_is_that_of_batches_and_dropout() -> None:
    space = default_space()
    assert [each.path for each in space] == ["training.batch_stop", "training.dropout"]
    base = settings_from_dict({"training": {"batch_start": 500, "batch_stop": 1000, "epochs": 3}})
    settings = changed_settings(base, space, {"training.batch_stop": 4000, "training.dropout": 0.05})
    assert (settings.training.batch_start, settings.training.epochs) == (2000, 3)


def test_values_as_they_are_stored() -> None:
    space = {each.path: each for each in space_from_toml(SPACE, "s")}
    assert space["training.batch_stop"].stored(1000) == 1000
    assert space["training.batch_stop"].stored(1001) is None
    assert space["features.prefix_lengths"].value(space["features.prefix_lengths"].stored([1])) == [1]
    assert space["parser.hidden"].stored(65) is None


def check_error(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "space.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as error:
        read_space(path)
    assert str(error.value).startswith(f"{path}: ")
    assert expected in str(error.value)


UNKNOWN = "is not a setting; did you mean training.dropout?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "names no setting to tune"),
        ("[training", "not TOML"),
        ("[trainning.dropout]\nlow=0\nhigh=1", f"trainning.dropout {UNKNOWN}"),
        ("[training.dropuot]\nlow=0\nhigh=1", f"training.dropuot {UNKNOWN}"),
        ("[trainning]\ndropout=0.1", f"trainning.dropout {UNKNOWN}"),
        ("dropout=0.1", "dropout is not a setting; did you mean"),
        ("[training]\ndropout=0.1", "training.dropout: found 0.1, expected a table"),
        ("training = 3", "training: found 3, expected tables"),
        ("[parser.lifting]\nlow=0\nhigh=1", "parser.lifting: is no number: give choices"),
        ("[parser.lifting]\nchoices=['head', 'tail']", "parser.lifting.choices.1: found 'tail', expected"),
        ("[training.epochs]\nlow=1\nhigh=9\nstep=0.5", "training.epochs.step: found 0.5"),
        ("[training.epochs]\nlow=1\nhigh=9\nlog=true\nstep=1", "expected no step, as log is true"),
        ("[training.epochs]\nlow=1.5\nhigh=9", "training.epochs.low: found 1.5, expected a whole number"),
    ],
)
def test_what_a_space_cannot_say(tmp_path: Path, text: str, expected: str) -> None:
    check_error(tmp_path, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("low=0.1\nhigh=0.95", ".high: found 0.95, expected 0.0 to 0.9"),
        ("low=0.1", ".high: is missing"),
        ("low='a'\nhigh=0.5", ".low: found 'a', expected a number"),
        ("low=0.5\nhigh=0.1", ": found low 0.5 and high 0.1, expected low below high"),
        ("low=0\nhigh=0.1\nlog=true", ".low: found 0.0, expected more than 0"),
        ("low=0\nhigh=0.1\nlog=1", ".log: found 1, expected true or false"),
        ("low=0\nhigh=0.1\nstep=2", ".step: found 2, expected a number"),
        ("low=0\nhihg=0.1", ".hihg is not known; did you mean high?"),
        ("choices=[0.1]", ".choices: found [0.1], expected a list of two"),
        ("choices=[0.1, 0.1]", ".choices: found [0.1, 0.1], expected none twice"),
        ("choices=[0.1, 2]", ".choices.1: found 2.0, expected 0.0 to 0.9"),
        ("choices=[0.1, 0.2]\nlow=0", ".low: expected nothing beside choices"),
        ("low=0\nhigh=0.5\nfollow=['ner.dropot']", ".follow: ner.dropot is not a setting; did you mean"),
        ("low=0\nhigh=0.5\nfollow=['parser.lifting']", ".follow: only numbers can follow"),
        ("low=0\nhigh=0.5\nfollow='ner.dropout'", ".follow: found 'ner.dropout', expected a list"),
        ("low=0\nhigh=0.5\nfollow=['training.dropout']", ".follow: training.dropout is tuned itself"),
    ],
)
def test_what_a_range_cannot_say(tmp_path: Path, text: str, expected: str) -> None:
    check_error(tmp_path, f"[training.dropout]\n{text}", f"training.dropout{expected}")


def test_a_space_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_space(tmp_path / "absent.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="not UTF-8"):
        read_space(tmp_path / "bad.toml")
