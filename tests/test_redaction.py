"""Redactions: what an author takes out of a text is nowhere, however it is written and wherever it is tried."""

import errno
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from generator.cli.group import clarion
from generator.cli.show import source_excerpt
from generator.engine.executors import Serial
from generator.engine.staging import write_whole
from generator.markup.redaction import cleared
from generator.model.problem import Problem
from generator.pipeline.checking import check
from generator.pipeline.session import Session
from generator.rebuild import rebuild
from generator.text.traces import Glance, forms, masked, readings, stands_in, words
from tests.conftest import NOW, TinySite, instant

ENGINES = ("python-markdown", "commonmark")
NAME = "Zofia Quillfeather"
SECRET = NAME.split()
CLARION = ("theme.name='clarion'",)
ONE = f':redact[{NAME}]{{reason="name of a witness"}}'


def codes(site: TinySite, **options: Any) -> list[str]:
    """The problems of a build as `severity code line`, notes left out."""
    return [
        f"{problem.severity} {problem.code} {problem.line}"
        for problem in site.build(**options).problems
        if problem.severity != "note"
    ]


def leaks(content: bytes) -> list[str]:
    """The words of the secret that stand in some bytes, in small letters too."""
    lower = content.lower()
    return [word for word in SECRET if word.lower().encode() in lower]


def taken(body: str) -> tuple[str, list[str], list[str]]:
    """What is left of a body, what was taken out of it, and what is said of it."""
    found = cleared(body, "a.md", 1)
    return found.body, [each.text for each in found.redactions], [problem.message for problem in found.problems]


# -- taking out


def test_a_redaction_leaves_its_mark_and_its_reason_as_wide_as_it_was() -> None:
    body = 'He met :redact[Anna K.]{reason="a name"} and left.\n'
    left, texts, wrong = taken(body)
    assert left == 'He met :redact{reason="a name"         } and left.\n'
    assert (texts, wrong) == (["Anna K."], [])
    assert left.index("and left") == body.index("and left")


@pytest.mark.parametrize(
    ("inside", "meant"),
    [
        ("Anna", "Anna"),
        ("A [B] C", "A [B] C"),
        (r"A \] B", r"A \] B"),
        ("*Anna* **K.**", "*Anna* **K.**"),
        ("`x`", "`x`"),
        ("[Anna](https://anna.example/)", "[Anna](https://anna.example/)"),
        ("a :redact[b] c", "a :redact[b] c"),
        ("", ""),
        (" ", ""),
    ],
)
def test_what_stands_in_the_brackets_is_taken_out_whole(inside: str, meant: str) -> None:
    left, texts, wrong = taken(f"x :redact[{inside}] y")
    assert (
        left.split() == ["x", ":redact{", "}", "y"] or left == "x :redact{} y" or left.replace(" ", "") == "x:redact{}y"
    )
    assert (texts, wrong) == ([meant], [])


def test_a_text_without_redactions_is_the_same_object() -> None:
    body = "Words about what was redacted: nothing.\n"
    assert cleared(body, "a.md", 1).body == body
    plain = "Words.\n"
    assert cleared(plain, "a.md", 1).body is plain


def test_a_redaction_over_several_lines_keeps_the_lines_of_other_paragraphs() -> None:
    body = "> One :redact[two\n> three\n> four] five\n> six.\n\nSeven\n"
    left, texts, wrong = taken(body)
    assert (texts, wrong) == (["two\n> three\n> four"], [])
    assert left.split("\n")[5] == body.split("\n")[5] == "Seven"
    assert left.startswith("> One :redact{} five\n> six.\n")


@pytest.mark.parametrize(
    "body",
    [
        "a :redact[Anna",
        "a :redact[Anna\n\nK.] b",
        "a :redact [Anna] b",
        "a : redact[Anna] b",
        "a :Redact[Anna] b",
        "a :rEdAcT[Anna] b",
        "a ：ｒｅｄａｃｔ［Anna］ b",
        "a :redact【Anna】 b",
        "a :REDACT[Anna] b",
        "a :redacted[Anna] b",
        "a :redaction[Anna] b",
        "a ：redact[Anna] b",
        "a :redact\u200b[Anna] b",
        "a :\u200bredact[Anna] b",
        "a :redact\u00a0[Anna] b",
        "a ::redact[Anna] b",
        "::redact[Anna]",
        ":::redact[Anna]\nAnna\n:::",
        "a:redact[Anna] b",
        "a :redact(Anna) b",
        "a :redact［Anna］ b",
        "a :redact{Anna} b",
        "a :redact{reason} Anna b",
        "a :redact[x]{who=Anna} b",
        "a :redact{reason=x}[Anna] b",
        "a :redact[x]{reason=Anna K.} b",
        "a :redact[x]{reason=“Anna”} b",
        "a :redact[x][Anna] b",
        "a :redact[x](Anna) b",
        "a :redact[x ] Anna] b",
        "a :redact Anna b",
        "a :redact: Anna b",
        r"a \\:redact[Anna] b",
        "a redact[Anna] b",
        "a ;redact[Anna] b",
        "a ∶redact[Anna] b",
        "a *redact[Anna]* b",
        "[redact[Anna]](https://a.example/)",
        "a :redactAnna] b",
        "a :red\u00adact[Anna] b",
        "a :redac\u200bt[Anna] b",
        "a [redact: Anna] b",
        "- a :redact[x\n- Anna] b",
        "a :redact[x\n> Anna] b",
        "| a :redact[x |\n| Anna] |",
    ],
)
def test_no_slip_lets_the_text_through(body: str) -> None:
    left, _, wrong = taken(body)
    assert "Anna" not in left
    assert len(wrong) == 1
    assert [message for message in wrong if "Anna" in message] == []


@pytest.mark.parametrize(
    "body",
    [
        r"Write \:redact[text]{reason=x}.",
        "What they did to this file: redacted.",
        "What was redacted: much [1].",
        "The report: redacted [1].",
        "The report: redacted[^1].",
        "It is redacted (twice).",
        "The file was redacted: (see below).",
        "An editor’s work: redact, cut, shorten.",
        "What they redact[^1] and what we redact[2].",
        "How to [redact](https://a.example/) a text.",
        "See [what is :redacted here] and there.",
        "The function redact\\[x].",
        "El texto :redactado por todos [1].",
    ],
)
def test_words_that_are_no_redaction_stay(body: str) -> None:
    assert taken(body) == (body, [], [])


@pytest.mark.parametrize(
    "body", ["[redact]Anna[/redact]", "<redact>Anna</redact>", "[Anna]{.redact}", "[Anna]{.x .redact reason=y}"]
)
def test_the_signs_of_other_programs_are_an_error(site: TinySite, body: str) -> None:
    site.post("water", f"He met {body.replace('Anna', NAME)} there.")
    assert "error CL560 5" in codes(site)
    assert leaks(site.everything_written()) == []


def test_brackets_around_a_redaction_do_not_confuse_it() -> None:
    body = "See [the list of :redact[Anna] here](https://a.example/) [^1]."
    left, texts, wrong = taken(body)
    assert (texts, wrong) == (["Anna"], [])
    assert "here](https://a.example/) [^1]." in left


def test_ten_thousand_redactions_take_no_time_worth_a_word() -> None:
    many = "\n\n".join(["a :redact[b] c"] * 10_000)
    assert len(cleared(many, "a.md", 1).redactions) == 10_000
    crowd = " ".join([":redact[b]"] * 10_000)
    assert [problem.code for problem in cleared(crowd, "a.md", 1).problems] == ["CL560"]
    assert [problem.code for problem in cleared(":redact[" * 10_000, "a.md", 1).problems] == ["CL560"]
    for sign in ("\\", ":", "[", " ", ">", "\n>"):
        assert cleared(f"redact {sign * 300_000}", "a.md", 1).problems == ()
        assert len(cleared(f"a :redact[b {sign * 90_000}", "a.md", 1).problems) == 1
        assert list(readings(f"<b>{sign * 90_000}"))
    for sign in ("<sup>", "<sup>&lt;", "<!--", "--", "\\u0041", "xn--", "&amp;", "%25", "a\u0301", "<"):
        assert list(readings(f"<sup>{sign * 20_000}"))
        assert not Glance(sign * 20_000).may_hold(forms(NAME))
        (crowded,) = cleared(f":redact[Anna {sign * 8_000}]", "a.md", 1).redactions
        assert crowded.sought()
    (long,) = cleared(f":redact[[]({' ' * 90_000}]", "a.md", 1).redactions
    assert long.sought() == ()


@given(st.text(), st.text(st.characters(exclude_characters="[]\\\n"), min_size=1), st.text())
def test_whatever_stands_around_a_redaction_and_in_it_nothing_fails_and_nothing_stays(
    before: str, inside: str, after: str
) -> None:
    found = cleared(f"{before}\n\nx :redact[{inside}\u2603] y\n\n{after}", "a.md", 1)
    assert "\u2603" not in found.body or "\u2603" in before + after
    for text in (before, inside, after):
        assert Glance(text).may_hold(forms(text)) in (True, False)


# -- on the page


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "body",
    [
        "He met {} there.",
        "## Who {} was\n\nWords.",
        "- one {} two\n- three",
        "1. one\n\n   - deep {} down",
        "> Quoted {} words.",
        "> - in a list {} in a quotation",
        "| a | b |\n| --- | --- |\n| one {} two | three |",
        "Words[^1].\n\n[^1]: A note on {} here.",
        "See [what {} said](https://a.example/).",
        "*All of {} this* and **{} that**.",
        ":::comment[What I think]\nI met {} once.\n:::",
        "::::appeal{{from=them}}\n:::comment\n{}\n:::\n::::",
        "Term\n\ttabbed {} text",
        "{}",
    ],
)
def test_wherever_words_run_a_mark_stands_for_the_text(site: TinySite, engine: str, body: str) -> None:
    site.post("water", f"First.\n\n{body.format(ONE, ONE)}")
    told = codes(site, overrides=(f'markdown.engine="{engine}"', *CLARION))
    assert {line.split()[1] for line in told} == {"CL562"}
    page = site.read("water/index.html")
    assert page.count('class="redacted"') == body.count("{}")
    assert '<span class="unseen">redacted: name of a witness</span>' in page
    assert leaks(site.everything_written()) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_redactions_over_several_lines_have_their_marks_too(site: TinySite, engine: str) -> None:
    site.post(
        "water",
        f"- a :redact[two\n  lines] b {ONE}\n\n  more {ONE}\n- c\n\n"
        f"> q :redact[Xenia\n> Y] {ONE}\n>\n> z {ONE}\n\n![](river.jpg)",
    )
    told = site.build(overrides=(f'markdown.engine="{engine}"',)).problems
    assert [problem.line for problem in told if problem.code == "CL562"] == [5, 6, 8, 11, 12, 14]
    assert [problem.line for problem in told if problem.path and problem.code not in ("CL562", "CL565")] == [16, 16]


def test_the_mark_is_the_same_whatever_it_stands_for(site: TinySite) -> None:
    site.post("short", "He met :redact[Zofia]. There.")
    site.post("long", f"He met :redact[{'Zofia ' * 40}]. There.")
    site.build(overrides=CLARION)
    mark = '<span class="redacted"><span class="unseen">redacted</span></span>'
    assert f"<p>He met {mark}. There.</p>" in site.read("short/index.html")
    assert f"<p>He met {mark}. There.</p>" in site.read("long/index.html")


def test_plain_text_says_that_something_is_missing(site: TinySite) -> None:
    """The summary, the feeds and the share texts are made of it; addresses of headings know nothing of it."""
    site.post("water", f"He met {ONE} there.\n\n## Who {ONE} was\n\nWords.")
    site.write("locales/ru.toml", 'redacted_plain = "[изъято]"\n')
    site.build()
    page = site.read("water/index.html")
    assert 'content="He met [redacted] there."' in page
    assert 'id="who-was"' in page
    assert "[redacted: name of a witness]" in site.read("feed.xml")
    assert "He met [redacted] there." in site.read("feed.json")


@pytest.mark.parametrize("path", ["pages/about.md", "campaigns/water.md", "tags/people.md", "index.md", "pages/act.md"])
def test_texts_that_are_no_articles_are_held_to_it_too(site: TinySite, path: str) -> None:
    site.post("river", "Words.", tags="[People]")
    site.write(f"content/{path}", f"---\ntitle: Water\n---\nHe met {ONE} there.\n")
    assert codes(site) == ["warning CL562 4"]
    assert leaks(site.everything_written()) == []
    assert b"name of a witness" in b"".join(site.outputs().values())
    site.edit(f"content/{path}", "there.", f"there. {NAME} left.")
    assert "error CL563 4" in codes(site)


def test_the_plain_words_of_an_action_say_so_too(site: TinySite) -> None:
    site.post("water", f":::action[Write]{{kind=write}}\nDear {ONE}, please.\n:::")
    site.build(overrides=CLARION)
    assert '"description":"Dear [redacted], please."' in site.read("water/index.html")
    assert "Dear [redacted], please." in site.read("act/actions.json")


def test_the_word_is_that_of_the_language_of_the_text(site: TinySite) -> None:
    site.write("locales/ru.toml", 'redacted_plain = "[изъято]"\n')
    site.write("content/posts/water.ru.md", f"---\ntitle: Вода\ndate: 2026-11-01\n---\nОн видел {ONE} там.\n")
    site.build(overrides=("languages.ru={}",))
    assert 'content="Он видел [изъято] там."' in site.read("ru/water/index.html")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "body",
    [
        "A `span of {}` code.",
        "```\n{}\n```",
        "    {}",
        "<!-- {} -->\n\nWords.",
        "<div>{}</div>",
        '<p title="{}">Words.</p>',
        "![{}](river.jpg)",
        "[a](https://a.example/ '{}')",
        "[a](https://a.example/{})",
        "[a]: https://a.example/{}\n\nWords.",
        "*[HTML]: {}\n\nHTML.",
        ":::comment[What {} thinks]\nWords.\n:::",
        "> [!NOTE] Of {}\n> Words.",
    ],
)
def test_where_no_mark_can_be_seen_a_redaction_is_an_error(site: TinySite, engine: str, body: str) -> None:
    site.post("water", f"First.\n\n{body.format(f':redact[{NAME}]')}")
    report = site.build(overrides=(f'markdown.engine="{engine}"',))
    assert "CL561" in {problem.code for problem in report.problems if problem.severity == "error"}
    assert leaks(site.everything_written()) == []
    assert leaks(str(report.problems).encode()) == []


@pytest.mark.parametrize(
    "front",
    [
        {"title": f"What :redact[{NAME}] saw"},
        {"summary": f"What :redact[{NAME}] saw"},
        {"tags": f'["{ONE[:8]}{NAME}]"]'},
        {"extra": f'{{ who: ":redact[{NAME}]" }}'},
        {"share": f'{{ text: ":redact[{NAME}]" }}'},
    ],
)
def test_in_front_matter_a_redaction_is_an_error(site: TinySite, front: dict[str, str]) -> None:
    site.post("water", "Words.", **front)
    report = site.build()
    assert {problem.code for problem in report.problems if problem.severity == "error"} == {"CL561"}
    assert leaks(site.everything_written()) == []
    assert leaks(str(report.problems).encode()) == []


def test_in_data_settings_and_sections_a_redaction_is_an_error(site: TinySite) -> None:
    site.write("content/data/people.toml", f'who = ":redact[{NAME}]"\n')
    site.write("content/news/_section.toml", f'title = ":redact[{NAME}]"\n')
    report = site.build(overrides=(f"site.tagline='of :redact[{NAME}]'",))
    assert sorted(problem.path for problem in report.problems if problem.code == "CL561") == [
        "content/data/people.toml",
        "content/news/_section.toml",
        "site.toml",
    ]
    assert not report.ok


NOTES = """
from generator.hooks import Written, hookimpl

@hookimpl
def clarion_sources():
    return {".note": read}

def read(text):
    title, _, body = text.partition("\\n")
    if "fail" in body:
        raise ValueError(body)
    if "plain" in body:
        body = body.replace(":", "\\\\:")
    return Written(body, {"title": title, "date": "2026-11-01"}, line=2)
"""


def with_notes(site: TinySite, text: str) -> Path:
    site.write("plugins/notes.py", NOTES)
    site.write("site.toml", (site.root / "site.toml").read_text() + '\n[plugins]\nnames = ["notes"]\n')
    return site.write("content/posts/water.note", text)


def test_a_redaction_in_another_format_is_one(site: TinySite) -> None:
    path = with_notes(site, f"Water\n\nHe met {ONE} there.\n")
    assert codes(site) == ["warning CL562 3"]
    assert leaks(site.everything_written()) == []
    assert run(site, "--yes", "content/posts/water.note").exit_code == 0
    assert path.read_text() == 'Water\n\nHe met :redact{reason="name of a witness"} there.\n'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"What {ONE} saw\n\nWords.", "CL561"),
        (f"Water\n\nplain {ONE}", "CL561"),
        (f"Water\n\nfail {ONE}", "CL345"),
    ],
)
def test_a_reader_of_another_format_that_leaves_a_redaction_in_words_is_an_error(
    site: TinySite, text: str, code: str
) -> None:
    with_notes(site, text)
    report = site.build()
    assert [problem.code for problem in report.problems if problem.severity == "error"] == [code]
    assert leaks(str(report.problems).encode()) == []
    assert leaks(site.everything_written()) == []


def test_a_first_heading_that_gives_the_title_cannot_be_redacted(site: TinySite) -> None:
    site.post("water", f"# What {ONE} saw\n\nWords.", title="")
    assert "error CL561 4" in codes(site)


# -- what the article itself says


@pytest.mark.parametrize(
    ("front", "body"),
    [
        ({"title": f"What {NAME} saw"}, ""),
        ({"summary": f"What {NAME.upper()} saw"}, ""),
        ({"tags": f'["{NAME}"]'}, ""),
        ({"slug": "zofia-quillfeather"}, ""),
        ({"aliases": "[/about-zofia_quillfeather/]"}, ""),
        ({"share": f'{{ text: "Ask {NAME}" }}'}, ""),
        ({"extra": f"{{ who: {NAME} }}"}, ""),
        ({}, f"Later {NAME} left."),
        ({}, "Later Zofia *Quillfeather* left."),
        ({}, "Later Zofia&nbsp;Quillfeather left."),
        ({}, "Later &#90;ofia Quillfeather left."),
        ({}, "Later Zo\u00adfia Quillfeather left."),
        ({}, "Later Zofia\nQuillfeather left."),
        ({}, f"## What {NAME} saw"),
        ({}, "## What was seen {#zofia-quillfeather}"),
        ({}, f"[a](https://a.example/ '{NAME}')"),
        ({}, "[a](https://a.example/zofia%20quillfeather)"),
        ({}, "[a](https://a.example/?q=zofia+quillfeather)"),
        ({}, "![A river](zofia_quillfeather.jpg)"),
        ({}, "![Zofia Quillfeather at a river](river.jpg)"),
        ({}, f"- one\n- {NAME}"),
        ({}, f"> {NAME}"),
        ({}, f"| a |\n| --- |\n| {NAME} |"),
        ({}, f"Words[^1].\n\n[^1]: {NAME}"),
        ({}, f"`{NAME}`"),
        ({}, f"```\n{NAME}\n```"),
        ({}, f":::comment[{NAME}]\nWords.\n:::"),
        ({}, f":::appeal{{from=them signed='{NAME}'}}\nWords.\n:::"),
        ({}, f":redact{{reason='{NAME}'}}"),
        ({}, "Zo<b>fia</b> Quill*feather*"),
        ({}, "Zofia <del>no</del> Quillfeather"),
        ({}, "Zofia[^1] Quillfeather\n\n[^1]: A note."),
        ({}, "<ruby>Zofia<rt>x</rt></ruby> Quillfeather"),
        ({}, "Zofia<!-- x --> Quillfeather"),
        ({}, "Zofia \\\nQuillfeather"),
        ({}, "Zo\u200dfia Quill\u2060feather"),
        ({}, "\u202eZofi\u0301a Quillfeather\u202c"),
        ({}, "ＺＯＦＩＡ　Ｑｕｉｌｌｆｅａｔｈｅｒ"),
        ({}, "Free #ZofiaQuillfeather now"),
        ({}, "Ask zofia.quillfeather@mail.example."),
        ({}, "<https://a.example/zofiaquillfeather>"),
        ({}, f"*[ZQ]: {NAME}\n\nZQ said."),
        ({}, f":::pull-quote\n{NAME}\n:::"),
        ({"share": "{ hashtags: [ZofiaQuillfeather] }"}, ""),
        ({"sources": f"[{{ title: x, url: 'https://a.example/', author: {NAME} }}]"}, ""),
        ({"actions": f"[{{ kind: event, title: x, starts: 2026-12-01, location: {NAME} }}]"}, ""),
        ({"history": f"[{{ date: 2026-11-02, type: correction, text: x, was: {NAME} }}]"}, ""),
        ({"authors": "[zofia-quillfeather]"}, ""),
        ({"ignore": f"[{{ code: CL562, reason: {NAME} }}]"}, ""),
    ],
)
def test_an_article_that_says_what_it_redacts_is_an_error(site: TinySite, front: dict[str, str], body: str) -> None:
    site.post("water", f"He met {ONE} there.\n\n{body}", **front)
    report = site.build()
    assert "CL563" in {problem.code for problem in report.problems if problem.severity == "error"}
    told = [problem for problem in report.problems if problem.code.startswith("CL56")]
    assert leaks(str(told).encode()) == []
    assert site.outputs() == {}


def test_the_error_names_the_line_and_the_line_of_the_redaction(site: TinySite) -> None:
    site.post("water", f"He met {ONE} there.\n\nOne.\n\nThen {NAME} left.", summary=f"Of {NAME}")
    found = [problem for problem in site.build().problems if problem.code == "CL563"]
    assert [(problem.line, problem.column) for problem in found] == [(4, 13), (10, 6)]
    assert {problem.message for problem in found} == {"the text redacted on line 6 would be published from here"}


def test_the_name_of_the_file_counts_too(site: TinySite) -> None:
    site.post("zofia-quillfeather", f"He met {ONE} there.", title="Water")
    assert "error CL563 5" in codes(site)


@pytest.mark.parametrize(
    "body", ["He met Zofias sister.", "The quillfeathers came.", "Zofia and Mr Quillfeather came."]
)
def test_other_words_are_no_hit(site: TinySite, body: str) -> None:
    site.post("water", f"He met {ONE} there.\n\n{body}")
    assert {line.split()[1] for line in codes(site)} == {"CL562"}


@pytest.mark.parametrize(
    ("text", "told"),
    [("A.", ["CL565"]), ("she", ["CL565"]), ("12345", ["CL565"]), ("Ana", []), ("王明", []), ("600 123 456", [])],
)
def test_what_is_too_short_or_common_is_not_looked_for_and_a_note_says_so(
    site: TinySite, text: str, told: list[str]
) -> None:
    site.post("water", f"She met :redact[{text}] there. A. she 2026.")
    assert [problem.code for problem in site.build().problems if problem.severity == "note"] == told


# -- what others say


def test_a_template_or_a_setting_that_says_it_on_the_article_s_page_is_an_error(site: TinySite) -> None:
    site.post("water", f"He met {ONE} there.")
    report = site.build(overrides=(f"site.tagline='News from {NAME}'", "site.title='Zofia%20Quillfeather'"))
    assert "CL564" in {problem.code for problem in report.problems if problem.severity == "error"}
    assert leaks(str(report.problems).encode()) == []
    assert site.outputs() == {}


def test_another_article_that_says_it_is_a_warning_in_the_feeds_they_share(site: TinySite) -> None:
    for day in range(1, 9):
        site.post(f"between{day}", "Words.", date=f"2026-10-0{day}")
    site.post("water", f"He met {ONE} there.", date="2026-11-01")
    site.post("old", f"Here {NAME} is named.", date="2026-09-01")
    first = site.build()
    assert first.ok
    warned = [problem for problem in first.problems if problem.code == "CL564"]
    assert {problem.severity for problem in warned} == {"warning"}
    assert [problem.message for problem in warned if "/feed.xml" in problem.message] == [
        "another text publishes what is redacted here, and both are in /feed.xml"
    ]
    assert site.build().problems == first.problems


def test_changing_only_what_is_redacted_looks_again(site: TinySite) -> None:
    """The body stays what it was, and so would the page; but its title names the site."""
    named = ("site.title='News from Mirela Oakhand'",)
    site.post("water", "He met :redact[Somebody Else] there.")
    assert site.build(overrides=named).ok
    site.edit("content/posts/water.md", "Somebody Else", "Mirela Oakhand")
    assert "error CL564 5" in codes(site, overrides=named)


def test_a_neighbour_that_takes_the_name_into_its_title_is_found_by_the_next_build(site: TinySite) -> None:
    site.post("water", f"He met {ONE} there.", date="2026-11-02")
    site.post("river", "Words.", date="2026-11-01")
    assert site.build().ok
    site.edit("content/posts/river.md", "title: River", f"title: What {NAME} saw")
    assert "error CL564 5" in codes(site)


def test_what_an_attack_writes_into_a_reason_is_escaped(site: TinySite) -> None:
    site.post("water", """He met :redact[Anna K.]{reason='"><script>alert(1)</script>'} there.""")
    site.build(overrides=CLARION)
    assert 'title="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in site.read("water/index.html")
    assert "<script>alert" not in site.read("water/index.html")


# -- what is kept


def test_a_text_that_is_redacted_after_it_was_public_is_nowhere_in_the_bytes(site: TinySite) -> None:
    site.post("river", "Other words.")
    site.post("water", f"He met {NAME} there.", tags=f'["{NAME}"]')
    site.build()
    assert leaks(site.everything_written()) == SECRET
    site.edit("content/posts/water.md", NAME + " there", f"{ONE} there, again")
    site.build()
    site.edit("content/posts/water.md", f'"{NAME}"', "People")
    assert {line.split()[1] for line in codes(site)} == {"CL562"}
    assert leaks(site.everything_written()) == []
    site.edit("content/posts/water.md", ONE, ":redact{}")
    assert codes(site) == []
    assert leaks(site.everything_written()) == []


def test_replacing_the_text_by_an_empty_redaction_forgets_it_as_well(site: TinySite) -> None:
    site.post("water", f"First.\n\nHe met {NAME} there and :redact{{}}.")
    site.build()
    site.edit("content/posts/water.md", NAME, ":redact{}")
    site.build()
    assert leaks(site.everything_written()) == []


def test_edits_beside_a_redaction_give_what_a_clean_build_gives(site: TinySite, tmp_path: Path) -> None:
    site.post("river", "Other words.")
    site.post("water", f"He met {ONE} there.")
    site.build()
    site.edit("content/posts/water.md", "there", "here")
    site.edit("content/posts/river.md", "Other", "More")
    edited = site.build()
    clean = site.build(output=tmp_path / "clean", state=tmp_path / "state")
    assert edited.problems == clean.problems
    assert {name: (tmp_path / "clean" / name).read_bytes() for name in site.outputs()} == site.outputs()


def test_a_worker_elsewhere_never_sees_the_text(site: TinySite) -> None:
    """What an executor is sent is looked at as bytes."""
    sent: list[bytes] = []

    class Watched(Serial):
        here = False

        def run(self, work, items):
            def seen():
                for item in items:
                    sent.append(item)
                    yield item

            return super().run(work, seen())

    site.post("water", f"He met {ONE} there.")
    site.post("river", "Words of a river.")
    assert site.build(executor=Watched()).ok
    assert b"Words of a river." in b"".join(sent)
    assert leaks(b"".join(sent)) == []


def test_a_preview_from_memory_takes_no_short_way(site: TinySite) -> None:
    session = Session()
    site.post("river", "Words.")
    site.post("water", f"He met {ONE} there.")
    assert site.build(session=session, drafts=True, output=site.root / "preview").ok
    site.edit("content/posts/river.md", "Words.", "More words.")
    assert rebuild(session, ["content/posts/river.md"], now=instant(NOW), clock=lambda: 0.0) is None
    preview = b"".join(path.read_bytes() for path in (site.root / "preview").rglob("*") if path.is_file())
    assert leaks(preview) == []


def test_strict_makes_the_text_in_the_source_an_error(site: TinySite) -> None:
    site.post("water", f"He met {ONE} there.")
    assert not site.build(strict=True).ok
    assert site.outputs() == {}


def test_no_line_of_a_file_with_redactions_is_shown(site: TinySite) -> None:
    """Behind a redaction of two lines, what is wrong in the third is told at the second."""
    site.post("water", "He met :redact[Zofia\nQuillfeather]{reason=name} there.\n![](river.jpg)")
    told = [problem for problem in site.build().problems if problem.line]
    assert 6 in {problem.line for problem in told}
    assert {source_excerpt(site.root, problem) for problem in told} == {None}


@pytest.mark.parametrize(
    ("front", "body"),
    [
        ({"aliases": f"[{NAME}]"}, ""),
        ({"kind": f"{NAME}"}, ""),
        ({"zofia-quillfeather": "1"}, ""),
        ({"translation_key": NAME, "series": f"{{ name: {NAME}, part: none }}"}, ""),
        ({"title": f"{NAME}", "titel": f"{NAME}"}, ""),
        ({"slug": NAME}, ""),
        ({"template": f"{NAME}.html"}, ""),
        ({"campaign": NAME}, ""),
        ({"authors": f"[{NAME}]"}, ""),
        ({}, f"[a]({SECRET[0].lower()}-{SECRET[1].lower()}.md)"),
        ({}, f"![a]({SECRET[0]}%20{SECRET[1]}.jpg)"),
        ({}, f":cite[{NAME}]"),
        ({}, f":::appeal{{from=them role='{NAME}' source='{NAME}' date='{NAME}'}}\nWords.\n:::"),
        ({}, f"::zofia-quillfeather[{NAME}]"),
        ({}, f"[a](https://{NAME})"),
    ],
)
def test_no_message_about_an_article_repeats_what_it_redacts(site: TinySite, front: dict[str, str], body: str) -> None:
    site.post("water", f"He met {ONE} there.\n\n{body}", **front)
    report = site.build()
    assert not report.ok
    assert leaks(str(report.problems).encode()) == []
    assert leaks(site.everything_written()) == []


def test_no_message_names_the_file_that_is_named_like_what_it_redacts(site: TinySite) -> None:
    site.post("zofia-quillfeather", f"He met {ONE} there.", title="Water")
    report = site.build()
    assert {problem.path for problem in report.problems if problem.path} == {"content/posts/*.md"}
    assert leaks(str(report.problems).encode()) == []
    assert leaks(site.everything_written()) == []


@pytest.mark.parametrize("front", ["title: [broken", f'titel: {NAME}\nslug: "{NAME}'])
def test_front_matter_that_cannot_be_read_is_not_repeated(site: TinySite, front: str) -> None:
    site.write("content/posts/water.md", f"---\n{front}\n---\nHe met {ONE}.\n")
    assert leaks(str(site.build().problems).encode()) == []


@pytest.mark.parametrize("name", ["talk.vtt", "notes.txt", "levels.csv"])
def test_a_file_that_goes_out_as_it_is_takes_nothing_out(site: TinySite, name: str) -> None:
    site.write(f"content/posts/{name}", f"WEBVTT\n\n00:00.000 --> 00:01.000\nSaid :redact[{NAME}].\n")
    site.post("water", f"See [this]({name}).")
    report = site.build()
    assert "CL561" in {problem.code for problem in report.problems if problem.severity == "error"}
    assert leaks(site.everything_written()) == []


def test_a_terminal_is_not_shown_the_line(site: TinySite) -> None:
    site.post("water", f"He met {ONE} there.\n\n{NAME}")
    told = [problem for problem in site.build().problems if problem.path]
    assert {source_excerpt(site.root, problem) for problem in told} == {None}
    assert source_excerpt(site.root, Problem("error", "CL999", "x", "content/posts/water.md", 5, 1)) is None


# -- how a text is found


def found_in(sought: str, text: str) -> bool:
    """Whether a text is found, by the quick look as well as by the thorough one."""
    read = list(readings(text))
    found = any(stands_in(form, read) for form in forms(sought))
    assert not found or Glance(text).may_hold(forms(sought))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "zofia quillfeather",
        "ZOFIA QUILLFEATHER",
        "zofia-quillfeather-480.a1b2.jpg",
        "Zofia%20Quillfeather",
        "Zofia%2520Quillfeather",
        "Zofia+Quillfeather",
        "Zofia&nbsp;Quillfeather",
        "&amp;#90;ofia Quillfeather",
        r"Zofia\u0020Quillfeather",
        r"\u005aofia Quillfeather",
        "Zo<wbr>fia <b>Quill</b>feather",
        "Zofia<br>Quillfeather",
        "Ｚｏｆｉａ Quillfeather",
        "Zofia\u200b Quillfeather",
        "(Zofia, Quillfeather)",
        "#ZofiaQuillfeather",
        "@zofiaquillfeather",
        "#FreeZofiaQuillfeather",
        "zofia.quillfeather@mail.example",
        "tel:x;name=zofia_quillfeather",
        "Zo\u2060fia\u00a0Quill\u00adfeather",
        "Zofia \u202eQuillfeather\u202c",
        "Zo\U000e0100fia Quillfeather",
        "Zofi\u0301a Quillfeather",
        "Zofia<!-- --> Quillfeather",
        "Zofia<sup><a href='#n1'>1</a></sup> Quillfeather",
        "&#x5A;&#111;fia Quillfeather",
        "&amp;lt;b&amp;gt;Zofia Quillfeather",
        "ＺＯＦＩＡ　ＱＵＩＬＬＦＥＡＴＨＥＲ",
        "𝐙𝐨𝐟𝐢𝐚 𝑄𝑢𝑖𝑙𝑙𝑓𝑒𝑎𝑡ℎ𝑒𝑟",
        r"{\"a\": \"Zofia\\nQuillfeather\"}",
        r"\x5aofia \u{51}uillfeather",
        "Zo\x01fia Quillfeather",
        "Zofia — “Quillfeather”",
        "BEGIN:VCALENDAR\r\nSUMMARY:With Zofia Quillfeat\r\n her on the bank",
    ],
)
def test_a_text_is_found_however_it_is_written(text: str) -> None:
    assert found_in(NAME, text)


@pytest.mark.parametrize(
    ("sought", "text"),
    [
        ("Müller", "m%C3%BCller"),
        ("Müller", "mu\u0308ller"),
        ("Müller", "M\\u00fcller"),
        ("Straße", "STRASSE"),
        ("王小明", "记者王小明说"),
        ("أحمد", "قال أحمد."),
        ("अनिता", "अनिता ने"),
        ("O’Brien", "o'brien"),
        ("Лук’янов", "Лукʼянов"),
        ("Müller", "mueller-480.jpg"),
        ("Jörg Müller", "joergmueller"),
        ("Müller", "https://xn--mller-kva.example/"),
        ("José", "jose"),
        ("Wałęsa", "walesa"),
        ("Семёнов", "СЕМЕНОВ"),
        ("Μαρία", "ΜΑΡΙΑ"),
        ("Νίκος", "ΝΙΚΟΣ"),
        ("İbrahim", "IBRAHIM"),
        ("ibrahim Işık", "İBRAHİM IŞIK"),
        ("أحمد", "ﺃﺣﻤﺪ"),
        ("أحمد", "احمـــد"),
        ("مُحَمَّد", "محمد"),
        ("علی", "علي"),
        ("משה", "מֹשֶׁה"),
        ("Ofﬁcer", "officer"),
        ("김철수", "김철수는 말했다"),
        ("山田", "<ruby>山<rp>(</rp><rt>やま</rt><rp>)</rp>田<rt>だ</rt></ruby>"),
        ("600 123 456", "+48 600-123-456"),
        ("600 123 456", "tel:+48600123456"),
        ("+48 600 123 456", "tel:+48600123456"),
        ("600123456", "٦٠٠ ١٢٣ ٤٥٦"),
    ],
)
def test_it_is_found_in_every_script(sought: str, text: str) -> None:
    assert found_in(sought, text)


@pytest.mark.parametrize(
    ("sought", "text"),
    [
        ("Ann", "Anna"),
        ("Anna", "Joanna"),
        ("Анна", "Анны"),
        ("अनि", "अनिता"),
        ("Anna Lind", "Anna Lindqvist"),
        ("600123", "1600123"),
    ],
)
def test_part_of_a_word_is_not_the_word(sought: str, text: str) -> None:
    assert not found_in(sought, text)


@pytest.mark.parametrize(
    "inside",
    [
        "*Zofia* Quill**feather**",
        "[Zofia Quillfeather](https://a.example/)",
        "[Zofia Quillfeather][a]",
        "Zofia[^1] Quillfeather :cite[a]",
        "<b>Zofia</b> <i class='x'>Quillfeather</i>",
        "Zofia<br>Quillfeather",
        "Zo<wbr>fia<!-- a > b --> Quillfeather",
        "Zofia&nbsp;Quill&shy;feather",
        "Zofia\n> Quillfeather",
        "Zofia\\_Quillfeather",
        "`Zofia Quillfeather`{.name}",
        "Zofia{ lang=pl } {Quillfeather}",
        "[](zofia%20quillfeather.md)",
    ],
)
def test_what_is_looked_for_are_the_words_that_readers_would_have_seen(inside: str) -> None:
    (redaction,) = cleared(f"> x :redact[{inside}] y", "a.md", 1).redactions
    assert any(stands_in(form, [words(NAME), words(f"{NAME} md")]) for form in redaction.sought())


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("content/posts/zofia-quillfeather.md", "content/posts/*.md"),
        ("content/Zofia Quillfeather/a.md", "content/*/a.md"),
        ("content/zofia/quillfeather.md", "*.md"),
        ("content/posts/water.md", "content/posts/water.md"),
    ],
)
def test_a_path_is_shown_without_what_is_redacted(path: str, shown: str) -> None:
    assert masked(path, forms(NAME)) == shown


# -- the command


def run(site: TinySite, *arguments: str, answer: str = "") -> Result:
    result = CliRunner().invoke(clarion, ["redact", "--site", str(site.root), *arguments], input=answer)
    assert leaks(result.output.encode()) == []
    return result


def test_the_command_shows_where_else_the_text_stands_and_changes_nothing_unasked(site: TinySite) -> None:
    site.post("water", f"He met {ONE} there.\n\nAnd :redact[X.] too.")
    site.post("river", f"One.\n\nHere {NAME} is named.", summary=f"Of {NAME}")
    site.write("content/data/people.toml", f'[one]\nwho = "{NAME}"\n')
    site.write("templates/partials/own.html", f"\n<p>{NAME}</p>\n")
    site.write("content/posts/zofia-quillfeather.jpg", b"\xff\xd8\x00")
    site.write("site.toml", (site.root / "site.toml").read_text() + f'\n[authors.z]\nname = "{NAME}"\n')
    before = (site.root / "content/posts/water.md").read_bytes()
    result = run(site)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        'content/posts/water.md:5:8 {reason="name of a witness"}',
        "  also at content/data/people.toml:2:8",
        "  also at content/posts/river.md:4:13",
        "  also at content/posts/river.md:8:6",
        "  also in the name of content/posts/*.jpg",
        "  also at site.toml:15:9",
        "  also at templates/partials/own.html:2:4",
        "content/posts/water.md:7:5",
        "  too short or too common to be looked for: look yourself where else it stands",
        "2 redactions with the text still in the source",
        "Nothing was changed. With --yes the texts are taken out.",
    ]
    assert (site.root / "content/posts/water.md").read_bytes() == before


def test_the_command_takes_the_texts_out_and_keeps_every_other_byte(site: TinySite) -> None:
    text = (
        "\ufeff---\r\ntitle: Water\r\ndate: 2026-11-01\r\n---\r\n"
        f"He met {ONE}\r\nand :redact[two\r\nlines] and \\:redact[kept]\t.  \r\n:redact{{reason=none}} é\n\rend"
    )
    path = site.write("content/posts/water.md", text)
    path.chmod(0o640)
    result = run(site, "--yes", "content/posts/water.md")
    assert (result.exit_code, "git" in result.stdout) == (0, True)
    assert path.read_bytes().decode() == text.replace(f"[{NAME}]", "", 1).replace(":redact[two\r\nlines]", ":redact{}")
    assert path.stat().st_mode & 0o777 == 0o640
    assert [name.name for name in path.parent.iterdir()] == ["water.md"]
    assert run(site).stdout == "No redaction has its text in the source.\n"


def test_the_command_speaks_json(site: TinySite) -> None:
    site.post("water", f"He met {ONE} there.")
    told = json.loads(run(site, "--format", "json", "--yes").stdout)
    assert told == {
        "command": "redact",
        "exit": 0,
        "redactions": [
            {"path": "content/posts/water.md", "line": 5, "column": 8, "sought": True, "elsewhere": []},
        ],
        "changed": ["content/posts/water.md"],
        "problems": [],
    }


def test_the_command_leaves_alone_a_file_that_has_the_text_openly_too(site: TinySite) -> None:
    path = site.post("water", f"He met {ONE} there.\n\nLater {NAME} left.")
    other = site.post("river", f"Here too is {ONE}.")
    before = path.read_bytes()
    result = run(site, "--yes")
    assert result.exit_code == 1
    assert result.stderr.startswith("content/posts/water.md:5:8: error CL568 the same text stands in this file openly")
    assert path.read_bytes() == before
    assert NAME.encode() not in other.read_bytes()


def test_the_command_names_other_redactions_of_the_same_text(site: TinySite) -> None:
    site.post("water", f"He met {ONE} there.")
    site.post("river", f"Here too is {ONE}.")
    shown = run(site, "--no", "content/posts/water.md").stdout.splitlines()
    assert shown[1] == "  also at content/posts/river.md:5:13"


def test_the_command_leaves_alone_what_is_not_understood(site: TinySite) -> None:
    path = site.post("water", f"He met {ONE} there.\n\nAnd :redact [Zofia] too.")
    before = path.read_bytes()
    assert run(site, "--yes").exit_code == 1
    assert path.read_bytes() == before
    assert run(site, "content/posts/wter.md").exit_code == 1


def test_the_command_says_no_name_even_where_a_file_or_a_reason_is_called_so(site: TinySite) -> None:
    site.post("zofia-quillfeather", f"He met {ONE} there.", title="Water")
    site.post("river", f':redact[{NAME}]{{reason="{NAME}, a witness"}}')
    assert run(site).stdout.splitlines()[0] == "content/posts/river.md:5:1 {reason=*}"
    told = run(site, "--yes", "--format", "json")
    assert json.loads(told.stdout)["changed"] == []


def test_the_command_finds_what_an_editor_keeps_aside(site: TinySite) -> None:
    site.post("water", f"He met {ONE} there.")
    site.write("content/posts/.water.md.swp", b"b0VIM\x00\x00\x01" + f"He met {NAME} there.".encode())
    site.write("content/posts/water.md~", f"He met {NAME} there.")
    assert run(site).stdout.splitlines()[1:3] == [
        "  also at content/posts/.water.md.swp:1:1",
        "  also at content/posts/water.md~:1:8",
    ]


def test_the_command_leaves_alone_a_file_that_has_another_name(site: TinySite) -> None:
    path = site.post("water", f"He met {ONE} there.")
    os.link(path, site.root / "copy.md")
    result = run(site, "--yes")
    assert (result.exit_code, "error CL571" in result.stderr, NAME in path.read_text()) == (1, True, True)


def test_a_link_to_a_text_is_done_with_it(site: TinySite) -> None:
    path = site.post("water", f"He met {ONE} there.")
    (path.parent / "again.md").symlink_to("water.md")
    assert run(site, "--yes").exit_code == 0
    assert (leaks(path.read_bytes()), (path.parent / "again.md").is_symlink()) == ([], True)


def test_the_command_says_what_it_could_not_write_and_goes_on(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = site.post("river", f"Of {ONE}."), site.post("water", f"He met {ONE} there.")

    def full(file: Path, content: bytes) -> None:
        if file.name == "river.md":
            raise OSError(errno.EACCES, "Permission denied", str(file))
        write_whole(file, content)

    monkeypatch.setattr("generator.work.redact.apply.write_whole", full)
    result = run(site, "--yes")
    assert (result.exit_code, "content/posts/river.md: error CL570" in result.stderr) == (1, True)
    assert "Taken out of content/posts/water.md." in result.stdout
    assert (NAME in first.read_text(), NAME in second.read_text()) == (True, False)


def test_an_interrupt_leaves_each_file_whole_and_what_was_done_told(
    site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.post("river", f"Of {ONE}.")
    second = site.post("water", f"He met {ONE} there.")
    before = second.read_bytes()

    def stopped(file: Path, content: bytes) -> None:
        if file.name == "water.md":
            raise KeyboardInterrupt
        write_whole(file, content)

    monkeypatch.setattr("generator.work.redact.apply.write_whole", stopped)
    result = run(site, "--yes")
    assert (result.exit_code, "Taken out of content/posts/river.md." in result.stdout) == (130, True)
    assert second.read_bytes() == before


# -- in the whole site


def swept(site: TinySite, **options: Any) -> list[str]:
    """What a check tells besides what a build does: place and message."""
    report = check(site.root, now=instant(NOW), clock=lambda: 0.0, **options)
    assert leaks(str(report).encode()) == []
    return [f"{problem.place} {problem.message}" for problem in report.problems if problem.code == "CL569"]


def everywhere(site: TinySite) -> dict[str, bytes]:
    """All files of the site's folder."""
    return {str(path): path.read_bytes() for path in sorted(site.root.rglob("*")) if path.is_file()}


def apart(site: TinySite) -> None:
    """An article that redacts a name, and an old one that says it, in no list with the other."""
    site.post("water", f"He met {ONE} there.", date="2026-11-01")
    for day in range(1, 12):
        site.post(f"between{day}", "Words.", date=f"2026-10-{day:02}")
    site.post("old", f"One.\n\nHere {NAME} is named.", date="2026-09-01")
    site.write("site.toml", (site.root / "site.toml").read_text() + "\n[feeds]\nlimit = 1\n")


@pytest.mark.parametrize("warm", [False, True])
def test_a_check_finds_the_text_in_outputs_that_have_nothing_to_do_with_the_article(site: TinySite, warm: bool) -> None:
    apart(site)
    if warm:
        assert site.build().ok
    before = everywhere(site)
    told = "what is redacted at content/posts/water.md:5 is published from here, in /old/index.html"
    assert swept(site) == [f"content/posts/old.md:7:6 {told}"]
    after = everywhere(site)
    assert after.keys() == before.keys()
    # The data base counts who opens it.
    assert [name for name in after if after[name] != before[name] and ".clarion/" not in name] == []
    assert [name for name in after if after[name] != before[name]] in ([], [str(site.root / ".clarion/cache.db")])


def test_a_check_tells_all_that_a_build_tells(site: TinySite) -> None:
    apart(site)
    site.post("wrong", "[a](nowhere.md)", titel="x")
    checked = check(site.root, now=instant(NOW), clock=lambda: 0.0)
    assert (checked.ok, checked.problems) == (False, site.build().problems)
    site.remove("content/posts/wrong.md")
    checked = check(site.root, now=instant(NOW), clock=lambda: 0.0)
    built = site.build()
    assert tuple(each for each in checked.problems if each.code != "CL569") == built.problems
    assert (checked.articles, checked.pages, checked.next_change) == (built.articles, built.pages, built.next_change)


def test_a_check_looks_into_data_files_and_names_as_well(site: TinySite) -> None:
    apart(site)
    site.remove("content/posts/old.md")
    site.post("zofia-quillfeather", "Words.", title="Old", date="2026-09-01")
    site.write("static/notes.txt", f"One\nOf {NAME}.\n")
    site.write("static/zofia-quillfeather.txt", "Words.\n")
    site.write("static/data.bin", b"\x00\x01" + NAME.encode("utf-16-le"))
    told = "what is redacted at content/posts/water.md:5 is published from here"
    lists = "/page/1/index.html, /sitemap.xml"
    assert swept(site) == [
        f"content/posts/*.md {told}, in /*/index.html",
        f"content/posts/between1.md {told}, in /between1/index.html",
        f"content/posts/water.md:5:8 what is redacted here is published in {lists}, made of many texts",
        f"static/*.txt {told}, in /*.txt",
        f"static/data.bin {told}, in /data.bin",
        f"static/notes.txt:2:4 {told}, in /notes.txt",
    ]


def test_a_check_reads_the_folded_lines_of_a_calendar(site: TinySite) -> None:
    apart(site)
    site.edit("content/posts/old.md", f"Here {NAME} is named.", "Words.")
    for before in range(40, 60):
        event = f"[{{ kind: event, title: x, starts: 2026-12-01, location: {'x' * before} {NAME} }}]"
        site.post(f"at{before}", "Words.", date="2026-09-02", actions=event)
    calendars = re.findall(r"/act/at(\d\d)-event.ics", " ".join(swept(site)))
    assert len(calendars) == 20


def test_a_check_looks_at_drafts_when_asked_and_keeps_nothing_of_them(site: TinySite) -> None:
    apart(site)
    site.edit("content/posts/water.md", "title:", "status: draft\ntitle:")
    site.build()
    before = everywhere(site)
    assert (swept(site), len(swept(site, drafts=True))) == ([], 1)
    assert everywhere(site).keys() == before.keys()


def test_a_check_needs_no_right_to_write(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root every right is there: so what would write fails instead."""
    apart(site)
    site.build()

    def refused(*_given: Any, **_named: Any) -> None:
        raise PermissionError

    for module in ("keeping.write", "keeping.save_ledger", "sources.save_index"):
        monkeypatch.setattr(f"generator.pipeline.{module}", refused)
    for name in ("prepared", "clear_leftovers", "check_output_folder"):
        monkeypatch.setattr(f"generator.build.{name}", refused)
    monkeypatch.setattr("generator.stages.render_all.stage", refused)
    assert len(swept(site, jobs=2)) == 1


def test_a_check_answers_with_the_codes_of_a_build(site: TinySite) -> None:
    apart(site)

    def checked(*arguments: str) -> Result:
        result = CliRunner().invoke(clarion, ["check", "--site", str(site.root), "--now", NOW, *arguments])
        assert leaks(result.output.encode()) == []
        return result

    assert (checked().exit_code, checked("--strict").exit_code) == (0, 1)
    assert "content/posts/old.md:7:6: warning CL569" in checked().stderr
    assert "nothing was written" in checked().stdout
    assert checked("--without", "content/posts/old.md").exit_code == 3
    assert checked("--jobs", "none").exit_code == 2
    told = json.loads(checked("--format", "json").stdout)
    assert (told["command"], told["exit"], told["ok"], "written" in told) == ("check", 0, True, False)
    assert not site.output.exists()


def test_a_check_by_two_processes_of_a_site_that_was_never_built_leaves_nothing_behind(site: TinySite) -> None:
    apart(site)
    before = everywhere(site)
    assert swept(site, jobs=2) == swept(site)
    assert everywhere(site) == before


def test_an_answered_warning_is_not_told_again(site: TinySite) -> None:
    apart(site)
    site.edit("content/posts/old.md", "title: Old", "title: Old\nignore: [{code: CL569, reason: She agreed.}]")
    assert swept(site) == []


def test_what_two_articles_redact_is_told_once(site: TinySite) -> None:
    apart(site)
    site.post("rain", f"Again {ONE}.", date="2026-10-30")
    assert len(swept(site)) == 1
