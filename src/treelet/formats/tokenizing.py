"""A language in, a function from text to a Doc of its words out, for formats that hold text alone."""

from __future__ import annotations

from collections.abc import Callable

from treelet.doc import Doc
from treelet.languages import Tokenizer

Tokenize = Callable[[str], Doc]


def language_tokenizer(code: str) -> Tokenize:
    """Splits texts by the rules of a language, which are read when the first text comes."""
    made: list[Tokenizer] = []

    def tokenize(text: str) -> Doc:
        if not made:
            made.append(Tokenizer.from_language(code))
        return Doc.from_columns(made[0](text))

    return tokenize
