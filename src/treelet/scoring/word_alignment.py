"""Two analyses of one text in; which of their words are the same word out (Zeman et al. 2018, section 5.1).

Words that are tokens match where their characters are the same. Where either side has a multi-word token, the
words of the smallest stretch that holds all overlapping multi-word tokens are matched by the longest common
subsequence of their forms, upper and lower case alike.
"""

from __future__ import annotations

from treelet.scoring.word_list import WordList


def align_words(gold: WordList, predicted: WordList) -> list[tuple[int, int]]:
    """Pairs of gold and predicted word indices, both increasing."""
    pairs: list[tuple[int, int]] = []
    g = p = 0
    while g < len(gold) and p < len(predicted):
        if gold.in_multiword[g] or predicted.in_multiword[p]:
            stretch = _Stretch(gold, predicted, g, p)
            pairs += _common_subsequence(
                gold.forms[stretch.g_first : stretch.g], predicted.forms[stretch.p_first : stretch.p], stretch
            )
            g, p = stretch.g, stretch.p
        elif gold.starts[g] == predicted.starts[p] and gold.ends[g] == predicted.ends[p]:
            pairs.append((g, p))
            g += 1
            p += 1
        elif gold.starts[g] <= predicted.starts[p]:
            g += 1
        else:
            p += 1
    return pairs


class _Stretch:
    """Words g_first to g and p_first to p: around the overlapping multi-word tokens that start here."""

    def __init__(self, gold: WordList, predicted: WordList, g: int, p: int) -> None:
        if gold.in_multiword[g]:
            end = gold.ends[g]
            if not predicted.in_multiword[p] and predicted.starts[p] < gold.starts[g]:
                p += 1  # a plain token that sticks out on the left
        else:
            end = predicted.ends[p]
            if gold.starts[g] < predicted.starts[p]:
                g += 1
        self.g_first, self.p_first = g, p
        while _reaches(gold, g, end) or _reaches(predicted, p, end):
            if g < len(gold) and (p >= len(predicted) or gold.starts[g] <= predicted.starts[p]):
                if gold.in_multiword[g]:
                    end = max(end, gold.ends[g])
                g += 1
            else:
                if predicted.in_multiword[p]:
                    end = max(end, predicted.ends[p])
                p += 1
        self.g, self.p = g, p


def _reaches(words: WordList, i: int, end: int) -> bool:
    """Whether word i lies before `end`: a multi-word token in part, another wholly."""
    if i >= len(words):
        return False
    return words.starts[i] < end if words.in_multiword[i] else words.ends[i] <= end


def _common_subsequence(gold: list[str], predicted: list[str], stretch: _Stretch) -> list[tuple[int, int]]:
    g_base, p_base = stretch.g_first, stretch.p_first
    n_gold, n_predicted = len(gold), len(predicted)
    same = 0  # an equal beginning is always matched: no table needed for it
    while same < n_gold and same < n_predicted and gold[same] == predicted[same]:
        same += 1
    pairs = [(g_base + i, p_base + i) for i in range(same)]
    longest = [[0] * (n_predicted + 1) for _ in range(n_gold + 1)] if same < min(n_gold, n_predicted) else []
    for g in reversed(range(same, n_gold if longest else same)):
        row, below = longest[g], longest[g + 1]
        for p in reversed(range(same, n_predicted)):
            best = 1 + below[p + 1] if gold[g] == predicted[p] else 0
            row[p] = max(best, below[p], row[p + 1])
    g = p = same
    while g < n_gold and p < n_predicted:
        if gold[g] == predicted[p]:
            pairs.append((g_base + g, p_base + p))
            g += 1
            p += 1
        elif longest[g][p] == longest[g + 1][p]:
            g += 1
        else:
            p += 1
    return pairs
