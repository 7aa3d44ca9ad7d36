"""Data files of languages: how words are written, as rules for the tokenizer; and what a treebank adds to them."""

from __future__ import annotations

from treelet.languages.data import LANGUAGES, Rules, load_language
from treelet.languages.learning import learn_exceptions
from treelet.languages.tokenizer import Tokenizer

__all__ = ["LANGUAGES", "Rules", "Tokenizer", "learn_exceptions", "load_language"]
