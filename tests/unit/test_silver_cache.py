"""Silver documents come back from disk as they were; a damaged cache is refused in words."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from treelet import Doc
from treelet.errors import TrainingError
from treelet.silver.cache import Silver, SilverCache, open_cache, write_shard

MADE_FROM = {"annotators": ["parser", "ner"], "labels": {"right": ["det"], "ner": ["PER"]}}


def documents() -> list[Silver]:
    one = Doc(
        ["Ana", "left", ".", "So", "what", "?"],
        [True, False, True, True, False, False],
        heads=[1, 1, 1, 4, 4, 4],
        deps=["nsubj", "root", "punct", "advmod", "root", "punct"],
        ents=["B-PER", "O", "O", "O", "O", "O"],
    )
    two = Doc(["Yes"], heads=[0], deps=["root"], ents=["O"])
    sure = {"head": np.linspace(0, 1, 6, dtype=np.float32), "ent": np.full(6, np.nan, np.float32)}
    return [Silver(one, sure), Silver(two, {"head": np.ones(1, np.float32)})]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    made = SilverCache(tmp_path / "c", MADE_FROM)
    made.write_index()
    made.add(write_shard(made.folder, 0, documents()))
    return made.folder


def test_what_is_written_comes_back(cache: Path) -> None:
    found = open_cache(cache)
    assert (found.words, found.annotators, found.labels) == (7, ["parser", "ner"], MADE_FROM["labels"])
    for before, after in zip(documents(), found.read(found.shards[0]), strict=True):
        assert after.doc.text.rstrip() == before.doc.text.rstrip()
        for name in ("word", "head", "deprel", "iob", "ent_type"):
            ours, theirs = (getattr(each.doc.columns, f"{name}_column")() for each in (before, after))
            assert ours == theirs
        assert after.doc.sentence_starts == before.doc.sentence_starts
        assert after.sure["head"] == pytest.approx(before.sure["head"], abs=1e-3)
        assert np.isnan(after.sure["ent"]).all()
    assert found.read(found.shards[0], {"PER": ""})[0].doc.ents == ()


def test_what_conllu_cannot_hold_stays_out(tmp_path: Path) -> None:
    tmp_path.joinpath("c").mkdir()
    odd = Doc(["a", "c"], heads=[1, 1], deps=["x", "root"], sent_starts=[True, True])
    good = documents()[1]
    unsure = {"head": np.zeros(2, np.float32)}
    shard = write_shard(tmp_path / "c", 0, [Silver(odd, unsure), good])
    assert (shard.documents, shard.words) == (1, 1)


def cut_text(cache: Path) -> None:
    path = cache / "silver-00000.conllu"
    path.write_bytes(path.read_bytes()[:-40])


def cut_numbers(cache: Path) -> None:
    path = cache / "silver-00000.safetensors"
    path.write_bytes(path.read_bytes()[:-4])


def other_numbers(cache: Path) -> None:
    index = json.loads((cache / "index.json").read_text())
    index["shards"][0]["words"] = 8
    (cache / "index.json").write_text(json.dumps(index))


def no_index(cache: Path) -> None:
    (cache / "index.json").write_text("{")


def no_shard(cache: Path) -> None:
    (cache / "silver-00000.conllu").unlink()


def odd_labels(cache: Path) -> None:
    index = json.loads((cache / "index.json").read_text())
    index["labels"] = {"ner": [1]}
    (cache / "index.json").write_text(json.dumps(index))


def read_all(cache: Path) -> None:
    found = open_cache(cache)
    assert found.labels
    found.read(found.shards[0])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (cut_text, "silver-00000.conllu"),
        (cut_numbers, "is damaged"),
        (other_numbers, "no 'head' of shape"),
        (no_index, "index.json: is damaged"),
        (no_shard, "is gone"),
        (odd_labels, "expected lists of labels"),
    ],
)
def test_damage_is_told(cache: Path, damage: Callable[[Path], None], message: str) -> None:
    damage(cache)
    with pytest.raises((TrainingError, ValueError), match=message):
        read_all(cache)


def test_a_folder_without_a_cache(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"holds no index.json: label texts first"):
        open_cache(tmp_path)
