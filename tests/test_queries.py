"""Queries: a small language of conditions over articles, and what templates get by it."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.config import load_text
from generator.kinds.queries import FIELDS
from generator.model.query import Query
from generator.source.expression import Mistake, holds, read_condition
from generator.source.queries import RULES, rules_of, sort_keys
from tests.conftest import SETTINGS, TinySite

HEAD = '[site]\ntitle = "Rivers"\nbase_url = "https://rivers.example/"\n'
FIELDS_OF_SITE = rules_of(("tags",))
EMPTY: Mapping[str, Any] = {"text": "", "number": 0, "truth": False, "day": "", "texts": ()}
APPEAL: Mapping[str, Any] = {
    **{name: EMPTY[rule.kind] for name, rule in FIELDS_OF_SITE.items()},
    "kind": "appeal",
    "section": "",
    "title": "The river's end",
    "date": "2026-05-01",
    "updated": "",
    "tags": ("Water", "water"),
    "series.part": 2,
    "campaign": "river",
    "pinned": False,
    "minutes": 3,
    "image": True,
    "actions.state": ("open", "closed"),
}


def asks(text: str) -> bool:
    """Whether a condition holds of the appeal above."""
    return holds(read_condition(text, FIELDS_OF_SITE), APPEAL.__getitem__)


def mistake(text: str) -> tuple[str, int, str, str]:
    with pytest.raises(Mistake) as caught:
        read_condition(text, FIELDS_OF_SITE)
    return caught.value.code, caught.value.at, str(caught.value), caught.value.hint


# -- conditions


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("kind == 'appeal'", True),
        ("'appeal' == kind", True),
        ("kind != 'appeal'", False),
        ('title == "The river\'s end"', True),
        ("kind in ['shared', 'appeal']", True),
        ("kind not in ['shared', 'appeal',]", False),
        ("kind in []", False),
        ("'water' in tags", True),
        ("'fire' not in tags", True),
        ("'open' in actions.state and image", True),
        ("date >= 2026-05-01", True),
        ("date > 2026-05-01", False),
        ("date < 2026-05-02 and date <= 2026-05-01", True),
        ("updated < 2026-05-02 or updated >= 2000-01-01", False),
        ("minutes > 2.5", True),
        ("series.part == 2", True),
        ("minutes in [1, 3]", True),
        ("date in [2026-05-01]", True),
        ("pinned == false", True),
        ("not pinned", True),
        ("campaign", True),
        ("section", False),
        ("tags and not not campaign", True),
        ("pinned or kind == 'shared' and campaign", False),
        ("(pinned or kind == 'appeal') and campaign", True),
        ("pinned and kind == 'shared' or campaign", True),
        ("not pinned and not (section or pinned)", True),
        ("true", True),
        ("  kind\n==\t'appeal'  ", True),
    ],
)
def test_a_condition_says_whether_it_holds(text: str, answer: bool) -> None:
    assert asks(text) is answer


@pytest.mark.parametrize(
    ("text", "code", "at", "hint"),
    [
        ("kind = 'appeal'", "CL330", 5, "Write == to compare."),
        ("kind == 'appeal' && pinned", "CL330", 17, "Write and."),
        ("kind == 'appeal", "CL330", 8, "Close it with the same mark."),
        ("kind == “appeal”", "CL330", 8, "Write texts in quotation marks"),
        ("kind ==", "CL330", 7, "A condition is a field"),
        ("kind == 'appeal' pinned", "CL330", 17, "Join conditions with and, or."),
        ("(kind == 'appeal'", "CL330", 17, "Close the bracket."),
        ("kind not ['a']", "CL330", 5, "Write not in"),
        ("kind in ['a' 'b']", "CL330", 13, "Write , between values"),
        ("kind in [kind]", "CL330", 9, "A list is written"),
        ("kind in ['appeal'", "CL330", 17, "Write , between values"),
        ("and", "CL330", 0, "A condition is a field"),
        ("", "CL330", 0, "A condition is a field"),
        ("date > 2026-02-30", "CL330", 7, "Write year-month-day."),
        ("date > 2026-05-01T10:00", "CL330", 7, "Write a day as 2026-05-01"),
        ("date > 2026-5-1", "CL330", 7, "Write a day as 2026-05-01"),
        ("minutes > 12345678901234567890", "CL330", 10, "Write a day as 2026-05-01"),
        ("minutes > 9**9", "CL330", 11, "Write texts in quotation marks"),
        ("kind.upper() == 'A'", "CL331", 0, "There are kind"),
        ("__class__", "CL330", 0, "Write texts in quotation marks"),
        ("knid == 'appeal'", "CL331", 0, "Did you mean “kind”?"),
        ("kind == appeal", "CL331", 8, "There are kind"),
        ("date >= '2026-05-01'", "CL332", 8, "Write a day without quotation marks: 2026-05-01."),
        ("kind == 3", "CL332", 8, "Write values of one kind"),
        ("title < 'b'", "CL332", 6, "Write == or !=; days and numbers have an order."),
        ("pinned > false", "CL332", 7, "Write == or !="),
        ("tags == 'water'", "CL332", 5, "Write 'value' in tags."),
        ("kind == ['appeal']", "CL332", 5, "Write in before a list."),
        ("'a' in title", "CL332", 7, "Write a list"),
        ("['a'] in tags", "CL332", 0, "Write a value"),
        ("minutes in ['a']", "CL332", 0, "Write values of one kind."),
        ("minutes in tags", "CL332", 0, "Write values of one kind."),
        ("kind in ['a', 1]", "CL332", 14, "Write values of one kind."),
        ("'appeal'", "CL332", 0, "Compare it with a field"),
        ("kind == 'apeal'", "CL333", 8, "Did you mean “appeal”?"),
        ("'opne' in actions.state", "CL333", 0, "Did you mean “open”?"),
        ("kind in ['appeal', 'apeal']", "CL333", 8, "Did you mean “appeal”?"),
        ("(" * 100 + "pinned" + ")" * 100, "CL330", 21, "Write it flatter."),
        ("not " * 100 + "pinned", "CL330", 84, "Write it flatter."),
        ("pinned or " * 200 + "pinned", "CL330", 1000, "Write it shorter."),
    ],
)
def test_a_mistake_is_told_with_its_place_and_a_hint(text: str, code: str, at: int, hint: str) -> None:
    found = mistake(text)
    assert found[:2] == (code, at)
    assert found[3].startswith(hint)


WORDS = ("kind", "date", "tags", "minutes", "==", "<", "in", "not", "and", "or", "(", ")", "[", "]", ",", "-", ".")
VALUES = ("'appeal'", "2026-05-01", "3", "true")


@given(st.text() | st.lists(st.sampled_from((*WORDS, *VALUES, *FIELDS_OF_SITE))).map(" ".join))
@example("content_note.level")
def test_any_text_is_a_condition_or_a_mistake(text: str) -> None:
    """What could be read can be asked of any article."""
    try:
        condition = read_condition(text, FIELDS_OF_SITE)
    except Mistake as found:
        place = found.at
    else:
        assert holds(condition, APPEAL.__getitem__) in (True, False)
        place = 0
    assert 0 <= place <= len(text)


def test_every_field_that_can_be_named_can_be_read() -> None:
    assert FIELDS.keys() == RULES.keys()


def test_sorting_names_fields() -> None:
    assert sort_keys("-pinned, date,title", FIELDS_OF_SITE) == (("pinned", True), ("date", False), ("title", False))
    for text, code, at in (("dat", "CL331", 0), ("date, -tags", "CL332", 6), ("date, -titel", "CL331", 6)):
        with pytest.raises(Mistake) as caught:
            sort_keys(text, FIELDS_OF_SITE)
        assert (caught.value.code, caught.value.at) == (code, at)


# -- in settings


def test_a_site_declares_queries() -> None:
    text = '[facts.latest]\nwhere = "kind == \'appeal\'"\nsort = "-date"\nlimit = 5\n[facts.all]\n'
    config, problems = load_text(HEAD + text)
    assert problems == ()
    assert config is not None
    assert config.facts == {"latest": Query("kind == 'appeal'", "-date", 5), "all": Query()}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[facts.a]\nwhere = \"kind = 'x'\"", "5:15: error CL330 “=” means nothing here"),
        ("[facts.a]\nwhere = \"knid == 'x'\"", "5:10: error CL331 articles have no field “knid”"),
        ("[facts.a]\nsort = '-date, titel'", "5:16: error CL331 articles have no field “titel”"),
        ("[facts.open-appeals]\nlimit = 2", "4:8: error CL334 a template could not name the query “open-appeals”"),
        ("[facts.a]\nlimit = 0", "5:9: error CL409 `facts.a.limit` is 0, less than 1"),
        ("[facts.a]\nwere = 'pinned'", "5:1: error CL401 unknown setting `facts.a.were`"),
    ],
)
def test_a_mistake_in_the_settings_has_its_place(text: str, told: str) -> None:
    config, problems = load_text(f"{HEAD}{text}\n")
    assert config is not None
    assert [str(problem) for problem in problems] == [f"site.toml:{told}"]


def test_a_mistake_on_the_command_line_is_told_as_one() -> None:
    _, problems = load_text(HEAD, ("facts.a.where=\"knid == 'x'\"",))
    assert [str(problem) for problem in problems] == ["--set: error CL331 articles have no field “knid”"]


# -- in templates


HOME = "{% for card in facts.found %}{{ card.title }}|{% endfor %}"


def ask(site: TinySite, **query: str) -> list[str]:
    """The titles that a query finds, in order, on the home page."""
    lines = "\n".join(f"{name} = {value}" for name, value in query.items())
    site.write("site.toml", f"{SETTINGS}\n[facts.found]\n{lines}\n")
    site.write("templates/home.html", HOME)
    told = [str(problem) for problem in site.build().problems if problem.severity == "error"]
    assert told == []
    return site.read("index.html").split("|")[:-1]


@pytest.fixture
def rivers(site: TinySite) -> TinySite:
    site.post("ebro", date="2026-03-01", tags="[Water, spain]", kind="appeal", pinned="true")
    site.post("duero", date="2026-02-01", tags="[water]", updated="2026-10-01")
    site.post("tajo", date="2026-01-01", series="{name: Rivers, part: 1}", actions="[{url: 'https://a.example/'}]")
    site.post("ártico", date="2026-04-01", status="unlisted")
    site.post("zadorra", date="2026-05-01", status="draft")
    return site


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["Ebro", "Duero", "Tajo"]),
        ({"limit": "2"}, ["Ebro", "Duero"]),
        ({"sort": "'date'"}, ["Tajo", "Duero", "Ebro"]),
        ({"sort": "'title'", "limit": "1"}, ["Duero"]),
        ({"sort": "'pinned, -title'"}, ["Tajo", "Duero", "Ebro"]),
        ({"sort": "'updated'"}, ["Duero", "Ebro", "Tajo"]),
        ({"where": "\"kind == 'appeal'\""}, ["Ebro"]),
        ({"where": "\"'water' in tags\""}, ["Ebro", "Duero"]),
        ({"where": "\"'open' in actions.state\""}, ["Tajo"]),
        ({"where": "\"series.name == 'Rivers' and date < 2026-02-01\""}, ["Tajo"]),
        ({"where": "'minutes > 500'"}, []),
    ],
)
def test_a_template_gets_what_a_query_finds(rivers: TinySite, query: dict[str, str], titles: list[str]) -> None:
    """What is not listed is never found."""
    assert ask(rivers, **query) == titles


def test_a_query_is_answered_in_the_language_of_the_page(site: TinySite) -> None:
    site.post("ebro")
    site.write("content/posts/ebro.es.md", "---\ntitle: El Ebro\ndate: 2026-11-01\n---\nPalabras.\n")
    site.write("site.toml", f"{SETTINGS}\n[languages.es]\ntitle = 'Pequeño'\n[facts.found]\n")
    site.write("templates/home.html", HOME)
    site.build()
    assert (site.read("index.html"), site.read("es/index.html")) == ("Ebro|", "El Ebro|")


def test_a_theme_declares_queries_and_the_site_comes_before_it(site: TinySite) -> None:
    site.post("ebro")
    site.post("duero", date="2026-10-01")
    site.write("themes/own/theme.toml", 'name = "own"\nparent = "plain"\n[facts.found]\nlimit = 1\n[facts.all]\n')
    site.write("themes/own/templates/home.html", HOME + "{{ facts.all | length }}")
    site.write("site.toml", SETTINGS.replace('"plain"', '"own"'))
    site.build()
    assert site.read("index.html") == "Ebro|2"
    site.write("site.toml", SETTINGS.replace('"plain"', '"own"') + "[facts.found]\nsort = 'date'\nlimit = 1\n")
    site.build()
    assert site.read("index.html") == "Duero|2"
    site.edit("themes/own/theme.toml", "[facts.all]", "[facts.all]\nlimit = 1")
    site.build()
    assert site.read("index.html") == "Duero|1"


def test_a_mistake_in_a_theme_has_its_place(site: TinySite) -> None:
    site.write("themes/own/theme.toml", 'name = "own"\nparent = "plain"\n[facts.found]\nwhere = "pined"\n')
    site.write("site.toml", SETTINGS.replace('"plain"', '"own"'))
    assert site.problems() == ["themes/own/theme.toml:4:10: error CL331 articles have no field “pined”"]


def test_a_page_that_shows_a_query_is_drawn_anew_when_its_answer_changes_and_only_then(rivers: TinySite) -> None:
    """The page is one that no article has a part in otherwise."""
    rivers.write("templates/not_found.html", HOME)
    ask(rivers, where="\"kind == 'appeal'\"", limit="2")
    rivers.edit("content/posts/duero.md", "title: Duero", "title: Douro")
    assert "404.html" not in rivers.build(explain=True).reasons
    rivers.edit("content/posts/ebro.md", "title: Ebro", "title: Iber")
    assert rivers.build(explain=True).reasons["404.html"] == ("what the query facts.found finds",)
    assert rivers.read("404.html") == "Iber|"
    rivers.edit("content/posts/duero.md", "title: Douro", "title: Douro\nkind: appeal")
    assert "404.html" in rivers.build().written
    assert rivers.read("404.html") == "Iber|Douro|"
    rivers.edit("site.toml", "limit = 2", "limit = 1")
    rivers.build()
    assert rivers.read("404.html") == "Iber|"


def test_incremental_builds_of_a_queried_site_are_those_of_a_clean_one(rivers: TinySite) -> None:
    ask(rivers, where="'tags'", sort="'title'")
    rivers.edit("content/posts/tajo.md", "title: Tajo", "title: Tejo\ntags: [Water]")
    rivers.remove("content/posts/duero.md")
    rivers.build()
    incremental = rivers.outputs()
    for folder in (rivers.output, rivers.root / ".clarion"):
        folder.rename(folder.with_name(f"old-{folder.name}"))
    rivers.build()
    assert rivers.outputs() == incremental


@pytest.mark.parametrize(
    ("template", "message", "hint"),
    [
        ("{{ facts.fond }}", "there is no query “fond”", "Did you mean “found”?"),
        ("{{ facts.xyz }}", "there is no query “xyz”", "Declare it in site.toml or theme.toml: [facts.xyz]."),
        ("{{ site.posts }}", "there is no “site.posts”", "Lists of articles come with the output"),
    ],
)
def test_an_unknown_query_is_told_with_the_way_to_declare_one(
    site: TinySite, template: str, message: str, hint: str
) -> None:
    site.write("site.toml", f"{SETTINGS}\n[facts.found]\n")
    site.write("templates/home.html", template)
    (problem,) = site.build().problems
    assert str(problem) == f"templates/home.html:1:4: error CL302 {message}"
    assert problem.hint.startswith(hint)


def test_a_template_may_take_all_queries(site: TinySite) -> None:
    site.post("ebro")
    site.write("site.toml", f"{SETTINGS}\n[facts.found]\n[facts.none]\nwhere = 'pinned'\n")
    site.write("templates/home.html", "{% set name = 'found' %}{{ facts[name] | length }}{{ facts['none'] | length }}")
    assert site.problems() == []
    assert site.read("index.html") == "10"


def test_a_query_is_the_same_whoever_draws_the_page(rivers: TinySite) -> None:
    ask(rivers, where="'tags'")
    alone = rivers.outputs()
    rivers.output.rename(rivers.root / "old")
    rivers.build(jobs=2)
    assert rivers.outputs() == alone
