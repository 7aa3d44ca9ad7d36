"""A manifest in; what a wheel and an sdist say of it out: names, METADATA, entry points."""

from __future__ import annotations

from treelet.package import Manifest
from treelet.package.find import PREFIX
from treelet.package.installed import GROUP
from treelet.publishing.card import model_card
from treelet.publishing.licences import spdx_of

REQUIRES_PYTHON = ">=3.10"


def import_name(name: str) -> str:
    """treelet_en_core_web_sm of en_core_web_sm: the folder that is installed, no other library's."""
    return PREFIX + name


def distribution_name(name: str) -> str:
    """treelet-en-core-web-sm of en_core_web_sm: what pip and uv list, in its normal form."""
    return import_name(name).replace("_", "-")


def metadata_of(manifest: Manifest, has_licence: bool) -> str:
    """METADATA of a wheel, which is PKG-INFO of an sdist; the model card is the description."""
    licence = spdx_of(manifest.licence)
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {distribution_name(manifest.name)}",
        f"Version: {manifest.version}",
        f"Summary: {_line(summary_of(manifest))}",
        *([f"License-Expression: {licence}"] if licence else []),
        *([f"License: {_line(manifest.licence)}"] if manifest.licence and not licence else []),
        *(["License-File: LICENSE"] if has_licence else []),
        f"Requires-Python: {REQUIRES_PYTHON}",
        f"Requires-Dist: {requirement(manifest)}",
        "Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM",
    ]
    return "\n".join(lines) + "\n\n" + model_card(manifest)


def requirement(manifest: Manifest) -> str:
    """The library that can load it, as pip takes it: treelet>=0.1.0,<1."""
    return "treelet" + "".join(manifest.treelet.split())


def summary_of(manifest: Manifest) -> str:
    """The description's first line, else what it annotates."""
    first = manifest.description.strip().splitlines()[:1]
    return first[0][:400] if first else f"{manifest.name} for treelet: {', '.join(manifest.annotators)}"


def entry_points_of(manifest: Manifest) -> str:
    """entry_points.txt of a wheel."""
    return f"[{GROUP}]\n{manifest.name} = {import_name(manifest.name)}\n"


def encoded(text: str) -> bytes:
    """UTF-8; a lone surrogate, which a manifest may hold, comes out as its escape."""
    return text.encode("utf-8", "backslashreplace")


def _line(text: str) -> str:
    """One line for a header: no text can begin another field."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
