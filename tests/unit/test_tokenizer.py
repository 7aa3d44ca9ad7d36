"""The tokenizer's edges: empty and enormous texts, blank lines, damaged rules, threads."""

from __future__ import annotations

import json
import threading
import time

import pytest

from treelet import _core
from treelet.errors import PackageError
from treelet.languages import Tokenizer, load_language

ENGLISH = Tokenizer.from_language("en")


@pytest.mark.parametrize("text", ["", " ", "\n\n\t \u3000", "\u00a0"])
def test_text_without_words(text: str) -> None:
    assert len(ENGLISH(text)) == 0
    assert ENGLISH(text).text == text


@pytest.mark.parametrize(
    "text", ["\ud800", "a\ud800b \udc00", "\0", "a\0b", "\u200b", "\ufeffa", "\U0010ffff"]
)
def test_odd_characters_are_kept(text: str) -> None:
    assert "".join(surface + space for surface, _, space in ENGLISH.tokens(text)) == text


def test_leading_white_space_belongs_to_no_word() -> None:
    doc = ENGLISH("  \n a")
    assert (len(doc), doc.surface(0), doc.text) == (1, "a", "  \n a")


@pytest.mark.parametrize(
    "unit", ["a", "a-", "a.", "(", "-*", "don't", "a@", "www.", "http://)", "1-", "😀", "\0", "ab.cd-"]
)
def test_a_text_without_a_space_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.perf_counter()
        ENGLISH(text)
        return time.perf_counter() - start

    seconds(100_000)
    assert seconds(2_000_000) < 40 * max(seconds(200_000), 0.005)


def test_a_word_is_cut_where_it_grows_past_a_window() -> None:
    doc = ENGLISH("a" * 100_000)
    surfaces = [doc.surface(k) for k in range(len(doc))]
    assert "".join(surfaces) == "a" * 100_000
    assert max(map(len, surfaces)) <= 16_384


def test_period_at_the_end_of_a_paragraph_closes_the_sentence() -> None:
    assert [s for s, _, _ in ENGLISH.tokens("the U.S.\n\nthe U.S.\nNavy")] == [
        "the",
        "U.S",
        ".",
        "the",
        "U.S.",
        "Navy",
    ]


def test_json_round_trip() -> None:
    document = ENGLISH.to_json()
    again = Tokenizer.from_json(document)
    assert again.to_json() == document
    assert again.tokens("can't/won't, e.g. 5mm") == ENGLISH.tokens("can't/won't, e.g. 5mm")


def test_empty_rules_still_tokenize() -> None:
    assert [s for s, _, _ in Tokenizer.from_json("{}").tokens("Don't, 5%.")] == ["Don't", ",", "5", "%", "."]


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ("", "not JSON"),
        ("[]", "expected an object"),
        ('{"clitic": []}', "clitic"),
        ('{"units": "mm"}', "units"),
        ('{"units": [1]}', "units"),
        ('{"split_hyphens": 1}', "split_hyphens"),
        ('{"clitics": [""]}', "clitics"),
        ('{"ordinals": "yes"}', "ordinals"),
        ('{"elisions": ["l \'"]}', "elisions"),
        ('{"joiners": ["::"]}', "single character"),
        ('{"enclitics": ["se"]}', "enclitics"),
        ('{"enclitics": [{"words": ["se"]}]}', "stems"),
        ('{"enclitics": [{"words": ["se"], "stems": ["ar"]}]}', "stems"),
        ('{"enclitics": [{"words": "se", "stems": {"ar": "ar"}}]}', "words"),
        ('{"enclitics": [{"words": [""], "stems": {"ar": "ar"}}]}', "enclitics"),
        ('{"enclitics": [{"words": ["se"], "stems": {"ar": ""}}]}', "enclitics"),
        ('{"emoticons": [": )"]}', "white space"),
        ('{"exceptions": []}', "exceptions"),
        ('{"exceptions": {"": [["a"]]}}', "exceptions"),
        ('{"exceptions": {"ab": []}}', "'ab'"),
        ('{"exceptions": {"ab": [[]]}}', "'ab'"),
        ('{"exceptions": {"ab": [["a", ""]]}}', "'ab'"),
        ('{"exceptions": {"ab": "a b"}}', "'ab'"),
        ('{"exceptions": {"ab": [["a"], ["c"]]}}', "'ab'"),
        ('{"exceptions": {"ab": [["cd"]]}}', "'ab'"),
    ],
)
def test_damaged_rules_say_what_is_wrong(document: str, where: str) -> None:
    with pytest.raises(PackageError, match=where):
        Tokenizer.from_json(document)


def split(text: str, **rules: object) -> str:
    tokens = Tokenizer({"language": "xx", **rules}).tokens(text)
    return " ".join("|".join(words) for _, words, _ in tokens)


@pytest.mark.parametrize(
    ("rules", "text", "without", "with_rule"),
    [
        ({"elisions": ["l'"]}, "L’eau l'a, al'a", "L’eau l'a , al'a", "L’ eau l' a , al'a"),
        ({"joiners": [":"]}, "EU:n 3:4 a: :b", "EU : n 3:4 a : : b", "EU:n 3:4 a : : b"),
        (
            {"number_words": True},
            "49ste 4-weg 6-5 80'er",
            "49 ste 4 - weg 6-5 80 ' er",
            "49ste 4-weg 6-5 80'er",
        ),
        ({"ordinals": True}, "3. Mai 1990. Im 3.", "3 . Mai 1990 . Im 3 .", "3. Mai 1990 . Im 3 ."),
        ({"ordinals": True}, "31.. 3.5 (2.) x", "31 .. 3.5 ( 2 . ) x", "31 .. 3.5 ( 2. ) x"),
        ({"dangling_hyphens": True}, "in- of -uit a-- -B", "in - of - uit a -- - B", "in- of -uit a -- - B"),
        ({"split_apostrophes": True}, "하녀'와 a'b", "하녀'와 a'b", "하녀 ' 와 a ' b"),
    ],
)
def test_a_rule_of_a_language(rules: dict[str, object], text: str, without: str, with_rule: str) -> None:
    assert (split(text), split(text, **rules)) == (without, with_rule)


def test_enclitics_stand_behind_their_stems() -> None:
    rule = {"stems": {"ándo": "ando", "ar": "ar"}, "words": ["se", "lo", "los"]}
    text = "dándoselo llamarse HABLARLOS CANTÁNDOLO casaselo se lo clase"
    assert (
        split(text, enclitics=[rule]) == "dando|se|lo llamar|se HABLAR|LOS CANTÁNDO|LO casaselo se lo clase"
    )


def test_enclitics_that_lead_nowhere_take_bounded_time() -> None:
    rules = [{"stems": {"x": "x"}, "words": ["a" * n for n in range(1, 21)]}] * 9
    start = time.perf_counter()
    assert split("a" * 60 + " b", enclitics=rules).split() == ["a" * 60, "b"]
    assert time.perf_counter() - start < 1


def test_exceptions_follow_the_casing_of_the_text() -> None:
    rules = {"exceptions": {"no": [["em", "o"]], "IBM!": [["IBM!"]]}}
    words = [w for _, w, _ in Tokenizer(rules).tokens("no No NO IBM! ibm!")]
    assert words == [["em", "o"], ["Em", "o"], ["EM", "O"], ["IBM!"], ["ibm"], ["!"]]


def test_threads_share_a_tokenizer() -> None:
    text = " ".join(f"word{k} can't-{k}" for k in range(3000))
    expected = ENGLISH.tokens(text)
    results: list[object] = []
    threads = [threading.Thread(target=lambda: results.append(ENGLISH.tokens(text))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


def test_batch_is_a_loop() -> None:
    texts = ["I can't.", "", "no. 5"]
    docs = ENGLISH.core.tokenize_batch(texts)
    assert [doc.text for doc in docs] == texts
    assert [len(doc) for doc in docs] == [len(ENGLISH(text)) for text in texts]


def test_tokenize_wants_a_string() -> None:
    with pytest.raises(TypeError):
        _core.Tokenizer("{}").tokenize(b"bytes")


def test_rules_of_every_field_reach_the_core() -> None:
    rules = load_language("pt")
    assert json.loads(Tokenizer(rules).to_json()) == rules
