"""`treelet distill`: raw text is labelled once, whatever the processes and stops; a student learns it."""

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from small_corpus import conllu, sentence, write
from small_pipeline import SMALL, apart, taught
from treelet import load
from treelet.annotators.choices import Choices
from treelet.cli import run
from treelet.errors import TrainingError
from treelet.formats import read_docs
from treelet.settings import settings_from_dict
from treelet.silver import Labelling, label, labelling, open_cache
from treelet.silver.cache import Shard, SilverCache
from treelet.training import TrainingJob, train


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gold files, a teacher of all but lemmas taught on them, and raw text of the same patterns."""
    torch.set_num_threads(1)
    made = tmp_path_factory.mktemp("distill")
    write(made / "train.conllu", apart(conllu(60)))
    write(made / "dev.conllu", apart(conllu(20, seed=7)))
    chance = random.Random(5)
    lines = [" ".join(row[0] for row in sentence(chance)) for _ in range(400)]
    write(made / "raw.txt", "".join(f"{line}\n{'' if i % 5 else chr(10)}" for i, line in enumerate(lines)))
    docs = list(read_docs(made / "train.conllu"))
    names = ("tagger", "morphologizer", "senter", "parser", "ner")
    taught(docs, *names, passes=6).to_disk(made / "teacher", genre="core")
    return made


def job_of(folder: Path, cache: str, **changes: object) -> Labelling:
    tokenizer = load(folder / "teacher").tokenizer.rules_json
    values: dict[str, object] = {"words": 1500, **changes}
    return Labelling([folder / "teacher"], [folder / "raw.txt"], folder / cache, tokenizer, **values)  # type: ignore[arg-type]


def files_of(cache: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(cache.iterdir())}


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelling, "SHARD_WORDS", 200)


def test_stops_processes_and_order_do_not_change_what_is_labelled(folder: Path) -> None:
    events = list(label(job_of(folder, "whole")))
    assert events[0].shards == 0
    assert [event.shards for event in events] == list(range(events[-1].of + 1))
    stopped = label(job_of(folder, "stopped"))
    for _ in range(3):
        next(stopped)
    stopped.close()
    assert len(open_cache(folder / "stopped").shards) == 2
    before = files_of(folder / "stopped")
    list(label(job_of(folder, "stopped", processes=2)))
    assert files_of(folder / "stopped") == files_of(folder / "whole")
    assert before["silver-00000.conllu"] == files_of(folder / "whole")["silver-00000.conllu"]


def test_more_words_add_shards_and_leave_the_others(folder: Path) -> None:
    list(label(job_of(folder, "grown", words=400)))
    first = files_of(folder / "grown")
    list(label(job_of(folder, "grown", words=None)))
    second = files_of(folder / "grown")
    assert len(second) > len(first)
    assert all(second[name] == data for name, data in first.items() if name != "index.json")
    numbers = {each.number for each in open_cache(folder / "grown").shards.values()}
    assert numbers == set(range(len(numbers)))


def test_a_cache_of_something_else_is_refused(folder: Path) -> None:
    list(label(job_of(folder, "other", words=300)))
    index = json.loads((folder / "other" / "index.json").read_text())
    index["raw"][0]["bytes"] += 1
    (folder / "other" / "index.json").write_text(json.dumps(index))
    with pytest.raises(TrainingError, match="was made from other raw"):
        list(label(job_of(folder, "other", words=300)))


def test_two_teachers_each_say_what_they_know(folder: Path) -> None:
    docs = list(read_docs(folder / "train.conllu"))
    taught(docs, "ner", passes=6).to_disk(folder / "names", genre="names")
    taught(docs, "morphologizer", "senter", "parser", passes=3).to_disk(folder / "parses", genre="parses")
    job = job_of(folder, "two", words=300)
    list(label(replace(job, teachers=[folder / "names", folder / "parses"])))
    cache = open_cache(folder / "two")
    assert cache.annotators == ["morphologizer", "senter", "parser", "ner"]
    found = [each for shard in cache.shards.values() for each in cache.read(shard)]
    whole = [each.doc for each in found if each.doc.ents]
    assert len(whole) > 5
    assert all(each.has_annotation("HEAD", True) and each.has_annotation("POS", True) for each in whole)
    assert not any(each.has_annotation("LEMMA") for each in whole)
    assert set(found[0].sure) == {"head", "deprel", "ent"}
    list(label(replace(job, teachers=[folder / "teacher", folder / "parses"], cache=folder / "three")))
    cache = open_cache(folder / "three")
    found = [each for shard in cache.shards.values() for each in cache.read(shard)]
    assert set(found[0].sure) == {"head", "deprel", "ent", "upos", "feats"}
    assert all(len(each.sure["upos"]) == len(each.doc) for each in found)


def student(folder: Path, out: str, **changes: object) -> TrainingJob:
    training = {"epochs": 4, "silver": 3.0, "gold_passes": 1, "augment_lower": 0.2, **changes}
    settings = settings_from_dict(SMALL | {"training": SMALL["training"] | training})
    return TrainingJob(
        [folder / "train.conllu"], [folder / "dev.conllu"], folder / out, settings, silver=folder / "taught"
    )


def test_a_student_learns_from_gold_and_silver_and_goes_on_bit_for_bit(folder: Path) -> None:
    list(label(job_of(folder, "taught", words=None)))
    events = list(train(student(folder, "student")))
    gold = sum(len(doc) for doc in read_docs(folder / "train.conllu"))
    words = {event.epoch: event.words for event in events if type(event).__name__ == "Stepped"}
    portions = [b - a for a, b in zip([0, *words.values()], words.values(), strict=False)]
    assert portions[-1] == gold
    assert all(3.5 * gold < portion < 4.5 * gold for portion in portions[:-1])
    assert load(folder / "student").meta.scores["LAS"] > 80  # type: ignore[union-attr]

    halted = train(student(folder, "halted"))
    for event in halted:
        if type(event).__name__ == "Stepped" and event.epoch == 3:
            break
    halted.close()
    list(train(replace(student(folder, "halted"), resume=True)))
    whole, again = ((folder / name / "weights.safetensors").read_bytes() for name in ("student", "halted"))
    assert whole == again


def test_silver_teaches_what_gold_does_not_annotate(folder: Path) -> None:
    list(label(job_of(folder, "taught", words=None)))
    write(folder / "trees.conllu", apart(conllu(60, entities=False)))
    job = replace(student(folder, "more", gold_passes=0), train=[folder / "trees.conllu"])
    list(train(replace(job, label_map={"place": "", "person": "PER"})))
    nlp = load(folder / "more")
    assert nlp.get_pipe("ner").labels == ("PER",)
    assert nlp.meta.scores["ENTS"] > 80  # type: ignore[union-attr]


def test_a_base_package_takes_no_silver(folder: Path) -> None:
    with pytest.raises(TrainingError, match="leave one out"):
        list(train(replace(student(folder, "based"), base=folder / "teacher")))


def test_the_command_labels_and_teaches(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = write(
        folder / "small.toml",
        "[encoder]\nwidth = 24\nrecurrent_layers = 1\nrecurrent_units = 8\nrows_norm = 200\n"
        "rows_prefix = [50]\nrows_suffix = [100]\nrows_shape = 50\n[training]\nepochs = 2\n",
    )
    common = ["distill", "--train", str(folder / "train.conllu"), "--dev", str(folder / "dev.conllu")]
    common += ["--settings", str(settings), "--out", str(folder / "by-command"), "--json"]
    raw = ["--teacher", str(folder / "teacher"), "--raw", str(folder / "raw.txt"), "--words", "600"]
    assert run([*common, *raw, "--label-only"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["event"] == "labelled"
    assert told["words"] == open_cache(folder / "by-command.silver").words
    assert not (folder / "by-command").exists()
    again = ["--cache", str(folder / "by-command.silver"), "--least-confidence", "0.5"]
    assert run([*common, *again, "--set", "training.gold_passes=2"]) == 1
    assert "leaves none of training.epochs, 2, to silver" in capsys.readouterr().err
    again += ["--set", "training.gold_passes=1"]
    assert run([*common, *again, "--set", 'pipeline=["morphologizer","parser"]']) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["event"] == "finished"
    student = load(folder / "by-command").meta
    assert student is not None
    assert student.sources[-1].startswith("treelet package en_core_core_sm 0.1.0, a teacher")
    start = ["--start", str(folder / "by-command" / "weights.safetensors")]
    capsys.readouterr()
    assert run([*common, "--cache", str(folder / "by-command.silver"), *start]) == 1
    assert "found another kind of file, expected treelet encoder" in capsys.readouterr().err
    assert run([*common, "--teacher", str(folder / "teacher")]) == 2


def test_tags_are_drawn_by_what_the_teacher_holds_possible(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(label(job_of(folder, "soft", device="torch-cpu")))
    cache = open_cache(folder / "soft")
    told = cache.choices(cache.shards[0])["upos"]
    assert (told.odds[:, 0] >= told.odds[:, 1]).all()
    likeliest = [cache.labels["upos"][number] for number in told.labels[:, 0]]
    docs = [each.doc for each in cache.read(cache.shards[0])]
    assert likeliest == [tag for doc in docs for tag in doc.columns.upos_column()]

    def weights(out: str, share: float) -> bytes:
        for _ in train(replace(student(folder, out, soft_tags=share), silver=folder / "soft")):
            pass
        return (folder / out / "weights.safetensors").read_bytes()

    hard = weights("hard", 0.0)
    sure = SilverCache.choices

    def unsure(self: SilverCache, shard: Shard) -> dict[str, Choices]:
        found = sure(self, shard)
        return {name: replace(each, odds=np.full_like(each.odds, 0.25)) for name, each in found.items()}

    monkeypatch.setattr(SilverCache, "choices", unsure)
    assert weights("soft-a", 1.0) == weights("soft-b", 1.0) != hard
