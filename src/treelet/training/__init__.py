"""Gold files to a package; loop.py reads in the order things happen."""

from treelet.training.job import TrainingJob
from treelet.training.loop import train
from treelet.training.progress import Evaluated, Finished, Prepared, Progress, Stepped

__all__ = ["Evaluated", "Finished", "Prepared", "Progress", "Stepped", "TrainingJob", "train"]
