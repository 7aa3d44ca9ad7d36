"""Whatever stands in a file that is said to be a training log: it is read, or it is our error."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from treelet.errors import FormatError
from treelet.training.log_reader import read_log

numbers = st.sampled_from([0, 5, -1, 0.5, 10**400, 2**63, 1e308, float("inf"), float("nan"), None, True, "a"])
tables = st.one_of(numbers, st.dictionaries(st.sampled_from(["a", "", "é"]), numbers, max_size=2))
names = ("epoch", "epochs", "words", "seconds", "losses", "scores", "score", "best", "annotators", "reason")
records = st.builds(
    lambda kind, values: {"event": kind, **values},
    st.sampled_from(["started", "prepared", "steps", "evaluated", "finished", "other", 3, None]),
    st.fixed_dictionaries({}, optional=dict.fromkeys(names, tables)),
)
steps = st.builds(
    lambda words, loss: {"event": "steps", "epoch": 1, "words": words, "losses": {"a": loss}},
    st.integers(0, 30),
    st.floats(0, 9),
)


def read(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.log.jsonl"
        path.write_bytes(content)
        try:
            run = read_log(path)
        except FormatError:
            return
        words = [each.words for each in run.steps]
        assert words == sorted(set(words))
        assert run.words_in_pass() >= 1
        run.best()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records, max_size=6), st.booleans())
def test_records_of_any_kind(found: list[object], ended: bool) -> None:
    lines = [json.dumps(record) for record in [{"event": "started"}, *found]]
    read("\n".join(lines).encode() + b"\n" * ended)


@given(st.lists(steps, max_size=20))
def test_steps_in_any_order_come_out_rising(found: list[object]) -> None:
    lines = [json.dumps(record) for record in [{"event": "started"}, *found]]
    read("\n".join(lines).encode() + b"\n")


@given(st.binary(max_size=60))
def test_any_bytes(content: bytes) -> None:
    read(b'{"event": "started"}\n' + content + b"\n")
