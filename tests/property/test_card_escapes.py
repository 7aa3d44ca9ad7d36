"""Whatever text a manifest holds, a Markdown renderer shows that text and nothing else."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from treelet.publishing.card import escaped

markdown_it = pytest.importorskip("markdown_it")
RENDERER = markdown_it.MarkdownIt("commonmark").enable("table").enable("strikethrough")

marks = st.text(st.sampled_from(" \n\t\\`*_{}[]()<>#+-=.!|~&;:\"'$^/@19aZé中"), max_size=30)
texts = marks | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def shown(text: str) -> str:
    """One line, without what cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def visible(rendered: str) -> str:
    return html.unescape(re.sub(r"</?(p|td)( [^>]*)?>", "", rendered)).strip()


@given(texts)
@example("<b>&amp;&#65;</b>")
@example("__a__ _b_ c_d_e *f* **g** ~~h~~ `i` ``j``")
@example("![k](l 'm') [n]: o <https://p.q> \\\\*r*")
@example("- s")
@example("12) t")
@example("--- | ---")
def test_a_paragraph_shows_the_text(text: str) -> None:
    rendered = RENDERER.render(escaped(text))
    assert set(re.findall(r"<(\w+)", rendered)) <= {"p"}
    assert visible(rendered) == shown(text)


@given(texts)
@example("a|b\\|c")
@example("\\")
def test_a_cell_shows_the_text(text: str) -> None:
    rendered = RENDERER.render(f"| fact | is |\n| --- | --- |\n| x | {escaped(text)} |")
    assert set(re.findall(r"<(\w+)", rendered)) == {"table", "thead", "tbody", "tr", "th", "td"}
    cells = re.findall(r"<td[^>]*>(.*?)</td>", rendered)
    assert cells[0] == "x"
    assert len(cells) == 2
    assert visible(cells[1]) == shown(text)
