"""Aligned words and entities in; the score of each tag, feature, relation and type of entity out.

A metric says how many words have the right label; here, each label is counted by itself: gold words that
have it, predicted words that have it, and pairs of aligned words that both have it (LAS: and the same head).
So the labels of UPOS, XPOS and LAS add up to their metric. Relations are taken without subtypes and features
are the universal ones, as the metrics take them; `_` is no label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from treelet.scoring.conll18 import Comparison
from treelet.scoring.scores import EntityScores, Score

NOT_ANNOTATED = "_"


def label_scores(
    words: Comparison, entities: EntityScores | None, missing: Collection[str] = ()
) -> dict[str, dict[str, Score]]:
    """Metric to label to its score, labels most frequent in gold first; without the `missing` metrics."""
    gold, predicted, pairs = words.gold, words.predicted, words.pairs
    columns = {"UPOS": (gold.upos, predicted.upos), "XPOS": (gold.xpos, predicted.xpos)}
    found = {
        metric: _scores(Counter(ours), Counter(theirs), _in_both(ours, theirs, pairs))
        for metric, (ours, theirs) in columns.items()
    }
    found["UFeats"] = _feature_scores(words)
    arcs = [(g, p) for g, p in pairs if words.arcs_match(g, p)]
    found["LAS"] = _scores(
        Counter(gold.deprels), Counter(predicted.deprels), Counter(gold.deprels[g] for g, _ in arcs)
    )
    found = {metric: scores for metric, scores in found.items() if metric not in missing}
    if entities is not None:
        found["ENTS"] = by_frequency(entities.labels)
    return found


def _in_both(ours: list[str], theirs: list[str], pairs: list[tuple[int, int]]) -> Counter[str]:
    return Counter(ours[g] for g, p in pairs if ours[g] == theirs[p])


def _feature_scores(words: Comparison) -> dict[str, Score]:
    """Of each attribute with its value; counted by distinct sets of features, which are few."""
    ours, theirs = words.gold.feats, words.predicted.feats
    correct: Counter[str] = Counter()
    for (gold, predicted), count in Counter((ours[g], theirs[p]) for g, p in words.pairs).items():
        for feature in set(gold.split("|")).intersection(predicted.split("|")):
            correct[feature] += count
    return _scores(_features(ours), _features(theirs), correct)


def _features(column: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for feats, count in Counter(column).items():
        for feature in set(feats.split("|")):
            counts[feature] += count
    return counts


def _scores(gold: Counter[str], predicted: Counter[str], correct: Counter[str]) -> dict[str, Score]:
    labels = {*gold, *predicted} - {NOT_ANNOTATED, ""}
    return by_frequency({each: Score(gold[each], predicted[each], correct[each]) for each in labels})


def by_frequency(scores: Mapping[str, Score]) -> dict[str, Score]:
    """Most frequent in gold first, equal ones in alphabetical order."""
    return dict(sorted(scores.items(), key=lambda item: (-item[1].gold, item[0])))
