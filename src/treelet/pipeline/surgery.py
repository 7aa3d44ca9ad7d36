"""Annotators taken out of a pipeline, and taken over from another one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from treelet.annotators.table import ANNOTATOR_TABLE
from treelet.errors import SettingsError
from treelet.pipeline.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Collection

    from treelet.package.safetensors import Tensor


def without(parts: Parts, name: str) -> Parts:
    """All but one annotator."""
    kept = [each for each in parts.annotators if each != name]
    return _only(parts, kept)


def joined(mine: Parts, theirs: Parts, name: str) -> Parts:
    """Mine, and one annotator of theirs; their encoder too where mine has no annotators.

    Raises SettingsError where both have one and it is not the same.
    """
    one = _only(theirs, [name])
    if not mine.annotators:
        return Parts(one.settings, one.labels, one.annotators, mine.tokenizer, one.tensors)
    ours, added = mine.tensors(), one.tensors()
    names = {each for tensors in (ours, added) for each in tensors if _is_encoder(each)}
    if any(not _same(ours.get(each), added.get(each)) for each in names):
        raise SettingsError(
            f"add_pipe: {name} reads another encoder than this pipeline has, so it would not understand its "
            f"vectors: take over all annotators from one pipeline, or teach {name} here"
        )
    settings = replace(mine.settings, **{name: getattr(theirs.settings, name)})
    order = [each for each in settings.annotators() if each == name or each in mine.annotators]
    tensors = {**ours, **added}
    settings = replace(settings, pipeline=order)
    return Parts(settings, {**mine.labels, **one.labels}, order, mine.tokenizer, lambda: tensors)


def _only(parts: Parts, kept: Collection[str]) -> Parts:
    order = [each for each in parts.annotators if each in kept]
    gone = {each: None for each in parts.settings.annotators() if each not in kept}
    settings = replace(parts.settings, **gone)  # type: ignore[arg-type]
    sets = {label_set for each in order for label_set in ANNOTATOR_TABLE[each].label_sets}
    labels = {label_set: names for label_set, names in parts.labels.items() if label_set in sets}

    def tensors() -> dict[str, Tensor]:
        of_others = [f"{w}." for each in gone for w in ANNOTATOR_TABLE[each].weights]
        return {n: t for n, t in parts.tensors().items() if not n.startswith(tuple(of_others))}

    return Parts(replace(settings, pipeline=order), labels, order, parts.tokenizer, tensors)


def _is_encoder(name: str) -> bool:
    return name.startswith(("embed.", "vectors.", "mix.", "encoder.", "recurrent."))


def _same(ours: Tensor | None, theirs: Tensor | None) -> bool:
    return (
        ours is not None
        and theirs is not None
        and (ours.dtype, ours.shape, bytes(ours.data)) == (theirs.dtype, theirs.shape, bytes(theirs.data))
    )
