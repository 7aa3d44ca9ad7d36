"""The words of one Doc while its CoNLL-U is read: lists in, a Doc out."""

from __future__ import annotations

from treelet._core import Doc as Columns
from treelet.doc import Doc


class WordLists:
    """A list a column. `spaces` is None after a token where its line says nothing."""

    def __init__(self) -> None:
        self.user_data: dict[str, str] = {}
        self.n_sentences = 0
        self.lines: list[int] = []  # first line of each sentence
        self.leading = ""
        self.surfaces: list[str] = []  # one a token
        self.token_words: list[list[str]] = []
        self.spaces: list[str | None] = []
        self.lemmas: list[str | None] = []  # one a word, as all that follow
        self.upos: list[str | None] = []
        self.xpos: list[str | None] = []
        self.feats: list[str | None] = []
        self.heads: list[int] = []
        self.deprels: list[str | None] = []
        self.sent_starts: list[int] = []
        self.iobs: list[int] = []
        self.ent_types: list[str | None] = []

    def cut_back(self, n_tokens: int, n_words: int) -> None:
        """Forget what was read of a sentence since there were so many tokens and words."""
        for tokens in (self.surfaces, self.token_words, self.spaces):
            del tokens[n_tokens:]
        for words in (self.lemmas, self.upos, self.xpos, self.feats, self.heads, self.deprels):
            del words[n_words:]

    def end_paragraph(self) -> None:
        """A blank line after the last token, unless its white space has a line end already."""
        last = self.spaces[-1]
        if last is None or "\n" not in last:
            self.spaces[-1] = "\n\n"

    def doc(self) -> Doc:
        """The Doc. One blank follows each token where nothing was said, and nothing the last."""
        last = len(self.spaces) - 1
        spaces = [
            (" " if i < last else "") if space is None else space for i, space in enumerate(self.spaces)
        ]
        columns = Columns.from_tokens(self.leading, self.surfaces, self.token_words, spaces)
        columns.set_lemma_column(self.lemmas)
        columns.set_upos_column(self.upos)
        columns.set_xpos_column(self.xpos)
        columns.set_feats_column(self.feats)
        columns.set_deprel_column(self.deprels)
        columns.set_sent_start_column(self.sent_starts)
        if max(self.heads) >= 0:
            columns.set_head_column(self.heads)
        if any(self.iobs):
            columns.set_iob_column(self.iobs)
            columns.set_ent_type_column(self.ent_types)
        return Doc.from_columns(columns, user_data=dict(self.user_data))
