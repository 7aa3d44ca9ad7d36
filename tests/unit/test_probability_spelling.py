"""Probabilities in JSON: at most six decimals, spelt as Python spells a float."""

import json

from treelet.doc import Doc
from treelet.formats import write_jsonl


def written(values: list[float]) -> list[str]:
    doc = Doc(["a"] * len(values))
    doc.columns.set_head_probability_column(values)
    (line,) = write_jsonl([doc], probabilities=True)
    assert json.loads(line)["tokens"][0]["head_probability"] == values[0]
    return [token.rpartition(" ")[2] for token in line.split("}, {")]


def test_every_number_of_digits() -> None:
    millionths = [*range(1, 1200), *range(9_990, 10_020), *range(1_200, 1_000_000, 997), 100_000, 999_999]
    values = [0.0, *(n / 10**6 for n in millionths), 1.0, 0.5]
    assert written(values)[:-1] == [repr(value) for value in values[:-1]]


def test_more_digits_are_rounded() -> None:
    assert written([0.25, 1e-7, 0.1234567, 0.9999999, 1.0])[:-1] == ["0.25", "0.0", "0.123457", "1.0"]
