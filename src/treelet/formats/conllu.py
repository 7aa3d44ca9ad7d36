"""CoNLL-U, the format of Universal Dependencies: read_conllu and write_conllu."""

from treelet.formats.conllu_reader import read_conllu
from treelet.formats.conllu_writer import ConlluMarks, write_conllu

__all__ = ["ConlluMarks", "read_conllu", "write_conllu"]
