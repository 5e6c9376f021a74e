"""The text edition of a long article: `/SLUG/text/`."""

import gzip
import re
from pathlib import Path

import pytest

from tests.conftest import TinySite

SETTINGS = """\
[site]
title = "Rivers"
base_url = "https://rivers.example/"

[theme]
name = "clarion"
"""
SENTENCE = "The river rose in the night, and nobody who lived beside it had been told that it would. "


@pytest.fixture
def site(tmp_path: Path) -> TinySite:
    root = tmp_path / "site"
    root.mkdir()
    return TinySite(root, SETTINGS)


def long_text(words: int) -> str:
    """Paragraphs of some words."""
    sentences = words // len(SENTENCE.split()) + 1
    return "\n\n".join((SENTENCE * 5).strip() for _ in range(sentences // 5 + 1))


def picture() -> bytes:
    from io import BytesIO

    from PIL import Image

    stream = BytesIO()
    Image.new("RGB", (40, 30), (120, 30, 20)).save(stream, "PNG")
    return stream.getvalue()


def test_a_long_article_has_one_and_a_short_article_has_none(site: TinySite) -> None:
    site.post("flood", long_text(1700))
    site.post("drop", long_text(620))
    assert site.problems() == []
    editions = {path for path in site.outputs() if path.endswith("/text/index.html")}
    assert editions == {"flood/text/index.html"}
    assert 'flood/text/"' in site.read("flood/index.html")
    assert '/text/"' not in site.read("drop/index.html")


@pytest.mark.parametrize(("wanted", "editions"), [("all", 2), ("long", 1), ("none", 0)])
def test_the_settings_say_which_articles_have_one(site: TinySite, wanted: str, editions: int) -> None:
    site.write("site.toml", f'{SETTINGS}\n[editions]\ntext = "{wanted}"\n')
    site.post("flood", long_text(1700))
    site.post("drop")
    site.build()
    assert sum(path.endswith("/text/index.html") for path in site.outputs()) == editions


def test_a_theme_of_text_alone_needs_none(site: TinySite) -> None:
    site.write("site.toml", f'{SETTINGS.replace("clarion", "plain")}\n[editions]\ntext = "all"\n')
    site.post("flood", long_text(1700))
    site.build()
    assert "flood/text/index.html" not in site.outputs()


def test_it_holds_words_actions_notes_and_sources_and_loads_neither_picture_nor_script(site: TinySite) -> None:
    site.write("site.toml", f'{SETTINGS}\n[editions]\ntext = "all"\n')
    site.write("content/posts/flood/dam.png", picture())
    site.write(
        "content/posts/flood/index.md",
        """\
---
title: The flood
date: 2026-11-01
kind: appeal
summary: What happened.
image: { file: dam.png, alt: The dam }
content_note: { topics: [drowning] }
sources: [{ id: paper, title: A paper, url: "https://paper.example/" }]
actions: [{ kind: petition, title: Sign for a warning, url: "https://sign.example/", closes: 2027-01-01 }]
---
It rose.:cite[paper] ![The dam at noon](dam.png)

::figure{file=dam.png alt="The dam at night"}

> Run!
>
> — A neighbour
""",
    )
    assert site.build().ok
    page = site.read("flood/text/index.html")
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for words in ("Appeal", "The flood", "drowning", "It rose.", "[The dam at noon]", "The dam at night", "Run!"):
        assert words in said
    for words in ("Sign for a warning", "sign.example", "A paper", "https://rivers.example/flood/"):
        assert words in said
    assert re.findall(r"<(?:img|picture|script|video|audio|iframe|object|style)\b", page) == []


def test_a_table_wider_than_a_phone_scrolls_by_itself_with_keys_too(site: TinySite) -> None:
    site.write("site.toml", f'{SETTINGS}\n[editions]\ntext = "all"\n')
    site.post("flood", "| Stop | Week 1 |\n| --- | ---: |\n| Boathouse | 12 |\n")
    assert site.problems() == []
    assert '<div class="table" tabindex="0" role="group"' in site.read("flood/text/index.html")
    (style,) = (site.root / "output" / "assets").glob("plain.*.css")
    assert ".table{overflow-x:auto}" in style.read_text(encoding="utf-8")


def test_the_boxes_of_a_list_of_tasks_are_not_as_wide_as_the_page(site: TinySite) -> None:
    site.write("site.toml", f'{SETTINGS}\n[editions]\ntext = "all"\n')
    site.post("flood", "- [x] count for a month\n- [ ] publish the sheets\n")
    assert site.problems() == []
    assert '<input type="checkbox"' in site.read("flood/text/index.html")
    (style,) = (site.root / "output" / "assets").glob("plain.*.css")
    assert re.findall(r"(?:^|[,}\n])input\b[^{]*", style.read_text(encoding="utf-8")) == []


def test_search_engines_are_told_that_the_article_is_meant(site: TinySite) -> None:
    site.write("site.toml", f'{SETTINGS}\n[editions]\ntext = "all"\n')
    site.post("flood")
    site.build()
    page = site.read("flood/text/index.html")
    assert '<link rel="canonical" href="https://rivers.example/flood/">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "flood/text" not in site.read("sitemap.xml")
    assert "flood/text" not in site.read("feed.xml")


def test_what_is_withdrawn_has_none(site: TinySite) -> None:
    site.write("site.toml", f'{SETTINGS}\n[editions]\ntext = "all"\n')
    site.post("flood", status="retracted", history='[{date: 2026-11-02, type: retraction, text: "It was not so."}]')
    site.build()
    assert "flood/text/index.html" not in site.outputs()


def test_an_edit_of_the_text_reaches_the_edition(site: TinySite) -> None:
    site.post("flood", f"First words.\n\n{long_text(1700)}")
    site.build()
    site.edit("content/posts/flood.md", "First words.", "Other words.")
    assert {"flood/index.html", "flood/text/index.html"} <= set(site.build().written)
    assert "Other words." in site.read("flood/text/index.html")


def test_an_article_at_its_address_is_told(site: TinySite) -> None:
    site.write("site.toml", f'{SETTINGS}\n[urls]\npages = "/{{slug}}/text/"\n[editions]\ntext = "all"\n')
    site.post("flood")
    site.write("content/pages/flood.md", "---\ntitle: Flood\n---\nWords.\n")
    assert any("CL707 two outputs would be at flood/text/index.html" in line for line in site.problems())


def test_a_long_one_is_light(site: TinySite) -> None:
    """1,700 words of one sentence compress to nothing: what is weighed is all around them."""
    site.post("flood", long_text(1700))
    site.build()
    page = (site.output / "flood/text/index.html").read_bytes()
    style = next(content for path, content in site.outputs().items() if "/plain." in f"/{path}")
    assert len(gzip.compress(page, 9)) + len(gzip.compress(style, 9)) < 6 * 1024
