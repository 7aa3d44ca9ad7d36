"""Words of a text in; how many of them the encoder computes, as its cache of word types has not got them."""

from collections.abc import Iterable

MOST_TYPES = 8192  # core/encoder/encoder.h
LEAST_USES = 2


class TypeCounts:
    """The cache of `core/encoder/type_cache.h` without its numbers: when full, it forgets half of its room at
    least, first of all what came but once lately."""

    def __init__(self, most: int = MOST_TYPES) -> None:
        self.most = most
        self.uses: dict[str, int] = {}
        self.new = 0

    def see(self, form: str) -> None:
        """Count a word."""
        if form in self.uses:
            self.uses[form] += 1
            return
        if len(self.uses) >= self.most:
            often = [(other, uses // 2) for other, uses in self.uses.items() if uses >= LEAST_USES]
            self.uses = dict(often[: self.most // 2])
        self.uses[form] = 1
        self.new += 1


def new_types_a_word(words: Iterable[str], most: int = MOST_TYPES) -> float:
    """New types over words, in the second of two passes: as in a long run."""
    counts = TypeCounts(most)
    seen = list(words)
    for form in seen:
        counts.see(form)
    counts.new = 0
    for form in seen:
        counts.see(form)
    return counts.new / max(1, len(seen))
