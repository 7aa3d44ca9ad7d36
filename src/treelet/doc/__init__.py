"""Doc, Token, Span and MorphAnalysis: views over the columns of one document."""

from treelet.doc.doc import Doc

__all__ = ["Doc"]
