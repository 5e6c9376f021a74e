"""What is wrong in a theme is told at its line, before or while a page is drawn."""

import shutil
from pathlib import Path

import pytest

from generator.config import load_config
from generator.model.document import Text
from generator.model.job import Setup
from generator.model.plugin import Plugins
from generator.stages.render import workshop
from generator.templates import environment, swift_environment
from generator.theme import Theme, load_theme
from tests.conftest import TinySite

REPOSITORY = Path(__file__).parents[1]


def override(site: TinySite, name: str, text: str) -> None:
    """A template of the site's own, in place of the theme's."""
    site.write(f"templates/{name}", text)


def test_a_syntax_error_is_told_at_its_line(site: TinySite) -> None:
    site.post("water")
    override(site, "article.html", "<p>\n{% if %}\n</p>\n")
    assert site.problems() == [
        (
            "templates/article.html:2:1: error CL301 the template cannot be read: "
            "Expected an expression, got 'end of statement block'"
        )
    ]


def test_a_broken_override_is_never_replaced_by_the_theme_s_own(site: TinySite) -> None:
    site.post("water")
    override(site, "article.html", "{{ page.title")
    assert not site.build().ok
    assert not site.output.exists()


def test_an_unknown_name_is_told_before_rendering_with_a_suggestion(site: TinySite) -> None:
    site.post("water")
    override(site, "article.html", "<p>{{ artcle.title }}</p>\n")
    report = site.build()
    assert [str(problem) for problem in report.problems] == [
        "templates/article.html:1:7: error CL302 there is no “artcle” here"
    ]
    assert report.problems[0].hint == "Did you mean “article”?"


def test_an_unknown_fact_of_the_site_is_told_with_what_to_use(site: TinySite) -> None:
    site.post("water")
    override(site, "article.html", "\n{% for post in site.posts %}{% endfor %}\n")
    report = site.build()
    assert [str(problem) for problem in report.problems] == [
        "templates/article.html:2:16: error CL302 there is no “site.posts”"
    ]
    assert "listing.cards" in report.problems[0].hint


def test_an_unknown_field_is_told_with_its_line_the_page_and_a_suggestion(site: TinySite) -> None:
    site.post("water")
    override(site, "article.html", "<h1>\n{{ article.titel }}</h1>\n")
    report = site.build()
    assert [str(problem) for problem in report.problems] == [
        "templates/article.html:2:12: error CL302 a Card has no “titel”. Did you mean “title”?"
    ]
    assert report.problems[0].hint == "While drawing /water/index.html from content/posts/water.md."


def test_a_failing_filter_in_an_include_is_told_with_the_chain(site: TinySite) -> None:
    site.post("water")
    override(site, "article.html", "<p>\n{% include 'partials/part.html' %}\n</p>\n")
    override(site, "partials/part.html", "\n{{ article.title | round }}\n")
    (problem,) = site.build().problems
    assert (problem.code, problem.path, problem.line) == ("CL303", "templates/partials/part.html", 2)
    assert "content/posts/water.md" in problem.hint
    assert "templates/article.html:2 → templates/partials/part.html:2" in problem.hint


def test_an_unknown_filter_is_told_at_its_line(site: TinySite) -> None:
    site.post("water")
    override(site, "article.html", "\n{{ article.title | shout }}\n")
    assert site.problems() == [
        "templates/article.html:2:1: error CL301 the template cannot be read: No filter named 'shout'."
    ]


def test_a_template_that_is_not_there_is_told_with_a_suggestion(site: TinySite) -> None:
    site.post("water")
    override(site, "article.html", "{% extends 'layuot.html' %}\n")
    (problem,) = site.build().problems
    assert str(problem) == "templates/article.html:1:1: error CL304 there is no template “layuot.html”"
    assert problem.hint == "Did you mean “layout.html”?"


def test_the_name_of_a_template_must_be_written_out(site: TinySite) -> None:
    site.post("water")
    override(site, "article.html", "{% include article.kind ~ '.html' %}\n")
    (problem,) = site.build().problems
    assert (problem.code, problem.line) == ("CL305", 1)


def test_a_text_or_an_asset_that_is_not_there_is_told(site: TinySite) -> None:
    site.post("water")
    override(site, "article.html", "{{ t('share_titel') }}\n{{ asset('plian.css').url }}\n")
    report = site.build()
    assert [(str(problem), problem.hint) for problem in report.problems] == [
        (
            "templates/article.html:1:4: error CL307 the catalogue has no text “share_titel”",
            "Did you mean “share_title”?",
        ),
        ("templates/article.html:2:4: error CL306 there is no asset “plian.css”", "Did you mean “plain.css”?"),
    ]


def test_a_theme_that_is_not_there_is_told(site: TinySite) -> None:
    site.post("water")
    report = site.build(overrides=("theme.name='nope'",))
    assert not report.ok
    assert any("there is no theme “nope”" in str(problem) for problem in report.problems)


def test_a_template_cannot_reach_into_python(site: TinySite) -> None:
    """The sandbox: a theme from a stranger holds no code."""
    site.post("water")
    override(site, "article.html", "{{ ''.__class__.__mro__ }}\n")
    report = site.build()
    assert not report.ok
    assert report.problems[0].code in ("CL302", "CL303")


def test_a_missing_name_under_data_and_extra_is_none(site: TinySite) -> None:
    site.post("water", extra="{colour: blue}")
    site.write("content/data/towns.toml", "[ferrywick]\nbridges = 3\n")
    override(
        site,
        "article.html",
        "{{ matter.extra.colour }} {{ matter.extra.shape }} {{ data.towns.ferrywick.bridges }} {{ data.rivers }} "
        "{{ data.towns.x is none }}",
    )
    report = site.build()
    assert report.problems == ()
    assert site.read("water/index.html") == "blue None 3 None True"


def test_a_loop_may_name_its_variable_as_it_likes(site: TinySite) -> None:
    site.post("water", tags="[a, b]")
    override(site, "article.html", "{% for site in terms %}{{ site.label }} {% endfor %}")
    assert site.problems() == []
    assert site.read("water/index.html") == "a b "


def test_two_assets_that_some_disks_cannot_tell_apart_are_told(site: TinySite) -> None:
    site.post("water")
    site.write("static/A.css", "p{}")
    site.write("static/a.css", "p{}")
    override(site, "article.html", "{{ asset('A.css').url }}{{ asset('a.css').url }}")
    assert {problem.code for problem in site.build().problems} == {"CL707"}


def drawn(site: TinySite, monkeypatch: pytest.MonkeyPatch, enough: int) -> tuple[dict[str, bytes], list[str]]:
    """The outputs and the problems of a clean build that takes `enough` pages for many."""
    monkeypatch.setattr("generator.pipeline.making._ENOUGH_FOR_SWIFT", enough)
    shutil.rmtree(site.root / ".clarion", ignore_errors=True)
    shutil.rmtree(site.output, ignore_errors=True)
    problems = [str(problem) for problem in site.build().problems]
    return (site.outputs() if site.output.exists() else {}), problems


@pytest.mark.parametrize("theme", ["plain", "clarion"])
def test_templates_compiled_for_many_pages_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    """The demonstration site has a page of each kind but a redirect; here it has one."""
    root = tmp_path / "site"
    shutil.copytree(REPOSITORY / "content", root / "content")
    settings = (REPOSITORY / "site.toml").read_text(encoding="utf-8").replace('name = "clarion"', f'name = "{theme}"')
    site = TinySite(root, settings)
    site.post("moved", "Words.", aliases="[/old/]")
    few, told = drawn(site, monkeypatch, 10**6)
    assert len(few) > 40
    assert drawn(site, monkeypatch, 0) == (few, told)


@pytest.mark.parametrize("name", ["base", "plain", "clarion"])
def test_every_template_can_be_compiled_for_many_pages(site: TinySite, name: str) -> None:
    """Where one cannot, each of its pages is drawn by the plain environment in the end, and only takes longer."""
    config, _ = load_config(site.root, [f'theme.name="{name}"'])
    assert config
    theme, _ = load_theme(site.root, config)
    folder = REPOSITORY / "themes" / name
    own = {path.relative_to(folder).as_posix().removeprefix("templates/") for path in folder.rglob("*.html")}
    assert own
    assert own <= set(theme.templates)
    setup = Setup("https://example.org/", "pretty", "UTC", "day")
    workshop(theme, setup, (), Plugins(), {}, lambda _: Text(), site.root, lambda _, make: make())
    swift = swift_environment(theme, "en", Plugins().digest)
    assert swift is not environment(theme, Plugins().digest)
    for template in theme.templates:
        if template.endswith((".html", ".xml")):
            assert swift.get_template(template).name == template


@pytest.mark.parametrize(
    ("html", "words", "said"),
    [
        ("<p>The <b>river</b> rose.</p>\n<p>Then it fell.</p>\n", "The river rose.", True),
        ("<p>The <b>river</b> rose.</p>\n<p>Then it fell.</p>\n", "rose. Then it", True),
        ("<p>The river rose.</p>\n", "The brook rose.", False),
        ("<!-- <p>The river.</p>\n --><p>It fell.</p>\n", "The river.", False),
        ('<p title="\n</p>\n">It fell.</p>\n', 'title="', False),
        ("<p>Fire &amp; water</p>\n<p>here</p>", "Fire & water", True),
        ("", "", True),
    ],
)
def test_whether_a_text_says_something_is_asked_of_what_its_readers_see(html: str, words: str, said: bool) -> None:
    filters = environment(Theme("none")).filters
    assert filters["says"](html, words) is said is (words in filters["striptags"](html))


def test_a_failing_line_is_told_alike_however_many_pages_there_are(
    site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.post("river")
    site.write("templates/partials/byline.html", "<p>\n{{ article.titel }}\n</p>\n")
    few = drawn(site, monkeypatch, 10**6)
    assert few[1][0].startswith("templates/partials/byline.html:2:")
    assert drawn(site, monkeypatch, 0) == few


@pytest.mark.parametrize(
    "template",
    [
        '{% for t in ["a", "b"] %}{{ t }}{% include "partials/one.html" %}{% endfor %}',
        '{% for card in listing.cards %}{% include "partials/one.html" %}{% endfor %}',
        '{% macro shown(x) %}{% include "partials/one.html" %}{{ x }}{% endmacro %}{{ shown("<b>") }}',
        '{% set card = lead %}{% include "partials/one.html" %}{{ card.title }}',
        '{% include ["partials/none.html", "partials/one.html"] %}',
        '{% include "partials/none.html" ignore missing %}{% include "partials/one.html" without context %}',
        '{% if t("home") %}{{ t("home") }}{% else %}never{% endif %}{{ theme.accent if false else "x" }}',
        '{% for card in listing.cards %}{% include "partials/counted.html" %}{% endfor %}',
        '{% for card in listing.cards %}{% include "partials/imports.html" %}{% endfor %}',
        '{% for card in listing.cards %}{% include "partials/else.html" %}{% endfor %}',
        '{% include "partials/two.html" %}{% set card = lead %}{% include "partials/two.html" %}',
        "{{ site.title.upper }}",
        "{{ url }}",
        "{{ '<b>' }}{{ ('<b>' | safe) ~ '<i>' }}{{ 3 }}{{ none }}{% set x %}<p>{{ '&' }}{% endset %}{{ x }}",
        "{% filter upper %}<p>{{ '<' }}{% endfilter %}{% autoescape false %}{{ '<' }}{% endautoescape %}",
    ],
)
def test_what_an_included_template_sees_is_the_same_for_many_pages(
    site: TinySite, monkeypatch: pytest.MonkeyPatch, template: str
) -> None:
    for name in ("river", "stone"):
        site.post(name)
    site.write("templates/partials/one.html", "[{% set mine = 1 %}{{ mine }}{{ t('home') }}]")
    site.write("templates/partials/counted.html", "[{{ loop.index if loop is defined else 'none' }} {{ card.title }}]")
    site.write("templates/partials/words.html", '{# Words. #}\n{% set words = {"a": t("home")} %}{% set b = "<b>" %}')
    site.write("templates/partials/titles.html", "{% set title = card.title %}{% set words = title %}")
    site.write(
        "templates/partials/imports.html",
        '{% if true %}{% from "partials/words.html" import words, b as own with context %}{% endif %}'
        "{{ words.a }}{{ own }}"
        '{% from "partials/titles.html" import words as titles with context %}{{ titles }}{{ b is defined }}',
    )
    site.write("templates/partials/two.html", '{% include "partials/one.html" %}{% include "partials/one.html" %}')
    site.write(
        "templates/partials/else.html", "{% for x in [] %}{{ loop.index }}{% else %}{{ loop is defined }}{% endfor %}"
    )
    site.write("templates/home.html", f"<!doctype html>\n<title>{{{{ site.title }}}}</title>\n{template}\n")
    assert drawn(site, monkeypatch, 0) == drawn(site, monkeypatch, 10**6)


def test_a_text_that_names_a_file_beside_it_is_drawn_for_each_feed(site: TinySite) -> None:
    """What does not is drawn once for all of them."""
    site.post("water", "It fell.\n\n::badge", tags="[rivers]")
    site.write("directives/badge.html", '{# text = "none" #}\n<p>{{ asset("badge.css").url }}</p>\n')
    site.write("static/badge.css", "p { color: red }\n")
    assert site.build().ok
    assert "&lt;p&gt;assets/badge." in site.read("feed.xml")
    assert "&lt;p&gt;../../assets/badge." in site.read("tags/rivers/feed.xml")
    site.edit("content/posts/water.md", "It fell.\n\n::badge", "It rose.")
    assert site.build().ok
    assert {"It rose." in site.read(path) for path in ("feed.xml", "rss.xml", "feed.json", "tags/rivers/feed.xml")} == {
        True
    }
