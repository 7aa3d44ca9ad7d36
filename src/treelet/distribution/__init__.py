"""Package folders to what pip and uv install, and back: wheels, sdists, model cards."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from treelet.distribution.card import model_card
    from treelet.distribution.contents import Changes, Contents, read_contents
    from treelet.distribution.published import Published, publish, read_published
    from treelet.distribution.sdist import build_sdist, sdist_name
    from treelet.distribution.wheel import build_wheel, wheel_name

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
        raise AttributeError(f"module 'treelet.distribution' has no attribute {name!r}")
    return getattr(import_module(f"treelet.distribution.{_HOME[name]}"), name)
