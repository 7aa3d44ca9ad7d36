"""Drawings of random networks: nothing overlaps or sticks out, all is said, marks are more than colours."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

import treelet
from random_network import save_random_network
from random_package import ENCODER, VECTORS, save_random_package
from treelet.annotators.inventory import Inventory
from treelet.visualize import Block, Diagram, diagram_svg, diagram_text, network_diagram
from treelet.visualize.text_width import text_width

SVG = "{http://www.w3.org/2000/svg}"
Edges = tuple[float, float, float, float]  # left, top, right, bottom


def drawn(path: Path, frozen: tuple[str, ...] = ()) -> Diagram:
    nlp = treelet.load(path)
    rows = Inventory(nlp.settings, nlp._parts.labels, nlp.pipe_names, frozen).parameters()
    diagram = network_diagram(nlp.settings, rows)
    assert diagram.count == sum(row.count for row in rows)
    assert diagram.shared == sum(row.count for row in rows if row.shared)
    return diagram


def edges(rectangle: ElementTree.Element) -> Edges:
    x, y, width, height = (float(rectangle.get(name, "0")) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def text_edges(text: ElementTree.Element) -> Edges:
    title = text.get("class") == "title"
    size = 13.0 if title else 12.0
    width = text_width(text.text or "", size, bold=title)
    x, y = float(text.get("x", "0")), float(text.get("y", "0"))
    left = x - {"end": width, "middle": width / 2}.get(text.get("text-anchor", ""), 0.0)
    return left, y - size, left + width, y + size / 4


def within(inner: Edges, outer: Edges) -> bool:
    return (
        inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3] + 0.01
    )


def apart(a: Edges, b: Edges) -> bool:
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def check_svg(diagram: Diagram) -> ElementTree.Element:
    root = ElementTree.fromstring(diagram_svg(diagram))
    page = 0.0, 0.0, float(root.get("width", "0")), float(root.get("height", "0"))
    boxes: dict[str, list[Edges]] = {"card": [], "area": [], "flow": []}
    for group in root.findall(f"{SVG}g"):
        outline = group.find(f"{SVG}rect")
        assert outline is not None
        own, texts = edges(outline), [text_edges(text) for text in group.findall(f"{SVG}text")]
        assert within(own, page)
        assert texts
        for text in texts:
            assert within(text, page if group.get("class") == "key" else own), group.get("class")
        for a, b in itertools.combinations(texts, 2):
            assert apart(a, b), [text.text for text in group.findall(f"{SVG}text")]
        if group.get("class") in boxes:
            boxes[group.get("class", "")].append(own)
    for a, b in itertools.combinations(boxes["card"] + boxes["flow"], 2):
        assert apart(a, b)
    titles = [text_edges(group[-1]) for group in root.findall(f"{SVG}g[@class='area']")]
    for card, area in itertools.product(boxes["card"], boxes["area"]):
        assert apart(card, area) or within(card, area)
    assert all(apart(card, title) for card in boxes["card"] for title in titles)
    blocks = (*diagram.tables, *diagram.static, *diagram.trunk, *diagram.annotators)
    assert len(boxes["card"]) == len(blocks)
    return root


@pytest.mark.parametrize("seed", range(12))
def test_random_networks(seed: int, tmp_path: Path) -> None:
    diagram = drawn(save_random_network(tmp_path / "p", seed))
    root = check_svg(diagram)
    text = diagram_text(diagram)
    assert max(map(len, text.splitlines())) <= 100
    shown = "\n".join(element.text or "" for element in root.iter(f"{SVG}text"))
    for block in (*diagram.tables, *diagram.static, *diagram.trunk, *diagram.annotators):
        for line in (block.title, *block.lines, f"{block.count:,}"):
            assert line in text, line
            assert line in shown, line
    assert f"{diagram.count:,} parameters" in text
    assert f"{diagram.count:,} parameters" in shown
    assert ("static vectors" in text) == bool(diagram.static)


@pytest.mark.parametrize("encoder", [ENCODER, VECTORS], ids=["plain", "static vectors"])
def test_boxes_of_the_text_are_closed(encoder: dict[str, object], tmp_path: Path) -> None:
    lines = diagram_text(drawn(save_random_package(tmp_path / "p", encoder=encoder))).splitlines()
    tables = next(number for number, line in enumerate(lines) if line.startswith("└"))
    for number, line in enumerate(lines):
        if line.startswith(("┌", "│", "└")):
            box = line[:54] if number <= tables else line
            assert len(box) == (54 if number <= tables else 98), line
            assert box[0] + box[-1] in ("┌┐", "││", "└┘"), line
    centre = lines[1].index("│")
    below = [line for line in lines if line.startswith("└")]
    assert len(below) == 4
    assert all(line[centre] == "┬" for line in below)


def test_marks_are_more_than_colours(tmp_path: Path) -> None:
    path = save_random_package(tmp_path / "p", encoder=VECTORS)
    free, held = drawn(path), drawn(path, ("encoder", "ner"))
    assert "═" not in diagram_text(free)
    text = diagram_text(held)
    assert "┄ static vectors ┄" in text
    assert re.search(r"╔═ mix ═+ .* frozen ═╗", text)
    assert re.search(r"╘═ ner .* frozen$", text, flags=re.MULTILINE)
    assert re.search(r"├─ parser .* trained$", text, flags=re.MULTILINE)
    for diagram, doubled in ((free, 0), (held, len(held.tables) + 1 + len(held.trunk) + 1)):
        root = check_svg(diagram)
        cards = root.findall(f"{SVG}g[@class='card']")
        assert sum(len(card.findall(f"{SVG}rect")) == 2 for card in cards) == doubled
        words = [text.text for card in cards for text in card.findall(f"{SVG}text")]
        assert words.count("frozen") == doubled
        assert words.count("pretrained") == 1
    assert re.search(r"\.pretrained \{[^}]*stroke-dasharray", diagram_svg(free))


def test_an_svg_needs_nothing_else(tmp_path: Path) -> None:
    svg = diagram_svg(drawn(save_random_package(tmp_path / "p")))
    assert "prefers-color-scheme: dark" in svg
    assert not re.search(r"href|<script|<image|@import|url\(|@font-face", svg)
    assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]


def test_text_of_any_kind_is_escaped(tmp_path: Path) -> None:
    diagram = replace(drawn(save_random_package(tmp_path / "p")), word="<&\"'>")
    diagram = replace(diagram, annotators=(Block("<b>", ("a & b",), 1, "trained"),))
    root = check_svg(diagram)
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert {"word: <&\"'>", "<b>", "a & b"} <= set(texts)
