"""The life of actions across the site: `/act/`, its feed, its calendars, its JSON, and campaigns."""

import json
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import feedparser
import pytest
from click.testing import CliRunner
from icalendar import Calendar, Event

from generator.cli.group import clarion
from generator.kinds.act import MOST_ENDED
from generator.share.calendar import CalendarEntry, calendar, point
from tests.conftest import NOW, SETTINGS, TinySite

LATER = "2027-04-02T12:00:00Z"
PETITION = 'url: "https://rivers.example/sign"'
EVENT = """\
{kind: event, title: The meeting, location: "Town hall, room 1", starts: 2027-01-14T18:30, ends: 2027-01-14T20:00}"""


class Links(HTMLParser):
    """The addresses of the links of a page, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs).get("href") or "")


def asked(site: TinySite, path: str = "act/index.html") -> list[str]:
    """The places of the actions that a page lists, in order."""
    return [link for link in Links(site.read(path)).found if "#act-" in link]


def headings(site: TinySite) -> list[str]:
    """The titles of the groups of `/act/`."""
    return re.findall(r'<h2 class="label"[^>]*>([^<]*)</h2>', site.read("act/index.html"))


def events(site: TinySite, path: str = "act/calendar.ics") -> list[Event]:
    """The entries of a calendar, as a library of others reads them."""
    return list(Calendar.from_ical((site.output / path).read_bytes()).walk("VEVENT"))


def clean(site: TinySite, root: Path, now: str) -> dict[str, bytes]:
    """What a first build of the same site gives."""
    shutil.copytree(site.root, root, ignore=shutil.ignore_patterns("output", ".clarion"))
    other = TinySite(root, (site.root / "site.toml").read_text(encoding="utf-8"))
    other.build(now)
    return other.outputs()


# The page


def test_what_closes_soonest_comes_first_and_what_has_no_deadline_by_the_newest_article(site: TinySite) -> None:
    site.post("ash", date="2026-11-01", actions=f"[{{{PETITION}, closes: 2027-03-01}}]")
    site.post("birch", date="2026-11-02", actions=f"[{{{PETITION}}}]")
    site.post("cedar", date="2026-11-03", actions=f"[{{{PETITION}}}]")
    site.post("dogwood", date="2026-11-04", actions=f"[{{{PETITION}, closes: 2027-02-01}}, {EVENT}]")
    site.build()
    assert asked(site) == [
        "../dogwood/#act-event",
        "../dogwood/#act-petition",
        "../ash/#act-petition",
        "../cedar/#act-petition",
        "../birch/#act-petition",
    ]
    assert headings(site) == ["Open now"]


def test_what_is_to_come_is_paused_or_over_follows(site: TinySite) -> None:
    site.post(
        "ash", actions=f"[{{{PETITION}, closes: 2026-11-10}}, {{{PETITION}, id: won, status: won, outcome: Ja.}}]"
    )
    site.post("birch", actions=f"[{{{PETITION}, status: paused}}]")
    site.post("cedar", actions=f"[{{{PETITION}, opens: 2027-01-01}}, {{{PETITION}, id: sooner, opens: 2026-12-01}}]")
    site.post("dogwood", actions=f"[{{{PETITION}, title: Sign, closes: 2027-01-01}}]")
    site.build()
    assert headings(site) == ["Open now", "Not open yet", "Paused", "What came of earlier ones"]
    assert asked(site) == [
        "../dogwood/#act-petition",
        "../cedar/#act-sooner",
        "../cedar/#act-petition",
        "../birch/#act-petition",
        "../ash/#act-petition",
        "../ash/#act-won",
    ]
    assert '<p class="outcome p-summary">Ja.</p>' in site.read("act/index.html")


def test_what_is_not_open_yet_says_from_when_and_until_when_on_two_lines(site: TinySite) -> None:
    site.post("ash", actions=f"[{{{PETITION}, opens: 2027-01-01, closes: 2027-02-01}}]")
    site.build()
    days = re.findall("<p>(<span>.*?</span>)</p>", site.read("act/index.html"), re.DOTALL)
    assert [re.sub("<(?!br)[^>]*>", "", found) for found in days] == [
        "Opens on 1 January 2027, 00:00 CET<br>\nOpen until 1 February 2027, 23:59 CET"
    ]


def test_an_action_is_shown_with_who_runs_it_who_receives_it_and_until_when(site: TinySite) -> None:
    site.post(
        "water",
        actions=f"[{{{PETITION}, title: Sign, summary: It helps., closes: 2027-01-01,"
        " organiser: {name: Rivers First}, recipients: [{name: A. Minister, organisation: Ministry}]}]",
        content_note="{topics: [drought]}",
    )
    site.build()
    page = site.read("act/index.html")
    for words in (
        '<p class="kicker" data-closed="Petition: closed">Petition</p>',
        '<h3 class="p-name"><a class="u-url" href="../water/#act-petition">Sign</a></h3>',
        '<time datetime="2027-01-01T22:59:00Z">1 January 2027, 23:59 CET</time>',
        '<p class="p-summary">It helps.</p>',
        "<bdi>Run by</bdi> <bdi>Rivers First</bdi>",
        "<bdi>Received by</bdi> <bdi>A. Minister, Ministry</bdi>",
        '<bdi>In the article</bdi> <a href="../water/">Water</a>',
        "Content note: drought",
    ):
        assert words in page
    assert "<loc>https://tiny.example/act/</loc>" in site.read("sitemap.xml")


def test_time_moves_an_action_from_group_to_group(site: TinySite) -> None:
    site.post("water", actions=f"[{{{PETITION}, opens: 2026-12-01, closes: 2026-12-31}}]")
    found = []
    for now in ("2026-11-30T22:59:59Z", "2026-11-30T23:00:00Z", "2026-12-31T22:59:58Z", "2026-12-31T22:59:59Z"):
        site.build(now)
        found.append(headings(site))
    assert found == [["Not open yet"], ["Open now"], ["Open now"], ["What came of earlier ones"]]
    assert "Nothing is open at the moment." in site.read("act/index.html")


def test_an_event_is_over_when_it_ends_or_with_its_day(site: TinySite) -> None:
    """18:30 in Madrid is 17:30 UTC."""
    site.post("ash", actions="[{kind: event, starts: 2027-01-14T18:30, ends: 2027-01-14T20:00}]")
    site.post("birch", actions="[{kind: event, starts: 2027-01-15T18:30}]")
    changes = [NOW]
    states = []
    for _ in range(3):
        report = site.build(changes[-1])
        states.append(headings(site))
        if report.next_change is not None:
            changes.append(datetime.fromtimestamp(report.next_change, UTC).isoformat())
    assert changes[1:] == ["2027-01-14T19:00:00+00:00", "2027-01-15T23:00:00+00:00"]
    over = "What came of earlier ones"
    assert states == [["Open now"], ["Open now", over], [over]]


def test_nobody_can_sign_up_for_an_event_that_is_over(site: TinySite) -> None:
    site.post("ash", actions=f"[{EVENT.replace('{', '{closes: 2027-01-20, ')}]")
    states = []
    for now in ("2027-01-14T18:59:59Z", "2027-01-14T19:00:00Z"):
        site.build(now)
        states.append(headings(site))
    assert states == [["Open now"], ["What came of earlier ones"]]


def test_of_what_is_hidden_no_action_is_told(site: TinySite) -> None:
    for name, more in (
        ("secret", {"status": "unlisted"}),
        ("withdrawn", {"status": "retracted", "history": "[{date: 2026-11-02, type: retraction, text: Wrong.}]"}),
        ("sketch", {"status": "draft"}),
        ("coming", {"date": "2027-05-01"}),
        ("gone", {"expires": "2026-11-10"}),
    ):
        site.post(name, actions=f"[{{{PETITION}, title: Zanzibar}}, {EVENT}]", **more)
    site.post("water", actions=f"[{{{PETITION}}}]")
    site.build()
    assert sorted(path for path in site.outputs() if path.startswith("act/")) == [
        "act/actions.json",
        "act/feed.xml",
        "act/index.html",
    ]
    for path, content in site.outputs().items():
        if path.startswith("act/"):
            assert b"Zanzibar" not in content
    assert ".ics" not in site.read("secret/index.html")


def test_a_site_without_actions_has_neither_the_page_nor_a_link_to_it(site: TinySite) -> None:
    site.post("water")
    site.post("secret", status="unlisted", actions=f"[{{{PETITION}}}]")
    site.build()
    assert [path for path, content in site.outputs().items() if path.startswith("act/") or b'act/"' in content] == []


@pytest.mark.parametrize("path", ["act.md", "act/index.md"])
def test_a_text_of_the_author_s_is_a_page_until_there_are_actions_and_stands_above_them_then(
    site: TinySite, path: str
) -> None:
    site.write(f"content/pages/{path}", "---\ntitle: Do something\n---\nEvery voice counts.\n")
    site.post("water")
    site.build()
    assert '<h1 class="p-name">Do something</h1>' in site.read("act/index.html")
    assert "act/feed.xml" not in site.outputs()
    site.post("water", actions=f"[{{{PETITION}}}]")
    site.build()
    page = site.read("act/index.html")
    assert "<h1>Do something</h1>" in page
    assert "Every voice counts." in page
    assert asked(site) == ["../water/#act-petition"]
    assert "<title>Tiny: Do something</title>" in site.read("act/feed.xml")


def test_the_footer_the_front_page_and_the_list_of_feeds_lead_there(site: TinySite) -> None:
    site.post("water", actions=f"[{{{PETITION}, title: Sign, closes: 2027-01-01}}]")
    site.post("stone", date="2026-11-05", actions=f"[{{{PETITION}, title: Carry}}]")
    site.build()
    assert "../act/" in Links(site.read("stone/index.html")).found
    front = site.read("index.html")
    assert asked(site, "index.html")[0] == "water/#act-petition"
    assert '<a href="act/">Everything you can do</a>' in front
    assert '<a href="../act/feed.xml" type="application/atom+xml">Tiny: What you can do</a>' in site.read(
        "feeds/index.html"
    )


def test_what_a_page_asks_for_stands_behind_what_articles_ask_for(site: TinySite) -> None:
    """With all that belongs to it: its feed entry, its file for calendars, its place in the data of the page."""
    help_page = f"---\ntitle: Help\nactions: [{{{PETITION}, title: Sign}}, {EVENT}]\n---\nHow to help.\n"
    site.write("content/pages/help.md", help_page)
    site.write("content/pages/secret.md", f"---\ntitle: Secret\nstatus: unlisted\nactions: [{EVENT}]\n---\nWords.\n")
    site.build()
    assert asked(site) == ["../help/#act-event", "../help/#act-petition"]
    assert '<bdi>On the page</bdi> <a href="../help/">Help</a>' in site.read("act/index.html")
    assert asked(site, "index.html") == ["help/#act-event"]
    assert [each["article"]["url"] for each in json.loads(site.read("act/actions.json"))["actions"]] == [
        "https://tiny.example/help/"
    ] * 2
    assert [event["SUMMARY"] for event in events(site)] == ["The meeting"]
    assert [event["URL"] for event in events(site, "act/help-event.ics")] == ["https://tiny.example/help/#act-event"]
    assert "../act/help-event.ics" in Links(site.read("help/index.html")).found
    entries = feedparser.parse(site.read("act/feed.xml")).entries
    assert {entry.id for entry in entries} == {
        f"tag:tiny.example,2000-01-01:pages/help#act-{name}" for name in ("petition", "event")
    }
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', site.read("help/index.html"))
    told = json.loads(data)
    assert (told["potentialAction"]["name"], told["mentions"]["name"]) == ("Sign", "The meeting")
    site.post("stone", actions=f"[{{{PETITION}}}]")
    site.build()
    assert asked(site) == ["../help/#act-event", "../stone/#act-petition", "../help/#act-petition"]


def test_what_a_page_asked_for_is_withdrawn_with_it(site: TinySite) -> None:
    site.write("content/pages/help.md", f"---\ntitle: Help\nactions: [{{{PETITION}}}]\n---\nHow to help.\n")
    site.post("stone", actions=f"[{{{PETITION}}}]")
    site.build()
    gone = "status: retracted\nhistory: [{date: 2026-11-09, type: retraction, text: Not so.}]"
    site.edit("content/pages/help.md", "title: Help", f"title: Help\n{gone}")
    site.build()
    assert asked(site) == ["../stone/#act-petition"]
    feed = feedparser.parse(site.read("act/feed.xml"))
    assert feed.entries[0].id == "tag:tiny.example,2000-01-01:pages/help#act-petition"
    assert "Not so." in feed.entries[0].content[0].value


def test_each_language_has_its_own(site: TinySite) -> None:
    site.write("site.toml", SETTINGS + "\n[languages.ru]\n")
    site.post("water", actions=f"[{{{PETITION}}}]")
    site.write("content/posts/stone.ru.md", f"---\ntitle: Камень\ndate: 2026-11-01\nactions: [{EVENT}]\n---\nСлова.\n")
    site.build()
    assert asked(site) == ["../water/#act-petition"]
    assert asked(site, "ru/act/index.html") == ["../../ru/stone/#act-event"]
    assert "../../ru/act/stone-event.ics" in Links(site.read("ru/stone/index.html")).found
    assert {"ru/act/stone-event.ics", "ru/act/calendar.ics"} <= site.outputs().keys()
    assert "act/calendar.ics" not in site.outputs()


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("{topics: [drought]}", "Content note: drought"),
        ("{text: It tells of thirst.}", "Content note: It tells of thirst."),
        ("{level: images}", "Content note"),
    ],
)
def test_wherever_an_action_is_listed_the_note_of_its_article_is(site: TinySite, note: str, said: str) -> None:
    site.write("content/campaigns/river.md", "---\ntitle: The river\n---\nFree it.\n")
    site.post("water", campaign="river", content_note=note, actions=f"[{{{PETITION}, title: Sign}}]")
    site.build()
    for path in ("index.html", "act/index.html", "campaigns/river/index.html"):
        assert f'<p class="noted"><bdi>{said}</bdi></p>' in site.read(path), path


def test_a_template_may_list_what_is_open(site: TinySite) -> None:
    site.post("water", actions=f"[{{{PETITION}, title: Sign, closes: 2027-01-01}}, {{{PETITION}, status: won}}]")
    site.post("stone", actions=f"[{{{PETITION}, title: Carry, closes: 2026-12-01}}]")
    site.write(
        "templates/not_found.html",
        "{% for asked in site.actions %}{{ asked.action.title }}: {{ asked.card.title }}; {% endfor %}",
    )
    site.build()
    assert site.read("404.html") == "Carry: Stone; Sign: Water; "


def test_of_very_many_that_are_over_the_last_are_shown(site: TinySite) -> None:
    many = ", ".join(f"{{{PETITION}, id: a{number}, status: closed}}" for number in range(MOST_ENDED + 2))
    site.post("water", actions=f"[{many}]")
    site.build()
    assert len(asked(site)) == MOST_ENDED
    assert "2 older ones stand in their articles." in site.read("act/index.html")
    assert len(json.loads(site.read("act/actions.json"))["actions"]) == MOST_ENDED + 2


# Time


def test_a_build_that_only_time_moved_is_that_of_a_clean_site(site: TinySite, tmp_path: Path) -> None:
    site.post("ash", actions=f"[{{{PETITION}, opens: 2026-12-01, closes: 2026-12-31}}]", campaign="river")
    site.post("birch", actions=f"[{EVENT}]")
    site.post("cedar", date="2027-01-10", actions=f"[{{{PETITION}}}]")
    site.post("dogwood", date="2026-11-10", expires="2027-02-01", actions="[{kind: event, starts: 2027-01-20}]")
    site.write("content/campaigns/river.md", "---\ntitle: The river\n---\nFree it.\n")
    signed = "{kind: event, starts: 2027-02-10T18:30, closes: 2027-02-05}"
    site.write("content/pages/help.md", f"---\ntitle: Help\ncampaign: river\nactions: [{signed}]\n---\nHow to help.\n")
    now: str | None = NOW
    steps = 0
    while now is not None:
        report = site.build(now)
        assert report.ok, report.problems
        assert site.outputs() == clean(site, tmp_path / f"clean{steps}", now)
        before = site.outputs()
        end = report.next_change
        site.build(LATER if end is None else datetime.fromtimestamp(end - 1, UTC).isoformat())
        assert site.outputs() == before
        now = None if end is None else datetime.fromtimestamp(end, UTC).isoformat()
        steps += 1
    assert steps == 9


def test_a_link_there_becomes_its_text_when_time_takes_the_last_action_away(site: TinySite) -> None:
    site.post("water", "[All](/act/) and [the meeting](/act/stone-event.ics).")
    site.post("stone", expires="2027-01-01", actions=f"[{EVENT}]")
    assert site.build().ok
    assert site.build(LATER).ok
    assert "<p>All and the meeting.</p>" in site.read("water/index.html")


def test_two_events_of_one_name_are_told(site: TinySite) -> None:
    site.write("content/news/_section.toml", 'title = "News"\n')
    site.post("water", actions=f"[{EVENT}]")
    site.write("content/news/water.md", f"---\ntitle: Water\ndate: 2026-11-02\nactions: [{EVENT}]\n---\nWords.\n")
    (problem,) = [problem for problem in site.build().problems if problem.severity == "error"]
    assert str(problem) == (
        "content/posts/water.md: error CL707 two outputs would be at act/water-event.ics: "
        "content/news/water.md and content/posts/water.md"
    )
    assert problem.hint == "Give the event of one of them another id."


# The feed


def test_the_feed_tells_of_each_action_under_an_id_for_good(site: TinySite) -> None:
    uuid = "0190a3c2-7d4e-7f00-8000-6b1f0a9d2c11"
    site.post("ash", id=uuid, date="2026-11-02", actions=f"[{{{PETITION}, title: Sign it, summary: It helps.}}]")
    site.post("birch", date="2026-11-03", updated="2026-11-04", tags="[water]", actions=f"[{{{PETITION}}}]")
    site.build()
    feed = feedparser.parse(site.read("act/feed.xml"))
    assert not feed.bozo
    assert (feed.feed.id, feed.feed.link, feed.feed.updated) == (
        "https://tiny.example/act/feed.xml",
        "https://tiny.example/act/",
        "2026-11-04T00:00:00Z",
    )
    assert [(entry.id, entry.link, entry.title, entry.published, entry.updated) for entry in feed.entries] == [
        (
            "tag:tiny.example,2026-11-03:posts/birch#act-petition",
            "https://tiny.example/birch/#act-petition",
            "Birch",
            "2026-11-03T00:00:00Z",
            "2026-11-04T00:00:00Z",
        ),
        (
            f"urn:uuid:{uuid}#act-petition",
            "https://tiny.example/ash/#act-petition",
            "Sign it",
            "2026-11-02T00:00:00Z",
            "2026-11-02T00:00:00Z",
        ),
    ]
    assert "<p>It helps.</p>" in feed.entries[1].content[0].value
    assert "Words." not in site.read("act/feed.xml")
    assert "https://rivers.example/sign" in feed.entries[1].content[0].value


def test_in_the_feed_an_action_leads_to_the_one_that_is_safer(site: TinySite) -> None:
    """It is the only one that its entry tells of, and still knows the others by name."""
    petition = f"{{{PETITION}, title: Sign, alternatives: ['#act-write']}}"
    site.post("water", actions=f"[{petition}, {{kind: write, title: Write a letter, letter: Please.}}]")
    site.build()
    told = [entry.content[0].value for entry in feedparser.parse(site.read("act/feed.xml")).entries]
    assert [re.findall("<h2>(.*?)</h2>", text) for text in told] == [["Sign"], ["Write a letter"]]
    assert '<a href="https://tiny.example/water/#act-write">Write a letter</a>' in told[0]


def test_what_is_withdrawn_replaces_the_copies_of_those_who_follow(site: TinySite) -> None:
    site.write("content/campaigns/river.md", "---\ntitle: The river\n---\nFree it.\n")
    site.post("water", "Zanzibar.", campaign="river", actions=f"[{{{PETITION}, title: Zanzibar, summary: Zanzibar.}}]")
    site.post("stone", date="2026-11-05", actions=f"[{{{PETITION}}}]")
    site.build()
    feeds = ("act/feed.xml", "campaigns/river/feed.xml")
    before = [{entry.id for entry in feedparser.parse(site.read(path)).entries} for path in feeds]
    site.edit("content/posts/water.md", "title: Water", "title: Water\nstatus: retracted")
    site.edit(
        "content/posts/water.md", "status:", "history: [{date: 2026-11-09, type: retraction, text: Not so.}]\nstatus:"
    )
    site.build()
    for path, known in zip(feeds, before, strict=True):
        feed = feedparser.parse(site.read(path))
        assert {entry.id for entry in feed.entries} == known
        assert feed.entries[0].updated == "2026-11-09T00:00:00Z"
        assert "Not so." in feed.entries[0].content[0].value
        assert "Zanzibar" not in site.read(path)


def test_an_entry_comes_again_when_its_action_opens_and_when_it_closes(site: TinySite) -> None:
    site.post("water", actions=f"[{{{PETITION}, opens: 2026-12-01T09:00, closes: 2026-12-31}}]")
    stamps = []
    for now in (NOW, "2026-12-01T12:00:00Z", LATER, "2027-05-01T12:00:00Z"):
        site.build(now)
        (entry,) = feedparser.parse(site.read("act/feed.xml")).entries
        stamps.append(entry.updated)
    opened, closed = "2026-12-01T08:00:00Z", "2026-12-31T22:59:00Z"
    assert stamps == ["2026-11-01T00:00:00Z", opened, closed, closed]
    site.edit("content/posts/water.md", "closes: 2026-12-31", "closes: 2026-12-31, status: won, outcome: It flows.")
    site.edit("content/posts/water.md", "title:", "updated: 2027-06-01\ntitle:")
    site.build("2027-06-02T12:00:00Z")
    (entry,) = feedparser.parse(site.read("act/feed.xml")).entries
    assert entry.updated == "2027-06-01T00:00:00Z"
    assert "It flows." in entry.content[0].value


# For programs


def test_the_json_has_the_keys_of_the_front_matter_and_absolute_addresses(site: TinySite) -> None:
    site.post(
        "water",
        updated="2026-11-03",
        campaign="",
        content_note="{topics: [drought], level: images}",
        actions="[{kind: write, title: 'Write </script>', organiser: {name: Rivers First},"
        " recipients: [{name: A. Minister, email: minister@water.example}], closes: 2027-03-31, subject: The river,"
        " letter: Please., goal: {target: 100, current: 0}, alternatives: ['#act-event', 'https://rivers.example/']},"
        f" {EVENT}, {{{PETITION}, id: old, status: won, outcome: It flows.}}]",
    )
    site.build()
    article = {
        "id": "tag:tiny.example,2026-11-01:posts/water",
        "title": "Water",
        "url": "https://tiny.example/water/",
        "date": "2026-11-01",
        "updated": "2026-11-03T00:00:00Z",
        "content_note": {"topics": ["drought"], "level": "images"},
    }
    assert json.loads(site.read("act/actions.json")) == {
        "title": "Tiny: What you can do",
        "url": "https://tiny.example/act/",
        "feed": "https://tiny.example/act/feed.xml",
        "language": "en",
        "actions": [
            {
                "id": "event",
                "kind": "event",
                "state": "open",
                "status": "open",
                "title": "The meeting",
                "page": "https://tiny.example/water/#act-event",
                "updated": "2026-11-03T00:00:00Z",
                "location": "Town hall, room 1",
                "starts": "2027-01-14T17:30:00Z",
                "ends": "2027-01-14T19:00:00Z",
                "calendar": "https://tiny.example/act/water-event.ics",
                "article": article,
            },
            {
                "id": "write",
                "kind": "write",
                "state": "open",
                "status": "open",
                "title": "Write </script>",
                "page": "https://tiny.example/water/#act-write",
                "updated": "2026-11-03T00:00:00Z",
                "organiser": {"name": "Rivers First"},
                "recipients": [{"name": "A. Minister", "email": "minister@water.example"}],
                "closes": "2027-03-31T21:59:00Z",
                "goal": {"target": 100, "current": 0},
                "alternatives": ["https://tiny.example/water/#act-event", "https://rivers.example/"],
                "subject": "The river",
                "letter": "Please.",
                "article": article,
            },
            {
                "id": "old",
                "kind": "petition",
                "state": "won",
                "status": "won",
                "page": "https://tiny.example/water/#act-old",
                "updated": "2026-11-03T00:00:00Z",
                "url": "https://rivers.example/sign",
                "outcome": "It flows.",
                "article": article,
            },
        ],
    }
    site.build(LATER)
    closed = json.loads(site.read("act/actions.json"))["actions"]
    assert {each["id"]: each["state"] for each in closed} == {"event": "closed", "write": "closed", "old": "won"}
    assert "minister@water.example" not in site.read("act/actions.json")


# Calendars


def test_the_calendar_holds_deadlines_and_events_that_are_ahead(site: TinySite) -> None:
    site.post(
        "water",
        updated="2026-11-03",
        actions=f"[{{{PETITION}, title: Sign, summary: It helps., closes: 2027-03-31}}, {EVENT},"
        f" {{{PETITION}, id: old, closes: 2026-11-02}}, {{{PETITION}, id: endless}}]",
    )
    site.build()
    meeting, deadline = events(site)
    place = "https://tiny.example/water/#act-"
    assert {name: meeting[name].to_ical().decode() for name in meeting} == {
        "UID": "tag:tiny.example\\,2026-11-01:posts/water#act-event",
        "DTSTAMP": "20261103T000000Z",
        "DTSTART": "20270114T173000Z",
        "DTEND": "20270114T190000Z",
        "SUMMARY": "The meeting",
        "DESCRIPTION": f"{place}event",
        "LOCATION": "Town hall\\, room 1",
        "URL": f"{place}event",
        "STATUS": "CONFIRMED",
        "SEQUENCE": "2880",
    }
    assert {name: deadline[name].to_ical().decode() for name in deadline} == {
        "UID": "tag:tiny.example\\,2026-11-01:posts/water#act-petition-closes",
        "DTSTAMP": "20261103T000000Z",
        "DTSTART": "20270331T215959Z",
        "SUMMARY": "Deadline: Sign",
        "DESCRIPTION": f"It helps.\\n\\n{place}petition",
        "URL": f"{place}petition",
        "STATUS": "CONFIRMED",
        "SEQUENCE": "2880",
        "TRANSP": "TRANSPARENT",
    }
    whole = Calendar.from_ical((site.output / "act/calendar.ics").read_bytes())
    assert {name: str(whole[name]) for name in whole} == {
        "VERSION": "2.0",
        "PRODID": "-//Clarion//Clarion//EN",
        "CALSCALE": "GREGORIAN",
        "NAME": "Tiny: What you can do",
        "X-WR-CALNAME": "Tiny: What you can do",
    }
    assert "../act/calendar.ics" in Links(site.read("act/index.html")).found


def test_who_asks_what_becomes_of_an_article_is_told_of_the_calendar(site: TinySite) -> None:
    site.post("water", actions=f"[{EVENT}]")
    site.build()
    found = CliRunner().invoke(
        clarion, ["explain", "content/posts/water.md", "--site", str(site.root), "--now", NOW, "--format", "json"]
    )
    readers = {reader["path"] for reader in json.loads(found.output)["card_readers"]}
    assert {path for path in site.outputs() if path.startswith("act/")} - {"act/water-event.ics"} <= readers


def test_an_event_has_a_file_of_its_own_that_its_article_links_to(site: TinySite) -> None:
    site.post("water", actions=f"[{EVENT}, {{kind: event, id: some, title: Some day}}]")
    site.build()
    (meeting,) = events(site, "act/water-event.ics")
    assert meeting.decoded("dtstart") == datetime(2027, 1, 14, 17, 30, tzinfo=UTC)
    assert [link for link in Links(site.read("water/index.html")).found if ".ics" in link] == ["../act/water-event.ics"]
    kept = site.outputs()["act/water-event.ics"]
    site.build(LATER)
    assert ".ics" not in site.read("water/index.html")
    assert site.outputs()["act/water-event.ics"] == kept


def test_an_event_of_whole_days_ends_with_the_day_after_its_last(site: TinySite) -> None:
    site.post("one", actions="[{kind: event, starts: 2027-01-14}]")
    site.post("three", actions="[{kind: event, starts: 2027-01-14, ends: 2027-01-16}]")
    site.post("mixed", actions="[{kind: event, starts: 2027-01-14T10:00, ends: 2027-01-16}]")
    site.build()
    found = {}
    for name in ("one", "three", "mixed"):
        (event,) = events(site, f"act/{name}-event.ics")
        found[name] = (event.decoded("dtstart"), event.decoded("dtend"))
    assert found == {
        "one": (date(2027, 1, 14), date(2027, 1, 15)),
        "three": (date(2027, 1, 14), date(2027, 1, 17)),
        "mixed": (datetime(2027, 1, 14, 9, tzinfo=UTC), datetime(2027, 1, 16, 23, tzinfo=UTC)),
    }


@pytest.mark.parametrize(
    ("status", "said"),
    [("open", "CONFIRMED"), ("paused", "TENTATIVE"), ("lost", "CANCELLED"), ("closed", "CONFIRMED")],
)
def test_a_calendar_says_whether_an_event_takes_place(site: TinySite, status: str, said: str) -> None:
    site.post("water", actions=f"[{EVENT.replace('{', f'{{status: {status}, ')}]")
    site.build()
    (event,) = events(site, "act/water-event.ics")
    assert event["STATUS"] == said


def test_an_event_to_which_nobody_can_sign_up_any_more_still_takes_place(site: TinySite) -> None:
    """Those who did have it in their calendars, and would lose it."""
    site.post("water", actions=f"[{EVENT.replace('{', '{closes: 2027-01-10, ')}]")
    site.build()
    found = []
    for now in ("2027-01-11T12:00:00Z", "2027-01-14T18:59:59Z", "2027-01-14T19:00:00Z"):
        report = site.build(now)
        page = site.read("water/index.html")
        found.append(
            (
                [event["SUMMARY"] for event in events(site)],
                "../act/water-event.ics" in Links(page).found,
                '"@type":"Event"' in page,
                [problem.code for problem in report.problems if problem.code == "CL536"],
                report.next_change,
            )
        )
        assert "Event: closed" in page
        assert json.loads(site.read("act/actions.json"))["actions"][0]["state"] == "closed"
    both = ["Deadline: The meeting", "The meeting"]
    over = int(datetime(2027, 1, 14, 19, tzinfo=UTC).timestamp())
    assert found == [(both, True, True, [], over), (both, True, True, [], over), (both, False, False, ["CL536"], None)]


def test_the_calendar_stays_where_it_is_when_everything_is_over(site: TinySite) -> None:
    """A link to it in a text must not break because time goes by, and a calendar without an entry is none."""
    site.post("water", "[Dates](/act/calendar.ics)", actions=f"[{{{PETITION}, closes: 2026-12-31}}, {EVENT}]")
    assert site.build().ok
    assert site.build(LATER).ok
    assert [event["SUMMARY"] for event in events(site)] == ["The meeting"]


HOSTILE = "END:VEVENT; BEGIN:VEVENT, \\n X:1 </script><script>alert(1)</script>"


def test_a_title_with_a_line_break_is_refused(site: TinySite) -> None:
    site.post("water", actions=f"[{{{PETITION}, title: {json.dumps(HOSTILE.replace('; ', chr(10)))}}}]")
    assert [problem.code for problem in site.build().problems if problem.severity == "error"] == ["CL508"]


def test_words_can_neither_end_their_line_nor_their_element_nor_their_value(site: TinySite) -> None:
    title = json.dumps(HOSTILE)
    words = json.dumps(HOSTILE.replace("; ", "\r\n").replace(", ", "\u2028"))
    action = EVENT.replace("title: The meeting", f"title: {title}, summary: {words}, outcome: {words}")
    site.post("water", actions=f"[{action}, {{{PETITION}, title: {title}, summary: {words}, closes: 2027-01-01}}]")
    assert site.build().ok
    for path in ("act/calendar.ics", "act/water-event.ics"):
        content = (site.output / path).read_bytes()
        lines = content.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert b"\n" not in content.replace(b"\r\n", b"")
        assert content.count(b"\r\nBEGIN:VEVENT\r\n") == len(events(site, path)) == (2 if "calendar" in path else 1)
        for event in events(site, path):
            assert "X" not in event
            assert event["SUMMARY"].endswith(HOSTILE)
            assert event["DESCRIPTION"].startswith("END:VEVENT\nBEGIN:VEVENT\n")
    for path in ("act/index.html", "water/index.html", "index.html"):
        assert "<script>alert" not in site.read(path)
    feed = feedparser.parse(site.read("act/feed.xml"))
    assert not feed.bozo
    assert {entry.title for entry in feed.entries} == {HOSTILE}
    assert {action["title"] for action in json.loads(site.read("act/actions.json"))["actions"]} == {HOSTILE}


def test_a_long_line_is_folded_and_no_character_is_cut() -> None:
    for shift in range(8):
        title = "x" * shift + "Слова о воде 水 🔥 " * 40
        entry = CalendarEntry(
            uid="id", stamp="2026-11-01T00:00:00Z", sequence=0, status="CONFIRMED", begins=point(0), ends="",
            title=title, text="", location="", url="https://tiny.example/", busy=True,
        )  # fmt: skip
        content = calendar(title, (entry,))
        assert max(len(line) for line in content.split(b"\r\n")) <= 75
        for line in content.split(b"\r\n"):
            line.decode()
        (event,) = Calendar.from_ical(content).walk("VEVENT")
        assert event["SUMMARY"] == title.strip()


# Campaigns


def campaign(site: TinySite, state: str, outcomes: str = "[]") -> None:
    site.write(
        "content/campaigns/river.md",
        f"---\ntitle: The river\nsummary: Until it flows.\nstate: {state}\noutcomes: {outcomes}\n---\nFree it.\n",
    )


def test_the_page_of_a_campaign_shows_what_can_be_done_and_its_outcomes_by_date(site: TinySite) -> None:
    campaign(site, "open", "[{date: 2026-11-09, text: Second.}, {date: 2026-11-02, text: First.}]")
    site.post("ash", campaign="river", actions=f"[{{{PETITION}, title: Sign, closes: 2027-03-01}}]")
    site.post("birch", campaign="river", actions=f"[{{{PETITION}, title: Hurry, closes: 2026-12-01}}]")
    site.post("cedar", actions=f"[{{{PETITION}, title: Other}}]")
    site.build()
    page = site.read("campaigns/river/index.html")
    assert asked(site, "campaigns/river/index.html")[:2] == [
        "../../birch/#act-petition",
        "../../ash/#act-petition",
    ]
    assert "Other" not in page
    assert page.index("First.") < page.index("Second.")
    assert '<a href="#campaign_actions">What you can do now</a>' in page
    assert '<a href="feed.xml" type="application/atom+xml">' in page.replace("../../campaigns/river/", "")


def test_what_a_page_asks_for_a_campaign_stands_behind_what_its_articles_do(site: TinySite) -> None:
    campaign(site, "open")
    site.write("content/pages/help.md", f"---\ntitle: Help\ncampaign: river\nactions: [{{{PETITION}}}]\n---\nHow to.\n")
    site.write("content/pages/other.md", f"---\ntitle: Other\nactions: [{{{PETITION}}}]\n---\nHow to.\n")
    site.post("ash", campaign="river", actions=f"[{{{PETITION}}}]")
    site.build()
    assert asked(site, "campaigns/river/index.html")[:2] == ["../../ash/#act-petition", "../../help/#act-petition"]
    assert "Other" not in site.read("campaigns/river/index.html")


def test_the_feed_of_a_campaign_tells_of_articles_and_outcomes(site: TinySite) -> None:
    campaign(
        site,
        "won",
        '[{date: 2026-11-02, text: "They <talk>.", url: "https://rivers.example/t"}, {date: 2026-11-02, text: Again.}]',
    )
    site.post("ash", "Ash words.", date="2026-11-01", campaign="river")
    site.post("birch", date="2026-11-03", campaign="river")
    site.post("cedar", date="2026-11-04")
    site.build()
    feed = feedparser.parse(site.read("campaigns/river/feed.xml"))
    assert not feed.bozo
    assert (feed.feed.title, feed.feed.subtitle) == ("Tiny: The river", "Until it flows.")
    outcome = "tag:tiny.example,2000-01-01:campaigns/river#outcome-2026-11-02"
    assert [(entry.id, entry.link, entry.title, entry.updated) for entry in feed.entries] == [
        ("tag:tiny.example,2026-11-03:posts/birch", "https://tiny.example/birch/", "Birch", "2026-11-03T00:00:00Z"),
        (outcome, "https://tiny.example/campaigns/river/", "The river", "2026-11-02T00:00:00Z"),
        (f"{outcome}-2", "https://tiny.example/campaigns/river/", "The river", "2026-11-02T00:00:00Z"),
        ("tag:tiny.example,2026-11-01:posts/ash", "https://tiny.example/ash/", "Ash", "2026-11-01T00:00:00Z"),
    ]
    assert "They &lt;talk&gt;." in feed.entries[1].content[0].value
    assert "Ash words." in feed.entries[3].content[0].value


ENDS = ("The campaign of this text was won:", "The campaign of this text ended without success:")


@pytest.mark.parametrize(("state", "said"), [("open", ""), ("paused", ""), ("won", ENDS[0]), ("lost", ENDS[1])])
@pytest.mark.parametrize("theme", ["plain", "clarion"])
def test_the_articles_of_a_campaign_say_how_it_ended(tmp_path: Path, theme: str, state: str, said: str) -> None:
    site = TinySite(tmp_path, SETTINGS.replace("plain", theme))
    campaign(site, state, "[{date: 2026-11-09, text: It flows.}, {date: 2026-11-02, text: They talk.}]")
    site.post("ash", campaign="river")
    site.post("birch")
    site.build()
    page = site.read("ash/index.html")
    assert [words for words in ENDS if words in page] == ([said] if said else [])
    assert ("It flows." in page) == bool(said)
    assert "They talk." not in page
    assert "It flows." not in site.read("birch/index.html")


@pytest.mark.parametrize(
    ("state", "action", "told"),
    [
        ("won", "status: open", "the campaign “river” is won, and the action “petition” is open"),
        ("lost", "status: paused", "the campaign “river” ended without success, and the action “petition” is paused"),
        ("won", "opens: 2027-01-01", "the campaign “river” is won, and the action “petition” is upcoming"),
        ("won", "status: delivered", ""),
        ("won", "closes: 2026-11-02", ""),
        ("won", "kind: donate", ""),
        ("open", "status: open", ""),
    ],
)
def test_who_still_asks_for_what_a_campaign_has_reached_is_told(
    site: TinySite, state: str, action: str, told: str
) -> None:
    campaign(site, state)
    site.post("ash", campaign="river", actions=f"[{{{PETITION}, {action}}}]")
    site.post("birch", actions=f"[{{{PETITION}}}]")
    found = [problem for problem in site.build().problems if problem.code == "CL537"]
    assert [f"{problem.place} {problem.severity} {problem.message}" for problem in found] == (
        [f"content/posts/ash.md:5:11 note {told}"] if told else []
    )


def test_the_end_of_a_campaign_draws_its_articles_anew(site: TinySite) -> None:
    campaign(site, "open")
    site.post("ash", campaign="river")
    site.post("birch")
    site.build()
    site.edit("content/campaigns/river.md", "state: open", "state: won")
    assert set(site.build().written) == {"campaigns/river/index.html", "ash/index.html"}


def test_days_between_stamps_are_the_sequence(site: TinySite) -> None:
    """A calendar program takes a change for newer by its number."""
    site.post("water", actions=f"[{EVENT}]")
    numbers = []
    for day in ("2026-11-01", "2026-11-04", "2026-11-20"):
        site.post("water", updated=day, actions=f"[{EVENT}]")
        site.build()
        (event,) = events(site, "act/water-event.ics")
        numbers.append(timedelta(minutes=event["SEQUENCE"]).days)
    assert numbers == [0, 3, 19]
