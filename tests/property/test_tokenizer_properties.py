"""For any text at all: no character is lost, words lie in order, and the cache changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treelet import _core
from treelet.languages import LANGUAGES, Tokenizer

TOKENIZERS = {code: Tokenizer.from_language(code) for code in LANGUAGES}

# Pieces that the rules know, so that random texts reach all of them.
PIECES = st.sampled_from(
    [
        *"abcsdtnmoeá.,:;!?'’‘`-_/@#$%&*()[]<>=+~^|\"“”«» \n\r\t\0",
        "http://",
        "www.",
        ".com",
        "n't",
        "'s",
        "-se",
        "-á",
        "etc",
        "U.S.",
        "12",
        "1/2",
        ":)",
        "😀",
        "\u200d",
        "\u00a0",
        "\u2028",
        "\u00ad",
        "\ud800",
        "\udc00",
        "don",
        "do",
        "its",
        "pm",
        "mm",
        "e-",
        "no.",
        ".doc",
        "中",
        "Ǆ",
        "İ",
    ]
)
TEXTS = st.one_of(st.text(st.characters(), max_size=60), st.lists(PIECES, max_size=40).map("".join))


def rebuilt(text: str, tokens: list[tuple[str, list[str], str]]) -> bool:
    body = "".join(surface + space for surface, _, space in tokens)
    return text.endswith(body) and (text[: len(text) - len(body)].isspace() or len(text) == len(body))


@pytest.mark.parametrize("code", LANGUAGES)
@given(text=TEXTS)
@settings(max_examples=400, deadline=None)
def test_tokens_and_white_space_rebuild_the_text(code: str, text: str) -> None:
    tokens = TOKENIZERS[code].tokens(text)
    assert rebuilt(text, tokens)
    for surface, words, space in tokens:
        assert surface
        assert not any(c.isspace() for c in surface)
        assert not space or space.isspace()
        assert words
        assert all(words)
        assert len(words) > 1 or words == [surface]


@pytest.mark.parametrize("code", LANGUAGES)
@given(texts=st.lists(TEXTS, max_size=6), capacity=st.sampled_from([0, 1, 3, 1000]))
@settings(max_examples=150, deadline=None)
def test_the_cache_never_changes_a_result(code: str, texts: list[str], capacity: int) -> None:
    tokenizer = TOKENIZERS[code]
    text = " ".join(texts)
    fresh = facts(tokenizer.core.tokenize_uncached(text, 0))
    assert facts(tokenizer.core.tokenize_uncached(text, capacity)) == fresh
    assert facts(tokenizer(text)) == fresh  # with all that earlier examples left in the cache


def facts(doc: _core.Doc) -> list[tuple[str, str]]:
    return [(doc.surface(k), doc.word(k)) for k in range(len(doc))]


@given(text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_explain_names_a_rule_for_every_word(text: str) -> None:
    for tokenizer in TOKENIZERS.values():
        doc = tokenizer(text)
        assert [surface for _, surface in tokenizer.explain(text)] == [
            doc.surface(k) for k in range(len(doc))
        ]


@given(text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_splitting_depends_on_the_chunk_alone(text: str) -> None:
    """Chunks without a period split alike wherever they stand."""
    tokenizer = TOKENIZERS["en"]
    chunks = [chunk for chunk in text.split() if "." not in chunk]
    alone = [token[:2] for chunk in chunks for token in tokenizer.tokens(chunk)]
    assert [token[:2] for token in tokenizer.tokens(" \n\n".join(chunks))] == alone
