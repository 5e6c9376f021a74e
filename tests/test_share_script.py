"""What a small script adds to passing on: its weight, its words, and that nothing of it is seen without it."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from markupsafe import Markup

from generator.markup.anchors import with_anchors
from tests.conftest import SETTINGS, TinySite

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "themes/clarion/static"
CLARION = SETTINGS.replace('"plain"', '"clarion"')
SCRIPT = re.compile(r'<script src="([^"]*share\.\w+\.js)" integrity="([^"]+)" defer></script>')
KIT = re.compile(r'<template id="share_kit"([^>]*)>(.*?)</template>', re.DOTALL)
WORDS = re.findall(r"[A-Za-z]+[,.]?", (ROOT / "docs/writing.md").read_text(encoding="utf-8"))[:600]
ARTICLE = "\n\n".join(
    f"## {' '.join(WORDS[start : start + 3])}\n\n{' '.join(WORDS[start + 3 : start + 100])}"
    for start in range(0, 600, 100)
)
"""600 words of a real language, in six chapters."""


def zipped(content: bytes) -> int:
    """The bytes that are sent of some content."""
    return len(gzip.compress(content, 9, mtime=0))


@pytest.fixture
def shown(tmp_path: Path) -> TinySite:
    """A site with the theme that has the script."""
    return TinySite(tmp_path, CLARION)


def test_the_script_keeps_within_its_weight() -> None:
    assert zipped((STATIC / "share.js").read_bytes()) <= 3072
    assert zipped((STATIC / "share.css").read_bytes()) <= 500


def test_the_script_asks_nobody_and_runs_no_text() -> None:
    """A policy of `script-src 'self'` without exceptions holds, and so does one that forbids connections."""
    script = (STATIC / "share.js").read_text(encoding="utf-8")
    refused = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function|fetch|XMLHttp|Beacon|cookie|import"
    assert re.search(refused, script) is None
    assert re.search(r"sessionStorage|indexedDB|caches|setAttribute\(\"(?:on|style)", script) is None


def test_a_page_of_600_words_keeps_within_its_weight(shown: TinySite) -> None:
    shown.post("river", ARTICLE, summary="Seven pumps where three are permitted.")
    assert shown.build().ok
    assert zipped((shown.output / "river/index.html").read_bytes()) <= 6144


def test_the_script_is_on_pages_with_a_share_row_and_its_integrity_is_right(shown: TinySite) -> None:
    shown.post("river")
    shown.post("withdrawn", status="retracted", history="[{date: 2026-11-02, type: retraction, text: Wrong.}]")
    assert shown.build().ok
    pages = {path: text.decode() for path, text in shown.outputs().items() if path.endswith(".html")}
    found = {path: SCRIPT.search(text) for path, text in pages.items()}
    assert [path for path, match in found.items() if match] == ["river/index.html"]
    assert [path for path, text in pages.items() if "share_kit" in text] == ["river/index.html"]
    match = found["river/index.html"]
    assert match is not None
    script = (shown.output / "river" / match[1]).resolve().read_bytes()
    assert match[2] == "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode()


def test_a_site_for_a_stick_has_the_script_without_integrity(tmp_path: Path) -> None:
    """Browsers refuse a file on a disk whose integrity they are asked to check."""
    site = TinySite(tmp_path, f'{CLARION}\n[urls]\nlinks = "file"\n')
    site.post("river")
    assert site.build().ok
    assert re.search(r'<script src="\.\./assets/share\.\w+\.js" defer></script>', site.read("river/index.html"))


def test_nothing_of_it_is_seen_without_script(shown: TinySite) -> None:
    """What the script adds is in a template, which no browser shows; everything outside it is links and one field."""
    shown.post("river")
    assert shown.build().ok
    page = shown.read("river/index.html")
    outside = KIT.sub("", page)
    assert KIT.search(page) is not None
    assert "<button" not in outside
    assert "<dialog" not in outside
    assert outside.count("<script src") == 1


def test_the_words_are_those_of_the_language_and_escaped(shown: TinySite) -> None:
    shown.write("locales/en.toml", "share_device = 'Share \"it\" <now>'\nserver_wrong = 'No \"<server>\"'\n")
    shown.post("river", title="'The \"<b>river</b>\" & more'")
    assert shown.build().ok
    match = KIT.search(shown.read("river/index.html"))
    assert match is not None
    attributes, inside = match.groups()
    assert 'data-wrong="No &#34;&lt;server&gt;&#34;"' in attributes
    message = "The &#34;&lt;b&gt;river&lt;/b&gt;&#34; &amp; more https://tiny.example/river/"
    assert f'data-message="{message}"' in attributes
    assert ">Share &#34;it&#34; &lt;now&gt;</button>" in inside
    script = (STATIC / "share.js").read_text(encoding="utf-8")
    keys = {
        *re.findall(r'say\((?:done \? )?"(\w+)"', script),
        *re.findall(r"dataset\.(\w+)", script),
        "message",
        "failed",
    }
    assert set(re.findall(r"data-(\w+)=", attributes)) == keys


@pytest.mark.parametrize(
    ("share", "message"),
    [
        ("", "River https://tiny.example/river/"),
        ("{text: The river is dry.}", "The river is dry. https://tiny.example/river/"),
        ("{text: 'Dry: {url} (read on)'}", "Dry: https://tiny.example/river/ (read on)"),
    ],
)
def test_a_message_is_what_the_author_wrote_for_sharing_or_the_title(shown: TinySite, share: str, message: str) -> None:
    shown.post("river", share=share)
    assert shown.build().ok
    assert f'data-message="{message}"' in shown.read("river/index.html")


def test_the_script_can_be_left_out_and_theme_plain_has_none(tmp_path: Path) -> None:
    without = f"{CLARION}\n[theme.settings]\nshare_script = false\n"
    for name, settings in (("without", without), ("plain", SETTINGS)):
        (tmp_path / name).mkdir()
        site = TinySite(tmp_path / name, settings)
        site.post("river")
        assert site.build().ok
        assert "<script src" not in site.read("river/index.html")
        assert "share_kit" not in site.read("river/index.html")
        assert name == "without" or not any("share." in path for path in site.outputs())


# Chapters that lead to themselves


def test_chapters_and_their_parts_are_links_to_themselves_on_pages_only(shown: TinySite) -> None:
    shown.post(
        "river", "## The *dry* part\n\nWords.\n\n### Река\n\nWords.\n\n## See [there](https://a.example/)\n\nEnd."
    )
    assert shown.build().ok
    page = shown.read("river/index.html")
    assert '<h2 id="the-dry-part"><a href="#the-dry-part">The <em>dry</em> part</a></h2>' in page
    assert '<h3 id="река"><a href="#река">Река</a></h3>' in page
    assert '<h2 id="see-there">See <a href="https://a.example/"' in page
    assert "<h2 id=&#34;the-dry-part&#34;><a" not in shown.read("feed.xml")
    assert '#the-dry-part"' not in shown.read("feed.xml")


@pytest.mark.parametrize(
    "text",
    [
        "<p>No heading.</p>",
        '<h2 id="title_act-petition">Of a block</h2>',
        '<h2 id="a"><a href="#b">b</a></h2>',
        '<h2 id="a"> </h2>',
        '<h4 id="a">Small</h4>',
    ],
)
def test_other_headings_stay_as_they_are(text: str) -> None:
    assert with_anchors(Markup(text)) == text  # noqa: S704 (of this test)
