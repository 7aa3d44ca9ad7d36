"""What a word's letters alone tell: shape, and whether it looks like a number, a URL or an e-mail address."""

from __future__ import annotations

_SHAPE_RUN = 4
_LONGEST_SHAPE = 100
# Patterns are compiled, and modules imported, when somebody asks: annotating does without.
_NUMBER = r"[-+~±]?(?:\d+(?:[.,]\d+)*|\d*[.,]\d+|\d+/\d+)"
_NUMBER_WORDS = (
    " zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand "
    "million billion trillion "
)
_URL = (
    r"(?i)(?:[a-z][a-z0-9+.-]*://|www\.)\S+"
    r"|(?:[\w-]+\.)+(?:com|org|net|edu|gov|info|io|co|[a-z]{2})(?:[:/?#]\S*)?"
)
_EMAIL = r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
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
    from unicodedata import category

    return bool(word) and all(category(character)[0] == "P" for character in word)


def is_quote(word: str) -> bool:
    """A quotation mark, or two single ones."""
    return word in _QUOTE_MARKS


def is_bracket(word: str) -> bool:
    """An opening or closing bracket."""
    return word in _BRACKETS


def is_currency(word: str) -> bool:
    """Every character is a currency sign."""
    from unicodedata import category

    return bool(word) and all(category(character) == "Sc" for character in word)


def like_num(word: str) -> bool:
    """Digits with or without separators, a fraction, or an English number word."""
    return _matches(_NUMBER, word) or f" {word.lower()} " in _NUMBER_WORDS


def like_url(word: str) -> bool:
    """`https://…`, `www.…`, or a domain name of a known kind."""
    return "@" not in word.partition("/")[0] and _matches(_URL, word)


def like_email(word: str) -> bool:
    """`name@domain.tld`."""
    return _matches(_EMAIL, word)


def _matches(pattern: str, word: str) -> bool:
    import re

    return re.fullmatch(pattern, word) is not None


_QUOTE_MARKS = frozenset("\"'`«»‘’‚‛“”„‟‹›「」『』") | {"''", "``"}
_BRACKETS = frozenset("()[]{}<>⟨⟩（）【】")
