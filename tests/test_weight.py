"""What a reader's first view weighs: compressed as a plain host sends it (gzip -9)."""

import gzip
import random
import re
from pathlib import Path

import pytest

from tests.conftest import TinySite

SETTINGS = """\
[site]
title = "Rivers"
tagline = "Notes from the banks"
base_url = "https://rivers.example/"
authors = ["ann"]

[theme]
name = "{theme}"

[authors.ann]
name = "Ann Example"
"""
FRONT = {
    "kind": "shared",
    "summary": "What was said of the river, and what was not.",
    "tags": "[water, towns, night]",
    "sources": '[{role: based-on, title: On rivers, publisher: The Example Daily, url: "https://daily.example/rivers"}]',
}
HTML, CSS, SCRIPT, ALL, PLAIN = 6 * 1024, 5 * 1024, 3 * 1024, 14 * 1024, 6 * 1024


def words(count: int) -> str:
    """As many words as varied as those of a language: they do not compress to nothing."""
    dice = random.Random(7)  # noqa: S311 (a text, not a secret)
    letters = "eeeettaaooiinnsshhrrddlcumwfgypb"
    known = ["".join(dice.choices(letters, k=dice.choice((2, 3, 3, 4, 5, 6, 8)))) for _ in range(400)]
    said = dice.choices(known, weights=[1 / (rank + 1) for rank in range(400)], k=count)
    lines = [" ".join(said[start : start + 60]).capitalize() + "." for start in range(0, count, 60)]
    return "\n\n".join([*lines[:3], "## Upstream", *lines[3:6], "> What was said.\n>\n> — A neighbour", *lines[6:]])


def weight(content: bytes) -> int:
    return len(gzip.compress(content, 9, mtime=0))


def first_view(site: TinySite, path: str) -> dict[str, int]:
    """Compressed bytes of a page, of the stylesheets it needs on a screen, of its scripts, by kind."""
    page = site.read(path)
    folder = (site.output / path).parent
    styles = [link for link in re.findall(r"<link [^>]*rel=\"stylesheet\"[^>]*>", page) if 'media="print"' not in link]
    asked = {
        "css": re.findall(r'href="([^"]+)"', "".join(styles)),
        "script": re.findall(r'<script [^>]*src="([^"]+)"', page),
    }
    weights = {kind: sum(weight((folder / each).read_bytes()) for each in found) for kind, found in asked.items()}
    return {"html": weight(page.encode()), **weights}


@pytest.fixture
def article(tmp_path: Path) -> TinySite:
    root = tmp_path / "site"
    root.mkdir()
    site = TinySite(root, SETTINGS.format(theme="clarion"))
    for name in ("older", "river", "newer"):
        site.post(name, words(600), **FRONT)
    assert site.problems() == []
    return site


def test_the_first_view_of_an_article_of_600_words_is_in_the_first_packets(article: TinySite) -> None:
    """14 KB are what a server sends before it waits for an answer (RFC 6928: ten segments)."""
    found = first_view(article, "river/index.html")
    assert found["html"] <= HTML
    assert found["css"] <= CSS
    assert found["script"] <= SCRIPT
    assert sum(found.values()) <= ALL


def test_the_stylesheet_of_every_page_stays_within_5_kilobytes(article: TinySite) -> None:
    (style,) = (content for path, content in article.outputs().items() if path.startswith("assets/style."))
    assert weight(style) <= CSS


def test_rarer_things_have_a_stylesheet_of_their_own_that_only_their_pages_load(article: TinySite) -> None:
    article.post("rare", "| a | b |\n| --- | --- |\n| 1 | 2 |\n")
    article.build()
    assert "assets/more." in article.read("rare/index.html")
    assert "assets/more." not in article.read("river/index.html")


def test_a_page_of_the_plain_theme_loads_nothing_but_6_kilobytes_of_words(tmp_path: Path) -> None:
    root = tmp_path / "site"
    root.mkdir()
    site = TinySite(root, SETTINGS.format(theme="plain"))
    site.post("river", words(600), **FRONT)
    assert site.problems() == []
    found = first_view(site, "river/index.html")
    assert found["script"] == 0
    assert found["css"] <= 1024
    assert sum(found.values()) <= PLAIN
    assert "<img" not in site.read("river/index.html")
