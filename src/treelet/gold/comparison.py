"""Training and development corpora in; sentences they share, labels and words that only one has, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from treelet.gold.corpus import Corpus
from treelet.gold.counts import COLUMNS, LABELLED, Counts
from treelet.gold.findings import Finding, Level, Place, shown_places

LONG_ENOUGH = 6
"""Words of a sentence that is not the same by chance, as `Thank you .` is."""

LEAK = 0.01
"""Share of long enough sentences of the development files from which on their scores say too much."""

SHOWN = 8
"""Labels or names that a message spells out."""


def sentence_texts(corpora: Sequence[Corpus]) -> Iterator[tuple[str, int, Place]]:
    """Words with a blank between them, number of words, and place of every sentence."""
    for corpus in corpora:
        for number, doc in enumerate(corpus.docs):
            words = doc.columns.word_column()
            for start, end, line in corpus.sentences(number):
                yield " ".join(words[start:end]), end - start, (corpus.path, line)


def repeated_sentences(train: Sequence[Corpus], dev: Sequence[Corpus]) -> list[Finding]:
    """Sentences of dev that train has, and those that train has more than once."""
    first: dict[str, Place] = {}
    again: list[Place] = []
    n_train = 0
    for text, length, place in sentence_texts(train):
        n_train += length >= LONG_ENOUGH
        if first.setdefault(text, place) is not place and length >= LONG_ENOUGH:
            again.append(place)
    shared: list[Place] = []
    first_place = ""
    n_dev = 0
    for text, length, place in sentence_texts(dev):
        if length < LONG_ENOUGH:
            continue
        n_dev += 1
        if text in first:
            shared.append(place)
            first_place = first_place or shown_places([first[text]])
    found = []
    of_length = f"of {LONG_ENOUGH} words and more"
    if shared:
        level: Level = "warning" if len(shared) > LEAK * n_dev else "note"
        text = f"development sentences {of_length} that are in training, too: {_share(len(shared), n_dev)}"
        text += f", the first is {first_place}; scores on them say nothing of new text"
        found.append(Finding(level, "overlap", text, tuple(shared)))
    if again:
        text = f"training sentences {of_length} that repeat another: {_share(len(again), n_train)}"
        found.append(Finding("note", "duplicates", text, tuple(again)))
    return found


def label_findings(train: Counts, dev: Counts | None, rare: int) -> list[Finding]:
    """Labels that training has fewer than `rare` times, and those that development alone has."""
    found = []
    for column in LABELLED:
        name, labels = COLUMNS.get(column, column), train.labels[column]
        few = [(label, n) for label, n in labels.most_common()[::-1] if n < rare]
        if few:
            level: Level = "note" if column in ("xpos", "feats") else "warning"  # large sets have rare ones
            text = f"{name} used fewer than {rare} times: {len(few)} of {len(labels)} labels: {_listed(few)}"
            found.append(Finding(level, f"rare {column}", text))
        if dev is None or not labels:
            continue
        unseen = [(label, n) for label, n in dev.labels[column].most_common() if label not in labels]
        if unseen:
            uses = _share(sum(n for _, n in unseen), sum(dev.labels[column].values()))
            text = (
                f"{name} of development that training lacks: {len(unseen)} labels, {uses}: {_listed(unseen)}"
            )
            found.append(Finding("warning", f"unseen {column}", text))
    return found


def unseen_words(train: Counts, dev: Counts) -> list[Finding]:
    """How much of the development text training has not seen."""
    found = []
    for name, seen, asked in (
        ("words", train.forms, dev.forms),
        ("entities", train.entity_forms, dev.entity_forms),
    ):
        if asked and seen:
            uses = sum(n for form, n in asked.items() if form not in seen)
            text = f"{name} of development that training lacks: {_share(uses, sum(asked.values()))}"
            found.append(Finding("note", f"unseen {name}", text))
    return found


def name_findings(train: Sequence[Corpus]) -> list[Finding]:
    """Names of two words and more that are an entity here and outside of all there."""
    entities: Counter[tuple[str, ...]] = Counter()
    for corpus in train:
        for doc in corpus.docs:
            if doc.columns.has_iob():
                words = doc.columns.word_column()
                entities.update(tuple(words[ent.start : ent.end]) for ent in doc.ents if len(ent) > 1)
    by_first: dict[str, set[tuple[str, ...]]] = {}
    for name in entities:
        by_first.setdefault(name[0], set()).add(name)
    outside: Counter[tuple[str, ...]] = Counter()
    places: list[Place] = []
    for corpus in train:
        for name, place in _outside(corpus, by_first) if by_first else ():
            outside[name] += 1
            places.append(place)
    if not outside:
        return []
    shown = ", ".join(f"{' '.join(name)!r} {entities[name]}/{n}" for name, n in outside.most_common(SHOWN))
    shown += ", …" if len(outside) > SHOWN else ""
    text = f"names that are entities here and outside of all there: {len(outside)}: {shown}"
    return [Finding("warning", "inconsistent names", text, tuple(places))]


def _outside(
    corpus: Corpus, by_first: dict[str, set[tuple[str, ...]]]
) -> Iterator[tuple[tuple[str, ...], Place]]:
    """Names whose words are all said to be outside, and their lines."""
    outside = 2
    for number, doc in enumerate(corpus.docs):
        if not doc.columns.has_iob():
            continue
        words, codes = doc.columns.word_column(), doc.columns.iob_column()
        for start, end, line in corpus.sentences(number):
            for i in range(start, end):
                for name in by_first.get(words[i], ()):
                    stop = i + len(name)
                    if tuple(words[i:stop]) == name and all(code == outside for code in codes[i:stop]):
                        yield name, (corpus.path, line)


def _listed(labels: Sequence[tuple[str, int]]) -> str:
    """Labels with their uses, as many as are easily read."""
    shown = 3 if any(len(label) > 25 for label, _ in labels[:SHOWN]) else SHOWN
    text = ", ".join(f"{label or '_'} {n:,}" for label, n in labels[:shown])
    return text + (", …" if len(labels) > shown else "")


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({100 * part / whole:.1f} %)" if whole else f"{part:,}"
