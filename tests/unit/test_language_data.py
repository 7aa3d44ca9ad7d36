"""Data files of languages, and the exceptions that a treebank adds to them."""

from __future__ import annotations

import pytest

from treelet.languages import LANGUAGES, Tokenizer, learn_exceptions, load_language


def test_languages_have_files() -> None:
    assert {"en", "pt", "xx", "de", "fr", "es", "ru", "ko"} <= set(LANGUAGES)


@pytest.mark.parametrize("code", [*LANGUAGES, "tlh", "../en", ""])
def test_every_code_gives_working_rules(code: str) -> None:
    rules = load_language(code)
    assert rules["language"] == code
    assert len(Tokenizer(rules)("a b")) == 2


def test_unknown_languages_are_the_neutral_one() -> None:
    assert {**load_language("tlh"), "language": "xx"} == load_language("xx")


def test_a_language_adds_to_the_neutral_lists() -> None:
    assert set(load_language("xx")["units"]) < set(load_language("en")["units"])


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_entry_stands_twice(code: str) -> None:
    for key, value in load_language(code).items():
        if isinstance(value, list):
            assert [entry for entry in value if value.count(entry) > 1] == [], key


def words(tokenizer: Tokenizer, text: str) -> list[list[str]]:
    return [forms for _, forms, _ in tokenizer.tokens(text)]


def test_learns_what_the_rules_get_wrong() -> None:
    rules = load_language("xx")
    learned = learn_exceptions(rules, [("ain't,", [["ai", "n't"], [","]])] * 3 + [("fine", [["fine"]])])
    assert words(Tokenizer(learned), "(ain't) fine") == [["("], ["ai", "n't"], [")"], ["fine"]]
    assert set(learned["exceptions"]) - set(rules["exceptions"]) == {"ain't"}
    assert "ain't" not in rules["exceptions"]


def test_a_comma_is_never_learned_as_part_of_a_word() -> None:
    learned = learn_exceptions(load_language("xx"), [("well,", [["well,"]])] * 5)
    assert words(Tokenizer(learned), "well, so") == [["well"], [","], ["so"]]


def test_learns_forms_that_are_not_in_the_text() -> None:
    learned = learn_exceptions(load_language("xx"), [("zum", [["zu", "dem"]])] * 2)
    assert words(Tokenizer(learned), "zum Zum") == [["zu", "dem"], ["Zu", "dem"]]


@pytest.mark.parametrize(
    "observations",
    [
        [("rare", [["ra", "re"]])],  # seen once
        [("its", [["it", "s"]])] * 3 + [("its", [["its"]])] * 7,  # mostly otherwise
        [("cat", [["c", "at"]])] * 2 + [("(cat", [["("], ["cat"]])] * 9,  # breaks more than it mends
        [("fin.", [["fin"], ["."]])] * 3,  # the rules know
    ],
)
def test_does_not_learn_noise(observations: list[tuple[str, list[list[str]]]]) -> None:
    rules = load_language("xx")
    assert learn_exceptions(rules, observations) == rules


def test_words_with_odd_surfaces_teach_nothing() -> None:
    rules = load_language("xx")
    assert learn_exceptions(rules, [("ab", [["x"], ["y"]])] * 5) == rules
