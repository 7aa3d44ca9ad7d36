"""Text to Doc: the live object, `nlp`."""

from __future__ import annotations

from _thread import allocate_lock as Lock

from treelet.annotators.table import ANNOTATOR_TABLE
from treelet.doc import Doc
from treelet.errors import SettingsError, TextError
from treelet.package import arrays_of, sizes_of
from treelet.pipeline.stream import annotate_here, annotate_on_device, annotate_on_threads
from treelet.pipeline.teachable import Teachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, Literal, TypeVar, overload

    import numpy as np

    from treelet._core import Pipeline as Core
    from treelet._core import Tokenizer
    from treelet.annotators.choices import Choices
    from treelet.annotators.component import Component
    from treelet.annotators.inventory import Parameter
    from treelet.annotators.trace import Trace
    from treelet.networks.annotation import DeviceAnnotator
    from treelet.package.manifest import Manifest
    from treelet.pipeline.parts import Parts

    Context = TypeVar("Context")


class Pipeline(Teachable):
    """Annotates texts, and is taught. While nobody teaches or alters it, one serves any number of threads."""

    def __init__(
        self, parts: Parts, manifest: Manifest | None = None, core: Core | None = None
    ) -> None:
        """core: what `parts` assemble to, where that has been done."""
        self._parts, self._assembled = parts, core
        self._on_device: DeviceAnnotator | None = None
        self._loaded_by: tuple[Callable[..., Pipeline], tuple[Any, ...]] | None = None
        self._changing = Lock()
        self.settings = parts.taught_settings()
        self.meta = manifest
        self.device = "cpu"
        self.begin_alterable()

    @property
    def _core(self) -> Core:
        """What annotates, by the parameters as they are now.

        Raises SettingsError while an annotator has none.
        """
        if self._assembled is None or self._is_stale:
            with self._changing:
                if self._assembled is None or self._is_stale:
                    self._check_taught()
                    self._take_learnt()
                    self._assembled = self._parts.assemble()
                    if self.device != "cpu" or self._parts.transformer is not None:
                        self._move(self._assembled)
        return self._assembled

    @property
    def tokenizer(self) -> Tokenizer:
        """Text to words."""
        return self._parts.tokenizer

    def to(self, device: str) -> Pipeline:
        """Let PyTorch compute token vectors and lower layers on a device, such as "cuda" or "cuda:1"; "cpu"
        takes the core again. Returns the pipeline itself; docs/device.md has the rest.

        Raises SettingsError without PyTorch, for an unknown device, or one that cannot be used here.
        """
        before, self.device = self.device, device
        try:
            self._move(self._core)
        except Exception:
            self.device = before
            raise
        return self

    def _move(self, core: Core) -> None:
        if self.device == "cpu" and self._parts.transformer is None:
            self._on_device = None
            return
        from treelet.networks import Stored, on_device

        parts = self._parts
        arrays = arrays_of(parts.tensors())
        known = parts.settings, parts.labels, parts.annotators, arrays, parts.transformer
        self._on_device = on_device(self.device, Stored(core, *known))

    def loaded_by(self, load: Callable[..., Pipeline], *arguments: Any) -> Pipeline:
        """Itself, remembering the call that gave it: a copy or a pickle repeats it."""
        self._loaded_by = load, arguments
        return self

    def __reduce__(self) -> tuple[Callable[..., Pipeline], tuple[Any, ...]]:
        if self._loaded_by is None:
            raise TypeError(
                "this pipeline has changed since it was loaded: a copy or a pickle needs it saved with "
                "to_disk, and loaded again"
            )
        return self._loaded_by

    @property
    def lang(self) -> str:
        """Language code."""
        return self.settings.language

    @property
    def pipe_names(self) -> list[str]:
        """Annotators, in the order in which they run."""
        return self.settings.annotators()

    @property
    def labels(self) -> dict[str, list[str]]:
        """Annotator to the labels it may write."""
        return {name: list(self.get_pipe(name).labels) for name in self.pipe_names}

    def get_pipe(self, name: str) -> Component:
        """One annotator. Raises SettingsError when the pipeline has none of that name."""
        if name not in self.pipe_names:
            raise SettingsError(f"{name!r} is not in this pipeline: {', '.join(self.pipe_names) or 'none'}")
        from types import MappingProxyType

        from treelet.annotators.component import Component  # deferred: annotating does without

        sets = [self._labels_now().get(each, ()) for each in ANNOTATOR_TABLE[name].label_sets]
        labels = tuple(dict.fromkeys(label for names in sets for label in names))
        return Component(name, labels, MappingProxyType(getattr(self.settings, name).to_dict()), self._trace)

    def parameters(self) -> list[Parameter]:
        """Every array of the network: name, layer, shape, bytes, whether teaching moves it, who uses it.

        docs/learned.md tells what it means. Raises SettingsError while an annotator has not been taught.
        """
        from treelet.annotators.inventory import Inventory  # deferred: annotating does without

        if not self.pipe_names:
            return []
        self._settle()
        parts = self._parts
        known = parts.settings, parts.labels, parts.annotators, self.frozen
        return Inventory(*known, sizes_of(parts.tensors())).parameters()

    def _trace(self, name: str, text: str | Doc, alternatives: int) -> Trace:
        from treelet.annotators.trace_walk import Walked, trace_walk

        doc = text if isinstance(text, Doc) else self.make_doc(text)
        core, parts = self._core, self._parts
        return trace_walk(
            Walked(core, parts.settings, parts.labels, parts.annotators), name, doc, alternatives
        )

    def make_doc(self, text: str) -> Doc:
        """Tokenize alone. Raises TextError for anything but a str."""
        return Doc.from_columns(self.tokenizer.tokenize(_check_text(text)))

    def __call__(self, text: str | Doc, *, disable: Sequence[str] = ()) -> Doc:
        """Annotate a text, or in place a Doc whose words are given; what it holds of sentence starts
        and entities is kept.

        Raises TextError for anything else.
        """
        core, enabled = self._core, self._enabled(disable)
        if self._on_device is not None:
            doc = text if isinstance(text, Doc) else self.make_doc(text)
            return next(self._on_device.annotate([doc], enabled))
        if isinstance(text, Doc):
            core.annotate_doc(text.columns, enabled)
            return text
        return Doc.from_columns(core.annotate(_check_text(text), enabled))

    def annotate_with_evidence(self, doc: Doc) -> tuple[np.ndarray, np.ndarray]:
        """Annotate a Doc in place, and tell what the walks of parser and recognizer knew, for calibration.

        Float64, logarithms natural: (words, 5) side of its head that the word stands on (0 left, 1 right,
        2 a root), log-odds of the arc's move, of the weakest move and of the label, log distance;
        (entities, 4) first and last word, log-odds of the product of its actions, log length. An annotator
        that is absent gives no rows.
        """
        core = self._core
        if self._on_device is not None:
            return self._on_device.annotate_with_evidence(doc, self.pipe_names)
        return core.annotate_with_evidence(doc.columns, self.pipe_names)

    if TYPE_CHECKING:

        @overload
        def pipe(
            self,
            texts: Iterable[str | Doc],
            *,
            batch_size: int = ...,
            threads: int = ...,
            as_tuples: Literal[False] = ...,
            disable: Sequence[str] = ...,
        ) -> Iterator[Doc]: ...
        @overload
        def pipe(
            self,
            texts: Iterable[tuple[str | Doc, Context]],
            *,
            batch_size: int = ...,
            threads: int = ...,
            as_tuples: Literal[True],
            disable: Sequence[str] = ...,
        ) -> Iterator[tuple[Doc, Context]]: ...

    def pipe(
        self,
        texts: Iterable[Any],
        *,
        batch_size: int = 64,
        threads: int = 1,
        as_tuples: bool = False,
        disable: Sequence[str] = (),
    ) -> Iterator[Any]:
        """Annotate a stream of texts, in order, reading at most `batch_size` texts a thread ahead.

        `threads`: how many annotate, also while the caller is busy with a Doc; they end with the generator.
        `as_tuples`: (text, context) pairs in, (Doc, context) pairs out. What goes wrong, in `texts` or with
        one of them, is raised after what came before it: TextError for anything that is neither str nor Doc.
        """
        if batch_size < 1 or threads < 1:
            raise SettingsError(
                f"pipe: batch_size {batch_size}, threads {threads}: expected at least 1 of each"
            )
        if isinstance(texts, (str, bytes, Doc)):
            raise TextError(
                f"pipe: found one {type(texts).__name__}, expected an iterable of texts; try nlp(text)"
            )
        core, enabled = self._core, self._enabled(disable)
        pairs = map(_check_pair, texts) if as_tuples else ((text, None) for text in texts)
        if self._on_device is not None:
            docs = annotate_on_device(self._on_device, pairs, (batch_size * threads, threads), enabled)
        elif threads == 1:
            docs = annotate_here(core, pairs, batch_size, enabled)
        else:
            docs = annotate_on_threads(core, pairs, (batch_size * threads, threads), enabled)
        return docs if as_tuples else (doc for doc, _ in docs)

    @property
    def tag_labels(self) -> dict[str, list[str]]:
        """Label sets of tags as `pipe_with_choices` numbers them."""
        return {name: list(found) for name, found in self._labels_now().items()}

    def pipe_with_choices(self, docs: Iterable[Doc]) -> Iterator[tuple[Doc, dict[str, Choices]]]:
        """Annotate documents of given words in place, in order; beside each the likeliest labels of its words
        by label set, where PyTorch encodes (a teacher with a transformer, or after `to`), else nothing."""
        core, enabled = self._core, list(self._parts.annotators)
        if self._on_device is not None:
            return self._on_device.annotate_with_choices(docs, enabled)
        found = annotate_here(core, ((doc, None) for doc in docs), 64, enabled)
        return ((doc, {}) for doc, _ in found)

    def _enabled(self, disable: Sequence[str]) -> list[str]:
        if not disable:
            return list(self._parts.annotators)
        names = [disable] if isinstance(disable, str) else list(disable)
        for name in names:
            if name not in ANNOTATOR_TABLE:
                raise SettingsError(f"disable: {name!r} is no annotator: {', '.join(ANNOTATOR_TABLE)}")
        return [name for name in self._parts.annotators if name not in names]


def _check_text(text: Any) -> str:
    if not isinstance(text, str):
        raise TextError(f"text: found {type(text).__name__}, expected str or Doc")
    return text


def _check_pair(pair: Any) -> tuple[Any, Any]:
    if isinstance(pair, (tuple, list)) and len(pair) == 2:
        return pair[0], pair[1]
    raise TextError(f"pipe: found {type(pair).__name__}, expected a pair of text and context (as_tuples)")
