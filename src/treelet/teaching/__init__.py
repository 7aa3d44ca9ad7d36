"""Gold documents in, better parameters out: what every way of teaching is made of."""

from __future__ import annotations

from treelet.errors import TrainingError


def need_torch() -> None:
    """Raises TrainingError, saying how to install it, where PyTorch is not there."""
    try:
        import torch as _  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise TrainingError(
            "teaching needs PyTorch, which is not installed: pip install 'treelet[train]'"
        ) from None
