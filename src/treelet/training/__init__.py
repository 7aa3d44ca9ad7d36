"""Teaching: the only folder that imports torch. loop.py reads in the order things happen."""

from treelet.training.loop import TrainingJob, train
from treelet.training.progress import Evaluated, Finished, Prepared, Progress, Stepped

__all__ = ["Evaluated", "Finished", "Prepared", "Progress", "Stepped", "TrainingJob", "train"]
