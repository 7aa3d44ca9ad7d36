"""A folder of Hugging Face, or the files of a teacher's package, in; a transformer that runs out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from treelet.errors import PackageError, SettingsError
from treelet.networks.transformer import Pretrained, Transformer
from treelet.package.files import TRANSFORMER_CONFIG, TRANSFORMER_TOKENIZER, TRANSFORMER_WEIGHTS
from treelet.package.safetensors import read_tensors, to_array
from treelet.settings import TransformerSettings

_ATTENTION_DROPOUT = ("attention_probs_dropout_prob", "attention_dropout")


def need_transformers() -> None:
    """Raises SettingsError without the libraries that run a transformer."""
    try:
        import transformers as _  # noqa: F401
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"transformer: {error.name} is not installed: pip install 'treelet[transformer]'"
        ) from None


def read_pretrained(folder: str | Path) -> Pretrained:
    """The transformer and the tokenizer that Hugging Face's files in a folder hold; nothing is downloaded.

    Raises SettingsError when that folder does not hold both.
    """
    need_transformers()
    from transformers import AutoConfig, AutoModel, AutoTokenizer, logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    if not (Path(folder) / "config.json").is_file():
        raise SettingsError(
            f"transformer: {folder}: expected a folder with config.json, model.safetensors and "
            "tokenizer.json, as save_pretrained writes it"
        )
    try:
        only: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        config = AutoConfig.from_pretrained(str(folder), **only)
        for name in _ATTENTION_DROPOUT:  # the fast ways to attend know none
            if hasattr(config, name):
                setattr(config, name, 0.0)
        model = AutoModel.from_pretrained(
            str(folder), config=config, use_safetensors=True, attn_implementation="eager", **only
        )
        tokenizer = AutoTokenizer.from_pretrained(str(folder), use_fast=True, **only).backend_tokenizer
    except Exception as error:  # of whatever kind: the library checks what it reads in many places
        raise SettingsError(
            f"transformer: {folder}: {type(error).__name__}: {str(error).splitlines()[0]}"
        ) from None
    return Pretrained(_trimmed(model.float()), _whole(tokenizer))


def stored_transformer(folder: str | Path, settings: TransformerSettings, width: int) -> Transformer:
    """That of a teacher's package. Raises PackageError when its files do not fit each other."""
    need_transformers()
    from tokenizers import Tokenizer
    from transformers import AutoConfig, AutoModel, logging

    logging.set_verbosity_error()
    at = Path(folder)
    try:
        values = json.loads((at / TRANSFORMER_CONFIG).read_text(encoding="utf-8"))
        config = AutoConfig.for_model(values.pop("model_type"), **values)
        with torch.random.fork_rng(devices=[]):
            model = AutoModel.from_config(config, trust_remote_code=False, attn_implementation="eager")
            pretrained = Pretrained(_trimmed(model.float()), _whole(_tokenizer(Tokenizer, at)))
            transformer = Transformer(pretrained, settings, width)
    except Exception as error:  # of whatever kind: the library checks a configuration in many places
        raise PackageError(
            f"{at / TRANSFORMER_CONFIG}: {type(error).__name__}: {error}; the package is damaged"
        ) from None
    tensors = read_tensors(at / TRANSFORMER_WEIGHTS)
    expected = {name: tuple(array.shape) for name, array in transformer.named_parameters()}
    found = {name: tensor.shape for name, tensor in tensors.items()}
    if found != expected:
        other = sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))[0]
        raise PackageError(
            f"{at / TRANSFORMER_WEIGHTS}: {other}: found {found.get(other, 'nothing')}, expected "
            f"{expected.get(other, 'nothing')}; the package is damaged"
        )
    with torch.no_grad():
        for name, parameter in transformer.named_parameters():
            parameter.copy_(torch.from_numpy(to_array(tensors[name]).astype("float32")))
    transformer.eval().requires_grad_(False)
    if settings.precision == "bf16":  # once, not for every batch
        for module in transformer.model.modules():
            if isinstance(module, torch.nn.Linear):
                module.to(torch.bfloat16)
    return transformer


def _tokenizer(kind: Any, folder: Path) -> Any:
    try:
        return kind.from_str((folder / TRANSFORMER_TOKENIZER).read_text(encoding="utf-8"))
    except Exception as error:  # the library raises nothing more exact
        raise ValueError(f"{TRANSFORMER_TOKENIZER}: {error}") from None


def _trimmed(model: Any) -> Any:
    """Without the layer that makes one vector of a whole text."""
    if getattr(model, "pooler", None) is not None:
        model.pooler = None
    return model


def _whole(tokenizer: Any) -> Any:
    """Texts as long as they are."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
