"""Training and development corpora in; all that can be counted and found in them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from treelet.gold.comparison import label_findings, name_findings, repeated_sentences, unseen_words
from treelet.gold.corpus import Corpus
from treelet.gold.counts import Counts, count, total
from treelet.gold.faults import LONG_SENTENCE, find_faults
from treelet.gold.findings import FATAL, Faults, Finding


@dataclass
class Report:
    """Counts of every file, of all for training and of all for development, and what was found."""

    files: list[Counts]
    train: Counts
    dev: Counts | None
    findings: list[Finding]

    @property
    def errors(self) -> list[Finding]:
        """What makes training fail."""
        return [finding for finding in self.findings if finding.level == "error"]

    def blame(self, failures: Sequence[str]) -> None:
        """Add errors that training would raise; findings that explain them, with lines, become the errors."""
        for message in failures:
            causes = {kind for kind, said in FATAL.items() if said in message}
            if any(finding.kind in causes for finding in self.findings):
                self.findings = [
                    replace(finding, level="error") if finding.kind in causes else finding
                    for finding in self.findings
                ]
            else:
                self.findings.append(Finding("error", "training", message))

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "files": [counts.to_dict() for counts in self.files],
            "train": self.train.to_dict(),
            "dev": self.dev.to_dict() if self.dev is not None else None,
            "findings": [finding.to_dict() for finding in self.findings],
        }


def examine(train: Sequence[Corpus], dev: Sequence[Corpus], *, rare: int, long_document: int) -> Report:
    """Counts and findings of corpora, in the order: errors of readers, faults in documents, comparisons.

    rare: uses below which a label is. long_document: words above which teaching cuts one, 0 for never.
    """
    counts = [count(corpus) for corpus in [*train, *dev]]
    of_train, of_dev = total(counts[: len(train)]), total(counts[len(train) :]) if dev else None
    findings = [problem for corpus in [*train, *dev] for problem in corpus.problems]
    faults = Faults()
    for corpus in [*train, *dev]:
        find_faults(corpus, faults, long_document)
    findings += faults.findings(long_sentence=LONG_SENTENCE, long_document=long_document)
    findings += repeated_sentences(train, dev)
    findings += label_findings(of_train, of_dev, rare)
    findings += name_findings(train)
    if of_dev is not None:
        findings += unseen_words(of_train, of_dev)
    return Report(counts, of_train, of_dev, findings)
