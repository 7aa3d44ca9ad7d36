"""Rules of a language in, a tokenizer out: the Python face of the core's."""

from __future__ import annotations

import json

from treelet import _core
from treelet.languages.data import Rules, load_language


class Tokenizer:
    """Splits text into tokens and words, and loses no character of it. Constant; threads may share one.

    Raises PackageError where the rules are damaged or contradict themselves.
    """

    def __init__(self, rules: Rules) -> None:
        self.core = _core.Tokenizer(json.dumps(rules, ensure_ascii=False))

    @classmethod
    def from_language(cls, code: str) -> Tokenizer:
        """The tokenizer of a language's data file; an unknown code gets the neutral one."""
        return cls(load_language(code))

    @classmethod
    def from_json(cls, document: str) -> Tokenizer:
        """The tokenizer that `to_json` wrote."""
        tokenizer = cls.__new__(cls)
        tokenizer.core = _core.Tokenizer(document)
        return tokenizer

    def to_json(self) -> str:
        """Its rules as a JSON document: what a model package holds as tokenizer.json."""
        return self.core.rules_json

    def __call__(self, text: str) -> _core.Doc:
        """The document of a text: its words, their places and forms. Raises TextError above 2 GiB."""
        return self.core.tokenize(text)

    def tokens(self, text: str) -> list[tuple[str, list[str], str]]:
        """The surface tokens of a text: surface, words, white space behind it."""
        return self.core.tokens(text)

    def explain(self, text: str) -> list[tuple[str, str]]:
        """For every word, the name of the rule that made it and the piece of text it stands on."""
        return self.core.explain(text)
