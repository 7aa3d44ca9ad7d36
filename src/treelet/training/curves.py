"""Logs of training runs in, a picture out: losses by annotator and scores by pass, runs over one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from treelet.training.figure import COLOURS, new_figure, save_figure
from treelet.training.log_reader import RunLog

SHOWN = ("score", "Sentences", "UPOS", "XPOS", "UFeats", "Lemmas", "UAS", "LAS", "ENTS")
"""Scores that are drawn, in this order, where a run has them; `score` is what decides."""

Points = tuple[list[float], list[float]]


def draw_curves(runs: Sequence[RunLog], path: Path) -> None:
    """Write the picture: one run in two panels; of several a panel for each loss and score, coloured by run.

    Raises TrainingError without matplotlib, for runs without a single record, and for an unknown format.
    """
    from treelet.errors import TrainingError

    losses = dict.fromkeys(name for run in runs for each in run.steps for name in each.losses)
    known = {name for run in runs for each in run.evaluations for name in each.scores}
    scores = [name for name in SHOWN if name in known or (name == "score" and len(known) > 1)]
    if not losses and not scores:
        raise TrainingError(f"{', '.join(run.name for run in runs)}: nothing was taught yet")
    if len(runs) == 1:
        figure = _draw_one(runs[0], list(losses), scores)
    else:
        figure = _draw_several(runs, list(losses), scores)
    save_figure(figure, path)


def _draw_one(run: RunLog, losses: Sequence[str], scores: Sequence[str]) -> Any:
    figure, (left, right) = new_figure(2, 2)
    figure.suptitle(run.name)
    for axes, names, points in ((left, losses, _loss), (right, scores, _score)):
        for number, name in enumerate(names):
            strong = {"linewidth": 2.2, "color": "black"} if name == "score" else {"linewidth": 1.2}
            style = {"color": COLOURS[number % len(COLOURS)], **strong}
            axes.plot(*points(run, name), label=name, marker="." if points is _score else None, **style)
        if names:
            axes.legend(frameon=False, fontsize="small")
    _label(left, "loss per word")
    _label(right, "score, %")
    if losses:
        left.set_yscale("log")
    return figure


def _draw_several(runs: Sequence[RunLog], losses: Sequence[str], scores: Sequence[str]) -> Any:
    figure, grid = new_figure(len(losses) + len(scores), 3)
    shown: list[tuple[str, str, Callable[[RunLog, str], Points]]] = [
        *((name, f"{name}, %", _score) for name in scores),
        *((name, f"loss of {name}", _loss) for name in losses),
    ]
    for axes, (name, title, points) in zip(grid, shown, strict=True):
        for number, run in enumerate(runs):
            style = {"color": COLOURS[number % len(COLOURS)], "marker": "." if points is _score else None}
            dashes = _DASHES[number // len(COLOURS) % len(_DASHES)]
            axes.plot(*points(run, name), label=run.name, linewidth=1.2, linestyle=dashes, **style)
        _label(axes, title)
        if points is _loss:
            axes.set_yscale("log")
    handles, names = grid[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper center", ncols=min(4, len(runs)), frameon=False)
    return figure


_DASHES = ("-", "--", ":")


def _label(axes: Any, title: str) -> None:
    axes.set_xlabel("passes")
    axes.set_title(title, fontsize="medium", loc="left")


def _loss(run: RunLog, name: str) -> Points:
    """Means over some records, at most 80 points: single batches tell little."""
    known = [each for each in run.steps if name in each.losses]
    width = -(-len(known) // 80) or 1
    passes, losses = [], []
    for first in range(0, len(known), width):
        some = known[first : first + width]
        passes.append(some[-1].words / run.words_in_pass())
        losses.append(sum(each.losses[name] for each in some) / len(some))
    return passes, losses


def _score(run: RunLog, name: str) -> Points:
    found = [(float(each.epoch), {"score": each.score, **each.scores}) for each in run.evaluations]
    known = [(epoch, scores[name]) for epoch, scores in found if name in scores]
    return [epoch for epoch, _ in known], [score for _, score in known]
