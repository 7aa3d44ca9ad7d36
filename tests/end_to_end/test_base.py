"""`treelet train --base`: new labels are learned, what the base knows is kept, the base stays as it is."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import treelet
from small_corpus import conllu, sentence, write
from treelet.cli import run
from treelet.errors import SettingsError, TrainingError
from treelet.package import read_package
from treelet.settings import settings_from_dict
from treelet.training import Compared, Evaluated, TrainingJob, train
from treelet.training.base import Base

SMALL = {
    "encoder": {
        "width": 24,
        "recurrent_layers": 1,
        "recurrent_units": 8,
        "rows_norm": 200,
        "rows_shape": 50,
        "rows_prefix": [50],
        "rows_suffix": [100],
    },
    "training": {"epochs": 8, "batch_start": 40, "batch_stop": 80, "batch_growth": 1.05},
}
FILES = ("weights.safetensors", "labels.json", "settings.toml", "tokenizer.json", "manifest.json")
CALIBRATED = ("parser.calibration", "parser.label_calibration")
GADGETS = ["abacus", "sextant", "lorgnette", "astrolabe"]


def gadgets(n: int, seed: int = 0) -> str:
    """Sentences about gadgets, which alone are annotated, though people and places stand in them, too."""
    chance = random.Random(seed)
    blocks = []
    for _ in range(n):
        rows = [(row[0], "O") for row in sentence(chance)]
        rows[1] = (chance.choice(GADGETS), "B-gadget")
        blocks.append("".join(f"{word}\t{tag}\n" for word, tag in rows))
    return "\n".join(blocks) + "\n"


def contents(package: Path) -> dict[str, bytes]:
    return {name: (package / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    trees = write(folder / "t.conllu", conllu(120))
    dev = write(folder / "d.conllu", conllu(30, seed=1))
    list(train(TrainingJob([trees], [dev], folder / "p", settings_from_dict(SMALL))))
    return folder / "p"


def job(base: Path, folder: Path, changes: dict[str, Any] | None = None, **more: Any) -> TrainingJob:
    given = {
        "train": [write(folder / "new.iob2", gadgets(40))],
        "dev": [
            write(folder / "new-dev.iob2", gadgets(15, 1)),
            write(folder / "old-dev.conllu", conllu(30, 2)),
        ],
        "out": folder / "more",
        "settings": Base(base).settings_with(changes or {"training": {"learning_rate": 0.01}}),
        "base": base,
    }
    return TrainingJob(**(given | more))


def compared(events: list[Any]) -> dict[str, tuple[float | None, float, str]]:
    (found,) = [event for event in events if isinstance(event, Compared)]
    return {score.name: (score.before, score.after, score.of) for score in found.scores}


def test_new_is_learned_and_old_is_kept(base: Path, tmp_path: Path) -> None:
    before = contents(base)
    scores = compared(list(train(job(base, tmp_path))))
    assert contents(base) == before
    assert scores["ents gadget"][0] is None
    assert scores["ents gadget"][1] > 80
    for name in ("ents", "ents person", "ents place", "UPOS", "LAS", "Lemmas"):
        was, now, of = scores[name]
        assert was is not None
        assert was > 80
        assert now > was - 3, name
        assert of == "gold"
    labels = read_package(tmp_path / "more").labels["ner"]
    assert labels == [*read_package(base).labels["ner"], "gadget"]
    assert (tmp_path / "more" / "tokenizer.json").read_bytes() == before["tokenizer.json"]


def test_without_rehearsal_old_is_forgotten(base: Path, tmp_path: Path) -> None:
    scores = compared(list(train(job(base, tmp_path, rehearse=False))))
    was, now, _ = scores["ents"]
    assert was is not None
    assert now < was - 30
    assert scores["ents gadget"][1] > 80


def test_nothing_has_changed_before_the_first_step(base: Path, tmp_path: Path) -> None:
    """Rows of old labels are those of the base; new ones never score highest."""
    from treelet.networks.device import PROCESSOR
    from treelet.package import save_package
    from treelet.training.distributed import World
    from treelet.training.more import teach_more

    more = teach_more(job(base, tmp_path), PROCESSOR, World())
    now, then = more.learner.arrays(), more.base.arrays
    n = len(then["ner.upper.bias"])
    assert len(now["ner.upper.bias"]) == n + 4
    for name, array in then.items():
        np.testing.assert_array_equal(now[name][: len(array)], array.astype(now[name].dtype), name)
    out = tmp_path / "unchanged"
    settings, labels = more.learner.settings, more.learner.labels.packaged()
    rules = (base / "tokenizer.json").read_text()
    given = {"settings": settings, "weights": now, "labels": labels, "tokenizer_json": rules}
    save_package(out, **given, stored="fp32", genre="x")
    old, new = treelet.load(base), treelet.load(out)
    texts = [doc.text for doc in more.gold_dev()]
    assert [doc.to_json() for doc in new.pipe(texts)] == [doc.to_json() for doc in old.pipe(texts)]


def test_development_files_need_not_know_the_old(base: Path, tmp_path: Path) -> None:
    """What they do not annotate is compared with the base's own predictions."""
    events = list(train(job(base, tmp_path, dev=[write(tmp_path / "d.iob2", gadgets(15, 1))])))
    scores = compared(events)
    assert {name: of for name, (_, _, of) in scores.items()} == {
        **dict.fromkeys(["XPOS", "UPOS", "UFeats", "Lemmas", "Sentences", "UAS", "LAS"], "base"),
        **dict.fromkeys(["ents", "ents person", "ents place"], "base"),
        "ents gadget": "gold",
    }
    assert scores["ents"][0] == 100
    assert scores["ents"][1] > 90
    evaluated = [event for event in events if isinstance(event, Evaluated)]
    for event in evaluated:
        kept = [event.scores[f"kept {name}"] for name in ("XPOS", "Lemmas", "Sentences", "ENTS")]
        kept += [(event.scores["kept UPOS"] + event.scores["kept UFeats"]) / 2]
        kept += [(event.scores["kept UAS"] + event.scores["kept LAS"]) / 2]
        assert event.score == pytest.approx((event.scores["ENTS"] + sum(kept) / 6) / 2)


def test_annotators_and_raw_text_can_be_added(base: Path, tmp_path: Path) -> None:
    names = tmp_path / "names"
    first = {"pipeline": ["ner"], "training": SMALL["training"], "encoder": SMALL["encoder"]}
    trees, dev = write(tmp_path / "t.conllu", conllu(80)), write(tmp_path / "d.conllu", conllu(20, 3))
    list(train(TrainingJob([trees], [dev], names, settings_from_dict(first))))
    plain = write(tmp_path / "plain.conllu", conllu(80, 4, entities=False))
    raw = write(tmp_path / "raw.txt", "\n".join(doc.text for doc in treelet.formats.read_docs(trees)))
    changes = {"training": {"learning_rate": 0.01, "rehearsal": 0.5}}
    settings = Base(names).settings_with(changes)
    events = list(train(TrainingJob([plain], [dev], tmp_path / "more", settings, base=names, raw=[raw])))
    nlp = treelet.load(tmp_path / "more")
    assert nlp.pipe_names == ["tagger", "morphologizer", "lemmatizer", "senter", "parser", "ner"]
    was, now, _ = compared(events)["ents"]
    assert was is not None
    assert now > was - 3


@pytest.mark.parametrize(
    "parts", [["others"], ["encoder", "tagger", "morphologizer", "lemmatizer", "senter", "parser"]]
)
def test_frozen_parts_stay(parts: list[str], base: Path, tmp_path: Path) -> None:
    scores = compared(list(train(job(base, tmp_path, {"training": {"epochs": 2}}, freeze=parts))))
    old, new = (read_package(path).file.read_tensors() for path in (base, tmp_path / "more"))
    changed = {name for name in old if new[name].data != old[name].data}
    assert "ner.lower" in changed
    assert {name for name in changed if not name.startswith("ner.")} <= set(CALIBRATED)
    assert scores["LAS"][0] == scores["LAS"][1]
    with pytest.raises(SettingsError, match="freeze: 'parsr' is not in this pipeline"):
        list(train(job(base, tmp_path, freeze=["parsr"], out=tmp_path / "x")))


@pytest.mark.parametrize("events", [3, 9])
def test_resumed_as_if_never_stopped(events: int, base: Path, tmp_path: Path) -> None:
    raw = write(tmp_path / "raw.txt", "Tim saw Rome.\nAna liked Paris. Otto found the river.\n" * 20)
    changes = {"training": {"epochs": 3, "rehearsal": 0.5}}
    list(train(job(base, tmp_path, changes, raw=[raw])))
    stopped = job(base, tmp_path, changes, raw=[raw], out=tmp_path / "r", resume=True, checkpoint_seconds=0.0)
    begun: Iterator[Any] = train(stopped)
    list(islice(begun, events))
    begun.close()  # type: ignore[attr-defined]
    other = job(base, tmp_path, changes, raw=[], out=tmp_path / "r", resume=True)
    with pytest.raises(TrainingError, match="from other files or settings"):
        list(train(other))
    list(train(stopped))
    assert contents(tmp_path / "r") == contents(tmp_path / "more")


def test_static_vectors_of_the_base_stay(tmp_path: Path) -> None:
    words = ["Tim", "Ana", "Maria", "Otto", "Rome", "Paris", "Lisbon", "river"]
    lines = [f"{word} {' '.join(str(i % 3 - 1 + k) for k in range(4))}" for i, word in enumerate(words)]
    vectors = write(tmp_path / "v.txt", "\n".join(lines) + "\n")
    trees = write(tmp_path / "t.conllu", conllu(40))
    settings = settings_from_dict(SMALL | {"training": {**SMALL["training"], "epochs": 2}})
    list(train(TrainingJob([trees], [trees], tmp_path / "base", settings, vectors=vectors)))
    list(train(job(tmp_path / "base", tmp_path, {"training": {"epochs": 1}})))
    old, new = (read_package(tmp_path / name).file.read_tensors() for name in ("base", "more"))
    for name in ("vectors.keys", "vectors.table", "vectors.scale"):
        assert new[name].data == old[name].data
    with pytest.raises(TrainingError, match="static vectors of the base package stay"):
        list(train(job(tmp_path / "base", tmp_path, vectors=vectors, out=tmp_path / "x")))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"language": "pt"}, "language: found 'pt', but the base package is 'en'"),
        ({"encoder": {"width": 32}}, "encoder.width: found 32, but the base package was built with 24"),
        ({"ner": {"features": ["3"]}}, r"ner.features: found \['3'\], but the base package was built with"),
        ({"encoder": {"wide": 32}}, "encoder.wide"),
        ({"features": {"suffix_lengths": [2]}}, "features.suffix_lengths"),
    ],
)
def test_structure_cannot_change(changes: dict[str, Any], message: str, base: Path) -> None:
    with pytest.raises(SettingsError, match=message):
        Base(base).settings_with(changes)


def test_settings_of_another_structure_are_refused_by_the_run(base: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"encoder.width: found 96, but the base package was built"):
        list(train(job(base, tmp_path, settings=settings_from_dict({}))))


def test_the_base_is_not_overwritten(base: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="is the base package, which stays as it is"):
        list(train(job(base, tmp_path, out=base)))


def test_what_no_file_teaches_cannot_be_added(tmp_path: Path) -> None:
    names = write(tmp_path / "n.iob2", gadgets(20))
    settings = settings_from_dict(SMALL | {"training": {**SMALL["training"], "epochs": 1}})
    list(train(TrainingJob([names], [names], tmp_path / "base", settings)))
    changes = {"pipeline": ["ner", "parser"]}
    with pytest.raises(TrainingError, match="parser, which the base package does not have and no training"):
        list(train(job(tmp_path / "base", tmp_path, changes)))


def test_the_command_line(base: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    new, dev = write(tmp_path / "n.iob2", gadgets(40)), write(tmp_path / "d.iob2", gadgets(15, 1))
    common = ["train", "--base", str(base), "--train", str(new), "--dev", str(dev)]
    common += ["--set", "training.epochs=1"]
    assert run([*common, "--out", str(tmp_path / "a"), "--licence", "CC0-1.0"]) == 0
    shown = capfd.readouterr().out
    assert "old entity types" in shown
    assert "what the base says" in shown
    assert run([*common, "--out", str(tmp_path / "b"), "--json"]) == 0
    events = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == ["evaluated", "compared", "finished"]
    assert {"name", "before", "after", "of", "items"} == set(events[1]["scores"][0])
    manifest = treelet.load(tmp_path / "a").meta
    assert manifest is not None
    assert manifest.licence == "CC0-1.0"
    assert any("treelet package" in source for source in manifest.sources)


def test_wrong_use_of_the_command_line(base: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    new = write(tmp_path / "n.iob2", gadgets(5))
    common = ["train", "--train", str(new), "--dev", str(new), "--out", str(tmp_path / "a")]
    assert run([*common, "--no-rehearsal"]) == 2
    assert "only with --base" in capfd.readouterr().err
    assert run([*common, "--base", str(base), "--set", "encoder.width=32"]) == 2
    assert "built with 24" in capfd.readouterr().err
    assert run([*common, "--base", "en_core_absent_sm"]) == 1
    assert run([*common, "--base", str(base), "--raw", str(tmp_path / "absent.txt")]) == 1
    assert "no such file" in capfd.readouterr().err


def test_settings_that_the_user_gives_count(base: Path) -> None:
    from treelet.teaching.continuation import GOING_ON

    training = Base(base).settings_with({"training": {"epochs": 3}}).training
    assert training.epochs == 3
    assert training.learning_rate == GOING_ON["learning_rate"]
    assert training.batch_start == 40
