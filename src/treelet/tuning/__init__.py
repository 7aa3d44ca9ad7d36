"""Many trainings in, the best settings out: Optuna proposes, processes train. Imports no PyTorch."""

from treelet.tuning.run import Begun, Ended, Tuned, Went, tune
from treelet.tuning.space import Parameter, default_space, read_space
from treelet.tuning.trial import METRICS, PRUNING, TrialRecord, TuningJob

__all__ = [
    "METRICS",
    "PRUNING",
    "Begun",
    "Ended",
    "Parameter",
    "TrialRecord",
    "Tuned",
    "TuningJob",
    "Went",
    "default_space",
    "read_space",
    "tune",
]
