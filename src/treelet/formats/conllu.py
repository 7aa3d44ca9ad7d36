"""CoNLL-U, the format of Universal Dependencies: read_conllu and write_conllu."""

from treelet.formats.conllu_reader import read_conllu

__all__ = ["read_conllu"]
