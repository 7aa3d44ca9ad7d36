"""The record of all trials on disk, through Optuna: values proposed, scores reported.

One process alone writes it. Trials are proposed by TPE (Bergstra et al. 2011) from what ended before.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from treelet.errors import TrainingError
from treelet.training.log import cut_torn_line
from treelet.tuning.space import current
from treelet.tuning.trial import TrialRecord, TuningJob

JOURNAL = "trials.journal"
ENOUGH = 8
"""Trials that must have ended before a parameter's importance is told: fewer tell nothing."""


class Study:
    """Trials of one tuning by number."""

    def __init__(self, folder: Path, job: TuningJob, about: dict[str, Any]) -> None:
        """Opens or begins the record in the folder; `about` says what must be the same to go on with it.

        Raises TrainingError for a record of another tuning, unless all of its trials failed.
        """
        self._optuna = import_optuna()
        self._job, self._folder = job, folder
        self._study = self._open()
        kept = self._study.user_attrs.get("about")
        if kept is not None and kept != json.loads(json.dumps(about)):
            if any(trial.state in ("done", "pruned") for trial in self.trials()):
                differing = ", ".join(name for name in about if kept.get(name) != about[name])
                raise TrainingError(
                    f"{folder}: holds trials of another tuning (not the same: {differing}): "
                    "give the command it began with, or another --out"
                )
            (folder / JOURNAL).unlink()
            self._study, kept = self._open(), None
        if kept is None:
            self._study.set_user_attr("about", about)
        if not self._study.get_trials(deepcopy=False):
            self._begin_with_what_is()

    def _open(self) -> Any:
        optuna = self._optuna
        path = self._folder / JOURNAL
        cut_torn_line(path)
        backend = optuna.storages.journal.JournalFileBackend(str(path), lock_obj=_Held())
        warmup = self._job.settings.training.epochs // 4  # large batches start slowly
        pruners = {
            "median": lambda: optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=warmup),
            "halving": lambda: optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3),
            "none": optuna.pruners.NopPruner,
        }
        try:
            return optuna.create_study(
                study_name="treelet",
                storage=optuna.storages.JournalStorage(backend),
                direction="maximize",
                pruner=pruners[self._job.pruning](),
                load_if_exists=True,
            )
        except (ValueError, KeyError) as error:
            raise TrainingError(f"{path}: not a record of trials ({error}): give another --out") from None

    def _begin_with_what_is(self) -> None:
        """The first trial has the settings as they are, where the space holds them: what is to be beaten."""
        job = self._job
        stored = {each.path: each.stored(current(job.settings, each.path)) for each in job.space}
        if None not in stored.values():
            self._study.enqueue_trial(stored)

    def unfinished(self) -> list[TrialRecord]:
        """Trials that had not ended when the process did."""
        numbers = [trial.number for trial in self.trials() if trial.state == "unfinished"]
        return [self._begun(self._trial(number)) for number in numbers]

    def ask(self) -> TrialRecord:
        """The next trial, its values chosen from what has ended and the seed alone."""
        seed = (self._job.settings.training.seed * 100_003 + len(self.trials())) % 2**32
        self._study.sampler = self._optuna.samplers.TPESampler(seed=seed)
        return self._begun(self._study.ask())

    def _begun(self, trial: Any) -> TrialRecord:
        values = {each.path: each.suggest(trial) for each in self._job.space}
        return TrialRecord(trial.number, "unfinished", values)

    def report(self, number: int, epoch: int, value: float) -> bool:
        """Tell the metric of a pass, once or again; whether the trial is hopeless."""
        trial = self._trial(number)
        if epoch not in self._study.get_trials(deepcopy=False)[number].intermediate_values:
            trial.report(value, epoch)
        return bool(trial.should_prune())

    def end(self, record: TrialRecord) -> None:
        """Store the end of a trial: done, pruned or failed."""
        states = self._optuna.trial.TrialState
        state = {"done": states.COMPLETE, "pruned": states.PRUNED, "failed": states.FAIL}[record.state]
        known = {
            "passes": record.passes,
            "best_pass": record.best_pass,
            "seconds": round(record.seconds, 2),
            "scores": record.scores,
            "value": record.value,
            "reason": record.reason,
        }
        trial = self._trial(record.number)
        trial.set_user_attr("known", known)
        self._study.tell(record.number, record.value if record.state == "done" else None, state=state)

    def _trial(self, number: int) -> Any:
        trials = self._study.get_trials(deepcopy=False)
        return self._optuna.trial.Trial(self._study, trials[number]._trial_id)

    def trials(self) -> list[TrialRecord]:
        """All that began, by number."""
        trials = self._study.get_trials(deepcopy=False)
        return [self._record(trial) for trial in trials if trial.state.name != "WAITING"]

    def _record(self, trial: Any) -> TrialRecord:
        ends = {"COMPLETE": "done", "PRUNED": "pruned", "FAIL": "failed"}
        state = ends.get(trial.state.name, "unfinished")
        space = [each for each in self._job.space if each.path in trial.params]
        values = {each.path: each.value(trial.params[each.path]) for each in space}
        return TrialRecord(trial.number, state, values, **trial.user_attrs.get("known", {}))

    def best(self) -> TrialRecord | None:
        """The first of those that ended with the highest value."""
        done = [trial for trial in self.trials() if trial.state == "done" and trial.value is not None]
        return max(done, key=lambda trial: trial.value or 0.0, default=None)

    def importance(self) -> dict[str, float]:
        """Share of each parameter in what the best trials have in common; none where too few have ended.

        PED-ANOVA (Watanabe, Bansal and Hutter 2023) over the best tenth, or the best five at least.
        """
        done = [trial for trial in self.trials() if trial.state == "done"]
        if len(done) < ENOUGH or len({trial.value for trial in done}) < 2:
            return {}
        quantile = min(1.0, max(0.1, 5 / len(done)))
        importance = self._optuna.importance
        evaluator = importance.PedAnovaImportanceEvaluator(target_quantile=quantile)
        found = importance.get_param_importances(self._study, evaluator=evaluator)
        return {name: float(share) for name, share in found.items()}


class _Held:
    """A lock for the journal that is always held: the folder is locked as a whole."""

    def acquire(self) -> bool:
        return True

    def release(self) -> None:
        pass


def import_optuna() -> Any:
    """Optuna, silenced. Raises TrainingError when it is not installed."""
    try:
        import optuna
        import optuna.storages.journal
    except ModuleNotFoundError:
        raise TrainingError(
            "tuning needs Optuna, which is not installed: pip install 'treelet[tune]'"
        ) from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna
