"""Trials of a tuning in, a picture out: scores by trial, importance, a slice a parameter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from treelet.training.figure import COLOURS, new_figure, save_figure
from treelet.tuning.run import Tuned
from treelet.tuning.space import Parameter
from treelet.tuning.trial import TrialRecord

BLUE, RED, GREEN = COLOURS[:3]


def draw_tuning(tuned: Tuned, space: Sequence[Parameter], metric: str, paths: Sequence[Path]) -> None:
    """Write the picture to each path. Raises TrainingError without matplotlib, and for an unknown format."""
    shown = [trial for trial in tuned.trials if trial.value is not None and trial.state in ("done", "pruned")]
    figure, panels = new_figure(2 + len(space), 2 if len(space) < 3 else 3)
    _draw_history(panels[0], shown, metric)
    _draw_importance(panels[1], tuned.importance)
    for axes, parameter in zip(panels[2:], space, strict=True):
        _draw_slice(axes, shown, parameter, tuned.best)
        axes.set_ylabel(f"{metric}, %")
    for path in paths:
        save_figure(figure, path)


def _split(trials: Sequence[TrialRecord]) -> list[tuple[str, dict[str, Any], list[TrialRecord]]]:
    done = [trial for trial in trials if trial.state == "done"]
    pruned = [trial for trial in trials if trial.state == "pruned"]
    return [
        ("done", {"color": BLUE, "s": 22}, done),
        ("pruned: its best pass", {"color": "0.6", "s": 22, "marker": "x", "linewidths": 1}, pruned),
    ]


def _draw_history(axes: Any, trials: Sequence[TrialRecord], metric: str) -> None:
    axes.set_title("trials", fontsize="medium", loc="left")
    for label, style, some in _split(trials):
        if some:
            axes.scatter([t.number for t in some], [t.value for t in some], label=label, **style)
    done = [trial for trial in trials if trial.state == "done"]
    best = list(accumulate((trial.value or 0.0 for trial in done), max))
    axes.step([trial.number for trial in done], best, where="post", color=RED, label="best so far")
    axes.set_xlabel("trial")
    axes.set_ylabel(f"{metric}, %")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(frameon=False, fontsize="small")


def _draw_importance(axes: Any, importance: dict[str, float]) -> None:
    axes.set_title("importance (PED-ANOVA)", fontsize="medium", loc="left")
    if not importance:
        axes.text(0.5, 0.5, "too few trials have ended", ha="center", va="center", transform=axes.transAxes)
        axes.set_xticks([])
        axes.set_yticks([])
        return
    names = sorted(importance, key=lambda name: importance[name])
    bars = axes.barh(names, [importance[name] for name in names], color=GREEN, height=0.6)
    axes.bar_label(bars, fmt="%.2f", padding=3, fontsize="small")
    axes.set_xlim(0, 1.1)
    axes.set_xlabel("share")


def _draw_slice(
    axes: Any, trials: Sequence[TrialRecord], parameter: Parameter, best: TrialRecord | None
) -> None:
    axes.set_title(parameter.path, fontsize="medium", loc="left")

    def place(trial: TrialRecord) -> float:
        value = trial.values[parameter.path]
        return float(parameter.choices.index(value)) if parameter.choices else float(value)

    for _, style, some in _split(trials):
        axes.scatter([place(t) for t in some], [t.value for t in some], **style)
    if best is not None:
        axes.scatter([place(best)], [best.value], s=90, facecolors="none", edgecolors=RED, linewidths=1.5)
    if parameter.choices:
        axes.set_xticks(range(len(parameter.choices)), [str(choice) for choice in parameter.choices])
        axes.set_xlim(-0.5, len(parameter.choices) - 0.5)
        return
    low, high = parameter.low, parameter.high
    axes.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    if parameter.log:
        ratio = high / low
        axes.set_xscale("log")
        axes.set_xticks([low * ratio ** (i / 4) for i in range(5)])
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.2g}" if value < 100 else f"{value:,.0f}")
        axes.minorticks_off()
        axes.set_xlim(low / ratio**0.04, high * ratio**0.04)
