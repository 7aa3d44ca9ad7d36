"""treelet: raw text to tokens, sentences, tags, lemmas, trees and named entities."""

__version__ = "0.1.0"
