"""Silver documents to a folder and back: shards of CoNLL-U, how sure the teachers were, an index.

    index.json               what made it (teachers, raw files, tokenizer), and every shard that is whole
    silver-00000.conllu      documents, each after `# newdoc`, entities in MISC as `NER=B-PER`
    silver-00000.safetensors `lengths` (documents): words; `head`, `deprel`, `ent` (words): probabilities of
                             heads, of heads with their labels, of the entity a word is in, or that it is in
                             none; `upos`, `xpos`, `feats`, `lemma`: share of the teachers that say so.
                             Columns may be absent; NaN is unknown. `labels.*` (words, 8): the likeliest
                             labels of a label set, 16 bits each, `odds.*` (words, 4): their probabilities

A shard that is in the index is never written again. Nothing read is trusted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from treelet import _core
from treelet.annotators.choices import MOST, Choices, joined
from treelet.doc import Doc
from treelet.errors import FormatError, PackageError, TextError, TrainingError
from treelet.formats import ConlluMarks, read_conllu, write_conllu
from treelet.package.safetensors import Tensor, read_tensors, to_array, write_tensors
from treelet.package.writer import write_file

INDEX_FILE = "index.json"
FORMAT = 1
SURE = ("head", "deprel", "ent", "upos", "xpos", "feats", "lemma")
"""Names of the columns that tell how sure the teachers are."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Silver:
    """A document as teachers annotate it, and how sure they are: some of SURE, (words,), NaN unknown.

    choices: what a teacher holds possible of tags, by label set; numbers are those of the cache's labels.
    """

    doc: Doc
    sure: Mapping[str, Floats]
    choices: Mapping[str, Choices] = field(default_factory=dict)


@dataclass(frozen=True)
class Shard:
    """What the index says of one."""

    number: int
    documents: int
    words: int
    sha256: str  # of both files, one after the other


class SilverCache:
    """A folder of shards. `made_from`: plain values that decide what is in it."""

    def __init__(self, folder: Path, made_from: Mapping[str, Any], shards: Sequence[Shard] = ()) -> None:
        self.folder, self.made_from = folder, dict(made_from)
        self.shards = {shard.number: shard for shard in shards}

    @property
    def words(self) -> int:
        """Of all shards."""
        return sum(shard.words for shard in self.shards.values())

    @property
    def labels(self) -> dict[str, list[str]]:
        """The teachers' label sets, by the names of labels.json."""
        found = self.made_from.get("labels")
        if not isinstance(found, dict) or not all(
            isinstance(each, list) and all(isinstance(name, str) for name in each) for each in found.values()
        ):
            raise TrainingError(f"{self.folder / INDEX_FILE}: expected lists of labels in 'labels'")
        return found

    @property
    def annotators(self) -> list[str]:
        """What at least one teacher annotates."""
        found = self.made_from.get("annotators")
        if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
            raise TrainingError(f"{self.folder / INDEX_FILE}: expected names in 'annotators'")
        return found

    def add(self, shard: Shard) -> None:
        """A shard is whole: the index says so from now on."""
        self.shards[shard.number] = shard
        self.write_index()

    def write_index(self) -> None:
        """Write index.json as a whole."""
        rows = [vars(self.shards[number]) for number in sorted(self.shards)]
        content = {"format": FORMAT, **self.made_from, "shards": rows}
        self.folder.mkdir(parents=True, exist_ok=True)
        write_file(self.folder / INDEX_FILE, json.dumps(content, indent=1, ensure_ascii=False).encode())

    def lengths(self, shard: Shard) -> npt.NDArray[np.int64]:
        """Words of each document of a shard. Raises TrainingError for a damaged one."""
        found = self._arrays(shard)["lengths"].astype(np.int64)
        if len(found) != shard.documents or found.sum() != shard.words or (found < 1).any():
            raise self._damaged(shard, "lengths that are not those of the index")
        return found

    def read(self, shard: Shard, label_map: Mapping[str, str] | None = None) -> list[Silver]:
        """Documents of a shard. label_map: renames entity types. Raises FormatError, TrainingError."""
        lengths, arrays = self.lengths(shard), self._arrays(shard)
        docs = list(read_conllu(shard_path(self.folder, shard.number), label_map=label_map))
        if [len(doc) for doc in docs] != lengths.tolist():
            raise self._damaged(shard, f"{len(docs)} documents that are not as long as the index says")
        cuts = np.cumsum(lengths)[:-1]
        columns = {
            name: np.split(column.astype(np.float32), cuts) for name, column in arrays.items() if name in SURE
        }
        return [Silver(doc, {name: columns[name][i] for name in columns}) for i, doc in enumerate(docs)]

    def choices(self, shard: Shard) -> dict[str, Choices]:
        """What a teacher holds possible of the words of a shard, by label set. Raises TrainingError."""
        arrays, found = self._arrays(shard), {}
        for name, labels in self.labels.items():
            if f"labels.{name}" not in arrays or f"odds.{name}" not in arrays:
                continue
            pair, odds = arrays[f"labels.{name}"], arrays[f"odds.{name}"]
            if pair.shape != (shard.words, 2 * MOST) or odds.shape != (shard.words, MOST):
                raise self._damaged(shard, f"choices of {name} of a wrong shape")
            numbers = np.ascontiguousarray(pair).view("<i2").astype(np.int16)
            if not ((numbers >= -1) & (numbers < len(labels))).all() or not ((odds >= 0) & (odds <= 1)).all():
                raise self._damaged(shard, f"choices of {name} that are no labels or no probabilities")
            found[name] = Choices(numbers, odds.astype(np.float16))
        return found

    def _arrays(self, shard: Shard) -> dict[str, npt.NDArray[Any]]:
        path = beside(shard_path(self.folder, shard.number))
        try:
            arrays = {name: to_array(tensor) for name, tensor in read_tensors(path).items()}
        except PackageError as error:
            raise self._damaged(shard, str(error)) from None
        wanted = {name: (shard.words,) for name in SURE if name in arrays} | {"lengths": (shard.documents,)}
        for name, shape in wanted.items():
            if name not in arrays or arrays[name].shape != shape:
                raise self._damaged(shard, f"no {name!r} of shape {shape} in {path.name}")
        return arrays

    def _damaged(self, shard: Shard, found: str) -> TrainingError:
        path = shard_path(self.folder, shard.number)
        return TrainingError(f"{path}: is damaged: found {found}; remove the folder and label anew")


def told_teachers(folder: Path) -> list[str]:
    """The teachers of a cache, as the manifest of a student names them."""
    teachers = open_cache(folder).made_from.get("teachers")
    named = [each for each in teachers if isinstance(each, dict)] if isinstance(teachers, list) else []
    return [f"treelet package {each.get('name')} {each.get('version')}, a teacher" for each in named]


def shard_path(folder: Path, number: int) -> Path:
    """The CoNLL-U file of a shard."""
    return folder / f"silver-{number:05}.conllu"


def beside(path: Path) -> Path:
    """The file of numbers that belongs to a CoNLL-U file."""
    return path.with_suffix(".safetensors")


def write_shard(folder: Path, number: int, docs: Sequence[Silver]) -> Shard:
    """Write the two files of a shard; what CoNLL-U cannot bring back as it is stays out."""
    kept: list[Silver] = []
    blocks: list[str] = []
    for each in docs:
        if block := _block(each.doc):
            kept.append(each)
            blocks.append(block)
    lengths = np.array([len(each.doc) for each in kept], "<u8")
    tensors = {"lengths": Tensor("U64", lengths.shape, lengths.tobytes())}
    for name in (name for name in SURE if any(name in each.sure for each in kept)):
        unknown = [np.full(len(each.doc), np.nan, np.float32) for each in kept]
        column = np.concatenate([e.sure.get(name, no) for e, no in zip(kept, unknown, strict=True)])
        column = column.astype("<f2")
        tensors[name] = Tensor("F16", column.shape, column.tobytes())
    tensors |= _choice_tensors(kept)
    text, numbers = "".join(blocks).encode("utf-8", "backslashreplace"), write_tensors(tensors)
    path = shard_path(folder, number)
    write_file(beside(path), numbers)
    write_file(path, text)
    return Shard(number, len(kept), int(lengths.sum()), hashlib.sha256(text + numbers).hexdigest())


def _choice_tensors(kept: Sequence[Silver]) -> dict[str, Tensor]:
    """Of those label sets that every document has choices of."""
    found: dict[str, Tensor] = {}
    for name in kept[0].choices if kept else ():
        if all(name in each.choices for each in kept):
            every = joined([each.choices[name] for each in kept])
            labels, odds = every.labels.astype("<i2").view(np.int8), every.odds.astype("<f2")
            found[f"labels.{name}"] = Tensor("I8", labels.shape, labels.tobytes())
            found[f"odds.{name}"] = Tensor("F16", odds.shape, odds.tobytes())
    return found


def _block(doc: Doc) -> str:
    """A document as CoNLL-U; "" where that would not bring it back."""
    try:
        block = write_conllu(doc, marks=ConlluMarks(newdoc=True, newpar=False))
        back = list(read_conllu(block.split("\n")))
    except (FormatError, TextError):
        return ""
    whole = len(back) == 1 and back[0].columns.word_column() == doc.columns.word_column()
    return block if whole else ""


def open_cache(folder: Path) -> SilverCache:
    """What is in a folder. Raises TrainingError where there is no cache, or a damaged one."""
    path = folder / INDEX_FILE
    try:
        content = _core.read_json(path.read_text(encoding="utf-8"))
        rows, version = content.pop("shards"), content.pop("format")
        shards = [Shard(**row) for row in rows]
        numbers = [shard.number for shard in shards]
        plain = all(type(n) is int and n >= 0 for s in shards for n in (s.number, s.documents, s.words))
    except FileNotFoundError:
        raise TrainingError(f"{folder}: holds no {INDEX_FILE}: label texts first (treelet distill)") from None
    except (FormatError, UnicodeDecodeError, AttributeError, KeyError, TypeError) as error:
        raise TrainingError(f"{path}: is damaged ({error}): remove the folder and label anew") from None
    if version != FORMAT or not plain or numbers != sorted(set(numbers)):
        raise TrainingError(f"{path}: format {version!r}, expected {FORMAT} and shards in order: label anew")
    if lacking := [n for n in numbers if not shard_path(folder, n).is_file()]:
        raise TrainingError(f"{shard_path(folder, lacking[0])}: is gone; remove the folder and label anew")
    return SilverCache(folder, content, shards)
