"""Data files of languages: the tokenizer's rules for how words are written, and what a treebank adds."""

from __future__ import annotations

from treelet.languages.data import LANGUAGES, Rules, load_language
from treelet.languages.learning import learn_exceptions
from treelet.languages.tokenizer import Tokenizer

__all__ = ["LANGUAGES", "Rules", "Tokenizer", "learn_exceptions", "load_language"]
