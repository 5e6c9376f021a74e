"""What a reader can do: the block, where it stands, its life, and what is said of a slip in it."""

import gzip
import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from generator.source.actions import steps_of
from tests.conftest import SETTINGS, TinySite, instant

ENGINES = ("python-markdown", "commonmark")
GOLDEN = Path(__file__).parent / "golden" / "actions"
THEMES = Path(__file__).parents[1] / "themes"
CLARION = SETTINGS.replace('name = "plain"', 'name = "clarion"')
PETITION = "https://river.example/sign"
POST = "content/posts/river.md"


@pytest.fixture
def shown(tmp_path: Path) -> TinySite:
    """An empty site with the theme `clarion`."""
    root = tmp_path / "shown"
    root.mkdir()
    return TinySite(root, CLARION)


def article(site: TinySite, actions: str = "", text: str = "Words.", **front: str) -> str:
    """The page of an article with these actions, as lines of YAML, when it is built without an error."""
    write(site, actions, text, **front)
    assert [str(problem) for problem in site.build().problems if problem.severity == "error"] == []
    return site.read("river/index.html")


def write(site: TinySite, actions: str = "", text: str = "Words.", **front: str) -> None:
    lines = {"title": "The river", "date": "2026-11-01", **front}
    head = "\n".join(f"{key}: {value}" for key, value in lines.items())
    listed = f"\nactions:\n{actions}" if actions else ""
    site.write(POST, f"---\n{head}{listed}\n---\n{text}\n")


def told(site: TinySite, *severities: str) -> list[str]:
    """What a build says of the article: severity, code, place and message, with the hint behind a bar."""
    return [
        f"{problem.line}:{problem.column} {problem.code} {problem.message} | {problem.hint}"
        for problem in site.build().problems
        if problem.severity in (severities or ("error", "warning"))
    ]


def section(page: str, name: str) -> str:
    """The block of one action."""
    match = re.search(rf'<section class="action[^"]*" id="act-{name}".*?</section>', page, re.DOTALL)
    assert match is not None, name
    return match[0]


def words(html: str) -> str:
    """The text of some HTML, with a space where an element stands on lines of its own."""
    inline = re.sub(r"</?(?:a|b|bdi|em|span|strong|time)(?: [^>]*)?>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", inline)).split())


def feed_of(site: TinySite) -> str:
    """What the feed carries of the newest article."""
    (item,) = json.loads(site.read("feed.json"))["items"]
    return str(item["content_html"])


def in_order(text: str, *pieces: str) -> bool:
    """Whether the pieces stand in a text in this order."""
    places = [text.index(piece) for piece in pieces]
    return places == sorted(places)


# The whole block, byte for byte.


@pytest.mark.parametrize("engine", ENGINES)
def test_the_block_is_drawn_on_the_page_and_in_the_feed(tmp_path: Path, engine: str) -> None:
    site = TinySite(tmp_path, f'{CLARION}\n[markdown]\nengine = "{engine}"\n')
    site.write("content/posts/bridge.md", (GOLDEN / "bridge.md").read_bytes())
    assert [str(problem) for problem in site.build().problems if problem.severity != "note"] == []
    page = site.read("bridge/index.html")
    drawn = {
        "bridge.html": page[page.index('<div class="text e-content"') : page.index('<footer class="end"')],
        "bridge.feed.html": feed_of(site),
    }
    for name, html in drawn.items():
        if os.environ.get("UPDATE_GOLDEN"):
            (GOLDEN / name).write_text(html, encoding="utf-8")
        assert html == (GOLDEN / name).read_text(encoding="utf-8")


# The directive


@pytest.mark.parametrize("theme", [SETTINGS, CLARION])
def test_an_action_that_the_text_places_stands_there_and_not_again_at_the_end(tmp_path: Path, theme: str) -> None:
    actions = f"  - {{url: '{PETITION}', title: Sign}}\n  - {{kind: share, url: 'https://x.example/', title: Tell}}"
    page = article(TinySite(tmp_path, theme), actions, "Before.\n\n::action{id=petition}\n\nBehind.")
    assert in_order(page, "Before.", 'id="act-petition"', "Behind.", 'id="act-share"')
    assert page.count('id="act-petition"') == page.count('id="act-share"') == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_a_directive_with_more_declares_an_action(tmp_path: Path, engine: str) -> None:
    site = TinySite(tmp_path, f'{CLARION}\n[markdown]\nengine = "{engine}"\n')
    line = (
        f"::action[Keep the *river*]{{url={PETITION} closes=2026-12-31 organiser='Rivers First' languages=en,ru"
        " recipients='A. Minister, B. Minister' asks_for='name, email'}"
    )
    block = section(article(site, "", f"One.\n\n{line}\n\nTwo."), "petition")
    assert in_order(
        words(block), "Petition: open", "Keep the river", "Rivers First", "A. Minister", "B. Minister",
        "31 December 2026, 23:59 CET", "English, русский", "your name, e-mail address.", "Sign at river.example",
    )  # fmt: skip
    assert "Keep the river" in words(site.read("index.html"))
    assert in_order(words(feed_of(site)), "One.", "Keep the river", "Two.")


@pytest.mark.parametrize("engine", ENGINES)
def test_what_stands_inside_is_the_summary(tmp_path: Path, engine: str) -> None:
    """On the page as it is written, in lists as one line of words."""
    site = TinySite(tmp_path, f'{CLARION}\n[markdown]\nengine = "{engine}"\n')
    text = f":::action[Sign]{{url={PETITION}}}\nYour name goes *there* & stays.\n\n- one\n:::"
    page = article(site, "", text)
    assert "<p>Your name goes <em>there</em> &amp; stays.</p>\n<ul>\n<li>one</li>" in section(page, "petition")
    assert "<p>Your name goes there &amp; stays. one</p>" in site.read("index.html")


def test_words_around_a_placed_action_take_the_place_of_its_summary(shown: TinySite) -> None:
    page = article(shown, f"  - {{url: '{PETITION}', summary: Old.}}", ":::action{id=petition}\nNew.\n:::")
    assert "<p>New.</p>" in section(page, "petition")
    assert "Old." not in section(page, "petition")


def test_ids_go_on_from_the_front_matter_into_the_text(shown: TinySite) -> None:
    text = f"::action{{url={PETITION}}}\n\n::action{{kind=share url={PETITION}}}\n\n::action{{id=mine url={PETITION}}}"
    page = article(shown, f"  - {{url: '{PETITION}'}}", text)
    assert re.findall(r'id="act-([\w-]+)"', page) == ["petition-2", "share", "mine", "petition"]


def test_a_link_reaches_every_action_of_the_article(shown: TinySite) -> None:
    text = f"[this](#act-petition) [that](#act-share)\n\n::action{{kind=share url={PETITION}}}"
    page = article(shown, f"  - {{url: '{PETITION}'}}", text)
    assert 'href="#act-petition"' in page
    assert 'href="#act-share"' in page


def test_a_page_has_actions_and_shows_them_where_they_are_placed(shown: TinySite) -> None:
    shown.write("content/pages/help.md", f"---\ntitle: Help\n---\nOne.\n\n::action{{url={PETITION}}}\n\nTwo.\n")
    assert shown.build().ok
    assert in_order(shown.read("help/index.html"), "One.", 'id="act-petition"', "Two.")


def test_a_list_of_leads_has_no_action_of_an_article(tmp_path: Path) -> None:
    """A feed of summaries tells of it behind the lead, once."""
    site = TinySite(tmp_path, f'{CLARION}\n[feeds]\ncontent = "summary"\n')
    article(site, "", f"One.\n\n::action[Sign]{{url={PETITION}}}\n\n<!--more-->\n\nTwo.")
    assert re.findall("One\\.|<h2>Sign</h2>|Two\\.", feed_of(site)) == ["One.", "<h2>Sign</h2>"]


SLIPS = {
    "::action{url=javascript:alert(1) kind=call}": [
        "7:14 CL506 `url`: “javascript:alert(1)” begins with javascript:, which is refused",
    ],
    "::action{kind=share url=data:text/html,x}": [
        "7:25 CL506 `url`: “data:text/html,x” begins with data:, which is refused",
    ],
    "::action{kind=write url=mailto:a@b.example?b=%0ABcc:c}": [
        "7:25 CL506 `url`: “mailto:a@b.example?b=%0ABcc:c” holds a line break, which could add a header to the message"
    ],
    f"::action{{url={PETITION} kind=boycott}}": ["7:46 CL504 “boycott” is no `kind`"],
    f"::action{{url={PETITION} closes=2026-02-30}}": ["7:48 CL505 there is no such date: 2026-02-30"],
    f"::action{{url={PETITION} opens=2026-05-02 closes=2026-05-01}}": ["7:65 CL512 the action closes before it opens"],
    f"::action{{url={PETITION} languages=en,klingonese}}": [
        "7:51 CL507 `languages[2]`: “klingonese” is no language"
    ],
    f"::action{{url={PETITION} clsoes=2026-05-01}}": ["7:41 CL210 “action” has no attribute “clsoes”"],
    f'::action[A]{{url={PETITION} title="B"}}': ["7:50 CL210 “title” is given twice"],
    f"::action{{url={PETITION} id=sign}}": ["7:44 CL510 two actions have the id “sign”"],
    f'::action{{url={PETITION} alternatives="#act-x"}}': ["7:54 CL535 there is no action “#act-x” in this article"],
    "::action{id=sing}": ["7:13 CL526 there is no action “sing” in the front matter"],
    "::action{}": ["7:1 CL526 this says neither which action is meant nor what it is"],
    "::action{id=sign}\n\n::action{id=sign}": ["9:1 CL227 the id “act-sign” is given twice"],
    f"Go: :action{{url={PETITION}}} now.": ["7:5 CL213 “action” encloses paragraphs and cannot stand in a line"],
    f"| a |\n| --- |\n| ::action{{url={PETITION}}} |": [],
}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_in_a_directive_is_told_at_its_attribute(tmp_path: Path, text: str, engine: str) -> None:
    site = TinySite(tmp_path, f'{SETTINGS}\n[markdown]\nengine = "{engine}"\n')
    write(site, f"  - {{id: sign, url: '{PETITION}'}}", text)
    assert [line.partition(" | ")[0] for line in told(site)] == SLIPS[text]


@pytest.mark.parametrize("engine", ENGINES)
def test_in_a_list_and_a_quotation_an_action_stands_whole_and_in_a_cell_it_is_text(tmp_path: Path, engine: str) -> None:
    site = TinySite(tmp_path, f'{CLARION}\n[markdown]\nengine = "{engine}"\n')
    calls = [f"::action[Sign]{{url={PETITION} id={name}}}" for name in ("listed", "quoted", "celled")]
    text = f"- one\n\n  {calls[0]}\n\n- two\n\n> three\n>\n> {calls[1]}\n\n| a |\n| --- |\n| {calls[2]} |"
    page = article(site, "", text)
    assert re.findall(r'id="(act-\w+)"', page) == ["act-listed", "act-quoted"]
    assert re.search(rf"<li>\s*<p>one</p>\s*{re.escape(section(page, 'listed'))}\s*</li>", page)
    assert re.search(rf"<p>three</p>\s*{re.escape(section(page, 'quoted'))}\s*</blockquote>", page)
    assert f"<td>{calls[2]}</td>" in page


@pytest.mark.parametrize("engine", ENGINES)
def test_ten_thousand_nested_actions_are_told_once(tmp_path: Path, engine: str) -> None:
    site = TinySite(tmp_path, f'{SETTINGS}\n[markdown]\nengine = "{engine}"\n')
    opened = "".join(f":::action[A]{{url={PETITION} id=a{number}}}\n" for number in range(10_000))
    write(site, "", opened + ":::\n" * 10_000)
    assert [line.partition(" | ")[0].split(" ", 1)[1] for line in told(site)] == ["CL215 this is nested too deeply"]
    assert site.outputs() == {}


def test_the_action_that_was_meant_is_suggested(site: TinySite) -> None:
    write(site, f"  - {{id: sign, url: '{PETITION}'}}", "::action{id=sing}")
    assert told(site)[0].partition(" | ")[2] == "Did you mean “sign”?"


@pytest.mark.parametrize("path", ["content/campaigns/river.md", "content/index.md", "content/tags/water.md"])
def test_a_text_that_has_no_actions_takes_none(site: TinySite, path: str) -> None:
    site.post("lake", tags="[water]")
    site.write(path, f"---\ntitle: The river\n---\n::action{{url={PETITION}}}\n")
    assert [line.partition(" | ")[0] for line in told(site)] == ["4:1 CL527 an action cannot stand in this text"]


def test_an_action_and_a_heading_cannot_have_one_id(site: TinySite) -> None:
    write(site, f"  - {{id: now, url: '{PETITION}'}}", "## Act now")
    assert [line.partition(" | ")[0] for line in told(site)] == [
        "5:10 CL227 the id “act-now” is that of a heading as well"
    ]


def test_an_action_that_a_section_gives_to_its_articles_is_placed_like_their_own(shown: TinySite) -> None:
    section_of = f'title = "News"\n[defaults]\nactions = [{{ url = "{PETITION}", title = "Sign" }}]\n'
    shown.write("content/news/_section.toml", section_of)
    shown.write("content/news/one.md", "---\ntitle: One\ndate: 2026-11-01\n---\nA.\n\n::action{id=petition}\n\nB.\n")
    assert [problem.severity for problem in shown.build().problems if problem.severity != "note"] == []
    assert in_order(shown.read("news/one/index.html"), "A.", 'id="act-petition"', "B.")


# The block


WHOLE = f"""\
  - title: Sign
    summary: What it is.
    url: {PETITION}
    organiser: {{name: Rivers First}}
    relation: paid
    recipients: [{{name: A. Minister}}]
    closes: 2026-12-31
    asks_for: [name]
    safety_note: Mind this.
    alternatives: [Tell a friend.]"""


@pytest.mark.parametrize("theme", [SETTINGS, CLARION])
def test_the_block_says_in_order_what_one_must_know(tmp_path: Path, theme: str) -> None:
    site = TinySite(tmp_path, theme)
    block = words(section(article(site, WHOLE), "petition"))
    order = (
        "Sign", "What it is.", "Rivers First", "The author is paid by those who run this.", "A. Minister",
        "31 December 2026, 23:59 CET", "your name", "Mind this.", "Sign at river.example", "Tell a friend.",
    )  # fmt: skip
    assert in_order(block, *order)
    assert in_order(words(feed_of(site)), *order)


def test_the_link_of_a_petition_is_a_whole_action(shown: TinySite) -> None:
    block = section(article(shown, f"  - url: {PETITION}"), "petition")
    assert words(block) == "Petition: open Petition Sign at river.example"
    assert f'<a class="button" href="{PETITION}" rel="noopener noreferrer">' in block
    assert "<dl>" not in block


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://www.river.example/a?b", "Write at river.example"),
        ("mailto:all@river.example?subject=x", "Write at all@river.example"),
    ],
)
def test_a_button_says_where_it_leads(shown: TinySite, url: str, said: str) -> None:
    assert said in words(section(article(shown, f"  - {{kind: write, url: '{url}'}}"), "write"))


LETTER = """\
  - kind: write
    title: Write
    recipients: [{name: A. Minister, email: a@water.example}, {name: B. Minister, email: b+c@water.example}]
    subject: "River & bcc=x?"
    letter: |
      Dear Minister,

      100% of it & more.

      [your name]"""


def test_a_letter_opens_to_all_recipients_with_its_subject_and_words(shown: TinySite) -> None:
    block = section(article(shown, LETTER), "write")
    (href,) = re.findall(r'class="button" href="([^"]*)"', block)
    assert href == (
        "mailto:a@water.example,b%2Bc@water.example?subject=River%20%26%20bcc%3Dx%3F&amp;body=Dear%20Minister%2C"
        "%0D%0A%0D%0A100%25%20of%20it%20%26%20more.%0D%0A%0D%0A%5Byour%20name%5D"
    )
    parts = urlsplit(unescape(href))
    assert unquote(parts.path).split(",") == ["a@water.example", "b+c@water.example"]
    assert parse_qs(parts.query, strict_parsing=True) == {
        "subject": ["River & bcc=x?"],
        "body": ["Dear Minister,\r\n\r\n100% of it & more.\r\n\r\n[your name]"],
    }
    assert "Write to A. Minister, B. Minister" in words(block)


def test_a_letter_stands_on_the_page_in_full(shown: TinySite) -> None:
    block = section(article(shown, LETTER), "write")
    assert '<div class="words">Dear Minister,\n\n100% of it &amp; more.\n\n[your name]</div>' in block
    assert "<details" not in block
    assert "Put your own words in the places in square brackets." in block
    assert "[your name]" in feed_of(shown)


def test_a_call_has_its_steps_in_order_and_its_number_as_programs_want_it(shown: TinySite) -> None:
    call = "  - {kind: call, recipients: [{name: The office, phone: '+44 (0)20 7183 8750'}], script: [Greet., Ask.]}"
    block = section(article(shown, call), "call")
    assert block.count('href="tel:+442071838750"') == 2
    assert "<ol>\n<li>Greet.</li>\n<li>Ask.</li>\n</ol>" in block


@pytest.mark.parametrize(
    ("script", "steps"),
    [
        (("My name is …",), ("My name is …",)),
        (("Greet.", "Ask."), ("Greet.", "Ask.")),
        (("1. Greet.\n2. Ask.\n",), ("Greet.", "Ask.")),
        (("- Greet.\n\n- Ask.",), ("Greet.", "Ask.")),
        (("- Greet.\nAsk.",), ("- Greet.\nAsk.",)),
        (("1. Only one.",), ("1. Only one.",)),
        ((), ()),
    ],
)
def test_a_script_that_is_a_list_is_its_steps(script: tuple[str, ...], steps: tuple[str, ...]) -> None:
    assert steps_of(script) == steps


def test_an_event_says_when_and_where(shown: TinySite) -> None:
    event = "  - {kind: event, starts: 2026-12-01T18:00, ends: 2026-12-01T20:00, location: The bridge}"
    block = section(article(shown, event), "event")
    assert in_order(words(block), "1 December 2026, 18:00 CET", "to", "20:00 CET", "The bridge")
    assert '<time datetime="2026-12-01T17:00Z">' in block or '<time datetime="2026-12-01T17:00:00Z">' in block


def test_an_event_without_an_address_of_its_own_has_its_place_in_a_calendar_for_a_button(shown: TinySite) -> None:
    event = "kind: event, starts: 2026-12-01T18:00, ends: 2026-12-01T20:00"
    button = '<a class="button" href="../act/river-event.ics" type="text/calendar">Add it to your calendar</a>'
    assert f'<p data-closed="This action has closed.">{button}</p>' in article(shown, f"  - {{{event}}}")
    signed = article(shown, f"  - {{{event}, closes: 2026-11-30}}")
    assert f"<p>{button}</p>" in signed, "who signed up still goes there when nobody else can"
    for more in ("status: paused", "url: 'https://river.example/'", "opens: 2026-11-25"):
        page = article(shown, f"  - {{{event}, {more}}}")
        assert button not in page
        assert '<dd><a href="../act/river-event.ics" type="text/calendar">Add it to your calendar</a></dd>' in page


@pytest.mark.parametrize(
    ("ends", "when"),
    [
        ("2026-12-01T20:00", "1 December 2026, 18:00 CET to 20:00 CET"),
        ("2026-12-02T01:00", "1 December 2026, 18:00 CET to 2 December 2026, 01:00 CET"),
    ],
)
def test_an_event_names_the_day_of_its_end_only_where_it_is_another(site: TinySite, ends: str, when: str) -> None:
    page = article(site, f"  - {{kind: event, starts: 2026-12-01T18:00, ends: {ends}, location: The bridge}}")
    assert re.sub("<[^>]*>", "", page.partition("When</dt>")[2].partition("</dd>")[0]) == when


@pytest.mark.parametrize(
    ("goal", "bars", "said"),
    [
        ("{target: 400}", 0, "The goal is 400"),
        ("{target: 400, current: 19}", 0, "19 of 400"),
        ("{target: 400, current: 20}", 1, "20 of 400"),
        (
            "{target: 40000, current: 7342, unit: names, as_of: 2026-05-20, source: 'https://count.example/'}",
            1,
            "7,342 of 40,000 names, as of 20 May 2026 (source)",
        ),
        ("{target: 400, current: 200, source: counted by us}", 1, "200 of 400 (counted by us)"),
    ],
)
def test_a_goal_has_a_bar_when_there_is_something_to_show(shown: TinySite, goal: str, bars: int, said: str) -> None:
    block = section(article(shown, f"  - {{url: '{PETITION}', goal: {goal}}}"), "petition")
    assert block.count("<progress") == bars
    assert said in words(block)
    assert 'href="counted' not in block


@pytest.mark.parametrize("words", ["Read more at https://[", "See https://count.example/", "Call us"])
def test_words_with_an_address_in_them_are_words(shown: TinySite, words: str) -> None:
    goal = f"goal: {{target: 4, source: '{words}'}}"
    block = section(article(shown, f"  - {{url: '{PETITION}', alternatives: ['{words}'], {goal}}}"), "petition")
    assert block.count(words) == 2
    assert re.findall('href="([^"]*)"', block) == [PETITION]
    assert feed_of(shown).count(words) == 2


def test_an_address_to_write_to_can_be_what_else_there_is(shown: TinySite) -> None:
    place = "mailto:help@river.example?subject=Safe"
    block = section(article(shown, f"  - {{url: '{PETITION}', alternatives: ['{place}']}}"), "petition")
    assert f'<a href="{place}">help@river.example</a>' in block
    assert f'<a href="{place}">help@river.example</a>' in feed_of(shown)


def test_those_who_cannot_do_it_safely_find_what_else_there_is(shown: TinySite) -> None:
    actions = (
        f"  - {{url: '{PETITION}', alternatives: ['#act-write', 'https://safe.example/x', Tell a friend.]}}\n"
        "  - {kind: write, title: Write a letter, letter: Dear all}"
    )
    block = section(article(shown, actions), "petition")
    assert '<a href="#act-write">Write a letter</a>' in block
    assert '<a href="https://safe.example/x" rel="noopener noreferrer">safe.example</a>' in block
    assert "If this is not safe for you:" in block
    assert 'href="https://tiny.example/river/#act-write"' in feed_of(shown)


# Its life


OVER = f"""\
  - {{url: '{PETITION}', title: Sign, closes: 2026-11-20, status: STATUS, outcome: Handed over., safety_note: Mind.}}"""


@pytest.mark.parametrize("status", ["open", "paused", "closed"])
def test_past_its_deadline_an_action_is_closed_with_its_outcome_and_without_its_button(
    shown: TinySite, status: str
) -> None:
    block = section(article(shown, OVER.replace("STATUS", status)), "petition")
    assert in_order(words(block), "Petition: closed", "Sign", "Handed over.")
    assert [piece for piece in ("button", "data-close", "Mind.", "Sign at") if piece in block] == []
    assert in_order(words(feed_of(shown)), "Petition: closed", "Handed over.")
    assert "Sign at" not in feed_of(shown)


def test_an_event_that_is_over_is_closed_at_its_end(site: TinySite) -> None:
    """One of which only the beginning is known, at the end of that day in the zone of the site."""
    event = "  - {kind: event, starts: 2026-11-22T18:00, ends: 2026-11-22T20:00}\n  - {kind: event, starts: 2026-11-22}"
    article(site, event)
    ends = instant("2026-11-22T20:00:00+01:00"), instant("2026-11-23T00:00:00+01:00")
    states = []
    for now in ("2026-11-22T18:59:59Z", "2026-11-22T19:00:00Z", "2026-11-22T22:59:59Z", "2026-11-22T23:00:00Z"):
        report = site.build(now=now)
        page = site.read("river/index.html")
        states.append((re.findall(r"Event: (\w+)", words(page)), report.next_change))
    assert states == [
        (["open", "open"], ends[0]),
        (["closed", "open"], ends[1]),
        (["closed", "open"], ends[1]),
        (["closed", "closed"], None),
    ]


def test_a_feed_says_again_what_has_closed(site: TinySite) -> None:
    """A reader's copy is fetched anew when its entry has another date."""
    article(site, f"  - {{url: '{PETITION}', closes: 2026-11-20}}\n  - {{url: '{PETITION}', closes: 2026-12-20}}")
    stamps = [re.findall(r"<updated>(.*?)</updated>", site.read("feed.xml"))]
    site.build(now="2026-11-02T12:00:00Z")
    stamps.append(re.findall(r"<updated>(.*?)</updated>", site.read("feed.xml")))
    assert stamps == [["2026-11-20T22:59:00Z"] * 2, ["2026-11-01T00:00:00Z"] * 2]


def test_the_deadline_is_there_for_a_script_to_the_second(shown: TinySite) -> None:
    """It closes it at the second at which a build would."""
    article(shown, f"  - {{url: '{PETITION}', closes: 2026-12-31}}")
    (second,) = re.findall(r'data-closes="(\d+)"', shown.read("river/index.html"))
    assert int(second) == instant("2026-12-31T23:59:59+01:00")
    assert shown.build().next_change == int(second)
    shown.build(now="2026-12-31T22:59:59Z")
    assert "data-closes" not in shown.read("river/index.html")


EVERYWHERE = ["act/index.html", "campaigns/river/index.html", "index.html", "river/index.html"]


@pytest.mark.parametrize(
    ("action", "pages"),
    [
        (f"{{url: '{PETITION}', closes: 2026-12-31}}", EVERYWHERE),
        ("{kind: event, starts: 2026-12-01}", EVERYWHERE),
        (f"{{url: '{PETITION}'}}", []),
        (f"{{url: '{PETITION}', closes: 2026-11-20}}", []),
        (f"{{url: '{PETITION}', closes: 2026-12-31, status: won}}", []),
        (f"{{url: '{PETITION}', closes: 2026-12-31, opens: 2026-12-01}}", []),
    ],
)
def test_the_script_is_on_pages_with_an_open_deadline_only(shown: TinySite, action: str, pages: list[str]) -> None:
    """It is a file of the site's own: no page has a script of another host, or one inside it that runs."""
    shown.write("content/campaigns/river.md", "---\ntitle: The river\n---\nFree it.\n")
    article(shown, f"  - {action}", campaign="river")
    found = []
    for path, content in shown.outputs().items():
        if not path.endswith(".html"):
            continue
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", content.decode(), re.DOTALL)
        running = [(tag, text) for tag, text in scripts if "application/ld+json" not in tag]
        assert bool(running) == ("data-closes" in content.decode()), path
        assert all(re.fullmatch(r' src="[./]*assets/closes\.\w+\.js" defer', tag) for tag, _ in running), path
        assert not any(text for _, text in running)
        found += [path] if running else []
    assert found == pages


def test_the_script_can_be_left_out_and_theme_plain_has_none(tmp_path: Path) -> None:
    without = f"{CLARION}\n[theme.settings]\ncloses = false\n"
    for name, settings in (("without", without), ("plain", SETTINGS)):
        (tmp_path / name).mkdir()
        page = article(TinySite(tmp_path / name, settings), f"  - {{url: '{PETITION}', closes: 2026-12-31}}")
        assert "<script src" not in page
        assert "31 December 2026, 23:59 CET" in page


def test_the_script_is_small_and_writes_no_html() -> None:
    script = (THEMES / "clarion/static/closes.js").read_bytes()
    assert len(gzip.compress(script, 9, mtime=0)) < 1024
    assert re.search(rb"innerHTML|insertAdjacent|document\.write|eval|fetch|cookie|storage", script) is None


PRETENDED = """
const part = (closed, text) => ({ dataset: { closed }, textContent: text, hidden: false });
const made = (closes, className) => {
  const parts = [part("Petition: closed", "Petition: open"), part("", "Your mail program opens.")];
  return {
    dataset: { closes: String(closes) },
    className,
    querySelectorAll: () => parts,
    told() { return [this.className, parts.map((each) => (each.hidden ? "-" : each.textContent))]; },
  };
};
Date.now = () => 1000000;
const waits = [];
globalThis.setTimeout = (act, time) => waits.push([act, time]);
const actions = [
  made(1000, "action loud"), made(1001, "action"), made(9000000, "action loud urgent"), made(900, "entry"),
];
globalThis.document = { querySelectorAll: () => actions };
SCRIPT
const before = actions.map((each) => each.told());
waits.forEach(([act]) => act());
console.log(JSON.stringify([before, waits.map(([, time]) => time), actions.map((each) => each.told())]));
"""


def test_the_script_closes_what_is_over_at_once_and_the_rest_when_its_time_comes() -> None:
    """A deadline further away than a timer can count is left to the next visit."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node here to run it")
    script = (THEMES / "clarion/static/closes.js").read_text(encoding="utf-8")
    run = subprocess.run([node, "-e", PRETENDED.replace("SCRIPT", script)], capture_output=True, text=True, check=True)
    says = ["Petition: open", "Your mail program opens."], ["Petition: closed", "-"]
    before, waits, after = json.loads(run.stdout)
    assert before == [
        ["action over", [*says[1]]], ["action", [*says[0]]], ["action loud urgent", [*says[0]]], ["entry", [*says[1]]],
    ]  # fmt: skip
    assert waits == [1000]
    assert after == [before[0], ["action over", [*says[1]]], before[2], before[3]]


def test_without_the_script_no_word_of_an_open_action_says_that_it_closed(shown: TinySite) -> None:
    """The words wait in attributes, where no reader, no text browser and no dump of the text finds them."""
    page = article(shown, WHOLE)
    assert 'data-closed="This action has closed."' in page
    assert "closed" not in words(re.sub(r"<head>.*</head>", "", page, flags=re.DOTALL)).lower()


# Slips in front matter


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("{kind: call}", "the action does not say what number to call"),
        ("{kind: call, recipients: [{name: A}]}", "the action does not say what number to call"),
        ("{kind: write, recipients: [{name: A}]}", "the action does not say where a letter goes"),
        ("{kind: event, location: Here}", "the action does not say when it begins"),
        ("{kind: write, letter: Dear A}", ""),
        ("{kind: write, recipients: [{email: a@b.example}]}", ""),
        ("{kind: call, recipients: [{phone: '+49 30 1234567'}]}", ""),
        ("{kind: call, url: 'https://call.example/'}", ""),
        ("{kind: event, status: closed}", ""),
        ("{kind: event, starts: 2026-12-01}", ""),
    ],
)
def test_an_action_that_nobody_could_take_is_told(site: TinySite, action: str, expected: str) -> None:
    write(site, f"  - {action}")
    assert [line.partition(" | ")[0] for line in told(site)] == ([f"5:5 CL529 {expected}"] if expected else [])


def test_what_is_told_in_a_warning_is_not_told_in_a_note_again(site: TinySite) -> None:
    write(site, "  - {kind: call, title: T, organiser: {name: O}, script: S}")
    assert told(site, "note") == []


@pytest.mark.parametrize(
    ("action", "missing"),
    [
        (f"{{url: '{PETITION}'}}", "`title`, `organiser`, `recipients`, `closes`"),
        ("{kind: write, title: T, recipients: [{email: a@b.example}]}", "`letter`"),
        ("{kind: call, title: T, recipients: [{phone: '+49 30 1234567'}]}", "`script`"),
        ("{kind: event, title: T, starts: 2026-12-01}", "`organiser`, `location`"),
        (f"{{url: '{PETITION}', status: won}}", ""),
    ],
)
def test_a_note_names_what_readers_would_want_to_know(site: TinySite, action: str, missing: str) -> None:
    write(site, f"  - {action}")
    expected = [f"5:5 CL517 the action does not say {missing} | Readers act more readily when they know."]
    assert told(site, "note") == (expected if missing else [])


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        (f"{{url: '{PETITION}'}}", True),
        (f"{{url: '{PETITION}', closes: 2026-12-01}}", True),
        (f"{{url: '{PETITION}', status: paused}}", True),
        (f"{{url: '{PETITION}', status: won}}", False),
    ],
)
def test_an_article_that_expires_with_an_open_action_is_asked_whether_closes_was_meant(
    site: TinySite, action: str, asked: bool
) -> None:
    write(site, f"  - {action}", expires="2027-01-01")
    found = told(site)
    assert bool(found) == asked
    assert all(line.startswith("4:10 CL528") and "Did you mean `closes`" in line for line in found)


def test_what_came_of_an_action_is_asked_once_it_has_closed(site: TinySite) -> None:
    """Also of one that stands in the text; what time does is at most a note."""
    over = f"::action{{id=mine url={PETITION} closes=2026-11-02}}"
    write(site, f"  - {{url: '{PETITION}', closes: 2026-11-20}}\n  - {{kind: event, starts: 2026-11-21}}", over)
    said = "has closed, and does not say what came of it"
    assert [line.partition(" |")[0] for line in told(site, "note") if "CL536" in line] == [
        f"5:49 CL536 the action “petition” {said}",
        f"6:5 CL536 the action “event” {said}",
        f"8:1 CL536 the action “mine” {said}",
    ]
    assert site.build(now="2026-11-01T12:00:00Z").ok
    assert [line for line in told(site, "error", "warning") if "CL536" in line] == []


HOSTILE = "'\"><script>alert(1)</script>'"


@pytest.mark.parametrize("theme", [SETTINGS, CLARION])
def test_nothing_in_an_action_becomes_html(tmp_path: Path, theme: str) -> None:
    keys = ("title", "summary", "platform", "outcome", "safety_note", "effort", "subject", "letter", "location")
    fields = ", ".join(f"{key}: {HOSTILE}" for key in keys)
    people = (
        f"organiser: {{name: {HOSTILE}}}, recipients: [{{name: {HOSTILE}, title: {HOSTILE}, phone: '+49 30 1234567'}}]"
    )
    site = TinySite(tmp_path, theme)
    actions = "\n".join(
        f"  - {{{fields}, {people}, kind: {kind}, status: {status}, closes: 2026-12-31, script: [{HOSTILE}, {HOSTILE}],"
        f" asks_for: [{HOSTILE}], alternatives: [{HOSTILE}], goal: {{target: 3, unit: {HOSTILE}, source: {HOSTILE}}}}}"
        for kind in ("write", "call", "event")
        for status in ("open", "closed")
    )
    attribute = "<script>alert(2)</script>'>"
    text = f'::action{{id=write}}\n\n:::action[{attribute}]{{url={PETITION} organiser="{attribute}"}}\nIn.\n:::'
    article(site, actions, text)
    for path, content in site.outputs().items():
        if path.endswith(".html"):
            assert b"<script>alert" not in content, path
            assert b'"><script' not in content, path
    assert "<script" not in feed_of(site)


BREAKS = {
    "a@b.example?subject=x%0D%0ABcc:spy@b.example": "a line break",
    "a@b.example?subject=x%0ABcc:spy@b.example": "a line break",
    "a@b.example?SUBJECT=x%0d": "a line break",
    "a@b.example?cc=c@b.example%0A": "a line break",
    "a@b.example%0ABcc:spy@b.example": "a line break",
    "a@b.example?x%0Ay=z": "a line break",
    "a@b.example?subject=x%00": "a line break",
    "a@b.example?subject=x%C2%85y": "a line break",
    "a@b.example?subject=x%E2%80%A8y": "a line break",
    "a@b.example?body=x%00": "a line break",
    "a@b.example?attach=/etc/passwd": "a file of the reader's",
    "a@b.example?Attachment=x": "a file of the reader's",
    "a@b.example?body=One%0D%0Atwo%0Athree&subject=x%20y": "",
    "a@b.example,c@b.example?cc=d@b.example": "",
}


@pytest.mark.parametrize("message", BREAKS)
def test_an_address_to_write_to_cannot_bring_a_header_along(site: TinySite, message: str) -> None:
    """Nor in a link of the text; the lines of a letter are its own."""
    write(site, f"  - {{kind: write, title: T, url: 'mailto:{message}'}}", f"[Write](mailto:{message})")
    found = told(site, "error")
    said = BREAKS[message]
    assert [line.split()[1] for line in found] == (["CL506", "CL251"] if said else [])
    assert all(said in line for line in found)


@pytest.mark.parametrize("key", ["subject", "title", "location"])
def test_a_line_break_cannot_add_a_header(site: TinySite, key: str) -> None:
    write(site, f'  - {{kind: write, letter: L, {key}: "a\\r\\nBcc: all@river.example"}}')
    assert [line.split()[1] for line in told(site)] == ["CL508"]
