"""A trained package in; what teaching it more starts from, and documents as the package sees them, out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from treelet.doc import Doc
from treelet.errors import TrainingError
from treelet.languages.data import Rules
from treelet.package import arrays_of, read_package
from treelet.package.identity import successor
from treelet.pipeline import Pipeline, load
from treelet.settings import Settings
from treelet.silver.texts import raw_lines
from treelet.teaching.continuation import check_structure, grown_settings, settings_to_go_on
from treelet.teaching.coverage import taught_by
from treelet.teaching.growth import grown_labels
from treelet.teaching.labels import Labels, collect_labels
from treelet.teaching.rehearsal import filled_in, rehearsed
from treelet.teaching.static_vectors import StaticVectors

MOST_CHARACTERS = 20_000
"""Of a line of raw text; the rest is left out."""


class Base:
    """A package that is taught more. It is only read."""

    def __init__(self, package: str | Path) -> None:
        """package: a folder, or the name of an installed package. Errors are those of treelet.load."""
        self.stored = read_package(package)
        self.nlp: Pipeline = load(self.stored.path)
        self.settings, self.labels = self.stored.settings, self.stored.labels
        if self.settings.transformer is not None:
            raise TrainingError(
                f"{package}: is a teacher, which is not taught more: `treelet distill` teaches others by it"
            )
        self.arrays = arrays_of(self.stored.file.read_tensors())
        self.vectors = StaticVectors.from_arrays(self.arrays)
        self.rules: Rules = json.loads(self.stored.tokenizer.rules_json)

    @property
    def entity_types(self) -> list[str]:
        """Those that the base knows."""
        return self.labels["ner"] if "ner" in self.settings.annotators() else []

    def check_out(self, out: Path) -> None:
        """Raises TrainingError where the new package would take the place of the base."""
        if out.resolve() == Path(self.stored.path).resolve():
            raise TrainingError(f"{out}: is the base package, which stays as it is: give another folder")

    def settings_with(self, changes: Mapping[str, Any]) -> Settings:
        """What TrainingJob.settings should be: see settings_to_go_on."""
        return settings_to_go_on(self.settings, changes)

    def labels_with(self, settings: Settings, gold: Sequence[Doc], silver: Sequence[Doc]) -> Labels:
        """The old labels, those of gold documents behind them.

        settings: of `grown`; silver: as the old network annotates them, for supertags.
        """
        found = grown_labels(self.labels, collect_labels(gold, settings), settings)
        return replace(found, supertag=collect_labels(silver, settings).supertag)

    def grown(self, settings: Settings, docs: Sequence[Doc]) -> Settings:
        """Settings with all annotators: the old ones, and what gold documents teach besides."""
        check_structure(settings, self.settings)
        return grown_settings(settings, self.settings, taught_by(docs))

    def filled(self, docs: Sequence[Doc], leave: Collection[str] = ()) -> list[Doc]:
        """Gold documents of one file, what they leave open filled in by the old network."""
        return filled_in(docs, self.nlp, leave)

    def rehearsed(self, raw: Sequence[Path], words: int) -> list[Doc]:
        """So many words of raw text as the old network annotates them, of each file about as many."""
        return rehearsed([raw_texts(path) for path in raw], self.nlp, words)

    def manifest_with(self, manifest: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
        """Fields of the new package: what it has of the base stays where nothing else is given."""
        old = self.stored.manifest
        sources = [*old.sources, *manifest.get("sources", ()), f"treelet package {old.name} {old.version}"]
        return {**successor(old, settings, manifest), "sources": list(dict.fromkeys(sources))}


def raw_texts(path: Path) -> Iterator[str]:
    """Lines of a file of plain text, empty ones left out; it may be compressed (.xz, .gz, .bz2).

    Raises FormatError where it cannot be read or is not UTF-8.
    """
    for line in raw_lines(path):
        if text := line[:MOST_CHARACTERS]:
            yield text
