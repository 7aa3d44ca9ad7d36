"""Package folders to wheels, sdists and model cards: what people publish."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from treelet.publishing.card import model_card
    from treelet.publishing.contents import Changes, Contents, read_contents
    from treelet.publishing.published import Published, publish, read_published
    from treelet.publishing.sdist import build_sdist, sdist_name
    from treelet.publishing.wheel import build_wheel, wheel_name

# Public name to the module that has it, imported on first use: each verb needs a few of them.
_HOME = {
    "Changes": "contents",
    "Contents": "contents",
    "Published": "published",
    "build_sdist": "sdist",
    "build_wheel": "wheel",
    "model_card": "card",
    "publish": "published",
    "read_contents": "contents",
    "read_published": "published",
    "sdist_name": "sdist",
    "wheel_name": "wheel",
}

__all__ = [
    "Changes",
    "Contents",
    "Published",
    "build_sdist",
    "build_wheel",
    "model_card",
    "publish",
    "read_contents",
    "read_published",
    "sdist_name",
    "wheel_name",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module 'treelet.publishing' has no attribute {name!r}")
    return getattr(import_module(f"treelet.publishing.{_HOME[name]}"), name)
