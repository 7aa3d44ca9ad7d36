"""Rules and a treebank's chunks in, rules with the exceptions that the treebank teaches out.

The general cases are the language's rules. What a treebank adds are strings that it splits otherwise,
often enough and nearly always so: each is kept only if it mends more chunks of the treebank than it breaks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import accumulate
from typing import TypeAlias

from treelet.languages.data import Rules
from treelet.languages.tokenizer import Tokenizer

Analysis: TypeAlias = list[list[str]]
"""The words of every token of a chunk."""

_Frozen: TypeAlias = tuple[tuple[str, ...], ...]


def _freeze(analysis: Analysis) -> _Frozen:
    return tuple(map(tuple, analysis))


def _surfaces(chunk: str, analysis: _Frozen) -> list[str] | None:
    """Where the tokens of a chunk stand; None where more than one token's words are not their surfaces."""
    joined = ["".join(words) for words in analysis]
    if "".join(joined) == chunk:
        return joined
    start = 0
    while start < len(joined) and chunk.startswith(joined[start]):
        chunk, start = chunk[len(joined[start]) :], start + 1
    end = len(joined)
    while end > start + 1 and chunk.endswith(joined[end - 1]):
        chunk, end = chunk[: -len(joined[end - 1])], end - 1
    return [*joined[:start], chunk, *joined[end:]] if end == start + 1 and chunk else None


def _difference(chunk: str, expected: _Frozen, found: _Frozen) -> tuple[str, _Frozen] | None:
    """The piece of a chunk that was split otherwise than expected, and the expected analysis of it."""
    theirs, ours = _surfaces(chunk, expected), _surfaces(chunk, found)
    if theirs is None or ours is None:
        return None
    start, end = 0, 0
    shorter = min(len(theirs), len(ours))
    while start < shorter and (theirs[start], expected[start]) == (ours[start], found[start]):
        start += 1
    theirs_back, ours_back = theirs[::-1], ours[::-1]
    while end < shorter - start and (theirs_back[end], expected[-1 - end]) == (
        ours_back[end],
        found[-1 - end],
    ):
        end += 1
    piece, stop = expected[start : len(theirs) - end], len(theirs) - end
    surface = "".join(theirs[start:stop])
    plain = "".join(word for words in piece for word in words) == surface
    return (surface, piece) if plain or (len(piece) == 1 and len(piece[0]) > 1) else None


def _closes_sentence(surface: str, analysis: _Frozen) -> bool:
    """Whether only the place in the text makes the period a token: nothing that a chunk alone can teach."""
    return surface.endswith(".") and analysis[-1] == (".",)


def _can_be_rule(surface: str, analysis: _Frozen) -> bool:
    """Whether the tokenizer takes it: exceptions are short (core/text/chunk_splitter.cpp)."""
    words = [word for token in analysis for word in token]
    return len(words) <= 64 and max(map(len, [surface, *words])) <= 256


def _analyse(tokenizer: Tokenizer, chunk: str) -> _Frozen:
    """A chunk's tokens where text goes on behind it, so that a final period is inside a sentence."""
    return tuple([tuple(words) for _, words, _ in tokenizer.tokens(chunk + " x")[:-1]])


def learn_exceptions(
    rules: Rules, observations: Iterable[tuple[str, Analysis]], min_count: int = 2, min_share: float = 0.6
) -> Rules:
    """Rules with exceptions added that the observations support.

    An observation is a chunk of text without white space and the words of its tokens. `min_count`: times that
    the rules must have got a string wrong in the same way; `min_share`: how many of the chunks that it
    changes an exception must mend.
    """
    counts = Counter((chunk, _freeze(analysis)) for chunk, analysis in observations)
    tokenizer = Tokenizer(rules)
    before = {chunk: _analyse(tokenizer, chunk) for chunk, _ in counts}
    candidates: dict[str, Counter[_Frozen]] = defaultdict(Counter)
    for (chunk, expected), count in counts.items():
        if expected != before[chunk] and (piece := _difference(chunk, expected, before[chunk])):
            candidates[piece[0]][piece[1]] += count

    learned = {
        surface: [list(words) for words in best]
        for surface, analyses in candidates.items()
        for best, count in analyses.most_common(1)
        if count >= min_count
        and not any(c.isspace() for c in surface)
        and not _closes_sentence(surface, best)
        and not surface.endswith(",")  # left on its word by mistake: nowhere is a comma part of one
        and _can_be_rule(surface, best)
    }
    for _ in range(3):  # what breaks more than it mends goes; then the rest is judged once more
        harmful = _harmful(_merge(rules, learned), learned, before, counts, min_share)
        if not harmful:
            break
        learned = {surface: analysis for surface, analysis in learned.items() if surface not in harmful}
    return _merge(rules, learned)


def _merge(rules: Rules, learned: dict[str, Analysis]) -> Rules:
    return {**rules, "exceptions": {**rules.get("exceptions", {}), **learned}}


def _harmful(
    rules: Rules,
    learned: dict[str, Analysis],
    before: dict[str, _Frozen],
    counts: Counter[tuple[str, _Frozen]],
    min_share: float,
) -> set[str]:
    """Learned strings whose chunks, of those that changed, were mended in less than the share asked for."""
    tokenizer = Tokenizer(rules)
    mended: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    holding = _holding(list(before), learned)
    after = {chunk: _analyse(tokenizer, chunk) for chunk in holding}
    for (chunk, expected), count in counts.items():
        if chunk not in holding or after[chunk] == before[chunk]:
            continue
        for surface in holding[chunk]:
            mended[surface] += count * (expected == after[chunk])
            broken[surface] += count * (expected == before[chunk])
    return {s for s in learned if mended[s] < min_share * (mended[s] + broken[s]) or not mended[s]}


def _holding(chunks: list[str], surfaces: Iterable[str]) -> dict[str, list[str]]:
    """Chunks that hold one of the surfaces in any case, and which. Neither has white space."""
    folded = [chunk.lower() for chunk in chunks]
    text = "\n".join(folded)
    begins = list(accumulate((len(chunk) + 1 for chunk in folded), initial=0))
    found: dict[str, list[str]] = {}
    for surface in surfaces:
        wanted = surface.lower()
        place = text.find(wanted)
        while place >= 0:
            number = bisect_right(begins, place) - 1
            found.setdefault(chunks[number], []).append(surface)
            place = text.find(wanted, begins[number + 1])
    return found
