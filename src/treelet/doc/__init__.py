"""Doc, Token, Span and MorphAnalysis: views over the columns of one document."""

from treelet.doc.doc import Doc
from treelet.doc.morph import MorphAnalysis
from treelet.doc.span import Span
from treelet.doc.token import Token

__all__ = ["Doc", "MorphAnalysis", "Span", "Token"]
