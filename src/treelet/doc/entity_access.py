"""The part of a Doc that reads and sets its named entities, and those known to be wrong."""

from __future__ import annotations

from treelet.doc.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from treelet.doc.doc import Doc
    from treelet.doc.entities import Default
    from treelet.doc.wrong_entities import WrongEntity


class EntityAccess:
    """Doc is the only class made of it."""

    __slots__ = ("_wrong",)

    _wrong: tuple[WrongEntity, ...]

    def _doc(self) -> Doc:
        return self  # type: ignore[return-value]

    @property
    def ents(self) -> tuple[Span, ...]:
        """Named entities, in order. Assigning spans makes all other words outside."""
        from treelet.doc.entities import get_entities

        return get_entities(self._doc())

    @ents.setter
    def ents(self, entities: Sequence[Span]) -> None:
        self.set_ents(entities)

    def set_ents(
        self,
        entities: Sequence[Span],
        *,
        blocked: Sequence[Span] = (),
        missing: Sequence[Span] = (),
        outside: Sequence[Span] = (),
        default: Default = "outside",
    ) -> None:
        """Sets named entities, and what is known of all other words. A pipeline keeps both.

        blocked, outside: no entity may touch these words; the two names mean the same.
        missing: not known; a pipeline decides, and teaching passes over them.
        default: what words in none of these become: "outside", "missing", or "unmodified".

        Raises TextError for another default, and for spans of another document, empty, overlapping, or of an
        entity without a label.
        """
        from treelet.doc.entities import set_entities
        from treelet.doc.entity_tags import MISSING, OUTSIDE

        others = [("blocked", OUTSIDE, blocked), ("outside", OUTSIDE, outside), ("missing", MISSING, missing)]
        set_entities(self._doc(), entities, others, default)

    @property
    def wrong_ents(self) -> tuple[Span, ...]:
        """Spans known not to be entities with their label, or with any when it is "": they teach.

        Assigning spans replaces them. Raises TextError for spans of another document, or empty.
        """
        return tuple(Span(self._doc(), *wrong) for wrong in self._wrong)

    @wrong_ents.setter
    def wrong_ents(self, spans: Sequence[Span]) -> None:
        from treelet.doc.wrong_entities import wrong_entities

        self._wrong = wrong_entities(self._doc(), spans)
