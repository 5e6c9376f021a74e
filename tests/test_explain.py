"""Why an output is drawn, what becomes of a source, where the time goes."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

import generator.engine.versions
from generator.cli.group import clarion
from generator.config import Config, FeedSettings, MarkdownSettings, SiteSettings
from generator.model.job import Ledger
from generator.model.report import Profile, Report, Took
from generator.pipeline.outlooks import Outlook, outlook
from generator.stages.reasons import Changes, Known, changes
from generator.work.explain.asked import Unknown, story_of
from generator.work.explain.costs import extension_costs
from generator.work.explain.spending import Spending, spending
from generator.work.explain.stories import Drawing, Input, OutputStory, Reader, SourceStory
from tests.conftest import NOW, TinySite, instant
from tests.test_pictures import quarters, saved

SUMMARIES = '\n[feeds]\ncontent = "summary"\n'
PICTURE = saved(quarters(), "JPEG")
CARD = "the card of content/posts/river.md (title)"


@pytest.fixture
def water(site: TinySite) -> TinySite:
    """Three articles, built: a lake, a river with the tag of the lake, and an older one that names the river."""
    site.post("lake", "A lake.\n\nIts shore.", date="2026-11-03", tags="[water]")
    site.post("river", "A river.\n\nIts bank.", date="2026-11-02", tags="[water]")
    site.post("old", "See [the river](river.md).\n\nMore.", date="2025-11-01")
    site.build()
    return site


def reasons(site: TinySite, **options: Any) -> dict[str, tuple[str, ...]]:
    report = site.build(explain=True, **options)
    assert report.ok, report.problems
    return report.reasons


def run(site: TinySite, *arguments: str) -> Result:
    return CliRunner().invoke(clarion, [*arguments, "--site", str(site.root), "--now", NOW])


def test_where_nothing_changed_nothing_is_drawn_and_that_is_said(water: TinySite) -> None:
    assert reasons(water) == {}
    assert "  Nothing was drawn: no input of any output changed.\n" in run(water, "build", "--explain").stdout


def test_a_build_that_is_not_asked_says_no_reasons(water: TinySite) -> None:
    water.edit("content/posts/river.md", "bank", "banks")
    report = water.build()
    assert (report.reasons, report.profile) == ({}, None)


def test_a_first_build_draws_everything_because_there_was_nothing(site: TinySite) -> None:
    site.post("river")
    report = site.build(explain=True)
    assert report.reasons == dict.fromkeys(report.reasons, ("new: there was no such output",))
    assert set(report.reasons) == set(report.written)


def test_words_of_a_text_are_the_reason_of_what_shows_it(water: TinySite) -> None:
    water.edit("content/posts/river.md", "bank", "banks")
    told = ("the text of content/posts/river.md",)
    assert reasons(water) == {
        "feed.json": told,
        "feed.xml": told,
        "river/index.html": told,
        "rss.xml": told,
        "tags/water/feed.xml": told,
    }


def test_a_title_is_the_reason_of_all_that_shows_the_card(water: TinySite) -> None:
    water.edit("content/posts/river.md", "title: River", "title: The river")
    assert reasons(water) == dict.fromkeys(
        (
            "archive/2026/index.html",
            "archive/index.html",
            "feed.json",
            "feed.xml",
            "index.html",
            "lake/index.html",
            "old/index.html",
            "river/index.html",
            "rss.xml",
            "tags/water/feed.xml",
            "tags/water/index.html",
        ),
        (CARD,),
    )


def test_a_reason_stays_right_over_builds_that_nobody_asked(water: TinySite) -> None:
    """The build between draws only what shows the text, and must leave behind what this one compares with."""
    water.edit("content/posts/lake.md", "shore", "shores")
    water.build()
    water.edit("content/posts/river.md", "bank", "banks")
    assert reasons(water)["river/index.html"] == ("the text of content/posts/river.md",)
    assert reasons(water) == {}
    water.edit("content/posts/lake.md", "title: Lake", "title: The lake")
    assert reasons(water)["lake/index.html"] == ("the card of content/posts/lake.md (title)",)


def test_an_article_that_comes_or_goes_is_named(water: TinySite) -> None:
    water.post("spring", date="2026-11-04")
    assert reasons(water)["spring/index.html"] == ("new: there was no such output",)
    water.post("well", date="2026-11-05")
    told = reasons(water)
    assert told["spring/index.html"] == told["index.html"] == told["sitemap.xml"]
    assert told["index.html"] == ("content/posts/well.md, which is new",)
    water.remove("content/posts/well.md")
    gone = ("content/posts/well.md, which is gone, retracted or no longer published",)
    assert reasons(water)["spring/index.html"] == gone


def test_a_text_that_is_not_published_any_more_is_named_once_and_then_forgotten(water: TinySite) -> None:
    water.edit("content/posts/lake.md", "title: Lake", "title: Lake\nstatus: draft")
    gone = ("content/posts/lake.md, which is gone, retracted or no longer published",)
    assert reasons(water)["index.html"] == gone
    assert b"posts/lake" not in water.everything_written()


def test_front_matter_that_only_its_own_outputs_read_is_called_so(water: TinySite) -> None:
    water.edit("content/posts/river.md", "title:", "sources: [{title: A report}]\ntitle:")
    told = reasons(water)
    assert set(told.values()) == {("the front matter of content/posts/river.md",)}
    assert "river/index.html" in told


def test_a_link_that_leads_elsewhere_is_told_with_what_moved(water: TinySite) -> None:
    water.edit("content/posts/old.md", "See [", "First words.\n\nSee [")
    water.build()
    water.edit("content/posts/river.md", "title:", "slug: stream\ntitle:")
    told = reasons(water)
    assert "what the links and pictures in content/posts/old.md lead to" in told["old/index.html"]
    assert told["stream/index.html"] == ("new: there was no such output",)


def test_the_title_of_the_site_is_told_by_its_name(water: TinySite) -> None:
    water.edit("site.toml", 'title = "Tiny"', 'title = "Tinier"')
    told = reasons(water)
    assert (told["404.html"], told["rss.xml"]) == (("site.title",), ("setting site.title",))
    assert set(told.values()) == {("site.title",), ("setting site.title",)}


def test_a_setting_that_all_outputs_read_is_told_with_both_values(water: TinySite) -> None:
    water.write("site.toml", (water.root / "site.toml").read_text() + '\n[urls]\nlinks = "file"\n')
    assert set(reasons(water).values()) == {("setting urls.links: pretty → file",)}


def test_another_version_is_told_with_both_numbers(water: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    known = generator.engine.versions.versions()
    later = {**known, "Jinja2": "99.1"}
    for module in ("generator.plugins.manager", "generator.stages.parse_all", "generator.stages.render_all"):
        monkeypatch.setattr(f"{module}.versions", lambda: later)
    assert set(reasons(water).values()) == {(f"version Jinja2: {known['Jinja2']} → 99.1",)}


def test_a_template_is_told_by_its_path(water: TinySite) -> None:
    water.write("templates/article.html", '{% extends "plain:article.html" %}')
    own = ("template templates/article.html",)
    second = "template themes/plain/templates/article.html, which it did not use before"
    assert reasons(water) == dict.fromkeys(("lake/index.html", "old/index.html", "river/index.html"), (*own, second))
    water.edit("templates/article.html", "%}", "%}{# a word #}")
    assert reasons(water) == dict.fromkeys(("lake/index.html", "old/index.html", "river/index.html"), own)


def test_another_theme_is_told_once_and_not_by_all_its_templates(water: TinySite) -> None:
    water.edit("site.toml", 'name = "plain"', 'name = "clarion"')
    told = reasons(water)
    assert told["404.html"] == ("setting form of the theme: plain → page", "setting theme.name")


def test_where_one_of_several_changes_may_be_the_cause_all_are_told(water: TinySite) -> None:
    water.edit("content/posts/lake.md", "tags: [water]", "tags: [lakes]")
    water.edit("content/posts/river.md", "date: 2026-11-02", "date: 2026-10-02")
    water.edit("content/posts/old.md", "title: Old", "title: An old one")
    one = "the card of content/posts/lake.md (taxonomies); the card of content/posts/river.md (id, date)"
    assert reasons(water)["tags/index.html"] == (f"“terms”, by one of: {one}",)


def test_a_text_of_the_catalogue_is_told_by_its_key(water: TinySite) -> None:
    water.write("locales/en.toml", 'related_title = "Kindred"\n')
    told = ("text “related_title” of the catalogue",)
    assert reasons(water) == dict.fromkeys(("lake/index.html", "old/index.html", "river/index.html"), told)


def test_data_is_told_by_its_file(water: TinySite) -> None:
    water.write("templates/not_found.html", '{% extends "plain:not_found.html" %}{# #}{% set x = data.team %}')
    water.write("content/data/team.toml", 'name = "Ann"\n')
    water.build()
    water.edit("content/data/team.toml", "Ann", "Bea")
    assert reasons(water) == {"404.html": ("the data of content/data/team.toml",)}


def test_a_query_is_told_by_its_name(water: TinySite) -> None:
    water.write("site.toml", f"{(water.root / 'site.toml').read_text(encoding='utf-8')}\n[facts.latest]\nlimit = 1\n")
    water.write("templates/not_found.html", "{% for card in facts.latest %}{{ card.title }}{% endfor %}")
    water.build()
    assert run(water, "explain", "facts.latest").output.startswith(
        "facts.latest (query)\n  State: templates read it as facts.latest\n  Read by (1 output):\n    404.html"
    )
    water.post("newest", date="2026-11-21")
    assert reasons(water)["404.html"] == ("what the query facts.latest finds",)


def test_a_picture_and_a_file_are_told_by_their_paths(water: TinySite) -> None:
    water.write(
        "content/posts/pond/index.md", "---\ntitle: Pond\ndate: 2026-11-01\n---\n![Green](a.jpg) [all](a.csv)\n"
    )
    water.write("content/posts/pond/a.jpg", PICTURE)
    water.write("content/posts/pond/a.csv", "1,2\n")
    water.write("static/keys.txt", "one")
    assert water.build().ok
    water.write("content/posts/pond/a.csv", "1,3\n")
    water.write("static/keys.txt", "two")
    told = reasons(water)
    assert told == {
        "keys.txt": ("the file static/keys.txt",),
        "pond/a.csv": ("the file content/posts/pond/a.csv",),
    }


def test_a_stylesheet_is_told_with_the_pages_that_name_it(water: TinySite) -> None:
    water.write("static/plain.css", "a { color: red }")
    water.build()
    water.write("static/plain.css", "a { color: green }")
    told = reasons(water)
    (asset,) = [path for path in told if path.startswith("assets/")]
    assert (told[asset], told["404.html"]) == (("the file static/plain.css",),) * 2


@pytest.mark.parametrize("changed", [True, False])
def test_a_file_that_somebody_touched_is_made_again(water: TinySite, changed: bool) -> None:
    if changed:
        (water.output / "404.html").write_text("mine")
    else:
        (water.output / "404.html").unlink()
    assert reasons(water) == {"404.html": ("the file in output/ was changed or deleted by somebody else",)}


def test_a_damaged_ledger_is_the_reason_itself(water: TinySite) -> None:
    (ledger,) = (water.root / ".clarion").glob("ledger-*")
    ledger.write_bytes(ledger.read_bytes()[:-9])
    assert set(reasons(water).values()) == {("the ledger could not be used: it is damaged",)}


def test_changes_name_what_is_new_gone_or_other() -> None:
    before = Known(
        documents={
            "a.md": b"card-a..outline.file-a..........",
            "b.md": b"card-b..outline.file-b..........",
            "c.md": b"",
            "d.md": b"card-d..outline.",
        },
        settings={"site.title": b"1", "urls.links": b"1"},
    )
    now = Known(
        documents={
            "a.md": b"CARD-a..outline.file-A..........",
            "b.md": b"card-b..OUTLINE.file-B..........",
            "d.md": b"card-d..outline.",
            "e.md": b"",
        },
        settings={"site.title": b"2", "urls.links": b"1"},
    )
    asked: list[tuple[str, str]] = []

    def fields(path: str, digest: str) -> tuple[str, ...]:
        asked.append((path, digest))
        return ("title",)

    ledger = Ledger(known=msgspec.msgpack.encode(before), texts={"a.md": "1", "d.md": "1"})
    assert changes(ledger, now, {"a.md": "1", "d.md": "2"}, [], fields) == Changes(
        cards={"a.md": ("title",)},
        texts=frozenset({"d.md"}),
        fronts=frozenset({"b.md"}),
        new=frozenset({"e.md"}),
        gone=("c.md",),
        settings=("site.title",),
    )
    assert asked == [("a.md", b"file-a..........".hex())]


def test_reasons_are_told_with_the_outputs_they_belong_to(water: TinySite) -> None:
    water.edit("content/posts/river.md", "bank", "banks")
    result = run(water, "build", "--explain")
    assert result.stdout.splitlines()[3:] == [
        "  Drawn: 5 outputs",
        "    feed.json, feed.xml, river/index.html, rss.xml, tags/water/feed.xml",
        "      the text of content/posts/river.md",
    ]
    water.edit("content/posts/river.md", "title: River", "title: Stream")
    told = json.loads(run(water, "build", "--explain", "--format", "json").stdout)
    assert told["reasons"]["river/index.html"] == [CARD]
    assert "reasons" not in json.loads(run(water, "build", "--format", "json").stdout)


def seen(site: TinySite, name: str) -> SourceStory | OutputStory:
    found, problems = outlook(site.root, now=instant(NOW))
    assert isinstance(found, Outlook), problems
    return story_of(found, name, problems)


def test_a_source_tells_who_reads_its_card_and_its_text(site: TinySite) -> None:
    site.write("site.toml", (site.root / "site.toml").read_text() + SUMMARIES)
    site.post("river", date="2026-11-02")
    site.post("lake", date="2026-11-03")
    site.build()
    assert seen(site, "content/posts/river.md") == SourceStory(
        path="content/posts/river.md",
        what="article",
        state="published",
        published=True,
        made=(Reader("river/index.html", "article"),),
        card_readers=(
            Reader("archive/2026/index.html", "year", ("listing",)),
            Reader("archive/index.html", "archive", ("groups",)),
            Reader("feed.json", "feed", ("feed",)),
            Reader("feed.xml", "feed", ("feed",)),
            Reader("index.html", "home", ("listing",)),
            Reader("lake/index.html", "article", ("neighbours",)),
            Reader("river/index.html", "article", ("page", "article", "share")),
            Reader("rss.xml", "feed", ("feed",)),
            Reader("sitemap.xml", "sitemap", ("entries",)),
        ),
        text_readers=(Reader("river/index.html", "article", ("body", "contents")),),
        templates=(
            Drawing("themes/plain/templates/article.html", 2),
            Drawing("themes/base/templates/atom.xml", 1),
            Drawing("themes/base/templates/feed.json", 1),
            Drawing("themes/base/templates/rss.xml", 1),
            Drawing("themes/base/templates/sitemap.xml", 1),
            Drawing("themes/plain/templates/archive.html", 1),
            Drawing("themes/plain/templates/home.html", 1),
            Drawing("themes/plain/templates/list.html", 1),
        ),
    )


@pytest.mark.parametrize(
    ("front", "state", "until"),
    [
        ({"status": "draft"}, "not published: it is a draft (its status says so)", None),
        ({"date": "2026-12-01"}, "not published yet: its date is still to come", "2026-11-30T23:00:00Z"),
        ({"expires": "2026-11-10"}, "not published any more: it has expired", None),
        ({"status": "unlisted"}, "published, but unlisted: only who has its address finds it", None),
        ({"status": "retracted"}, "retracted: its page says so, and nothing shows its text", None),
        ({"expires": "2026-12-10"}, "published", "2026-12-10T23:00:00Z"),
    ],
)
def test_a_source_tells_why_it_is_or_is_not_published(
    site: TinySite, front: dict[str, str], state: str, until: str | None
) -> None:
    site.post("lake")
    site.post("river", **front)
    story = seen(site, "content/posts/river.md")
    assert isinstance(story, SourceStory)
    assert (story.state, story.until) == (state, instant(until) if until else None)
    assert story.published == (not state.startswith("not"))


def test_a_source_that_cannot_be_read_tells_what_is_wrong(site: TinySite) -> None:
    site.post("lake", lang="en")
    site.write("content/posts/river.md", "---\ntitle: [\n---\nWords.\n")
    found, problems = outlook(site.root, now=instant(NOW))
    assert found is not None
    codes = {path: problem.code for path in ("lake", "river") for problem in problems if path in problem.path}
    lake, river = (story_of(found, f"content/posts/{name}.md", problems) for name in ("lake", "river"))
    assert isinstance(lake, SourceStory)
    assert lake.state == f"published, once the errors in it are mended ({codes['lake']})"
    state = f"not published: nothing can be made of it ({codes['river']})"
    assert river == SourceStory("content/posts/river.md", "text", state, published=False)


def test_other_sources_tell_who_names_them(water: TinySite) -> None:
    water.write("content/posts/pond/index.md", "---\ntitle: Pond\ndate: 2026-11-01\n---\n![Green](a.jpg)\n")
    water.write("content/posts/pond/a.jpg", PICTURE)
    water.write("content/posts/pond/b.jpg", PICTURE)
    water.write("content/data/team.toml", 'name = "Ann"\n')
    water.write("static/keys.txt", "one")
    states = {
        path: story.state
        for path in (
            "content/posts/pond/a.jpg",
            "content/posts/pond/b.jpg",
            "content/data/team.toml",
            "themes/plain/templates/article.html",
            "themes/base/static/plain.css",
            "themes/base/locales/en.toml",
            "site.title",
            "site.toml",
        )
        if isinstance(story := seen(water, path), SourceStory)
    }
    assert states == {
        "content/posts/pond/a.jpg": "published, for it is named in content/posts/pond/index.md",
        "content/posts/pond/b.jpg": "not published: no published text names it",
        "content/data/team.toml": "no template in use reads data.team",
        "themes/plain/templates/article.html": "4 outputs are drawn with it",
        "themes/base/static/plain.css": "published",
        "themes/base/locales/en.toml": "its texts are those of pages in “en”",
        "site.title": "templates read it as site.title",
        "site.toml": "all outputs read some of it; ask for one setting, such as site.title",
    }
    assert isinstance(seen(water, "keys.txt"), OutputStory)


@pytest.mark.parametrize(
    "name", ["river/index.html", "output/river/index.html", "/river/", "river/", "https://tiny.example/river/"]
)
def test_an_output_tells_what_it_is_made_from(water: TinySite, name: str) -> None:
    story = seen(water, name)
    assert isinstance(story, OutputStory)
    assert (story.path, story.address, story.kind, story.source) == (
        "river/index.html",
        "/river/",
        "article",
        "content/posts/river.md",
    )
    assert (story.state, story.current, story.reasons) == ("what stands in output/ is up to date", True, ())
    assert story.templates[:3] == (
        "themes/plain/templates/article.html",
        "themes/plain/templates/layout.html",
        "themes/base/templates/partials/head.html",
    )
    assert Input("neighbours", cards=("content/posts/old.md", "content/posts/lake.md")) in story.inputs
    assert Input("body", texts=("content/posts/river.md",)) in story.inputs
    assert {"site.title", "asset.plain.css", "t.related_title"} <= set(story.facts)
    assert story.settings["urls.links"] == "pretty"
    assert story.versions["Jinja2"] == generator.engine.versions.versions()["Jinja2"]


def test_an_output_that_is_not_up_to_date_tells_why(water: TinySite) -> None:
    water.edit("content/posts/river.md", "title: River", "title: The river")
    story = seen(water, "/lake/")
    assert isinstance(story, OutputStory)
    assert (story.state, story.current, story.reasons) == ("the next build makes it anew", False, (CARD,))


def test_an_output_of_a_site_that_was_never_built_is_new(site: TinySite) -> None:
    site.post("river")
    story = seen(site, "/river/")
    assert isinstance(story, OutputStory)
    assert story.reasons == ("new: there was no such output",)
    assert (site.root / ".clarion").exists() is False


def test_while_an_error_stands_no_output_is_called_up_to_date(water: TinySite) -> None:
    water.post("wrong", "[nowhere](nowhere.md)")
    story = seen(water, "/river/")
    assert isinstance(story, OutputStory)
    assert (story.state, story.current) == ("an error stands in this site, so nothing is made", False)


def test_asking_changes_neither_the_outputs_nor_what_is_known_of_them(water: TinySite) -> None:
    def standing() -> dict[str, bytes]:
        kept = {path.name: path.read_bytes() for path in (water.root / ".clarion").glob("ledger-*")}
        return {**water.outputs(), **kept}

    water.edit("content/posts/river.md", "title: River", "title: The river")
    before = standing()
    seen(water, "/river/")
    seen(water, "content/posts/river.md")
    assert standing() == before
    assert reasons(water)["river/index.html"] == (CARD,)


def test_the_directives_of_a_text_are_part_of_its_chain(site: TinySite) -> None:
    site.post("river", "Words.\n\n> Words of others.\n\nMore.")
    story = seen(site, "/river/")
    assert isinstance(story, OutputStory)
    assert story.directives == ("quotation",)
    assert "themes/base/directives/quotation.feed.html" in story.templates


def test_what_there_is_not_is_answered_with_the_nearest_name(water: TinySite) -> None:
    found, problems = outlook(water.root, now=instant(NOW))
    assert found is not None
    with pytest.raises(Unknown) as told:
        story_of(found, "content/posts/rivr.md", problems)
    assert str(told.value) == (
        "There is neither a source nor an output “content/posts/rivr.md”. Did you mean “content/posts/river.md”?"
    )
    result = run(water, "explain", "content/posts/rivr.md")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"{told.value}\n")
    told_json = json.loads(run(water, "explain", "nothing-like-it", "--format", "json").stdout)
    assert (told_json["command"], told_json["exit"]) == ("explain", 1)


def test_the_story_of_a_source_is_told_in_sentences(site: TinySite) -> None:
    then = "28 November 2026, 10:00 (Europe/Madrid), in 6 days"
    site.post("later", date="2026-11-28T09:00:00Z")
    site.build()
    assert run(site, "explain", "content/posts/later.md").stdout.splitlines() == [
        "content/posts/later.md (article)",
        f"  State: not published yet: its date is still to come, until {then}",
    ]
    told = json.loads(run(site, "explain", "content/posts/later.md", "--format", "json").stdout)
    assert (told["type"], told["published"], told["until"]) == ("source", False, "2026-11-28T10:00:00+01:00")


def test_the_story_of_an_output_is_told_in_sentences(water: TinySite) -> None:
    lines = run(water, "explain", "/river/").stdout.splitlines()
    assert lines[:4] == [
        "river/index.html (article, in “en”, at /river/)",
        "  State: what stands in output/ is up to date",
        "  Source: content/posts/river.md",
        "  Templates, in the order of reading:",
    ]
    assert "    neighbours: the cards of content/posts/old.md, content/posts/lake.md" in lines


def test_a_folder_without_a_site_is_an_error(tmp_path: Path) -> None:
    for how in ((), ("--format", "json")):
        result = CliRunner().invoke(clarion, ["explain", "/", "--site", str(tmp_path), "--now", NOW, *how])
        assert (result.exit_code, "CL" in result.output) == (1, True)


def test_the_time_of_a_build_is_told_by_text_output_and_template(site: TinySite) -> None:
    site.post("river")
    site.post("lake")
    profile = site.build(timed=True).profile
    assert profile is not None
    assert [each.name for each in profile.texts] == ["content/posts/lake.md", "content/posts/river.md"]
    articles = [each for each in profile.outputs if each.of == "article"]
    assert [each.name for each in articles] == ["lake/index.html", "river/index.html"]
    (template,) = [each for each in profile.templates if each.name == "themes/plain/templates/article.html"]
    assert template.number == 2
    assert template.seconds == pytest.approx(sum(each.seconds for each in articles))
    assert min(each.seconds for each in (*profile.texts, *profile.outputs)) > 0


def test_processes_measure_too_and_make_the_same(site: TinySite) -> None:
    site.post("river")
    site.build()
    alone = site.outputs()
    site.edit("content/posts/river.md", "Words", "Other words")
    site.edit("content/posts/river.md", "Other words", "Words")
    (site.output / "river/index.html").unlink()
    profile = site.build(timed=True, jobs=2).profile
    assert profile is not None
    assert [each.name for each in profile.outputs if each.of == "article"] == ["river/index.html"]
    assert site.outputs() == alone


CONFIG = Config(site=SiteSettings(title="Tiny", base_url="https://tiny.example/"))


def test_a_build_with_nothing_to_do_says_so() -> None:
    report = Report(ok=True, unchanged=9, timings={"find": 0.5}, profile=Profile())
    assert spending(report, CONFIG) == Spending(idle=True, stages=(Took("find", 0.5),))


def test_the_dearest_come_first_with_the_setting_that_makes_them_cheaper() -> None:
    report = Report(
        ok=True,
        written=("a/index.html",),
        timings={"parse": 6.0, "render": 3.0},
        profile=Profile(
            texts=tuple(Took(f"content/posts/{number}.md", float(number)) for number in range(12)),
            outputs=(
                Took("a/index.html", 1.0, of="article"),
                Took("b/index.html", 1.0, of="article"),
                Took("feed.xml", 12.0, of="feed"),
                Took("a.jpg", 30.0, of="picture"),
                Took("index.html", 0.5, of="home"),
            ),
            templates=(Took("templates/atom.xml", 12.0), Took("templates/article.html", 2.0, 2)),
        ),
    )
    found = spending(report, CONFIG, (Took("smarty", 1.0, 2, "extension"),), 2)
    assert [each.name for each in found.texts] == [f"content/posts/{number}.md" for number in range(11, 1, -1)]
    assert [(each.name, each.number) for each in found.kinds] == [
        ("picture", 1),
        ("feed", 1),
        ("article", 2),
        ("home", 1),
    ]
    assert found.advice == (
        '60.00 s for Markdown: [markdown] engine = "commonmark" reads them several times as fast.',
        "30.00 s for pictures: [images] widths with a smaller greatest width makes smaller ones.",
        '12.00 s for feeds with whole texts: [feeds] content = "summary", or a smaller limit.',
        "6.00 s for the extension “smarty”: take it out of [markdown] extensions.",
        "12.00 s are spent in templates/atom.xml: a simpler template there tells most.",
    )


def test_what_is_set_already_is_not_advised() -> None:
    report = Report(
        ok=True,
        written=("feed.xml",),
        profile=Profile(texts=(Took("a.md", 1.0),), outputs=(Took("feed.xml", 1.0, of="feed"),)),
    )
    config = Config(
        site=CONFIG.site, markdown=MarkdownSettings(engine="commonmark"), feeds=FeedSettings(content="summary")
    )
    assert spending(report, config).advice == ()


def test_an_extension_costs_what_a_sample_takes_with_it_and_without_it(tmp_path: Path) -> None:
    """By a clock that counts how often it is asked: each conversion of the sample takes one tick, the same for all."""
    for number in range(120):
        (tmp_path / f"{number}.md").write_text("Words.\n")
    config = Config(site=CONFIG.site, markdown=MarkdownSettings(extensions=("abbr", "admonition")))
    times = iter([0.0, 9.0, 9.0, 14.0, 20.0, 22.0, 30.0, 34.0, 40.0, 44.0, 50.0, 55.0])
    names = [f"{number}.md" for number in range(120)]
    costs, sample = extension_costs(tmp_path, config, names, lambda: next(times))
    assert (costs, sample) == ((Took("abbr", 3.0, 40, "extension"), Took("admonition", 1.0, 40, "extension")), 40)
    assert extension_costs(tmp_path, CONFIG, names, lambda: 0.0) == ((), 0)


def test_timings_are_told_in_sentences_and_as_values(water: TinySite) -> None:
    assert "Nothing had to be done" in run(water, "build", "--timings").stdout
    water.edit("content/posts/river.md", "bank", "banks")
    shown = run(water, "build", "--timings").stdout
    titles = [line for line in shown.splitlines() if line.startswith("  ") and line.endswith(":")]
    assert titles == [
        "  Time by stage:",
        "  Slowest texts to parse:",
        "  Slowest outputs:",
        "  Slowest templates:",
        "  Outputs by kind:",
        "  What would make it less:",
    ]
    water.edit("content/posts/river.md", "banks", "bank")
    told = json.loads(run(water, "build", "--timings", "--format", "json").stdout)
    assert set(told["spending"]) == set(Spending.__struct_fields__)
    assert "river/index.html" in [each["name"] for each in told["spending"]["outputs"]]
