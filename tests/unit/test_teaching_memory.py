"""Networks and batches that the machine has not the memory for are refused, with what to lower."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from random_package import LABELS
from treelet.doc import Doc
from treelet.errors import SettingsError, TrainingError
from treelet.settings import settings_from_dict
from treelet.teaching import memory
from treelet.teaching.labels import Labels, collect_labels
from treelet.teaching.learner import Learner
from treelet.teaching.memory import check_batch, check_network, machine_memory

PARSER = {"parser": dict[str, Any]()}
SUPERTAGS = Labels(**LABELS)


def test_the_machine_tells() -> None:
    found = machine_memory()
    assert found is None or 2**26 < found < 2**50


@pytest.mark.parametrize("limit", ["12345\n", "max\n", ""])
def test_a_container_has_less(limit: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "memory.max"
    path.write_text(limit)
    whole = machine_memory()
    monkeypatch.setattr(memory, "_LIMITS", (str(path), str(tmp_path / "nowhere")))
    if whole is not None:
        found = machine_memory()
        assert found == 12345 if limit.startswith("1") else found is not None and found >= whole


@pytest.mark.parametrize(
    ("values", "lower"),
    [
        ({"encoder": {"rows_norm": 1_000_000, "width": 1024}}, "lower encoder.rows_norm or encoder.width"),
        ({"encoder": {"rows_suffix": [1_000_000], "width": 512}}, "lower encoder.rows_suffix"),
        ({"encoder": {"recurrent_layers": 16, "recurrent_units": 1024, "width": 1024}}, "recurrent_units"),
        ({"encoder": {"width": 1024}, "parser": {"hidden": 1024, "pieces": 8}}, "lower parser.hidden"),
    ],
)
def test_a_network_that_is_too_large(
    values: dict[str, Any], lower: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "machine_memory", lambda: 10**9)
    settings = settings_from_dict(PARSER | values)
    with pytest.raises(SettingsError, match=r"found \d+\.\d GB of memory .* the 1\.0 GB of this") as caught:
        check_network(settings, SUPERTAGS)
    assert lower in str(caught.value)
    with pytest.raises(SettingsError):
        Learner(settings, SUPERTAGS)
    monkeypatch.setattr(memory, "machine_memory", lambda: None)
    check_network(settings, SUPERTAGS)


def test_what_is_usual_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "machine_memory", lambda: 10**9)
    settings = settings_from_dict(PARSER | {"ner": {}, "tagger": {}})
    check_network(settings, SUPERTAGS)
    check_batch(settings, SUPERTAGS, 1500)


def test_a_batch_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "machine_memory", lambda: 10**9)
    with pytest.raises(SettingsError, match=r"a batch of 900,000 words, .* lower training\.batch_stop"):
        check_batch(settings_from_dict({"tagger": {}}), SUPERTAGS, 900_000)
    beam = settings_from_dict({"parser": {"beam_width": 1024, "global_updates": 1.0}})
    with pytest.raises(SettingsError, match=r"lower training\.batch_stop, parser\.beam_width or"):
        check_batch(beam, SUPERTAGS, 1500)
    greedy = settings_from_dict({"parser": {"beam_width": 1024}})
    check_batch(greedy, SUPERTAGS, 1500)


@pytest.mark.parametrize(
    ("section", "labels", "said"),
    [
        ("lemmatizer", {}, "lemmatizer: .*min_tree_frequency"),
        ("tagger", {}, "tagger: no word has a tag"),
        ("ner", {}, "ner: .* no entity"),
        ("parser", {}, "parser: no word has both a relation and a head"),
    ],
)
def test_an_annotator_without_labels(section: str, labels: dict[str, Any], said: str) -> None:
    with pytest.raises(TrainingError, match=said):
        Learner(settings_from_dict({section: {}}), Labels(**labels))


def test_what_was_taught_leaves_no_trace() -> None:
    """A step that kept itself alive would keep all before it, too: its network, its batch."""
    doc = Doc(["A", "dog", "barks"], heads=[1, 2, 2], deps=["det", "nsubj", "root"], tags=["DT", "NN", "VB"])
    back = Doc(["Go", "home"], heads=[0, 0], deps=["root", "obj"], tags=["VB", "NN"])
    values = {"encoder": {"width": 8, "rows_norm": 9}, "parser": {"hidden": 4}, "tagger": {}}
    settings = settings_from_dict(values)
    learner = Learner(settings, collect_labels([doc, back], settings))
    for seed in range(2):
        learner.step(learner.lessons([doc, back]), seed)
    table = weakref.ref(learner.network.encoder.tables[0])
    assert table() is not None
    del learner
    gc.collect()
    assert table() is None
