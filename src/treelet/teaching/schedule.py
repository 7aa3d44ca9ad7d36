"""Words taught so far in, the step size out."""

from __future__ import annotations

from dataclasses import dataclass

from treelet.settings import TrainingSettings


@dataclass
class Schedule:
    """The step size falls linearly with the words taught, to `final_rate` of itself after `words`.

    words: of all passes; None keeps the step size as it is.
    """

    settings: TrainingSettings
    words: int | None = None
    taught: int = 0
    steps: int = 0

    def advance(self, n_words: int) -> float:
        """The step size of one step more, which teaches so many words."""
        self.steps += 1
        self.taught += n_words
        if not self.words:
            return self.settings.learning_rate
        done = min(1.0, self.taught / self.words)
        return self.settings.learning_rate * (1.0 - done * (1.0 - self.settings.final_rate))
