"""Gold and predicted Docs in; the metrics of the CoNLL 2018 shared task out.

Definitions: Zeman et al. 2018, "CoNLL 2018 Shared Task: Multilingual Parsing from Raw Text to Universal
    Dependencies", section 5.
Tokens and sentences match by their characters, white space aside; words as word_alignment.py says. A property
of a word counts as correct where it equals that of the gold word it is aligned with; relations are taken
without subtypes, features are the universal ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from treelet.doc import Doc
from treelet.scoring.scores import Score
from treelet.scoring.word_alignment import align_words
from treelet.scoring.word_list import ROOT, WordList, check_same_text, word_list

METRICS = (
    "Tokens", "Sentences", "Words", "UPOS", "XPOS", "UFeats", "AllTags",
    "Lemmas", "UAS", "LAS", "CLAS", "MLAS", "BLEX",
)  # fmt: skip

_NOT_ALIGNED = -2


def conll18_scores(gold: Sequence[Doc], predicted: Sequence[Doc]) -> dict[str, Score]:
    """The 13 metrics by name.

    gold, predicted: pairs of documents over the same text, white space aside. A document whose sentences are
        not known
    counts as one sentence, a word without a head as a root, what is not annotated as `_`.

    Raises TextError where the texts of a pair differ or the numbers of documents do.
    """
    return compare_words(gold, predicted).metrics()


def compare_words(gold: Sequence[Doc], predicted: Sequence[Doc]) -> Comparison:
    """The words of both sides, aligned: what metrics and scores of labels are counted from.

    Raises TextError as conll18_scores.
    """
    ours, theirs = word_list(gold), word_list(predicted)
    check_same_text(ours, theirs)
    return Comparison(ours, theirs)


class Comparison:
    """Gold and predicted words. pairs: indices of those that are the same word, both increasing."""

    def __init__(self, gold: WordList, predicted: WordList) -> None:
        self.gold, self.predicted = gold, predicted
        self.pairs = align_words(gold, predicted)
        self.gold_of = [_NOT_ALIGNED] * len(predicted)
        for g, p in self.pairs:
            self.gold_of[p] = g

    def metrics(self) -> dict[str, Score]:
        """As conll18_scores."""
        ours, theirs, arc, tags = self.gold, self.predicted, self.arcs_match, self.tags_match
        return {
            "Tokens": _span_score(ours.tokens, theirs.tokens),
            "Sentences": _span_score(ours.sentences, theirs.sentences),
            "Words": Score(len(ours), len(theirs), len(self.pairs)),
            "UPOS": self.score(lambda g, p: ours.upos[g] == theirs.upos[p]),
            "XPOS": self.score(lambda g, p: ours.xpos[g] == theirs.xpos[p]),
            "UFeats": self.score(lambda g, p: ours.feats[g] == theirs.feats[p]),
            "AllTags": self.score(lambda g, p: tags(g, p) and ours.xpos[g] == theirs.xpos[p]),
            "Lemmas": self.score(self.lemmas_match),
            "UAS": self.score(self.heads_match),
            "LAS": self.score(arc),
            "CLAS": self.content_score(arc),
            "MLAS": self.content_score(
                lambda g, p: arc(g, p) and tags(g, p) and self.functional_children_match(g, p)
            ),
            "BLEX": self.content_score(lambda g, p: arc(g, p) and self.lemmas_match(g, p)),
        }

    def score(self, matches: Callable[[int, int], bool]) -> Score:
        correct = sum(1 for g, p in self.pairs if matches(g, p))
        return Score(len(self.gold), len(self.predicted), correct, len(self.pairs))

    def content_score(self, matches: Callable[[int, int], bool]) -> Score:
        """Over words whose relation is one of content, a gold word's decides for a pair."""
        pairs = [(g, p) for g, p in self.pairs if self.gold.is_content[g]]
        correct = sum(1 for g, p in pairs if matches(g, p))
        return Score(sum(self.gold.is_content), sum(self.predicted.is_content), correct, len(pairs))

    def heads_match(self, g: int, p: int) -> bool:
        head = self.predicted.heads[p]
        return self.gold.heads[g] == (ROOT if head == ROOT else self.gold_of[head])

    def arcs_match(self, g: int, p: int) -> bool:
        return self.gold.deprels[g] == self.predicted.deprels[p] and self.heads_match(g, p)

    def tags_match(self, g: int, p: int) -> bool:
        return self.gold.upos[g] == self.predicted.upos[p] and self.gold.feats[g] == self.predicted.feats[p]

    def lemmas_match(self, g: int, p: int) -> bool:
        """A gold lemma `_` is not annotated, and any will do."""
        return self.gold.lemmas[g] in ("_", self.predicted.lemmas[p])

    def functional_children_match(self, g: int, p: int) -> bool:
        """Both have the same function words in the same order, with equal relations, tags and features."""
        ours, theirs = self.gold.functional_children[g], self.predicted.functional_children[p]
        return len(ours) == len(theirs) and all(
            a == self.gold_of[b]
            and self.gold.deprels[a] == self.predicted.deprels[b]
            and self.tags_match(a, b)
            for a, b in zip(ours, theirs, strict=True)
        )


def _span_score(gold: list[tuple[int, int]], predicted: list[tuple[int, int]]) -> Score:
    return Score(len(gold), len(predicted), len(set(gold) & set(predicted)))
