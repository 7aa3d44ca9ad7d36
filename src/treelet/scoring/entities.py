"""Gold and predicted Docs in; precision, recall and F1 of named entities out, by exact borders and type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from treelet.doc import Doc
from treelet.doc.entity_tags import MISSING
from treelet.errors import TextError
from treelet.scoring.scores import EntityScores, Score

Entity = tuple[int, int, str]


def entity_scores(gold: Sequence[Doc], predicted: Sequence[Doc]) -> EntityScores | None:
    """Scores over pairs of documents of the same text, white space aside; None where no gold word is
    annotated.

    An entity is right where its first and last character and its type are. Predicted entities that touch a
    character whose gold annotation is missing count neither for nor against, unless gold's wrong_ents name
    them: those count against.

    Raises TextError where the numbers of documents, or the texts of a pair, differ.
    """
    if len(gold) != len(predicted):
        raise TextError(
            f"found {len(predicted)} predicted documents, expected as many as gold ones, {len(gold)}"
        )
    if not any(doc.columns.has_iob() for doc in gold):
        return None
    counts: dict[str, Counter[str]] = {"gold": Counter(), "predicted": Counter(), "correct": Counter()}
    for number, (ours, theirs) in enumerate(zip(gold, predicted, strict=True)):
        if "".join(ours.text.split()) != "".join(theirs.text.split()):
            raise TextError(f"document {number}: gold and predicted text differ, white space aside")
        expected = set(_entities(ours))
        unknown = _unknown_before(ours)
        wrong = _known_wrong(ours)
        found = {
            (start, end, label)
            for start, end, label in _entities(theirs)
            if unknown[start] == unknown[end] or wrong & {(start, end, label), (start, end, "")}
        }
        for key, entities in (("gold", expected), ("predicted", found), ("correct", expected & found)):
            counts[key].update(label for _, _, label in entities)
    labels = sorted(counts["gold"] | counts["predicted"])
    scores = {
        label: Score(counts["gold"][label], counts["predicted"][label], counts["correct"][label])
        for label in labels
    }
    totals = [sum(counts[key].values()) for key in ("gold", "predicted", "correct")]
    return EntityScores(Score(*totals), scores)


def _places(doc: Doc) -> list[int]:
    """Number of characters that are not white space before each character, and before the end of the text."""
    places = [0]
    for character in doc.text:
        places.append(places[-1] + (not character.isspace()))
    return places


def _entities(doc: Doc) -> list[Entity]:
    places = _places(doc)
    return [(places[ent.start_char], places[ent.end_char], ent.label_) for ent in doc.ents]


def _known_wrong(doc: Doc) -> set[Entity]:
    """With the label "" where any is wrong."""
    spans = doc.wrong_ents
    places = _places(doc) if spans else []
    return {(places[span.start_char], places[span.end_char], span.label_) for span in spans}


def _unknown_before(doc: Doc) -> list[int]:
    """Number of unannotated characters before each character that is not white space, and before the end."""
    places = _places(doc)
    unknown = [0] * places[-1]
    for code, start, end in zip(doc.columns.iob_column(), doc.char_starts, doc.char_ends, strict=True):
        if code == MISSING:
            for place in range(places[start], places[end]):
                unknown[place] = 1
    before = [0]
    for flag in unknown:
        before.append(before[-1] + flag)
    return before
