"""Edit trees: a label always gives its lemma back, generalises, and damage is an error."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from treelet import _core
from treelet.errors import PackageError

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
WORDS = st.text("abAB\\/>[]-0,ßẞİıÇǅé", max_size=12)


@given(ANY_TEXT, ANY_TEXT)
def test_a_label_gives_its_lemma_back(form: str, lemma: str) -> None:
    assert _core.apply_edit_tree(_core.edit_tree(form, lemma), form) == lemma


@given(WORDS, WORDS)
def test_also_with_escapes_and_odd_cases(form: str, lemma: str) -> None:
    assert _core.apply_edit_tree(_core.edit_tree(form, lemma), form) == lemma


@given(WORDS)
def test_also_for_long_words(word: str) -> None:
    long = word * 100
    assert _core.apply_edit_tree(_core.edit_tree(long, word), long) == word


@pytest.mark.parametrize(
    ("form", "lemma", "other", "expected"),
    [
        ("The", "the", "AND", "and"),
        ("running", "run", "swimming", None),
        ("walking", "walk", "Talking", "talk"),
        ("went", "go", "WENT", "go"),
        ("WAS", "be", "was", "be"),
        ("London", "London", "McDonald", "McDonald"),
        ("NATO", "NATO", "Paris", "Paris"),
        ("Americans", "American", "Germans", "German"),
        ("CANADIANS", "Canadian", "GERMANS", "German"),
        ("us", "US", "uk", "UK"),
        ("gesagt", "sagen", "gemacht", "machen"),
        ("ÉTAIT", "être", "était", "être"),
    ],
)
def test_labels_generalise(form: str, lemma: str, other: str, expected: str | None) -> None:
    assert _core.apply_edit_tree(_core.edit_tree(form, lemma), other) == expected


def test_one_label_for_all_words_that_are_their_own_lemma() -> None:
    assert {_core.edit_tree(w, w.lower()) for w in ("the", "The", "THE", ",", "2024")} == {"l[0,0--]"}


LABELS = ["l[0,4-<ning/>]", "k<we\\/nt/go>", "t[1,0[0,0--]-]", "u-"]


@example(LABELS[0], 0, "\ud800")
@given(st.sampled_from(LABELS), st.integers(0, 20), st.characters(exclude_categories=()) | st.just(""))
def test_damaged_labels_never_crash(label: str, at: int, character: str) -> None:
    mutated = label[:at] + character + label[at + 1 :]
    with contextlib.suppress(PackageError):
        lemma = _core.apply_edit_tree(mutated, "running")
        assert lemma is None or isinstance(lemma, str)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "x-",
        "l",
        "l[",
        "l[1",
        "l[1,",
        "l[1,1--",
        "l[-1,0--]",
        "l<a",
        "l<a/b",
        "l--",
        "l[99999999999,0--]",
        "l<\\",
    ],
)
def test_broken_labels_are_errors(label: str) -> None:
    with pytest.raises(PackageError):
        _core.apply_edit_tree(label, "running")


def test_deep_and_long_labels_are_errors() -> None:
    for depth, message in ((4_000, "shallower"), (100_000, "shorter")):
        with pytest.raises(PackageError, match=message):
            _core.apply_edit_tree("l" + "[1,0" * depth, "running")
