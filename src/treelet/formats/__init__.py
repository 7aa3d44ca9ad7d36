"""Files to Docs and back: CoNLL-U, IOB2, JSONL."""

from treelet.formats.conllu import read_conllu
from treelet.formats.iob import IobLayout, read_iob, write_iob

__all__ = ["IobLayout", "read_conllu", "read_iob", "write_iob"]
