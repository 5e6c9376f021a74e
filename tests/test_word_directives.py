"""Directives of words: numbers with their source, timelines, passages said again, help lines; callouts."""

import json
import re
from html.parser import HTMLParser

import pytest

from tests.conftest import SETTINGS, TinySite

LINES = """\
[night]
name = "Night <line>"
country = "GB"
phone = "+44 20 7946 0000"
url = "https://line.example/"
hours = "18 to 24"
languages = ["en", "cy"]
note = "Nobody asks."

[short]
name = "Short"
country = "GB"
phone = "116 123"
"""


@pytest.fixture(params=["python-markdown", "commonmark"])
def clarion(request: pytest.FixtureRequest, site: TinySite) -> TinySite:
    """The tiny site with pages in the form of pages, read by each of the two engines."""
    site.write("site.toml", f'{SETTINGS.replace("plain", "clarion")}\n[markdown]\nengine = "{request.param}"\n')
    return site


def text_of(site: TinySite) -> str:
    """The HTML of the one article's text, white space as single blanks."""
    found = re.search(r'id="page_text">(.*?)</div>\s*(?:<section|<footer)', site.read("river/index.html"), re.DOTALL)
    assert found
    return " ".join(found[1].split())


def feed(site: TinySite) -> str:
    """The one article as feeds have it, white space as single blanks."""
    (entry,) = json.loads(site.read("feed.json"))["items"]
    return " ".join(entry["content_html"].split())


def elements(html: str) -> list[dict[str, str | None]]:
    """The attributes of each element, as a browser reads them."""
    found: list[dict[str, str | None]] = []
    reader = HTMLParser()
    reader.handle_starttag = lambda _name, attributes: found.append(dict(attributes))  # type: ignore[method-assign]
    reader.feed(html)
    return found


# -- statistic


def test_a_number_stands_with_what_it_says_its_source_and_its_day(clarion: TinySite) -> None:
    clarion.post(
        "river",
        "::statistic[wells are *dry*]{value='9 of 14' source=daily as_of=2026-05}",
        sources='[{ id: daily, title: A, publisher: "The Daily" }]',
    )
    assert clarion.problems() == []
    assert text_of(clarion) == (
        '<figure class="statistic"> <p class="value part"><bdi>9 of 14</bdi></p> <div>wells are <em>dry</em></div> '
        '<figcaption><bdi>Source:</bdi> <a href="#source_daily"><bdi>The Daily</bdi></a>, '
        '<bdi>as of</bdi> <time datetime="2026-05">May 2026</time></figcaption> </figure>'
    )
    assert "<strong><bdi>9 of 14</bdi></strong>" in feed(clarion)
    assert 'href="https://tiny.example/river/#source_daily"' in feed(clarion)


def test_a_number_with_more_to_say_encloses_it(clarion: TinySite) -> None:
    clarion.post("river", ':::statistic[Wells]{value="9"}\nOne.\n\nTwo.\n:::')
    clarion.build()
    assert text_of(clarion).startswith(
        '<figure class="statistic"> <p class="label">Wells</p> <p class="value part"><bdi>9</bdi></p> '
        "<div><p>One.</p> <p>Two.</p></div>"
    )


def test_a_number_without_source_or_day_is_a_warning_for_each(site: TinySite) -> None:
    site.post("river", '::statistic[wells]{value="9"}')
    told = [(each.severity, each.code, each.message) for each in site.build().problems]
    assert told == [
        ("warning", "CL552", "“statistic” does not say its “as_of”"),
        ("warning", "CL552", "“statistic” does not say its “source”"),
    ]


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ("value=9 source=nobody as_of=2026", "CL519"),
        ("value=9 source=daily as_of=2026-13", "CL212"),
        ("source=daily as_of=2026", "CL211"),
    ],
)
def test_a_number_whose_source_or_day_is_none_is_an_error(attributes: str, code: str, site: TinySite) -> None:
    site.post("river", f"::statistic[wells]{{{attributes}}}", sources="[{ id: daily, title: A }]")
    assert [problem.code for problem in site.build().problems] == [code]


# -- timeline


def test_a_timeline_is_a_list_in_order_whose_dates_programs_can_read(clarion: TinySite) -> None:
    clarion.post("river", ":::timeline[How]\n- 2026-02: Built.\n- **2026-03-03**: On.\n- In spring: Dry.\n:::")
    assert clarion.problems() == []
    assert text_of(clarion) == (
        '<section class="timeline" aria-label="How"> <p class="label">How</p> <ol> '
        '<li><strong><time datetime="2026-02">February 2026</time></strong><br> Built.</li> '
        '<li><strong><strong><time datetime="2026-03-03">3 March 2026</time></strong><br> </strong> On.</li> '
        "<li>In spring: Dry.</li> </ol> </section>"
    )
    assert '<time datetime="2026-02">February 2026</time>' in feed(clarion)


def test_a_date_of_a_timeline_that_does_not_exist_stays_and_is_told(site: TinySite) -> None:
    site.post("river", ":::timeline\n- 2026-02-30: Built.\n:::")
    (problem,) = site.build().problems
    assert (problem.severity, problem.code, problem.line) == ("warning", "CL554", 5)
    assert "<li>2026-02-30: Built.</li>" in site.read("river/index.html")


def test_a_timeline_without_a_list_is_a_warning(site: TinySite) -> None:
    site.post("river", ":::timeline\nIt fell.\n:::")
    assert [problem.code for problem in site.build().problems] == ["CL554"]


# -- pull-quote


def test_words_said_again_have_an_address_and_links_of_their_own(clarion: TinySite) -> None:
    clarion.post("river", "It fell. Nobody says *why*.\n\n::pull-quote[Nobody says *why*.]")
    assert clarion.problems() == []
    (figure,) = re.findall(r'<div class="share pull".*?</div>\n</div>', clarion.read("river/index.html"), re.DOTALL)
    assert 'id="quote-nobody-says-why"' in figure
    assert '<p aria-hidden="true">Nobody says why.</p>' in figure
    links = re.findall(r'href="([^"]*)"', figure)
    assert len(links) == 3
    for link in links:
        assert "Nobody%20says%20why." in link
        assert "https%3A%2F%2Ftiny.example%2Friver%2F%23quote-nobody-says-why" in link


def test_words_said_again_are_counted_once_and_left_out_of_feeds_and_summaries(site: TinySite) -> None:
    site.post("river", "::pull-quote[Nobody says why.]\n\nIt fell.")
    site.post("lake", f"It fell.\n\n::pull-quote[{'Nobody says why. ' * 500}]")
    site.build()
    assert '<meta name="description" content="It fell.">' in site.read("river/index.html")
    assert "1 minute to read" in site.read("lake/index.html")
    assert "Nobody" not in site.read("feed.xml")


def test_a_link_can_lead_to_words_said_again(clarion: TinySite) -> None:
    clarion.post("river", "Nobody says why. [There](#quote-why).\n\n::pull-quote[Nobody says why.]{anchor=why}")
    assert clarion.problems() == []
    assert 'id="quote-why"' in clarion.read("river/index.html")


def test_words_said_again_cannot_break_out_of_their_links(clarion: TinySite) -> None:
    clarion.post("river", 'It fell.\n\n::pull-quote[a" onclick="x" &lt;script> %0d%0aBcc: x@y.example]')
    clarion.build()
    (figure,) = re.findall(r'<div class="share pull".*?</div>\n</div>', clarion.read("river/index.html"), re.DOTALL)
    assert "<script" not in figure
    assert all("onclick" not in attributes for attributes in elements(figure))
    assert all(
        re.fullmatch(r"[A-Za-z0-9:/?#@!$&'()*+,;=._~%-]*", link) for link in re.findall(r'href="([^"]*)"', figure)
    )


def test_two_passages_of_the_same_words_want_two_anchors(site: TinySite) -> None:
    site.post("river", "Why.\n\n::pull-quote[Why.]\n\n::pull-quote[Why.]")
    assert [problem.code for problem in site.build().problems] == ["CL227"]


# -- resource


def test_help_lines_are_those_of_the_country_and_the_language(clarion: TinySite) -> None:
    clarion.write("content/data/resources.toml", LINES)
    clarion.post("river", "::resource{country=GB language=cy}")
    assert clarion.problems() == []
    assert text_of(clarion) == (
        '<section class="callout resource" aria-label="Where to find help"> '
        '<p class="owner">Where to find help</p> <ul> '
        '<li><b><a href="https://line.example/" rel="noopener noreferrer"><bdi>Night &lt;line&gt;</bdi></a></b>, '
        '<a href="tel:+442079460000" dir="ltr">+44 20 7946 0000</a> '
        '(<bdi lang="en">English</bdi>, <bdi lang="cy">Cymraeg</bdi>)'
        "<br><bdi>18 to 24</bdi><br>Nobody asks.</li> "
        '<li><b><bdi>Short</bdi></b>, <a href="tel:116123" dir="ltr">116 123</a></li> </ul> </section>'
    )
    assert 'href="tel:116123"' in feed(clarion)


@pytest.mark.parametrize(("country", "language"), [("DE", ""), ("GB", "language=ru"), ("gb", "")])
def test_help_lines_that_are_not_there_are_a_warning_that_names_what_there_is(
    country: str, language: str, site: TinySite
) -> None:
    site.write("content/data/resources.toml", LINES.partition("[short]")[0])
    site.post("river", f"One.\n\n::resource{{country={country} {language}}}")
    (problem,) = site.build().problems
    assert (problem.severity, problem.code, problem.line, problem.hint) == (
        "warning",
        "CL553",
        7,
        "There are: GB en cy.",
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"+44 20 7946 0000"', '"call me"', "CL507"),
        ('"https://line.example/"', '"javascript:alert(1)"', "CL506"),
        ('country = "GB"', 'country = "Britain"', "CL556"),
        ('country = "GB"\n', "", "CL502"),
        ('phone = "+44 20 7946 0000"\nurl = "https://line.example/"\n', "", "CL556"),
        ('hours = "18 to 24"', 'opening = "18 to 24"', "CL501"),
        ("[night]\n", 'night = "no table"\n[other]\n', "CL556"),
    ],
)
def test_a_help_line_that_readers_could_not_reach_is_an_error(old: str, new: str, code: str, site: TinySite) -> None:
    lines = LINES.partition("[short]")[0]
    assert old in lines
    site.write("content/data/resources.toml", lines.replace(old, new))
    assert [problem.code for problem in site.build().problems] == [code]


def test_help_lines_without_keys_are_an_error(site: TinySite) -> None:
    site.write("content/data/resources.csv", "name,country,phone\nNight,GB,116 123\n")
    assert [problem.code for problem in site.build().problems] == ["CL556"]


def test_a_help_line_that_changes_is_changed_on_the_page(site: TinySite) -> None:
    site.write("content/data/resources.toml", LINES)
    site.post("river", "::resource{country=GB}")
    site.post("lake", "Dry.")
    site.build()
    site.edit("content/data/resources.toml", "18 to 24", "20 to 24")
    written = site.build().written
    assert "river/index.html" in written
    assert "lake/index.html" not in written
    assert "20 to 24" in site.read("river/index.html")


# -- callouts


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "caution"])
def test_each_kind_of_callout_is_named_to_those_who_see_and_to_those_who_listen(kind: str, clarion: TinySite) -> None:
    clarion.post("river", f"> [!{kind.upper()}]\n> Do not drink it.")
    clarion.build()
    name = kind.capitalize()
    # `note` alone is the class of the content note, which is set otherwise.
    named = "callout" if kind == "note" else f"callout {kind}"
    assert text_of(clarion) == (
        f'<div class="{named}" role="note" aria-label="{name}"> <p class="owner">{name}</p> '
        "<p>Do not drink it.</p> </div>"
    )
    assert f"<strong>{name}</strong>" in feed(clarion)
