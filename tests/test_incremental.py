"""The table of edits: what each may draw and write anew, to the last file."""

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, field
from PIL import Image

import generator.pipeline.making
import generator.pipeline.planning
import generator.stages.parse_all
import generator.stages.render_all
from generator.engine.versions import source_digest, versions
from generator.model.report import Report
from tests.conftest import NOW, SETTINGS, TinySite

SITE_FEEDS = {"feed.json", "feed.xml", "rss.xml"}
WATER_LISTS = {"tags/water/index.html"}
WATER_FEEDS = {"tags/water/feed.xml"}
LISTS_OF_2026 = {"archive/index.html", "archive/2026/index.html"}


class Work(Struct):
    """What one build did, besides what its report says of it: paths of texts and outputs, names of steps and facts."""

    parsed: list[str] = field(default_factory=list)
    drawn: set[str] = field(default_factory=set)
    steps: list[str] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)


class Watched(TinySite):
    """A site whose builds are looked at: `work` is what the last one did."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, SETTINGS)
        self.work = Work()

    def build(self, now: str = NOW, **options: Any) -> Report:
        """Builds in this process, where it can be seen."""
        self.work = Work()
        report = super().build(now, jobs=1, **options)
        assert report.ok, report.problems
        return report

    def rewritten(self, **options: Any) -> set[str]:
        """What the next build writes; what it draws besides is the same as before."""
        return set(self.build(**options).written)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """Four articles in two years, a bundle with a picture and a file, a page; all of it built."""
    made = Watched(tmp_path)
    _watch(made, monkeypatch)
    made.post("ash", "Ash first.\n\nAsh second.", date="2026-11-03", tags="[water]")
    made.post("birch", "Birch first.\n\nBirch second.", date="2026-11-02", tags="[water]")
    made.post("cedar", "Cedar first.\n\nCedar second.", date="2026-11-01", tags="[stone]")
    made.post("dogwood", "Dogwood first.\n\nDogwood second.", date="2025-05-05")
    made.write("content/posts/elm/bank.png", _picture("navy"))
    made.write("content/posts/elm/levels.csv", "day,level\n")
    made.write(
        "content/posts/elm/index.md",
        "---\ntitle: Elm\ndate: 2025-05-04\n---\nElm first.\n\n![A bank](bank.png) and [levels](levels.csv).\n",
    )
    made.write("content/pages/about.md", "---\ntitle: About\n---\nAbout us.\n\nAnd more.\n")
    made.build()
    return made


def _watch(site: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def seen(module: Any, name: str, note: Callable[..., None]) -> None:
        real = getattr(module, name)

        def spy(*given: Any, **named: Any) -> Any:
            note(*given)
            return real(*given, **named)

        monkeypatch.setattr(module, name, spy)

    def facts_seen(manager: Any) -> dict[str, Any]:
        return {name: _noting(name, fact) for name, fact in known_facts(manager).items()}

    def _noting(name: str, fact: Callable[..., Any]) -> Callable[..., Any]:
        def evaluated(*given: Any) -> Any:
            site.work.facts.add(name)
            return fact(*given)

        return evaluated

    known_facts = generator.pipeline.making.known_facts
    monkeypatch.setattr(generator.pipeline.making, "known_facts", facts_seen)
    for step in ("gather", "plan"):
        seen(generator.pipeline.planning, step, lambda *_, step=step: site.work.steps.append(step))
    seen(generator.stages.parse_all, "parse_document", lambda file, *_: site.work.parsed.append(file.path))
    seen(generator.stages.render_all, "render", lambda job, _: job.kind == "asset" or site.work.drawn.add(job.path))


def _picture(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "PNG")
    return stream.getvalue()


def test_nothing_changed_and_nothing_is_parsed_gathered_or_planned(site: Watched) -> None:
    assert site.rewritten() == set()
    assert site.work == Work()


def test_files_that_are_only_touched_are_looked_at_and_nothing_more(site: Watched) -> None:
    for path in (site.root / "content").rglob("*"):
        path.touch()
    assert site.rewritten() == set()
    assert site.work == Work()


def test_a_second_paragraph_rewrites_its_page_and_the_feeds_that_carry_it(site: Watched) -> None:
    site.edit("content/posts/ash.md", "Ash second", "Ash other")
    assert site.rewritten() == {"ash/index.html"} | SITE_FEEDS | WATER_FEEDS
    assert site.work.drawn == {"ash/index.html"} | SITE_FEEDS | WATER_FEEDS
    assert site.work.parsed == ["content/posts/ash.md"]


def test_a_second_paragraph_rewrites_its_page_alone_where_feeds_carry_summaries(site: Watched) -> None:
    site.write("site.toml", SETTINGS + '\n[feeds]\ncontent = "summary"\n')
    site.build()
    site.edit("content/posts/ash.md", "Ash second", "Ash other")
    assert site.rewritten() == site.work.drawn == {"ash/index.html"}


def test_a_second_paragraph_of_a_page_rewrites_that_page_alone(site: Watched) -> None:
    site.edit("content/pages/about.md", "And more", "And less")
    assert site.rewritten() == site.work.drawn == {"about/index.html"}


def test_a_first_paragraph_is_the_summary_that_lists_show(site: Watched) -> None:
    site.edit("content/posts/ash.md", "Ash first", "Ash other")
    assert site.rewritten() == {
        "ash/index.html",
        "index.html",
    } | SITE_FEEDS | WATER_LISTS | WATER_FEEDS | LISTS_OF_2026 - {"archive/index.html"}


def test_a_blank_line_rewrites_nothing(site: Watched) -> None:
    site.edit("content/posts/ash.md", "\n\nAsh second", "\n\n\n\nAsh second")
    assert site.rewritten() == site.work.drawn == set()
    assert site.work.parsed == ["content/posts/ash.md"]


def test_a_title_rewrites_its_page_its_neighbours_related_articles_lists_and_feeds(site: Watched) -> None:
    site.edit("content/posts/birch.md", "title: Birch", "title: White birch")
    assert site.rewritten() == (
        {"birch/index.html", "ash/index.html", "cedar/index.html", "index.html"}
        | SITE_FEEDS
        | WATER_LISTS
        | WATER_FEEDS
        | LISTS_OF_2026
    )


def test_a_date_rewrites_besides_what_it_moves_past_and_the_sitemap(site: Watched) -> None:
    site.edit("content/posts/cedar.md", "date: 2026-11-01", "date: 2025-05-01")
    assert site.rewritten() == (
        {"cedar/index.html", "birch/index.html", "dogwood/index.html", "elm/index.html", "index.html", "sitemap.xml"}
        | {"archive/2025/index.html", "tags/stone/index.html", "tags/stone/feed.xml"}
        | SITE_FEEDS
        | LISTS_OF_2026
    )


def test_a_tag_rewrites_the_lists_of_the_tags_and_who_shows_them(site: Watched) -> None:
    site.edit("content/posts/birch.md", "tags: [water]", "tags: [stone]")
    assert site.rewritten() == (
        {"birch/index.html", "ash/index.html", "cedar/index.html", "tags/index.html"}
        | {"tags/stone/index.html", "tags/stone/feed.xml"}
        | SITE_FEEDS
        | WATER_LISTS
        | WATER_FEEDS
    )


def test_a_slug_rewrites_whoever_names_its_address_and_removes_the_old_page(site: Watched) -> None:
    site.edit("content/posts/dogwood.md", "---\nDog", "slug: cornel\n---\nDog")
    report = site.build()
    assert report.removed == ("dogwood/index.html",)
    assert set(report.written) == (
        {"cornel/index.html", "cedar/index.html", "elm/index.html", "index.html", "sitemap.xml"}
        | {"archive/index.html", "archive/2025/index.html"}
        | SITE_FEEDS
    )


def test_a_new_article_rewrites_its_neighbours_and_the_lists_it_is_in(site: Watched) -> None:
    site.post("fir", "Fir.", date="2026-11-04")
    assert site.rewritten() == (
        {"fir/index.html", "ash/index.html", "index.html", "sitemap.xml"} | SITE_FEEDS | LISTS_OF_2026
    )
    assert site.work.parsed == ["content/posts/fir.md"]


def test_an_article_that_becomes_a_draft_leaves_its_neighbours_and_lists(site: Watched) -> None:
    site.edit("content/posts/dogwood.md", "---\nDog", "status: draft\n---\nDog")
    report = site.build()
    assert report.removed == ("dogwood/index.html",)
    assert set(report.written) == (
        {"cedar/index.html", "elm/index.html", "index.html", "sitemap.xml"}
        | {"archive/index.html", "archive/2025/index.html"}
        | SITE_FEEDS
    )


def test_a_draft_rewrites_nothing(site: Watched) -> None:
    site.post("fir", "Fir.", date="2026-11-04", status="draft")
    assert site.rewritten() == site.work.drawn == set()
    site.edit("content/posts/fir.md", "Fir.", "Fir and more.")
    assert site.rewritten() == site.work.drawn == set()


def test_front_matter_that_only_its_page_reads_rewrites_its_page_alone(site: Watched) -> None:
    site.edit("content/posts/ash.md", "---\nAsh", "backstory: A reader wrote.\n---\nAsh")
    assert site.rewritten() == {"ash/index.html"}


def test_a_setting_that_one_template_reads_rewrites_what_that_template_draws(site: Watched) -> None:
    site.write(
        "templates/feeds.html", "{% extends 'plain:feeds.html' %}{% block title %}{{ theme.mood }}{% endblock %}"
    )
    site.write("themes/own/theme.toml", 'name = "own"\nparent = "plain"\n[settings.mood]\ndefault = "calm"\n')
    site.write("site.toml", SETTINGS.replace('"plain"', '"own"'))
    site.build()
    site.write("site.toml", SETTINGS.replace('"plain"', '"own"') + '[theme.settings]\nmood = "gay"\n')
    assert site.rewritten() == site.work.drawn == {"feeds/index.html"}


def test_the_number_of_entries_in_feeds_is_read_by_feeds_alone(site: Watched) -> None:
    site.write("site.toml", SETTINGS + "\n[feeds]\nlimit = 1\n")
    assert site.rewritten() == SITE_FEEDS | WATER_FEEDS
    assert site.work.parsed == []


def test_a_setting_that_nothing_reads_yet_rewrites_nothing(site: Watched) -> None:
    site.write("site.toml", SETTINGS + '\n[languages.ru]\ntitle = "Маленький"\n')
    assert site.rewritten() == set()


def test_data_that_no_template_names_rewrites_nothing(site: Watched) -> None:
    site.write("content/data/levels.toml", "a = 1\n")
    assert site.rewritten() == site.work.drawn == set()
    site.write("content/data/levels.toml", "a = 2\n")
    assert site.rewritten() == site.work.drawn == set()


def test_data_rewrites_the_pages_whose_templates_name_it(site: Watched) -> None:
    site.write(
        "templates/page.html", "{% extends 'plain:page.html' %}{% block title %}{{ data.levels.a }}{% endblock %}"
    )
    site.write("content/data/levels.toml", "a = 1\n")
    site.build()
    site.write("content/data/levels.toml", "a = 2\n")
    assert site.rewritten() == site.work.drawn == {"about/index.html"}


def test_data_of_a_kind_rewrites_what_it_makes(site: Watched) -> None:
    """Labels of tags are data with a meaning."""
    site.write("content/data/tags.toml", '[stone]\nlabel = "Rock"\n')
    assert site.rewritten() == {
        "cedar/index.html",
        "index.html",
        "tags/index.html",
        "tags/stone/feed.xml",
        "tags/stone/index.html",
    }


def test_a_translation_rewrites_its_siblings_and_the_sitemap_and_makes_its_language(site: Watched) -> None:
    site.write("site.toml", SETTINGS + '\n[languages.ru]\ntitle = "Маленький"\n')
    site.post("fir.ru", "Пихта.", title="Пихта", date="2026-11-01")
    site.build()
    site.post("ash.ru", "Ясень.", title="Ясень", date="2026-11-02")
    assert site.rewritten() == {
        "ash/index.html",
        "sitemap.xml",
        "ru/archive/2026/index.html",
        "ru/archive/index.html",
        "ru/ash/index.html",
        "ru/feed.json",
        "ru/feed.xml",
        "ru/fir/index.html",
        "ru/index.html",
        "ru/rss.xml",
    }


def test_the_first_translation_of_a_site_is_told_on_every_page(site: Watched) -> None:
    """Each page has the list of languages now; feeds of the first language do not."""
    site.write("site.toml", SETTINGS + '\n[languages.ru]\ntitle = "Маленький"\n')
    site.build()
    site.post("ash.ru", "Ясень.", title="Ясень", date="2026-11-02")
    written = site.rewritten()
    assert {path for path in written if not path.startswith("ru/")} >= {
        "index.html",
        "ash/index.html",
        "birch/index.html",
    }
    assert not written & (SITE_FEEDS | WATER_FEEDS)


def test_a_library_that_was_upgraded_draws_all_anew_and_rewrites_nothing(
    site: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(versions(), "Markdown", "99")
    assert site.rewritten() == set()
    assert len(site.work.parsed) == 6
    assert {"ash/index.html", "feed.xml", "sitemap.xml"} <= site.work.drawn


def test_the_source_of_a_plugin_is_part_of_what_all_is_made_from(
    site: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = site.write("code/plugin.py", "ONE = 1\n").parent
    before = source_digest(plugin)
    site.write("code/plugin.py", "ONE = 2\n")
    assert source_digest(plugin) != before
    monkeypatch.setitem(versions(), "source", source_digest(plugin))
    assert site.rewritten() == set()
    assert len(site.work.parsed) == 6
    assert "ash/index.html" in site.work.drawn


def test_an_edit_that_is_undone_parses_nothing(site: Watched) -> None:
    before = site.outputs()
    site.edit("content/posts/ash.md", "Ash second", "Ash other")
    site.build()
    site.edit("content/posts/ash.md", "Ash other", "Ash second")
    assert site.rewritten() == {"ash/index.html"} | SITE_FEEDS | WATER_FEEDS
    assert site.work.parsed == []
    assert site.outputs() == before


def test_an_edit_that_is_undone_is_parsed_where_the_article_was_unpublished_meanwhile(site: Watched) -> None:
    """Of an unpublished article nothing is kept, so there is nothing to take up again."""
    site.edit("content/posts/ash.md", "---\nAsh", "status: draft\n---\nAsh")
    site.build()
    site.edit("content/posts/ash.md", "status: draft\n", "")
    site.build()
    assert site.work.parsed == ["content/posts/ash.md"]


def test_a_template_that_no_page_uses_rewrites_nothing(site: Watched) -> None:
    site.write("templates/spare.html", "{{ article.title }}")
    assert site.rewritten() == site.work.drawn == set()
    site.write("templates/spare.html", "{{ article.title }}!")
    assert site.rewritten() == site.work.drawn == set()


def test_a_template_rewrites_what_it_draws(site: Watched) -> None:
    site.write("templates/terms.html", "{% extends 'plain:terms.html' %}{% block title %}Matters{% endblock %}")
    assert site.rewritten() == site.work.drawn == {"tags/index.html"}
    site.remove("templates/terms.html")
    assert site.rewritten() == site.work.drawn == {"tags/index.html"}


def test_a_template_of_an_articles_own_rewrites_that_article(site: Watched) -> None:
    site.write("templates/spare.html", "{{ article.title }}")
    site.edit("content/posts/ash.md", "---\nAsh", "template: spare.html\n---\nAsh")
    site.build()
    site.write("templates/spare.html", "{{ article.title }}!")
    assert site.rewritten() == site.work.drawn == {"ash/index.html"}


def test_a_directive_rewrites_the_pages_that_use_it(site: Watched) -> None:
    """Here in a theme of full pages: one of plain texts draws directives as feeds do."""
    site.write("site.toml", SETTINGS.replace('"plain"', '"clarion"'))
    site.edit("content/posts/ash.md", "Ash second.", ":::comment[Mine]\nAsh second.\n:::")
    site.build()
    site.write("directives/comment.html", '{# text = "blocks" #}<div>{{ inner }}</div>\n')
    assert site.rewritten() == site.work.drawn == {"ash/index.html"}
    site.write("directives/comment.feed.html", "<div>{{ inner }}</div>\n")
    assert site.rewritten() == site.work.drawn == SITE_FEEDS | WATER_FEEDS


def test_a_shared_source_rewrites_the_articles_that_name_it_and_no_others(site: Watched) -> None:
    """And the feeds that carry their text, in which each mark is read aloud with the name of its source."""
    shared = '[gauges]\ntitle = "Levels"\n\n[spare]\ntitle = "Spare"\n'
    site.write("content/data/sources.toml", shared)
    site.edit("content/posts/ash.md", "Ash second.", "Ash second.:cite[gauges]")
    site.build()
    site.write("content/data/sources.toml", shared.replace("Spare", "Other"))
    assert site.rewritten() == site.work.drawn == set()
    site.write("content/data/sources.toml", shared.replace("Levels", "Daily levels"))
    assert site.rewritten() == {"ash/index.html"} | SITE_FEEDS | WATER_FEEDS
    assert site.work.parsed == []
    before = site.outputs()
    shutil.rmtree(site.root / ".clarion")
    shutil.rmtree(site.output)
    site.build()
    assert site.outputs() == before


def test_a_text_of_the_catalogue_rewrites_what_says_it(site: Watched) -> None:
    site.write("locales/en.toml", 'feeds_explained = "What feeds are for"\nnot_found_home = "To {name}"\n')
    written = site.rewritten()
    assert "404.html" in written
    assert "ash/index.html" not in written
    assert "ash/index.html" not in site.work.drawn


def test_a_picture_that_is_replaced_rewrites_itself_its_article_and_the_feeds(site: Watched) -> None:
    """Here in a theme that shows pictures."""
    site.write("site.toml", SETTINGS.replace('"plain"', '"clarion"'))
    site.build()
    site.write("content/posts/elm/bank.png", _picture("maroon"))
    report = site.build()
    pictures = {path for path in report.written if path.endswith((".png", ".webp"))}
    assert len(pictures) == len(report.removed) == 2
    assert all(path.startswith("elm/bank-40.") for path in (*pictures, *report.removed))
    assert set(report.written) == {"elm/index.html", *pictures} | SITE_FEEDS
    assert site.work.parsed == []


def test_a_picture_that_no_text_names_rewrites_nothing(site: Watched) -> None:
    site.write("content/posts/elm/river.png", _picture("maroon"))
    assert site.rewritten() == site.work.drawn == set()


def test_a_file_that_goes_out_as_it_is_rewrites_itself(site: Watched) -> None:
    site.write("content/posts/elm/levels.csv", "day,depth\n")
    assert site.rewritten() == site.work.drawn == {"elm/levels.csv"}


def test_a_file_of_static_rewrites_itself(site: Watched) -> None:
    site.write("static/key.txt", "a key\n")
    assert site.rewritten() == site.work.drawn == {"key.txt"}
    site.write("static/key.txt", "another\n")
    assert site.rewritten() == site.work.drawn == {"key.txt"}


def test_a_style_is_named_by_its_bytes_so_pages_that_ask_for_it_are_rewritten_and_feeds_are_not(site: Watched) -> None:
    site.write("static/plain.css", "body { margin: 0 }\n")
    written = site.rewritten()
    assert {"ash/index.html", "index.html"} <= written
    assert not written & (SITE_FEEDS | WATER_FEEDS | {"sitemap.xml"})


def test_a_campaign_rewrites_its_page_and_the_articles_that_name_it(site: Watched) -> None:
    site.write("content/campaigns/river.md", "---\ntitle: River\n---\nFree it.\n")
    site.edit("content/posts/ash.md", "---\nAsh", "campaign: river\n---\nAsh")
    site.build()
    site.edit("content/campaigns/river.md", "title: River", "title: The river")
    its = {"campaigns/river/index.html", "campaigns/river/feed.xml"}
    assert site.rewritten() == site.work.drawn == its | {"ash/index.html"}


def test_time_that_changes_nothing_draws_nothing(site: Watched) -> None:
    assert site.rewritten(now="2026-12-31T12:00:00Z") == site.work.drawn == set()


def test_an_action_that_closes_rewrites_who_shows_it(site: Watched) -> None:
    actions = '[{ url: "https://act.example/", closes: 2026-11-25 }]'
    site.edit("content/posts/dogwood.md", "---\nDog", f"actions: {actions}\n---\nDog")
    site.build()
    written = site.rewritten(now="2026-11-26T12:00:00Z")
    assert {"dogwood/index.html", "index.html"} <= written
    assert not written & {"ash/index.html", "birch/index.html", "tags/water/index.html", "sitemap.xml"}


def test_a_file_of_the_output_that_somebody_changed_is_drawn_again_and_nothing_else(site: Watched) -> None:
    (site.output / "ash/index.html").write_text("changed", encoding="utf-8")
    (site.output / "birch/index.html").unlink()
    report = site.build()
    assert report.written == report.adopted == ("ash/index.html", "birch/index.html")
    assert site.work.drawn == {"ash/index.html", "birch/index.html"}
    assert site.work.parsed == []


def test_a_lost_state_folder_costs_time_and_rewrites_nothing(site: Watched) -> None:
    for path in sorted((site.root / ".clarion").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert site.rewritten() == set()
    assert len(site.work.parsed) == 6


def test_facts_are_evaluated_only_when_a_template_in_use_names_them(site: Watched) -> None:
    site.edit("content/posts/ash.md", "title: Ash", "title: Ash tree")
    site.build()
    named = set(site.work.facts)
    assert "site.title" in named
    assert "site.base_url" not in named
    site.write("templates/spare.html", "{{ site.base_url }}")
    site.build()
    assert "site.base_url" not in site.work.facts
    site.write("templates/not_found.html", "{{ site.base_url }}{{ page.title }}")
    site.build()
    assert "site.base_url" in site.work.facts


def test_what_is_wrong_is_told_although_nothing_else_changed(site: Watched) -> None:
    """What is refused is no file of the site, and yet it is new."""
    (site.root / "content/posts/evil.md").symlink_to("/etc/hostname")
    assert [problem.code for problem in TinySite.build(site).problems] == ["CL702"]
    site.remove("content/posts/evil.md")
    assert [problem.code for problem in TinySite.build(site, overrides=("nonsense",)).problems] == ["CL411"]
    assert site.rewritten() == set()


def test_what_is_wrong_in_a_theme_is_told_although_nothing_it_says_changed(site: Watched) -> None:
    site.write("themes/own/theme.toml", 'name = "own"\nparent = "plain"\n')
    site.write("site.toml", SETTINGS.replace('"plain"', '"own"'))
    site.build()
    site.write("themes/own/theme.toml", 'name = "own"\nparent = "plain"\nodd = 1\n')
    assert [problem.code for problem in TinySite.build(site).problems] == ["CL310"]


def test_an_output_folder_that_is_gone_is_made_again(site: Watched) -> None:
    before = site.outputs()
    shutil.rmtree(site.output)
    assert site.rewritten() == before.keys()
    assert site.outputs() == before
    assert site.work.parsed == []
