"""The best tree over scored arcs is the best of all trees, found by trying every one of them."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from treelet.silver.arborescence import best_tree

SCORE = st.integers(0, 12).map(lambda n: n / 4)


@st.composite
def votes(draw: st.DrawFn) -> tuple[list[dict[int, float]], dict[int, float]]:
    n = draw(st.integers(1, 5))
    scores = [
        {head: draw(SCORE) for head in draw(st.lists(st.integers(0, n - 1), unique=True)) if head != word}
        for word in range(n)
    ]
    roots = draw(st.lists(st.integers(0, n - 1), min_size=1, unique=True))
    return scores, {root: draw(SCORE) for root in roots}


def is_tree(heads: tuple[int, ...]) -> bool:
    for start in range(len(heads)):
        word, steps = start, 0
        while heads[word] != word and steps <= len(heads):
            word, steps = heads[word], steps + 1
        if heads[word] != word:
            return False
    return sum(head == word for word, head in enumerate(heads)) == 1


def worth(heads: tuple[int, ...], scores: list[dict[int, float]], roots: dict[int, float]) -> float | None:
    """None: not one of the trees that are allowed."""
    (root,) = [word for word, head in enumerate(heads) if head == word]
    if root not in roots:
        return None
    total = roots[root]
    for word, head in enumerate(heads):
        if word != root and head not in scores[word] and head != root:
            return None
        total += 0.0 if word == root else scores[word].get(head, 0.0)
    return total


@given(votes())
@settings(max_examples=300, deadline=None)
def test_no_tree_is_better(case: tuple[list[dict[int, float]], dict[int, float]]) -> None:
    scores, roots = case
    n = len(scores)
    found = tuple(best_tree(scores, roots))
    assert is_tree(found)
    mine = worth(found, scores, roots)
    trees = (heads for heads in product(range(n), repeat=n) if is_tree(heads))
    others = [value for heads in trees if (value := worth(heads, scores, roots)) is not None]
    assert mine is not None
    assert abs(mine - max(others)) < 1e-9


def test_of_equal_arcs_the_first_named_wins() -> None:
    assert best_tree([{}, {2: 1.0, 0: 1.0}, {0: 1.0}], {0: 1.0}) == [0, 2, 0]
    assert best_tree([{}, {0: 1.0, 2: 1.0}, {0: 1.0}], {0: 1.0}) == [0, 0, 0]
