"""Training and development corpora in; sentences they share, labels and words that only one has, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from treelet.gold.corpus import Corpus
from treelet.gold.counts import COLUMNS, LABELLED, Counts
from treelet.gold.findings import Finding, Level, Place, shown_places
from treelet.gold.sentences import LONG_ENOUGH, Located, located_sentences

Pair = tuple[Located, Located]
"""A sentence, and the first one of the same words."""

LEAK = 0.01
"""Share of long enough sentences of the development files from which on their scores say too much."""

SHOWN = 8
"""Labels or names that a message spells out."""


def repeated_sentences(train: Sequence[Corpus], dev: Sequence[Corpus]) -> list[Finding]:
    """Sentences of dev that train has, those that train has more than once, and those annotated otherwise."""
    first: dict[str, Located] = {}
    again: list[Pair] = []
    n_train = 0
    for each in located_sentences(train):
        n_train += each.is_long
        before = first.setdefault(each.text, each)
        if before is not each and each.is_long:
            again.append((each, before))
    of_dev = [each for each in located_sentences(dev) if each.is_long]
    shared = [(each, first[each.text]) for each in of_dev if each.text in first]
    otherwise = [pair for pair in again if not pair[0].agrees(pair[1])]
    of_length = f"of {LONG_ENOUGH} words and more"
    found = []
    if shared:
        level: Level = "warning" if len(shared) > LEAK * len(of_dev) else "note"
        text = (
            f"development sentences {of_length} that are in training, too: {_share(len(shared), len(of_dev))}"
        )
        text += f", the first is {shown_places([shared[0][1].place])}; scores on them say nothing of new text"
        found.append(_finding(level, "overlap", text, shared))
    if otherwise:
        text = f"training sentences {of_length} that repeat another and are annotated otherwise: "
        text += f"{len(otherwise):,}, the first at {shown_places([otherwise[0][1].place])}"
        found.append(_finding("warning", "inconsistent sentences", text, otherwise))
    if again:
        text = f"training sentences {of_length} that repeat another: {_share(len(again), n_train)}"
        found.append(_finding("note", "duplicates", text, again))
    return found


def _finding(level: Level, kind: str, text: str, pairs: Sequence[Pair]) -> Finding:
    places, twins = zip(*((each.place, twin.place) for each, twin in pairs), strict=True)
    return Finding(level, kind, text, places, twins)


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
