"""What a word's letters alone tell: shape, and whether it looks like a number, a URL or an e-mail address."""

from __future__ import annotations

import re
import unicodedata

_SHAPE_RUN = 4
_LONGEST_SHAPE = 100
_NUMBER = re.compile(r"[-+~±]?(?:\d+(?:[.,]\d+)*|\d*[.,]\d+|\d+/\d+)")
_NUMBER_WORDS = (
    " zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand "
    "million billion trillion "
)
_URL = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+"
    r"|(?:[\w-]+\.)+(?:com|org|net|edu|gov|info|io|co|[a-z]{2})(?:[:/?#]\S*)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


def shape(word: str) -> str:
    """`Xxxx` of `Apple`, `dd.d` of `10.5`: letters to X or x, digits to d, runs of one class cut at four."""
    if len(word) >= _LONGEST_SHAPE:
        return "LONG"
    classes: list[str] = []
    run = 0
    for character in word:
        found = _shape_class(character)
        run = run + 1 if classes and classes[-1] == found else 1
        if run <= _SHAPE_RUN:
            classes.append(found)
    return "".join(classes)


def _shape_class(character: str) -> str:
    if character.isalpha():
        return "X" if character.isupper() else "x"
    return "d" if character.isdigit() else character


def norm(word: str) -> str:
    """Lower-cased, with typewriter quotes for typographic ones."""
    return word.lower().translate(_QUOTES)


def is_punct(word: str) -> bool:
    """Every character is Unicode punctuation."""
    return bool(word) and all(unicodedata.category(character)[0] == "P" for character in word)


def is_quote(word: str) -> bool:
    """A quotation mark, or two single ones."""
    return word in _QUOTE_MARKS


def is_bracket(word: str) -> bool:
    """An opening or closing bracket."""
    return word in _BRACKETS


def is_currency(word: str) -> bool:
    """Every character is a currency sign."""
    return bool(word) and all(unicodedata.category(character) == "Sc" for character in word)


def like_num(word: str) -> bool:
    """Digits with or without separators, a fraction, or an English number word."""
    return bool(_NUMBER.fullmatch(word)) or f" {word.lower()} " in _NUMBER_WORDS


def like_url(word: str) -> bool:
    """`https://…`, `www.…`, or a domain name of a known kind."""
    return "@" not in word.partition("/")[0] and bool(_URL.fullmatch(word))


def like_email(word: str) -> bool:
    """`name@domain.tld`."""
    return bool(_EMAIL.fullmatch(word))


_QUOTE_MARKS = frozenset("\"'`«»‘’‚‛“”„‟‹›「」『』") | {"''", "``"}
_BRACKETS = frozenset("()[]{}<>⟨⟩（）【】")
