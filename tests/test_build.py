"""The equations of docs/architecture.md, on tiny sites."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from generator.kinds import sitemap
from tests.conftest import SETTINGS, TinySite

WHISPER = "Zanzibar"


def fill(site: TinySite) -> None:
    """A small site with most kinds of output."""
    site.post("water", "First.\n\nSecond about [rivers](rivers.md#banks).", tags="[rivers, Law]", pinned="true")
    site.post("rivers", "## Banks\n\nText with a note.[^1]\n\n[^1]: The note.", date="2026-10-01", tags="[rivers]")
    site.post("stone", "Stone.", date="2025-05-05", series="{name: Ground, part: 1}", aliases="[/old-stone/]")
    site.write("content/pages/about.md", "---\ntitle: About\n---\nHello.\n")


def test_a_second_build_writes_nothing(site: TinySite) -> None:
    fill(site)
    first = site.build()
    before = {path: path.stat().st_mtime_ns for path in site.output.rglob("*") if path.is_file()}
    second = site.build()
    after = {path: path.stat().st_mtime_ns for path in site.output.rglob("*") if path.is_file()}
    assert first.ok
    assert second.ok
    assert second.written == ()
    assert second.removed == ()
    assert second.unchanged == len(first.written)
    assert {path: stamp for path, stamp in after.items() if path.name != ".clarion-output"} == {
        path: stamp for path, stamp in before.items() if path.name != ".clarion-output"
    }


def test_editing_a_second_paragraph_renders_only_that_page_where_feeds_carry_summaries(tmp_path: Path) -> None:
    """No card changed, so no list and no neighbour did."""
    site = TinySite(tmp_path, SETTINGS + '\n[feeds]\ncontent = "summary"\n')
    fill(site)
    site.build()
    site.edit("content/posts/water.md", "Second about", "Another about")
    assert set(site.build().written) == {"water/index.html"}


def test_editing_a_title_rewrites_the_page_its_neighbours_and_the_lists_that_show_it(tmp_path: Path) -> None:
    site = TinySite(tmp_path)
    fill(site)
    site.build()
    site.edit("content/posts/stone.md", "title: Stone", "title: Granite")
    assert set(site.build().written) == {
        "archive/2025/index.html",
        "archive/index.html",
        "feed.json",
        "feed.xml",
        "index.html",
        "old-stone/index.html",
        "rivers/index.html",
        "rss.xml",
        "series/ground/index.html",
        "stone/index.html",
    }


def test_incremental_output_is_that_of_a_clean_build_after_a_series_of_edits(tmp_path: Path) -> None:
    here = TinySite(_folder(tmp_path / "here"))
    fill(here)
    here.build()
    here.post("late", "A late text.", date="2026-11-20", tags="[law]")
    here.build()
    here.edit("content/posts/late.md", "title: Late", "title: Later")
    here.remove("content/posts/stone.md")
    here.build()
    there = TinySite(_folder(tmp_path / "there"))
    fill(there)
    there.remove("content/posts/stone.md")
    there.post("late", "A late text.", title="Later", date="2026-11-20", tags="[law]")
    there.build()
    assert here.outputs() == there.outputs()


def _folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Anchorage"])
def test_another_folder_zone_locale_and_hash_seed_give_the_same_bytes(tmp_path: Path, zone: str) -> None:
    here = TinySite(_folder(tmp_path / "here"))
    there = TinySite(_folder(tmp_path / "somewhere" / "else"))
    for each in (here, there):
        fill(each)
    here.build()
    command = [sys.executable, "-m", "generator", "build", "--site", str(there.root), "--now", "2026-11-22T12:00:00Z"]
    environment = {**os.environ, "TZ": zone, "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    subprocess.run(command, check=True, env=environment, capture_output=True, cwd=Path(__file__).parents[1])
    assert there.outputs() == here.outputs()


def test_what_is_not_published_is_nowhere(site: TinySite) -> None:
    """Not in pages, feeds, sitemap, tags and their counts, neighbours, related, aliases, bundle files or state."""
    fill(site)
    site.build()
    clean = site.outputs()
    body = f"{WHISPER} words with a [file]({WHISPER}.txt)."
    hidden = {"tags": f"[rivers, {WHISPER}]", "aliases": f"[/{WHISPER}/]", "title": WHISPER, "summary": WHISPER}
    site.write(f"content/posts/draft/{WHISPER}.txt", WHISPER)
    site.write(
        "content/posts/draft/index.md",
        "---\n" + "".join(f"{key}: {value}\n" for key, value in hidden.items()) + f"status: draft\n---\n{body}\n",
    )
    site.post(
        f"{WHISPER}-later", body.replace(f" with a [file]({WHISPER}.txt)", ""), **{**hidden, "date": "2030-01-01"}
    )
    site.post("gone", WHISPER, **{**hidden, "aliases": "", "expires": "2026-11-10"})
    site.write(
        "content/drafts/forever.md", f"---\ntitle: {WHISPER}\ndate: 2020-01-01\nstatus: published\n---\n{WHISPER}\n"
    )
    report = site.build()
    assert report.ok, report.problems
    assert [(out.path, out.reason) for out in report.left_out] == [
        ("content/drafts/forever.md", "draft"),
        ("content/posts/Zanzibar-later.md", "scheduled"),
        ("content/posts/draft/index.md", "draft"),
        ("content/posts/gone.md", "expired"),
    ]
    assert site.outputs() == clean
    assert WHISPER.lower().encode() not in site.everything_written().lower()


def test_unpublishing_an_article_takes_every_trace_of_it_away(site: TinySite) -> None:
    fill(site)
    site.build()
    clean = site.outputs()
    site.post("brief", f"{WHISPER}.", title=WHISPER, tags=f"[{WHISPER}]")
    assert site.build().ok
    assert WHISPER.encode() in site.everything_written()
    site.edit("content/posts/brief.md", "---\ntitle", "---\nstatus: draft\ntitle")
    site.build()
    assert site.outputs() == clean
    assert WHISPER.lower().encode() not in site.everything_written().lower()


def test_a_scheduled_article_appears_at_its_instant_and_the_report_names_it(site: TinySite) -> None:
    """A date is a day in the site's zone: in Madrid it begins an hour before midnight UTC."""
    site.post("water", date="2026-12-01")
    early = site.build("2026-11-30T22:59:59Z")
    assert [(out.path, out.reason) for out in early.left_out] == [("content/posts/water.md", "scheduled")]
    assert "water/index.html" not in site.outputs()
    late = site.build("2026-11-30T23:00:00Z")
    assert early.next_change == 1796079600
    assert late.left_out == ()
    assert late.next_change is None
    assert "water/index.html" in site.outputs()


def test_an_unlisted_article_is_reached_only_by_its_address(site: TinySite) -> None:
    fill(site)
    site.build()
    clean = site.outputs()
    site.post("quiet", f"{WHISPER}.", status="unlisted", tags=f"[{WHISPER}, rivers]", title=WHISPER)
    site.build()
    after = site.outputs()
    assert '<meta name="robots" content="noindex">' in after.pop("quiet/index.html").decode()
    assert after == clean


def test_nothing_is_written_while_an_error_stands(site: TinySite) -> None:
    fill(site)
    site.build()
    before = site.outputs()
    site.post("broken", "See [this](nowhere.md).")
    report = site.build()
    assert not report.ok
    assert [str(problem) for problem in report.problems] == [
        "content/posts/broken.md:5:12: error CL250 there is no file “nowhere.md”"
    ]
    assert site.outputs() == before


def test_old_pages_of_a_list_never_change_but_for_the_link_to_the_next(tmp_path: Path) -> None:
    site = TinySite(tmp_path, SETTINGS + "\n[content]\npage_size = 2\n")
    for number in range(1, 6):
        site.post(f"a{number}", date=f"2026-01-0{number}")
    site.build()
    first, second = site.read("page/1/index.html"), site.read("page/2/index.html")
    assert "page/3/index.html" not in site.outputs()
    site.post("a6", date="2026-01-06")
    report = site.build()
    assert site.read("page/1/index.html") == first
    assert site.read("page/2/index.html") == second.replace('"../../" rel="next"', '"../../page/3/" rel="next"')
    assert "page/3/index.html" in report.written


def test_a_sitemap_of_more_addresses_than_one_may_hold_names_its_parts(
    site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """sitemaps.org, protocol 0.9: at most 50,000 in one; the parts hold just what the one would have held."""
    fill(site)
    site.build()
    located = re.compile("<loc>(.*?)</loc>")
    one = located.findall(site.read("sitemap.xml"))
    monkeypatch.setattr(sitemap, "MOST", len(one) - 1)
    monkeypatch.setattr(sitemap, "PART", 4)
    site.write("site.toml", SETTINGS.replace("Tiny", "Other"))
    assert site.build().ok
    parts = [f"sitemap-{number}.xml" for number in range(1, (len(one) + 3) // 4 + 1)]
    assert "<sitemapindex" in site.read("sitemap.xml")
    assert located.findall(site.read("sitemap.xml")) == [f"https://tiny.example/{part}" for part in parts]
    assert [address for part in parts for address in located.findall(site.read(part))] == one


def test_the_json_feed_says_what_the_articles_say(site: TinySite) -> None:
    fill(site)
    site.build()
    feed = json.loads(site.read("feed.json"))
    assert [(item["id"], item["url"], item["title"]) for item in feed["items"]] == [
        ("tag:tiny.example,2026-11-01:posts/water", "https://tiny.example/water/", "Water"),
        ("tag:tiny.example,2026-10-01:posts/rivers", "https://tiny.example/rivers/", "Rivers"),
        ("tag:tiny.example,2025-05-05:posts/stone", "https://tiny.example/stone/", "Stone"),
    ]
    assert 'href="https://tiny.example/rivers/#banks"' in feed["items"][0]["content_html"]


def test_leaving_a_document_out_builds_the_rest_and_says_so(site: TinySite) -> None:
    fill(site)
    report = site.build(without=("content/posts/rivers.md",))
    assert report.ok
    assert report.without == ("content/posts/rivers.md",)
    assert "rivers/index.html" not in site.outputs()
    assert "Second about rivers." in site.read("water/index.html")


def test_a_page_named_like_a_generated_one_is_the_text_above_its_list_or_a_page_itself(site: TinySite) -> None:
    fill(site)
    site.write("content/pages/archive.md", "---\ntitle: All there is\n---\nFrom the beginning.\n")
    site.write("content/pages/safety.md", "---\ntitle: Stay safe\n---\nSee [the archive](archive.md).\n")
    report = site.build()
    assert [str(problem) for problem in report.problems] == []
    assert "From the beginning." in site.read("archive/index.html")
    assert 'See <a href="../archive/">the archive</a>.' in site.read("safety/index.html")


def test_an_excerpt_says_whose_words_it_brings(site: TinySite) -> None:
    site.post(
        "water", ":::excerpt{source=daily}\nIt rose.\n:::", sources="[{id: daily, title: Rain, publisher: The Daily}]"
    )
    assert site.build().ok
    assert "Excerpt, in the words of The Daily:" in site.read("water/index.html")


def test_a_menu_item_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    site = TinySite(tmp_path, SETTINGS + '\n[[menu]]\ntitle = "Tags"\npage = "/tgas/"\n')
    site.post("water", tags="[rivers]")
    report = site.build()
    assert [(str(problem), problem.hint) for problem in report.problems] == [
        ("site.toml:16:8: error CL259 this site has no “/tgas/”", "Did you mean “/tags/”?")
    ]


def test_a_site_adds_a_directive_with_one_file_and_its_anchors_name_the_article_in_feeds(site: TinySite) -> None:
    site.write(
        "directives/jump.html",
        '{# text = "inline"\nattributes.to = { type = "str", required = true } #}\n'
        '<a href="#{{ attributes.to }}">{{ text }}</a>',
    )
    site.post("water", "See :jump[below]{to=banks}.\n\n## Banks")
    assert site.build().problems == ()
    assert '<a href="#banks">below</a>' in site.read("water/index.html")
    content = json.loads(site.read("feed.json"))["items"][0]["content_html"]
    assert '<a href="https://tiny.example/water/#banks">below</a>' in content


def test_the_order_of_names_in_a_data_file_is_part_of_what_a_page_was_made_from(site: TinySite) -> None:
    site.post("water")
    site.write("templates/article.html", "{% for name in data.towns | list %}{{ name }} {% endfor %}")
    site.write("content/data/towns.toml", "[b]\n[a]\n")
    site.build()
    assert site.read("water/index.html") == "b a "
    site.write("content/data/towns.toml", "[a]\n[b]\n")
    site.build()
    assert site.read("water/index.html") == "a b "


def test_a_list_whose_text_has_no_title_keeps_its_own(site: TinySite) -> None:
    fill(site)
    site.write("content/tags/rivers.md", "Where they flow.\n")
    site.build()
    assert "<h1>rivers</h1>" in site.read("tags/rivers/index.html")


def test_only_the_first_picture_of_a_text_is_loaded_at_once(tmp_path: Path) -> None:
    site = TinySite(tmp_path, SETTINGS.replace('name = "plain"', 'name = "clarion"'))
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    site.write("content/posts/a.png", picture.getvalue())
    site.write("content/posts/b.png", picture.getvalue())
    site.post("water", "[x](https://x.example)\n\n![one](a.png)\n\n![two](b.png)")
    site.build()
    page = site.read("water/index.html")
    assert page.count('loading="lazy"') == 1
    assert page.index('alt="one"') < page.index('loading="lazy"')


def test_the_archive_of_many_articles_shows_the_newest_of_each_year_and_how_many_there_are(
    site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.kinds.archive.MANY", 6)
    for number in range(1, 8):
        site.post(f"river-{number}", date=f"2025-03-0{number}")
    assert site.build().ok
    archive = site.read("archive/index.html")
    assert re.findall(r"River-\d", archive) == ["River-7", "River-6", "River-5", "River-4", "River-3"]
    assert '<a href="../archive/2025/">2025</a> <bdi class="count">(7)</bdi>' in archive
    assert len(re.findall(r"<h\d.*River-\d", site.read("archive/2025/index.html"))) == 7
