"""The attributes of a token that its letters alone decide."""

from __future__ import annotations

from treelet.doc import lexical


class LexicalAttributes:
    """What Token inherits; all read the syntactic word, not the piece of text it stands on."""

    __slots__ = ()

    @property
    def form_(self) -> str:
        """The syntactic word."""
        raise NotImplementedError

    @property
    def lower_(self) -> str:
        """The word in lower case."""
        return self.form_.lower()

    @property
    def norm_(self) -> str:
        """The word normalised: see lexical.norm."""
        return lexical.norm(self.form_)

    @property
    def shape_(self) -> str:
        """`Xxxx`, `dd`: see lexical.shape."""
        return lexical.shape(self.form_)

    @property
    def prefix_(self) -> str:
        """First character."""
        return self.form_[:1]

    @property
    def suffix_(self) -> str:
        """Last three characters."""
        return self.form_[-3:]

    @property
    def is_alpha(self) -> bool:
        """Letters only."""
        return self.form_.isalpha()

    @property
    def is_ascii(self) -> bool:
        """ASCII only."""
        return self.form_.isascii()

    @property
    def is_digit(self) -> bool:
        """Digits only."""
        return self.form_.isdigit()

    @property
    def is_lower(self) -> bool:
        """Lower case."""
        return self.form_.islower()

    @property
    def is_upper(self) -> bool:
        """Upper case."""
        return self.form_.isupper()

    @property
    def is_title(self) -> bool:
        """Title case."""
        return self.form_.istitle()

    @property
    def is_space(self) -> bool:
        """White space only."""
        return self.form_.isspace()

    @property
    def is_punct(self) -> bool:
        """Punctuation only."""
        return lexical.is_punct(self.form_)

    @property
    def is_quote(self) -> bool:
        """A quotation mark."""
        return lexical.is_quote(self.form_)

    @property
    def is_bracket(self) -> bool:
        """A bracket."""
        return lexical.is_bracket(self.form_)

    @property
    def is_currency(self) -> bool:
        """Currency signs only."""
        return lexical.is_currency(self.form_)

    @property
    def like_num(self) -> bool:
        """Looks like a number."""
        return lexical.like_num(self.form_)

    @property
    def like_url(self) -> bool:
        """Looks like a URL."""
        return lexical.like_url(self.form_)

    @property
    def like_email(self) -> bool:
        """Looks like an e-mail address."""
        return lexical.like_email(self.form_)
