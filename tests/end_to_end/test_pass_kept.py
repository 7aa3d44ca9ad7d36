"""Which pass of a training becomes the package: training.keep."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from small_corpus import conllu, write
from small_pipeline import SMALL
from treelet.package.safetensors import read_tensors
from treelet.settings import settings_from_dict
from treelet.training import Finished, TrainingJob, train
from treelet.training.evaluation import Evaluator


def mix(package: Path) -> bytes:
    return bytes(read_tensors(package / "weights.safetensors")["mix.weight"].data)


@pytest.mark.parametrize(("keep", "kept"), [("best", 0), ("last", 2)])
def test_of_passes_that_get_worse_the_settings_say_which_is_kept(
    keep: str, kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidates, scores = [], iter([3.0, 2.0, 1.0])

    def evaluate(self: Evaluator, package: Path) -> tuple[Mapping[str, float], float]:
        candidates.append(mix(package))
        score = next(scores)
        return {"LAS": score}, score

    monkeypatch.setattr(Evaluator, "evaluate", evaluate)
    trees = write(tmp_path / "t.conllu", conllu(12))
    training = {"epochs": 3, "batch_start": 60, "batch_stop": 60, "keep": keep}
    settings = settings_from_dict({"encoder": SMALL["encoder"], "parser": {}, "training": training})
    *_, finished = train(TrainingJob([trees], [trees], tmp_path / "p", settings))
    assert isinstance(finished, Finished)
    assert finished.scores["LAS"] == 3 - kept
    assert [mix(tmp_path / "p") == each for each in candidates] == [number == kept for number in range(3)]
