"""What a stranger's content, theme, settings or disk can try, and what comes of it."""

import io
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from generator.engine.index import Index
from generator.model.library import Library
from generator.stages.find import Found, find
from generator.stages.gather import gather
from generator.theme import foreign_links
from tests.conftest import SETTINGS, TinySite

HIDDEN = "Zanzibar"
LATER = "2031-01-01T00:00:00Z"
HOSTILE = '"><script>alert(1)</script>\' onx=" ]]> &lt;'


def png(colour: str = "red") -> bytes:
    """A small picture."""
    made = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(made, "PNG")
    return made.getvalue()


def errors(site: TinySite, **options: Any) -> list[str]:
    """Code and place of each error of a build."""
    return [f"{each.place} {each.code}" for each in site.build(**options).problems if each.severity == "error"]


def instant(seconds: int) -> str:
    """UTC seconds as ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def telling(site: TinySite, word: str) -> list[str]:
    """The outputs that hold a word or are named like it."""
    return [
        path
        for path, content in site.outputs().items()
        if word.lower().encode() in content.lower() or word.lower() in path.lower()
    ]


# Files and addresses


def test_two_files_of_one_name_never_silently_replace_each_other(site: TinySite) -> None:
    site.write("content/posts/north/levels.csv", "north")
    site.write("content/posts/south/levels.csv", "south")
    site.post("water", "[north](north/levels.csv) and [south](south/levels.csv)")
    assert errors(site) == ["content/posts/south/levels.csv CL707"]
    site.write("content/posts/south/levels.csv", "north")
    assert errors(site) == []


def test_pictures_of_one_name_are_told_apart_by_what_they_show(site: TinySite) -> None:
    site.write("content/posts/north/lake.png", png("red"))
    site.write("content/posts/south/lake.png", png("blue"))
    site.post("water", "![north](north/lake.png) ![south](south/lake.png)")
    assert errors(site) == []
    assert len([path for path in site.outputs() if path.endswith(".png")]) == 2


def test_a_picture_named_by_its_address_is_told_and_does_not_vanish(site: TinySite) -> None:
    site.write("static/logo.png", png())
    site.post("water", "![The logo](/logo.png)")
    assert errors(site) == ["content/posts/water.md:5:13 CL258"]


@pytest.mark.parametrize("alias", ["/*", "/x*.php", "/:splat", "/x.:y", "/%2a.php", "/<b>", '/x\\"y', "/x|y"])
def test_an_alias_cannot_take_other_addresses_along(site: TinySite, alias: str) -> None:
    """In `_redirects`, `*` and `:word` stand for any text."""
    site.post("water", aliases=f'["{alias}"]')
    assert errors(site) == ["content/posts/water.md:4:11 CL117"]


@pytest.mark.parametrize("alias", ["/feed.xml", "/robots.txt", "/SITEMAP.xml"])
def test_an_alias_that_is_no_page_cannot_hide_an_output(site: TinySite, alias: str) -> None:
    site.post("water", aliases=f'["{alias}"]')
    assert errors(site) == ["content/posts/water.md:4:11 CL707"]


def test_an_alias_copied_from_an_address_bar_is_decoded_once(site: TinySite) -> None:
    site.post("water", aliases='["/%D0%B2%D0%BE%D0%B4%D0%B0/", "/вода", "/%2525/"]')
    assert errors(site) == []
    assert {"вода/index.html", "%25/index.html"} <= site.outputs().keys()
    assert site.read("_redirects") == "/%2525/ /water/ 301\n/%D0%B2%D0%BE%D0%B4%D0%B0/ /water/ 301\n"


@pytest.mark.parametrize("path", [".clarion-output/x/", ".CLARION-staging/"])
def test_the_names_clarion_keeps_account_under_are_told_where_they_are_wanted(site: TinySite, path: str) -> None:
    site.post("water", aliases=f'["/{path}"]')
    assert [each.partition(" ")[2] for each in errors(site)] == ["CL753"]
    site.remove("content/posts/water.md")
    site.write(f"static/{path}note.txt", "x")
    assert errors(site) == []
    assert not any("note.txt" in name for name in site.outputs())


def test_a_file_in_the_place_of_the_assets_is_told(site: TinySite) -> None:
    site.write("static/assets", "x")
    assert errors(site) == ["static/assets CL707"]


def test_an_article_named_page_is_in_the_sitemap(site: TinySite) -> None:
    site.write("content/news/_section.toml", 'title = "News"')
    site.write("content/news/page.md", "---\ntitle: A page\ndate: 2026-11-01\n---\nWords.\n")
    assert errors(site) == []
    assert "https://tiny.example/news/page/" in site.read("sitemap.xml")


@pytest.mark.parametrize("page", ["../../etc/passwd", "about", "x.html"])
def test_a_menu_item_that_leads_nowhere_is_told(tmp_path: Path, page: str) -> None:
    site = TinySite(tmp_path, f'{SETTINGS}\n[[menu]]\ntitle = "x"\npage = "{page}"\n')
    assert errors(site) == ["site.toml:16:8 CL430"]


@pytest.mark.parametrize(
    "source", ["//evil.example/", "\\\\\\\\evil.example/", "/\\\\evil.example/", "javascript:alert(1)"]
)
def test_a_reference_cannot_lead_to_another_host_unseen(site: TinySite, source: str) -> None:
    goal = f'{{target: 3, current: 1, as_of: 2026-01-01, source: "{source}"}}'
    site.post("water", actions=f'[{{title: t, url: "https://rivers.example/", goal: {goal}}}]')
    assert [each.partition(" ")[2] for each in errors(site)] == ["CL506"]


@pytest.mark.parametrize("folder", ["content", "content/out", "static", "templates/out", "themes/mine"])
def test_what_is_made_never_goes_where_the_site_is_made_from(site: TinySite, folder: str) -> None:
    assert errors(site, output=site.root / folder) == [f"{Path(folder).name} CL751"]
    assert not (site.root / folder / "index.html").exists()


@pytest.mark.parametrize("theme", ["plain", "clarion"])
def test_hostile_words_in_every_field_are_text_everywhere(tmp_path: Path, theme: str) -> None:
    quoted = '"' + HOSTILE.replace('"', '\\"') + '"'
    settings = SETTINGS.replace('"plain"', f'"{theme}"').replace('"Tiny"', f"{quoted}\ntagline = {quoted}")
    site = TinySite(tmp_path, f"{settings}\n[authors.ann]\nname = {quoted}\nbio = {quoted}\n[taxonomies.place]\n")
    site.write("content/posts/lake.png", png())
    site.write(
        "content/campaigns/river.md",
        f"---\ntitle: {quoted}\nsummary: {quoted}\noutcomes: [{{date: 2026-01-01, text: {quoted}}}]\n---\nWords.\n",
    )
    site.post(
        "water",
        title=quoted,
        summary=quoted,
        tags=f"[{quoted}]",
        place=f"[{quoted}]",
        authors="[ann]",
        campaign="river",
        series=f"{{name: {quoted}, part: 1}}",
        image="{file: lake.png, alt: @, caption: @, credit: @, licence: @}".replace("@", quoted),
        sources='[{title: @, publisher: @, author: @, url: "https://rivers.example/", licence: @}]'.replace(
            "@", quoted
        ),
        actions="[{kind: write, title: @, summary: @, organiser: {name: @}, recipients: [{name: @, organisation: @}],"
        " outcome: @, safety_note: @, effort: @, subject: @, letter: @, script: @, location: @}]".replace("@", quoted),
        content_note="{topics: [@], text: @, support: [@]}".replace("@", quoted),
        history="[{date: 2026-01-02, type: correction, text: @, was: @}]".replace("@", quoted),
        share="{text: @, email: {subject: @, body: @}}".replace("@", quoted),
    )
    assert errors(site) == []
    for path, content in site.outputs().items():
        if path.endswith(".xml"):
            ElementTree.fromstring(content)  # noqa: S314 (made by this build)
        if not path.endswith(".json"):
            assert b"<script>alert" not in content, path
            assert b' onx="' not in content, path


# Not published = nowhere


def test_a_retracted_article_is_its_name_its_dates_and_the_reason(site: TinySite) -> None:
    site.write("content/posts/lake.png", png())
    site.write("content/posts/zanzibar.csv", HIDDEN)
    site.post(
        "water",
        f"{HIDDEN} ![{HIDDEN}](lake.png) [x](zanzibar.csv)\n\n## {HIDDEN}",
        status="retracted",
        summary=HIDDEN,
        tags=f"[{HIDDEN}]",
        series=f"{{name: {HIDDEN}, part: 1}}",
        campaign=HIDDEN.lower(),
        backstory=HIDDEN,
        image=f"{{file: lake.png, alt: {HIDDEN}}}",
        sources=f"[{{title: {HIDDEN}, id: {HIDDEN.lower()}}}]",
        actions=f'[{{title: {HIDDEN}, url: "https://zanzibar.example/"}}]',
        content_note=f"{{topics: [{HIDDEN}]}}",
        share=f"{{text: {HIDDEN}}}",
        extra=f"{{x: {HIDDEN}}}",
        history=f"[{{date: 2026-11-02, type: retraction, text: It was wrong., was: {HIDDEN}}},"
        f" {{date: 2026-11-01, type: correction, text: {HIDDEN}}}]",
    )
    report = site.build()
    assert report.ok, report.problems
    assert telling(site, HIDDEN) == []
    assert [path for path in site.outputs() if path.endswith(".png")] == []
    assert HIDDEN.lower().encode() not in site.everything_written().lower()
    assert "It was wrong." in site.read("water/index.html")
    assert "It was wrong." in site.read("feed.xml")


def test_a_picture_in_the_text_of_a_tag_that_only_drafts_have_is_not_published(site: TinySite) -> None:
    site.post("water")
    site.post("secret", status="draft", tags=f"[{HIDDEN}]")
    site.write("content/tags/zanzibar.md", f"---\ntitle: {HIDDEN}\n---\n{HIDDEN} ![x](map.png)\n")
    site.write("content/tags/map.png", png())
    assert errors(site) == []
    assert telling(site, HIDDEN) == []
    assert [path for path in site.outputs() if path.endswith(".png")] == []


def test_a_section_with_nothing_but_drafts_has_no_list_and_no_feed(site: TinySite) -> None:
    site.post("water")
    site.write("content/zanzibar/_section.toml", f'title = "{HIDDEN}"')
    site.write("content/zanzibar/plan.md", "---\ntitle: Plan\nstatus: draft\n---\n")
    assert errors(site) == []
    assert telling(site, HIDDEN) == []


def test_an_unlisted_translation_makes_no_front_page_of_its_language(tmp_path: Path) -> None:
    site = TinySite(tmp_path, f"{SETTINGS}\n[languages.ru]\n")
    site.post("water")
    site.build()
    clean = site.outputs()
    site.write("content/posts/water.ru.md", "---\ntitle: Вода\ndate: 2026-11-01\nstatus: unlisted\n---\nСлова.\n")
    assert errors(site) == []
    after = site.outputs()
    page = after.pop("ru/water/index.html").decode()
    assert after == clean
    assert 'href="../../feeds/"' in page


def test_an_unlisted_article_is_not_in_the_redirects_anybody_may_read(site: TinySite) -> None:
    site.post("water", status="unlisted", aliases='["/old/"]')
    assert errors(site) == []
    assert "old/index.html" in site.outputs()
    assert "_redirects" not in site.outputs()


def test_a_file_among_the_drafts_is_not_published(site: TinySite) -> None:
    site.write("content/drafts/plan/notes.csv", HIDDEN)
    site.write("content/drafts/plan/map.png", png())
    site.post("water", "[x](../drafts/plan/notes.csv) ![y](../drafts/plan/map.png)")
    assert errors(site) == ["content/posts/water.md:5:5 CL256", "content/posts/water.md:5:36 CL256"]


# Time


BROKEN_LATER: dict[str, Callable[[TinySite], object]] = {
    "a missing link": lambda site: site.post("later", "[x](nowhere.md)", date="2030-01-01"),
    "a missing picture": lambda site: site.post("later", date="2030-01-01", image="{file: no.png, alt: x}"),
    "a missing template": lambda site: site.post("later", date="2030-01-01", template="no.html"),
    "an unknown author": lambda site: site.post("later", date="2030-01-01", authors="[nobody]"),
    "another's alias": lambda site: site.post("later", date="2030-01-01", slug="old"),
    "the same alias": lambda site: site.post("later", date="2030-01-01", aliases='["/old/"]'),
    "the same translation": lambda site: site.post("later", date="2030-01-01", translation_key="posts/water"),
    "a long share text": lambda site: site.post("later", date="2030-01-01", share=f"{{x: {'w' * 400}}}"),
}


@pytest.mark.parametrize("name", BROKEN_LATER)
def test_what_will_be_wrong_when_its_time_comes_is_an_error_today(site: TinySite, name: str) -> None:
    site.post("water", aliases='["/old/"]')
    assert errors(site) == []
    BROKEN_LATER[name](site)
    today = errors(site)
    assert today != []
    assert errors(site, now=LATER) == today


def test_time_never_turns_a_green_build_red(tmp_path: Path) -> None:
    """Links and menu items to what comes and goes: an article, its tag, its year, its series."""
    site = TinySite(tmp_path, f'{SETTINGS}\n[[menu]]\ntitle = "Lake"\npage = "/lake/"\n')
    links = "[a](/lake/) [b](/tags/lakes/) [c](/archive/2025/) [d](/series/lakes/) [e](/soon/)"
    site.post("water", links)
    site.post("lake", date="2025-05-01", expires="2026-12-01", tags="[Lakes]", series="{name: Lakes}")
    site.post("soon", date="2030-01-01")
    before = site.build()
    assert before.ok, before.problems
    page = site.read("water/index.html")
    assert '<a href="../tags/lakes/">b</a>' in page
    assert "</a> e</p>" in page
    after = site.build(LATER)
    assert after.ok, after.problems
    page = site.read("water/index.html")
    assert '<p>a b c d <a href="../soon/">e</a></p>' in page
    assert "/lake/" not in page
    assert {problem.code for problem in after.problems} == {"CL257", "CL430"}


@pytest.mark.parametrize("seed", range(6))
def test_nothing_changes_before_the_next_change_and_nothing_after_the_last(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (a test wants the same sites each time)
    zone = chance.choice(["Europe/Madrid", "America/Sao_Paulo", "Asia/Beirut", "Africa/Casablanca"])
    site = TinySite(tmp_path, SETTINGS.replace("Europe/Madrid", zone))
    days = ["2026-03-01", "2026-03-28T02:30", "2026-03-29", "2026-10-25", "2026-10-28T23:59:59+03:00", "2026-11-01"]
    for number in range(4):
        begins, ends, opens, closes = sorted(chance.sample(days, 2)) + sorted(chance.sample(days, 2))
        status = chance.choice(["published", "unlisted", "draft", "retracted"])
        state = chance.choice(["open", "won"])
        action = f'{{url: "https://x.example/", title: t, status: {state}, opens: {opens}, closes: {closes}}}'
        site.post(f"p{number}", status=status, date=begins, expires=ends, actions=f"[{action}]")
    now: int | None = int(datetime(2026, 2, 1, tzinfo=UTC).timestamp())
    while now is not None:
        report = site.build(instant(now))
        assert report.ok, report.problems
        before = site.outputs()
        end = report.next_change
        site.build(LATER if end is None else instant(end - 1))
        assert site.outputs() == before
        now = end


# Themes and templates


@pytest.mark.parametrize(
    "style",
    [
        "a{b:URL(http://evil.example/)}",
        '@IMPORT "http://evil.example/";',
        '@import"//evil.example/";',
        '@import /**/ "//evil.example/";',
        'a{b:image-set("//evil.example/" 1x)}',
        'a{b:image-set(url(x.png) 1x, "//evil.example/" 2x)}',
        'a{b:src("https://evil.example/")}',
        "a{b:u\\72l(http://evil.example/)}",
        "a{b:url(\\68ttp://evil.example/)}",
        "a{b:url(\\2f\\2f evil.example/)}",
        'a{b:url("\\\nhttp://evil.example/")}',
        'a{b:"/*"}c{d:url(//evil.example/)}e{f:"*/"}',
        'a{b:"\\22/*"}c{d:u\\72l(//evil.example/)}e{f:"*/"}',
        "a{b:url(/*)}c{d:url(//evil.example/)}/**/",
        "a{b:url(https:evil.example)}",
    ],
)
def test_no_stylesheet_asks_another_site_however_it_is_written(style: str) -> None:
    assert {problem.code for problem in foreign_links(style, "x.css")} == {"CL318"}


@pytest.mark.parametrize(
    "style",
    [
        "/* url(http://rivers.example/) */",
        "a{b:url(\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\")}",
        "a{b:url(#x)}",
        "a{b:url(x.png)}",
        "a{b:url()}",
    ],
)
def test_a_stylesheet_that_asks_nobody_is_left_alone(style: str) -> None:
    assert list(foreign_links(style, "x.css")) == []


def test_a_stylesheet_that_a_template_makes_asks_nobody_either(site: TinySite) -> None:
    site.write("static/plain.css.jinja", "a{b:url({{ 'http://evil.example/' }})}")
    assert errors(site) == ["static/plain.css.jinja:1:9 CL318"]


@pytest.mark.parametrize("style", ["{{ asset('no.css').url }}", "{{ 1 / 0 }}", "{{ asset(theme) }}"])
def test_a_failing_stylesheet_is_told_at_its_line(site: TinySite, style: str) -> None:
    site.write("static/plain.css.jinja", f"\n{style}")
    assert errors(site) == ["static/plain.css.jinja:2:1 CL303"]


def test_a_stylesheet_in_another_encoding_is_told(site: TinySite) -> None:
    site.write("static/plain.css", b"a{b:'\xff'}")
    assert errors(site) == ["static/plain.css:1:1 CL315"]


@pytest.mark.parametrize("template", ["{{ lipsum() }}", "{{ [1, 2]|random }}", "{{ url }}", "{{ t }}"])
def test_no_template_writes_what_chance_or_memory_gives(site: TinySite, template: str) -> None:
    site.write("templates/feeds.html", template)
    assert errors(site) != []


@pytest.mark.parametrize(
    "template",
    [
        "{% if page %}" * 500 + "{% endif %}" * 500,
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "1 + " * 5000 + "1 }}",
    ],
)
def test_a_template_that_is_nested_too_deeply_is_told(site: TinySite, template: str) -> None:
    site.write("templates/feeds.html", template)
    assert errors(site) == ["templates/feeds.html:1:1 CL301"]


@pytest.mark.parametrize("template", ["{% include 'feeds.html' %}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"])
def test_a_template_that_draws_itself_is_told(site: TinySite, template: str) -> None:
    site.write("templates/feeds.html", template)
    assert errors(site) == ["templates/feeds.html:1:1 CL303"]


@pytest.mark.parametrize(
    "description",
    [
        "parent = 3",
        'parent = ["plain"]',
        "form = 3",
        "settings = 3",
        "settings = [1]",
        "[settings]\nx = 3",
        '[settings.x]\ntype = ["str"]',
        '[settings.x]\ntype = "enum"\nvalues = 3',
        'parent = "mine"',
    ],
)
def test_a_theme_that_describes_itself_wrongly_is_told(tmp_path: Path, description: str) -> None:
    site = TinySite(tmp_path, SETTINGS.replace('"plain"', '"mine"'))
    site.write("themes/mine/theme.toml", description)
    assert {each.partition(" ")[2] for each in errors(site)} == {"CL310"}


@pytest.mark.parametrize("text", ['archive = "{x.y}"', 'not_found = "{"', 'feeds = "{0.__class__}"'])
def test_a_catalogue_reaches_no_further_than_its_words(site: TinySite, text: str) -> None:
    site.post("water")
    site.write("locales/en.toml", text)
    assert errors(site) == []


# The disk


@pytest.mark.parametrize("folder", ["static", "templates", "locales", "directives", "content"])
def test_a_folder_of_the_site_cannot_be_a_link_that_leads_out(tmp_path: Path, folder: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "key.txt").write_text(HIDDEN)
    (tmp_path / "site").mkdir()
    site = TinySite(tmp_path / "site")
    if folder == "content":
        (site.root / "content").rmdir()
    (site.root / folder).symlink_to(tmp_path / "home")
    assert errors(site) == [f"{folder} {'CL702' if folder == 'content' else 'CL314'}"]
    assert site.outputs() == {}


@pytest.mark.parametrize("target", ["circle.md", "nowhere.md"])
@pytest.mark.parametrize("folder", ["content/posts", "static"])
def test_a_link_to_nowhere_is_told(site: TinySite, folder: str, target: str) -> None:
    (site.root / folder).mkdir(parents=True, exist_ok=True)
    (site.root / folder / "circle.md").symlink_to(target)
    assert errors(site) == [f"{folder}/circle.md {'CL314' if folder == 'static' else 'CL702'}"]


@pytest.mark.parametrize("folder", ["content/posts", "static", "templates"])
def test_a_name_that_is_no_text_is_told(site: TinySite, folder: str) -> None:
    (site.root / folder).mkdir(parents=True, exist_ok=True)
    try:
        (site.root / folder / os.fsdecode(b"\xff.html")).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert errors(site) == [f"{folder} CL703"]


@pytest.mark.parametrize("name", ["posts/stone.md", "data/rivers.toml", "news/_section.toml", "posts/levels.csv"])
@pytest.mark.parametrize("then", ["nothing", "folder"])
def test_a_file_that_goes_between_finding_and_reading_is_told(
    site: TinySite, monkeypatch: pytest.MonkeyPatch, name: str, then: str
) -> None:
    site.post("stone")
    site.write("content/data/rivers.toml", "a = 1")
    site.write("content/news/_section.toml", 'title = "News"')
    site.write("content/posts/levels.csv", "1")

    def find_and_lose(root: Path, index: Index) -> Found:
        found = find(root, index)
        site.remove(f"content/{name}")
        if then == "folder":
            (root / "content" / name).mkdir()
        return found

    monkeypatch.setattr("generator.pipeline.sources.find", find_and_lose)
    assert errors(site) == [f"content/{name} CL705"]


def test_a_copied_file_that_changes_while_the_site_is_built_is_told_without_the_place_of_the_site(
    site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("content/posts/levels.csv", "1")
    site.post("water", "[x](levels.csv)")

    def change_and_gather(*arguments: Any) -> Library:
        levels = site.root / "content/posts/levels.csv"
        if levels.read_text() == "1":
            levels.write_text("2")
        else:
            levels.unlink()
        return gather(*arguments)

    monkeypatch.setattr("generator.pipeline.planning.gather", change_and_gather)
    for _ in range(2):
        report = site.build()
        assert [problem.code for problem in report.problems] == ["CL690"]
        assert str(site.root) not in str(report.problems)
