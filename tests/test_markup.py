"""From Markdown to a body: what authors write and what comes of it, with both engines."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import MarkdownSettings
from generator.markup import Converted, convert
from generator.markup.engines import engine_for
from generator.markup.engines.python_markdown import markdown_with
from generator.markup.engines.shortcuts import take_shortcuts
from generator.markup.marks import RESERVED
from generator.markup.parsing import balanced, tokenise, tokenise_plain
from generator.markup.tokens import VOID
from generator.markup.urls import dead_end, is_harmless, runs_code
from generator.model.body import Body, Call, Html, Part, Reference, Slot
from generator.model.directive import AttributeRule, Declaration
from generator.model.problem import Problem
from generator.text.quotes import curl, curl_mark_by_mark
from tests.conftest import folded

ENGINES = ("python-markdown", "commonmark")
GOLDEN = Path(__file__).parent / "golden" / "markup"
DECLARATIONS = {
    "action": Declaration("action", "none", ("act-{id}",), {"id": AttributeRule(required=True)}),
    "cite": Declaration("cite", "inline", (), {"page": AttributeRule("int")}),
    "note": Declaration("note", "blocks", (), {"kind": AttributeRule("enum", values=("soft", "hard"))}),
    "comment": Declaration("comment", "blocks"),
    "pull-quote": Declaration("pull-quote", "blocks", ("quote-{anchor}",), {"anchor": AttributeRule("anchor")}),
    "redact": Declaration("redact", "none", (), {"reason": AttributeRule()}, plain={"en": "[redacted]"}),
    "ref": Declaration("ref", "source", (), {"page": AttributeRule("int")}),
    "timeline": Declaration("timeline", "blocks"),
}


def converted(text: str, engine: str = "python-markdown", **options: Any) -> Converted:
    """A text converted as a post about water would be."""
    markdown = MarkdownSettings(engine, options.pop("extensions", ()), options.pop("unsafe_html", True))
    call = {"path": "water.md", "first_line": 1, "slug": "water", "language": "en", "take_title": False, **options}
    return folded(convert(text, markdown=markdown, declarations=DECLARATIONS, **call))


def html(parts: tuple[Part, ...] | Body, references: tuple[Reference, ...] = ()) -> str:
    """A body as readable HTML: slots and calls as elements that show what they hold."""
    pieces: list[str] = []
    for part in parts.parts if isinstance(parts, Body) else parts:
        if isinstance(part, Html):
            pieces.append(part.text)
        elif isinstance(part, Slot):
            reference = references[part.number] if references else None
            to = f" {reference.target}@{reference.line}:{reference.column}" if reference else ""
            pieces.append("⟨/link⟩" if part.role == "unlink" else f"⟨{part.role}{to}{part.attributes}⟩")
        else:
            attributes = "".join(f" {key}={value!r}" for key, value in part.attributes.items())
            text = f" [{part.text}]" if part.text else ""
            pieces.append(f"⟨{part.name}{text}{attributes}⟩{html(part.inner, references)}⟨/{part.name}⟩")
    return "".join(pieces)


def said(result: Converted) -> list[str]:
    """The problems as lines."""
    return [f"{found.line}:{found.column} {found.severity} {found.code} {found.message}" for found in result.problems]


def codes(result: Converted) -> list[str]:
    """The codes of the problems."""
    return [found.code for found in result.problems]


_BLOCK_EDGE = re.compile(
    r"\s*(</?(?:p|h\d|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|th|td|div|section|pre|blockquote)\b[^>]*>"
    r"|⟨/?(?:note|action|callout|quotation|footnotes|comment|timeline|pull-quote)\b[^⟩]*⟩)[ \n]*"
)


def shown(result: Converted) -> str:
    """Everything a golden case looks at, as text in which only white space between blocks is normalised."""
    body = html(result.body, result.references)
    pieces = re.split(r"(<pre.*?</pre>)", body, flags=re.DOTALL)
    edges = [piece if piece.startswith("<pre") else _BLOCK_EDGE.sub(r"\n\1\n", piece) for piece in pieces]
    lines = [line for line in "\n".join(edges).split("\n") if line.strip()]
    lines += [f"title: {result.title}"] if result.title else []
    lines += [f"heading {heading.level} #{heading.id} {heading.text}" for heading in result.headings]
    lines += [f"summary: {result.summary}", *said(result)]
    return "\n".join(lines) + "\n"


def golden_cases() -> list[str]:
    """Names of the golden cases."""
    return sorted(path.stem for path in GOLDEN.glob("*.txt"))


@pytest.mark.parametrize("name", golden_cases())
def test_every_feature_has_a_golden_case_that_both_engines_meet(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    head, _, rest = path.read_text(encoding="utf-8").partition("=== input\n")
    text, _, expected = rest.partition("=== output\n")
    given_options = dict(line.split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
    options: dict[str, Any] = {"language": given_options.get("language", "en")}
    options["take_title"] = "take_title" in given_options
    engines = (given_options["engine"],) if "engine" in given_options else ENGINES
    if os.environ.get("UPDATE_GOLDEN"):
        expected = shown(converted(text, engines[0], **options))
        path.write_text(f"{head}=== input\n{text}=== output\n{expected}", encoding="utf-8")
    for engine in engines:
        assert shown(converted(text, engine, **options)) == expected, engine


# -- the traps of Markdown engines, one by one (each was seen in one of them)


@pytest.mark.parametrize("title", ["حقوق الإنسان", "हिन्दी अधिकार", "สิทธิมนุษยชน", "权利"])
def test_a_heading_in_any_script_keeps_its_letters_and_marks_in_its_id(title: str) -> None:
    heading = converted(f"## {title}\n").headings[0]
    assert heading.id == title.replace(" ", "-")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("indent", [2, 3, 4])
def test_a_list_nests_by_two_three_or_four_spaces(indent: int, engine: str) -> None:
    result = converted(f"- a\n{' ' * indent}- b\n{' ' * 2 * indent}- c\n- d\n", engine)
    assert (
        re.sub(r"\s+", "", html(result.body)) == "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_a_list_begins_right_behind_a_line_of_text(engine: str) -> None:
    assert "<li>a</li>" in html(converted("para\n- a\n- b\n", engine).body)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_year_at_the_start_of_a_line_begins_no_list(engine: str) -> None:
    assert "<li>" not in html(converted("It was in\n1986. Then more.\n", engine).body)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("text\n{name}", "text\n{name}"),
        ('text\n{"name": 1}', "text\n{“name”: 1}"),
        ("*a*{b, c} <b>d</b>{e}", "a{b, c} d{e}"),
        ("## The set {a, b}", "The set {a, b}"),
        ("## A {#b} ##", "A"),
        ("![{c} ~ [d](e.md)](f.png)", "{c} ~ d"),
    ],
)
def test_braces_take_no_text_away(text: str, seen: str, engine: str) -> None:
    result = converted(text, engine)
    pictures = re.findall(r'alt="([^"]*)"', html(result.body))
    assert re.sub(r"<[^>]*>|⟨[^⟩]*⟩", "", html(result.body)) + "".join(pictures) == seen


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "unsafe_html"), [("pre", True), ("pre", False), ("textarea", True)])
def test_an_empty_first_line_of_exact_text_stays(name: str, unsafe_html: bool, engine: str) -> None:
    text = f"<{name}>\n\n  dry\n</{name}>"
    assert html(converted(text, engine, unsafe_html=unsafe_html).body).strip() == text


@pytest.mark.parametrize(
    ("text", "engine", "told"),
    [
        ("<div>\n*a*\n</div>", "python-markdown", []),
        ("<div>\n*a*\n</div>", "commonmark", []),
        (
            "<div>\n\n*a*\n\n</div>",
            "python-markdown",
            ["3:1 warning CL237 Markdown inside <div> is shown as it is written"],
        ),
        ("<div>\n\n*a*\n\n</div>", "commonmark", []),
        ("<pre>\n\n*a*\n\n</pre>", "python-markdown", []),
        ("<div markdown>\n*a*\n</div>", "python-markdown", []),
        (
            "<div markdown>\n*a*\n</div>",
            "commonmark",
            ["2:1 warning CL237 Markdown inside <div> is shown as it is written"],
        ),
        ("<div markdown>\n\n*a*\n\n</div>", "commonmark", []),
        ("<del>\n*a*\n</del>", "python-markdown", []),
        ("<del>\n*a*\n</del>", "commonmark", ["1:1 warning CL237 Markdown inside <del> is shown as it is written"]),
        (
            "*a*{: .b}",
            "commonmark",
            ["1:4 warning CL236 attributes of a paragraph, an item or emphasis are shown to readers"],
        ),
        ("*a*{: .b}", "python-markdown", []),
        ("- <div \n- b", "commonmark", ["1:3 error CL238 the tag <div is never closed"]),
        ("<p>a<b then</p>", "python-markdown", ["1:5 error CL238 the tag <b is never closed"]),
        ("<p title='a > b'\n class=c>d</p><!-- <b -->", "commonmark", []),
        ("<p title='a > b'\n class=c>d</p>", "python-markdown", []),
    ],
)
def test_what_readers_would_see_of_raw_html_and_attributes_is_told(text: str, engine: str, told: list[str]) -> None:
    assert said(converted(text, engine)) == told


@pytest.mark.parametrize("engine", ENGINES)
def test_a_definition_over_several_lines_has_the_places_of_its_address(engine: str) -> None:
    result = converted("[a]:\n  a.md\n  'A title'\n\n[a]", engine, first_line=10)
    assert result.references == (Reference("link", "a.md", 11, 3),)
    assert 'title="A title"' in html(result.body)


def test_attributes_of_a_heading_keep_to_the_policy() -> None:
    for engine in ENGINES:
        result = converted("## A {#b onclick=c .d}", engine)
        assert html(result.body) == '<h2 id="b" class="d">A</h2>'
        assert said(result) == ["1:10 error CL224 onclick= cannot be given to a heading"]
        assert html(converted("## A {#b data-c=d}", engine, unsafe_html=False).body) == '<h2 id="b">A</h2>'


def test_an_undefined_link_reference_is_an_error_with_its_place() -> None:
    result = converted("One\n\nSee [the text][nope] and [others][].\n", first_line=10)
    assert said(result) == [
        "12:16 error CL202 there is no link definition [nope]",
        "12:26 error CL202 there is no link definition [others]",
    ]


def test_an_undefined_link_reference_comes_with_the_nearest_label() -> None:
    result = converted("[a][sprigns]\n\n[springs]: water.md\n")
    assert result.problems[0].hint == "Did you mean “springs”?"


def test_an_undefined_footnote_is_an_error_with_its_place() -> None:
    assert said(converted("A[^1].\n")) == ["1:2 error CL203 there is no footnote [^1]"]


@pytest.mark.parametrize("fence", ["```", "~~~~"])
@pytest.mark.parametrize("prefix", ["", "> ", "- "])
def test_an_unclosed_fence_is_an_error_where_it_opens(fence: str, prefix: str) -> None:
    result = converted(f"Text.\n\n{prefix}{fence}python\n{' ' * len(prefix) if prefix == '- ' else prefix}x = 1\n")
    assert said(result) == [f"3:{len(prefix) + 1} error CL201 this block of code is never closed"]


def test_a_fence_is_closed_only_by_its_own_kind() -> None:
    assert codes(converted("```\n~~~\n``\n")) == ["CL201"]
    assert codes(converted("````\n```\n````\n")) == []


def test_footnote_ids_of_two_articles_do_not_clash_on_one_page() -> None:
    text = "A[^1].\n\n[^1]: Note.\n"
    one, two = converted(text, slug="one"), converted(text, slug="two")
    assert set(one.ids).isdisjoint(two.ids)


def test_a_lead_has_no_ids_and_no_footnote_references() -> None:
    lead = converted('Some[^1] <b id="x">words</b>.\n\nMore.\n\n[^1]: Note.\n').lead
    assert html(lead) == "<p>Some <b>words</b>.</p>".replace("Some ", "Some ")


def test_a_lead_is_never_cut_inside_a_directive_or_a_list() -> None:
    assert converted(":::note\nOne.\n\n<!--more-->\n\nTwo.\n:::\n\nThree.\n").summary == "One. Two."
    assert converted("- a\n- b <!--more-->\n- c\n\nThree.\n").summary == "a b c"


def test_a_lead_uses_the_numbers_of_the_body() -> None:
    result = converted("![a](a.jpg)\n\n[b](b.md)\n")
    assert result.lead.parts == (Html("<p>"), Slot(1, "link"), Html("b"), Slot(1, "unlink"), Html("</p>"))
    assert result.references[1] == Reference("link", "b.md", 3, 5)


def test_a_summary_is_one_line_and_a_plain_text_has_a_line_for_each_block() -> None:
    result = converted("## Head\n\nOne *two*\nthree `four`.[^1]\n\n- five\n- six\n\n[^1]: Seven.\n")
    assert result.summary == "One two three four."
    assert result.plain == "Head\nOne two three four.\nfive\nsix\nSeven."


@pytest.mark.parametrize("engine", ENGINES)
def test_a_link_inside_the_text_of_a_link_is_the_one_that_counts(engine: str) -> None:
    result = converted("[a [b](inner.md) c](outer.md)\n", engine)
    assert [found.target for found in result.references] == ["inner.md"]
    assert result.plain == "[a b c](outer.md)"


@pytest.mark.parametrize("engine", ENGINES)
def test_two_quotations_with_a_blank_line_between_are_two(engine: str) -> None:
    result = converted("> a\n> -- A\n\n> b\n> -- B\n", engine)
    owners = [part.attributes["attribution"] for part in result.body.parts if isinstance(part, Call)]
    assert owners == ["A", "B"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text", ["- > a\n  > b\n- c\n", "- a\n  > b\n  > c\n- d\n", "> - a\n>   - b\n", "- a\n\n      code\n- b\n"]
)
def test_containers_inside_containers_leave_no_sign_behind(text: str, engine: str) -> None:
    assert not re.search(r"[>-]", converted(text, engine).plain)


@pytest.mark.parametrize("engine", ENGINES)
def test_text_that_only_looks_like_a_block_is_text(engine: str) -> None:
    text = "one\n2. two\n#three\n    - five\n> six\nseven\n---\n"
    assert converted(text, engine).plain == "one 2. two #three - five\nsix seven"


def test_a_shared_label_keeps_its_first_definition() -> None:
    result = converted("[a][x]\n\n[x]: one.md\n[x]: two.md\n")
    assert result.references[0].target == "one.md"
    assert said(result) == ["4:1 warning CL230 the link label [x] is defined twice"]


def test_places_count_from_the_first_line_of_the_file_also_behind_tabs_and_markers() -> None:
    result = converted("> - [a](one.md)\n\n\t[no](code.md)\n\n1.\t[b](two.md)\n", first_line=7)
    assert [(found.target, found.line, found.column) for found in result.references] == [
        ("one.md", 7, 9),
        ("two.md", 11, 8),
    ]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_of_every_kind_count(end: str) -> None:
    assert said(converted(f"a{end}{end}[x][y]{end}")) == ["3:5 error CL202 there is no link definition [y]"]


def test_a_skipped_heading_level_is_a_warning() -> None:
    result = converted("## One\n\n#### Two\n")
    assert said(result) == ["3:6 warning CL220 the heading “Two” has 4 number signs where 3 would be next"]
    assert codes(converted("# One\n\n## Two\n\n### Three\n\n## Four\n")) == []


def test_an_id_given_twice_is_an_error() -> None:
    result = converted("## One {#x}\n\n## Two {#x}\n")
    assert codes(result) == ["CL227"]
    assert result.headings[1].id == "x"


@pytest.mark.parametrize(
    "text",
    [
        "## One {{#{}}}",
        '<p id="{}">a</p>',
        'a <b id="{}">b</b>',
        "[a](b.md){{#{}}}",
        "![a](b.jpg){{#{}}}",
        "`a`{{#{}}}",
    ],
)
@pytest.mark.parametrize("name", ["page_main", "share_title", "my_own", "act-petition"])
@pytest.mark.parametrize("engine", ENGINES)
def test_an_id_that_could_be_the_theme_s_own_is_an_error(text: str, name: str, engine: str) -> None:
    result = converted(text.format(name), engine)
    assert [(found.severity, found.code, found.line) for found in result.problems] == [("error", "CL227", 1)]
    owner = "actions" if name.startswith("act-") else "the theme"
    assert f"belong to {owner}" in result.problems[0].hint


def test_an_id_that_a_directive_or_a_heading_gives_itself_is_none_of_the_theme_s() -> None:
    result = converted("## share_title\n\n::action{id=my_petition}\n\n## Own {#own-1}\n")
    assert (result.ids, result.problems) == (("act-my_petition", "own-1", "share-title"), ())


def test_headings_inside_a_quotation_are_not_listed() -> None:
    assert [heading.text for heading in converted("## One\n\n> ### Theirs\n").headings] == ["One"]


def test_an_address_with_spaces_is_an_error_that_says_how_to_write_it() -> None:
    problem = converted("[a](my file.md)\n").problems[0]
    assert (problem.code, problem.line, problem.column, problem.hint) == ("CL231", 1, 5, "Write (<my file.md>).")


def test_a_tag_of_another_generator_is_a_warning_but_not_in_code() -> None:
    result = converted("{{< figure >}} and {% include x %} and `{% raw %}`\n")
    assert [(found.code, found.column) for found in result.problems] == [("CL233", 1), ("CL233", 20)]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ('[caption id="a_1" align="left"]A[/caption]', [1]),
        ('[gallery ids="1,2"]', [1]),
        ("One\n[gallery]", [1]),
        ("a [embed]https://a.org/x[/embed]", [3]),
        ('[contact-form-7 id="12" title="x"]', [1]),
        ("See [[Clean water]].", [5]),
        ("`[[x]]` and `[embed]`", []),
        ("[sic] [gallery] of [video] [caption this] [audio shows = 3?]{.x}", []),
        ("[gallery][] [embed](a.md) [[1]](b.md) and [[^1]] [[r]]\n\n[gallery]: c.md\n[r]: d.md\n\n[^1]: N.", []),
    ],
)
def test_a_tag_in_brackets_is_a_warning_but_not_words_or_links_in_brackets(text: str, columns: list[int]) -> None:
    found = [problem for problem in converted(text).problems if problem.code == "CL233"]
    assert [problem.column for problem in found] == columns
    assert all(problem.severity == "warning" for problem in found)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "target", "shown_text"),
    [
        ("See www.example.org/a_(b).", "https://www.example.org/a_(b)", "www.example.org/a_(b)"),
        ("(WWW.example.org)", "https://WWW.example.org", "WWW.example.org"),
        ("Write to a.b+c@mail.example.org.", "mailto:a.b+c@mail.example.org", "a.b+c@mail.example.org"),
        ("mailto:a@b.org", "mailto:a@b.org", "mailto:a@b.org"),
        ("E-mail:a@b.org", "mailto:a@b.org", "a@b.org"),
        ("*a@b.org*", "mailto:a@b.org", "a@b.org"),
    ],
)
def test_a_bare_host_and_a_bare_e_mail_address_are_links(text: str, target: str, shown_text: str, engine: str) -> None:
    result = converted(text, engine)
    assert [found.target for found in result.references] == [target]
    assert f"⟩{shown_text}⟨/link⟩" in html(result.body, result.references)
    assert result.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "`www.example.org` and `a@b.org`",
        "<code>www.example.org a@b.org</code>",
        '<a name="x">www.example.org a@b.org</a>',
        "@name@social.example a@localhost x@ @y a@b.org@c www.example awww.example.org",
        "a\\_b@c.example.org",
        f"{'a' * 80}@b.org",
        "![a@b.org www.example.org](c.jpg)",
        "```\nwww.example.org\n```",
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_only_looks_like_an_address_is_no_link(text: str, engine: str) -> None:
    assert [found for found in converted(text, engine).references if found.kind == "link"] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_an_address_inside_a_link_is_its_text(engine: str) -> None:
    result = converted("[a@b.org and www.c.org](d.md)", engine)
    assert html(result.body, result.references) == "<p>⟨link d.md@1:25⟩a@b.org and www.c.org⟨/link⟩</p>"
    assert html(converted("![a@b.org www.c.org](d.jpg)", engine).body) == ('<p>⟨picture alt="a@b.org www.c.org"⟩</p>')


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("file:///home/x/a.pdf", "begins with file:, which readers cannot open"),
        ("FILE:a.pdf", "begins with file:, which readers cannot open"),
        ("http:x", "names no host"),
        ("https:/example.org", "names no host"),
        ("https:\\\\example.org", "another character that addresses cannot have"),
        ("https://bank.example@evil.example/", "hides its host behind a name and @"),
        ("mailto:nobody", "names no e-mail address"),
        ("tel:", "names no telephone number"),
        ("tel:nobody", "names no telephone number"),
        ("tel:+4930x12", "names no telephone number"),
        ("tel:+4930%0A12", "names no telephone number"),
    ],
)
@pytest.mark.parametrize("form", ["[a](<{}>)", "[a][x]\n\n[x]: {}", '<a href="{}">a</a>'])
def test_an_address_that_no_reader_can_follow_is_an_error(target: str, reason: str, form: str) -> None:
    escaped = target.replace("\\", "\\\\") if form.startswith("[") else target
    result = converted(form.format(escaped))
    assert [(found.severity, found.code) for found in result.problems] == [("error", "CL251")]
    assert result.problems[0].message.endswith(reason)
    assert result.problems[0].line
    assert result.references == ()


@pytest.mark.parametrize(
    "target",
    [
        "tel:+442071838750",
        "tel:+44 (0)20-7183.8750;ext=12",
        "tel:116%20123",
        "tel:*334%23",
        "mailto:a@b.org?subject=Hello there&body=a%0Ab",
        "mailto:?subject=Water",
        "https://a.org/x|y{z}^`",
        "https://medium.example/@name",
        "https://пример.рф/",
        "signal:x",
        "a file.pdf",
        "../b.md",
    ],
)
def test_an_address_that_readers_can_follow_stays_as_it_is(target: str) -> None:
    result = converted(f"[a](<{target}>)")
    assert (result.problems, [found.target for found in result.references]) == ((), [target])


@pytest.mark.parametrize("engine", ENGINES)
def test_the_attribute_that_asks_for_markdown_never_reaches_readers(engine: str) -> None:
    text = '<div markdown>\n\n*a*\n\n</div>\n\n<div markdown="1">\n\n*a*\n\n</div>\n\n<b markdown>x</b>\n'
    result = converted(text, engine)
    assert "markdown" not in html(result.body)
    assert "<em>a</em>" in html(result.body)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a \u202eb\u202c c", [(1, 3)]),
        ("a\n\n> &#x202E;b", [(3, 3)]),
        ("<p>&#8237;b</p>", [(1, 4)]),
        ("```\na\u202d\n```", [(2, 2)]),
        ("a \u2067b\n\nc\u2069", [(1, 3), (3, 2)]),
        ("a \u202ab\u2068c\u202b\u2069", [(1, 3), (1, 7)]),
        ("a\u202c", [(1, 2)]),
        ("a\r\r\u202e", [(3, 1)]),
        ("a \u2067b \u202bc\u202c\nd\u2069 \u200f \u061c e", []),
        ("`&#x202E;`", []),
    ],
)
def test_characters_that_turn_a_text_are_told_where_they_stand(text: str, places: list[tuple[int, int]]) -> None:
    found = converted(text).problems
    assert [(problem.severity, problem.code) for problem in found] == [("warning", "CL235")] * len(places)
    assert [(problem.line, problem.column) for problem in found] == places


def test_an_extension_that_is_not_there_is_a_problem_of_the_settings() -> None:
    problem = converted("a", extensions=("no_such_extension",)).problems[0]
    assert (problem.severity, problem.code, problem.path) == ("error", "CL229", "site.toml")


def test_a_further_extension_of_python_markdown_works() -> None:
    result = converted("!!! note\n    Inside *it*.\n", extensions=("admonition",))
    assert '<div class="admonition note">' in html(result.body)
    assert "<em>it</em>" in html(result.body)


def test_an_unknown_engine_is_a_problem_with_a_suggestion() -> None:
    assert converted("a", "comonmark").problems[0].hint == "Did you mean “commonmark”?"


def test_raw_html_that_is_never_closed_is_a_warning() -> None:
    assert said(converted("<div>\n\ntext\n")) == ["1:1 warning CL228 <div> is never closed"]


def test_html_inside_a_paragraph_with_the_closing_tag_missing_is_closed() -> None:
    assert html(converted("a <b>b\n\nc\n").body).count("</b>") >= 1


def test_the_author_s_notes_in_comments_are_not_published() -> None:
    result = converted("a <!-- ask\nthe lawyer --> b\n\n<!--\n\nsecret\n\n-->\n\n<p><!-- third --></p>\n")
    assert "lawyer" not in str(result)
    assert "secret" not in str(result)
    assert "third" not in str(result)


def test_a_comment_that_never_closes_is_an_error_and_hides_nothing() -> None:
    result = converted("a\n\n<!-- b\n\nc\n")
    assert said(result) == ["3:1 error CL216 this comment is never closed"]
    assert result.plain == "a\n<!-- b\nc"


# -- attacks


@pytest.mark.parametrize(
    "text",
    [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java&#10;script:alert(1))",
        "[a](<java\tscript:alert(1)>)",
        "[a](&#106;avascript:alert(1))",
        "[a](&#x01;javascript:alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "[a][b]\n\n[b]: javascript:alert(1)",
        "<javascript:alert(1)>",
        '<a href="javascript:alert(1)">a</a>',
        '<a href=" java&#x0A;script:alert(1)">a</a>',
        '<form action="javascript:x()"><button formaction="vbscript:x">b</button></form>',
        '<svg><a xlink:href="javascript:x">t</a></svg>',
        '<svg><a><animate attributeName="href" values="x;javascript:x"/></a></svg>',
        '<object data="javascript:x"></object>',
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_an_address_that_runs_code_is_an_error_and_is_not_in_the_result(text: str, engine: str) -> None:
    result = converted(text, engine)
    assert "CL225" in codes(result)
    found = html(result.body, result.references).lower()
    assert not re.search(r"=\"[^\"]*(?:javascript|vbscript|data):|⟨link[^⟩]*(?:script|data):", found)


@pytest.mark.parametrize(
    "text",
    [
        '<img src="a.jpg" alt="" onerror="x()">',
        '<p style="color: red">a</p>',
        '<b onclick="x()">a</b>',
        "![a](b.jpg){onload=x}",
        '[a](b.md){style="color: red"}',
        "<script>x()</script>",
        "<style>p { color: red }</style>",
        '<iframe srcdoc="x"></iframe>',
        '<base href="/x/">',
        '<meta http-equiv="refresh" content="0; url=x">',
        "<svg><script>x()</script></svg>",
        "<svg><style>x</style></svg>",
        "<math><mtext><style><img src=x></style></mtext></math>",
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_the_policy_of_a_site_refuses_is_an_error_and_is_not_in_the_result(text: str, engine: str) -> None:
    result = converted(text, engine)
    assert "CL224" in codes(result)
    assert not re.search(r" on\w+=| style=|<script|<style|<base|<meta|srcdoc", html(result.body))


@pytest.mark.parametrize(
    "text",
    [
        '<iframe src="https://video.example/1"></iframe>',
        '<script src="//cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        '<video src="https://video.example/1.mp4"></video>',
        '<video poster="/\\video.example/1.jpg"></video>',
        '<img src="a.jpg" alt="a" srcset="https://img.example/1.jpg 2x">',
        '<object data="https://x.example/"></object>',
        '<embed src="https://x.example/">',
        '<svg><image href="https://x.example/a.png"/></svg>',
        '<svg><use href="https://x.example/a.svg#b"/></svg>',
        '<a href="x.md" ping="https://x.example/">a</a>',
        '<table background="https://x.example/a.png"><tr><td>a</td></tr></table>',
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_html_that_asks_somebody_else_s_server_is_an_error_and_is_not_in_the_result(text: str, engine: str) -> None:
    result = converted(text, engine)
    assert "CL223" in codes(result)
    assert ".example" not in html(result.body, result.references)


@pytest.mark.parametrize(
    "target", ["https://x.example/a.jpg", "HTTP://x.example/a.jpg", "//x.example/a.jpg", "data:image/png;base64,AA"]
)
def test_a_picture_that_lies_elsewhere_is_an_error_with_its_place(target: str) -> None:
    for text in (f"![a]({target})", f'<p><img alt="a" src="{target}"></p>'):
        result = converted(text)
        assert [(found.code, found.line) for found in result.problems] == [("CL222", 1)]
        assert result.references == ()


def test_an_attribute_that_is_refused_is_told_where_it_begins_and_an_address_where_the_address_does() -> None:
    result = converted('a\n\n<p class="x" onclick="x()">a</p>\n\n<video src="https://x.example/1"></video>\n')
    assert [(found.code, found.line, found.column) for found in result.problems] == [("CL224", 3, 14), ("CL223", 5, 13)]


def test_an_element_that_shows_a_file_of_the_site_is_a_reference() -> None:
    result = converted('<script src="chart.js"></script>\n')
    assert result.references == (Reference("file", "chart.js", 1, 14),)
    assert result.body.parts == (Html('<script src="'), Slot(0, "url"), Html('"></script>'))


def test_a_reserved_character_is_an_error_and_never_becomes_a_mark() -> None:
    result = converted("a \ue8f0\ue8f4\ue8f3 b &#xE8F0;&#59636;&#xE8F3; c\n")
    assert [(found.code, found.column) for found in result.problems] == [
        ("CL214", 3), ("CL214", 4), ("CL214", 5), ("CL214", 9), ("CL214", 17), ("CL214", 25),
    ]  # fmt: skip
    assert not RESERVED.search(html(result.body))


def test_a_reserved_character_written_as_a_number_in_code_is_code() -> None:
    result = converted("`&#xE8F0;`\n")
    assert html(result.body) == "<p><code>&amp;#xE8F0;</code></p>"
    assert result.problems == ()


def test_unsafe_html_false_keeps_markdown_and_drops_what_could_harm() -> None:
    text = (
        "| a |\n|--:|\n| *b* |\n\n- [x] [task](t.md)\n\nA[^1] :cite[K] ![p](p.jpg){#p onerror=x}\n\n"
        '<p dir="rtl" lang="ar">x</p> <details open><summary>s</summary>d</details>\n\n'
        '<form action="/x"><input name="q"></form>\n\n[^1]: Note.\n'
    )
    result = converted(text, "commonmark", unsafe_html=False)
    found = html(result.body)
    for kept in (
        '<td class="align-right">',
        "<label>",
        'class="footnote-ref"',
        "⟨cite",
        'dir="rtl" lang="ar"',
        "<details open",
    ):
        assert kept in found
    assert "<form" not in found
    assert "onerror" not in found
    assert "CL232" in codes(result)


@pytest.mark.parametrize(
    ("text", "place", "gone"),
    [
        ('<p style="color: red">a</p>', (1, 4), "style"),
        ('a <b onclick="x()">b</b>', (1, 6), "onclick"),
        ("<script>x()</script>", (1, 1), "script"),
        ('<script src="//cdn.example/x.js"></script>', (1, 14), "script"),
        ('<iframe src="https://video.example/1"></iframe>', (1, 14), "iframe"),
        ("<style>p { color: red }</style>", (1, 1), "style"),
        ('<svg><image href="https://x.example/a.png"/></svg>', (1, 19), "example"),
        ('<a href="x.md" ping="https://x.example/">a</a>', (1, 16), "ping"),
        ('<p data-x="y">a</p>', (1, 4), "data-x"),
        ('<a href="ftp://x.example/">a</a>', (1, 10), "ftp"),
        ('<a href="file:///home/x">a</a>', (1, 10), "file:"),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_unsafe_html_false_removes_with_a_warning_what_is_an_error_otherwise(
    text: str, place: tuple[int, int], gone: str, engine: str
) -> None:
    result = converted(text, engine, unsafe_html=False)
    assert {(found.severity, found.code) for found in result.problems} == {("warning", "CL232")}
    assert (result.problems[0].line, result.problems[0].column) == place or gone == "example"
    assert gone not in html(result.body)
    if any(found.severity == "error" for found in converted(text, engine).problems):
        assert not any("unsafe_html = true" in found.hint for found in result.problems if found.column == place[1])


@pytest.mark.parametrize("text", ["<script>x()</script>", "<style>a</style>", '<meta name="a" content="b">'])
def test_no_hint_advises_a_setting_that_would_not_help(text: str) -> None:
    assert [found.severity for found in converted(text).problems] == ["error"]
    assert "unsafe_html" not in converted(text, unsafe_html=False).problems[0].hint
    assert "unsafe_html = true" in converted("<form></form>", unsafe_html=False).problems[0].hint


def test_a_drawing_with_a_script_is_removed_with_warnings_only() -> None:
    result = converted("<svg><script>x()</script></svg>", unsafe_html=False)
    assert {(found.severity, found.code) for found in result.problems} == {("warning", "CL232")}
    assert not re.search("svg|script|x\\(", html(result.body))


@pytest.mark.parametrize("engine", ENGINES)
def test_unsafe_html_false_keeps_what_means_something_and_adds_nothing(engine: str) -> None:
    text = (
        '<p class="x" dir="rtl"><time datetime="2026-05-01">May</time> <a href="https://a.org/">b</a></p>\n\n'
        '<details class="y" open><summary>s</summary>d</details>\n\n- [x] done\n- [ ] open\n'
    )
    result = converted(text, engine, unsafe_html=False)
    assert result.problems == ()
    assert shown(result) == shown(converted(text, engine))
    assert "rel=" not in shown(result)
    assert shown(result).count('<label><input type="checkbox" disabled') == 2


def test_unsafe_html_false_still_tells_of_addresses_that_run_code() -> None:
    result = converted('<a href="javascript:x">a</a>\n', unsafe_html=False)
    assert codes(result) == ["CL225"]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "[a](" * 5_000,
        "![" * 5_000,
        "[a](b 'c" * 3_000,
        ":cite[" * 5_000,
        ":cite{a=" * 5_000,
        ":::note\n" * 5_000,
        "> " * 5_000 + "a",
        "- " * 5_000 + "a",
        "`" * 10_000,
        "`a``b```c" * 2_000,
        "*a **b _c " * 1_000,
        "<!--" * 5_000,
        "<div " * 1_000,
        "<a b='" * 3_000,
        "<blockquote>" * 2_000,
        "<svg>" * 2_000,
        "~~a " * 5_000,
        '"' * 10_000,
        "https://a.b/" + "(" * 10_000 + ")" * 10_000,
        "# " + "# " * 10_000 + "x",
        "[a]: <" * 5_000,
        "|-" * 10_000,
        "*[a]: b\n" * 1_000,
    ],
    ids=lambda text: repr(text[:10]),
)
@pytest.mark.parametrize("engine", ENGINES)
def test_hostile_text_neither_blows_up_nor_takes_long(text: str, engine: str) -> None:
    import time

    started = time.process_time()
    converted(text, engine)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["[a](b", "![a](b ", "< ", "a@b ", "www.", "[[a ", "[gallery a "])
def test_twenty_times_the_text_takes_about_twenty_times_as_long(text: str) -> None:
    """The bound is generous: time that grows with the square would be four hundred times as long."""
    import time

    def taken(count: int, tries: int) -> float:
        times = []
        for _ in range(tries):
            started = time.process_time()
            converted(text * count)
            times.append(time.process_time() - started)
        return min(times)

    assert taken(20_000, 1) < 80 * max(taken(1_000, 3), 0.005)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_paragraph_of_any_length_comes_to_an_end(engine: str) -> None:
    """An engine takes time that grows with the square of a paragraph, so there is a limit to that."""
    result = converted("A.\n\n" + "[a](b" * 60_000 + "\n\nB.\n", engine)
    assert said(result) == ["3:1 error CL215 this paragraph is too long"]
    assert result.plain == "A.\n" + "[a](b" * 60_000 + "\nB."
    assert codes(converted("| a |\n|---|\n" + f"| {'b' * 200} |\n" * 1_100, engine)) == []


def test_nesting_that_is_too_deep_is_a_problem() -> None:
    for text in ("> " * 100 + "a", "[" * 200, ":::note\n" * 50 + ":::\n" * 50, "<div>" * 500):
        assert "CL215" in codes(converted(text)), text[:10]


# -- properties

_PIECES = st.sampled_from(
    [
        "\n", "\n\n", " ", "    ", "word", "*", "**", "_", "`", "```\n", "~~~\n", "> ", "- ", "1. ", "[", "](",
        "x.md", ")", "![", "[^1]", "[^1]: ", "[a]: b.md\n", '"', "'", "--", "<b>", "</b>", "<div>", "</div>", "<!--",
        "-->", "<!--more-->", '<a href="q">', "</a>", ":cite[", "]", "{", "}", "{id=x}", ":::note\n", ":::\n",
        "::::note[T]\n", "::::\n", "::action{id=z}\n", "# ", "===\n", "---\n", "| a | b |\n", "|---|---|\n", "\t",
        "\\", "\\\n", "&amp;", "&#xE8F0;", "https://a.org/x", "~~", "> [!TIP] t\n", "— N", "{language=ru}\n",
        ":   d\n", "[x] ", "<p>", "<script>", "</script>", "<li>", "<table>", "<td>", "\ue8f0\ue8f5\ue8f3", "<svg>",
        "<pre>", "<h1>", "<img src=x>", "<plaintext>", "<textarea>", "<template>", "<select>", "\r\n", "\x0c",
        "\u2028", "::pull-quote[x *y*]\n", "<blockquote>", "![a](b.jpg){decorative}", "*[word]: w\n", "\x00",
        "\ud800",
    ]
)  # fmt: skip
_TEXTS = st.lists(_PIECES, max_size=25).map("".join) | st.text(max_size=60)


class _Balance(HTMLParser):
    """Fails on an end tag that closes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """A start tag."""
        del attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An end tag."""
        assert self.open
        assert self.open.pop() == tag


def _filled(parts: tuple[Part, ...]) -> str:
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, Html):
            pieces.append(part.text)
        elif isinstance(part, Call):
            pieces.append(f"<call>{_filled(part.inner)}</call>")
        else:
            of_role = {
                "link": f"<a{part.attributes}>",
                "unlink": "</a>",
                "picture": f"<img{part.attributes}>",
                "url": "x",
            }
            pieces.append(of_role[part.role])
    return "".join(pieces)


@settings(max_examples=150, deadline=None)
@given(_TEXTS, st.sampled_from(ENGINES), st.booleans())
def test_any_text_becomes_balanced_html_without_a_mark_left(text: str, engine: str, unsafe_html: bool) -> None:
    result = converted(text, engine, unsafe_html=unsafe_html)
    assert not RESERVED.search(
        repr(result.body) + repr(result.lead) + result.plain + result.title + repr(result.headings)
    )
    for body in (result.body, result.lead):
        balance = _Balance()
        balance.feed(_filled(body.parts))
        balance.close()
        assert balance.open == []
        assert all(part.number < len(result.references) for part in body.parts if isinstance(part, Slot))


_CODE = st.text(st.sampled_from("abc \"'*_[](){}<>:#!|\\&.-~^"), min_size=1, max_size=40)


@settings(max_examples=100, deadline=None)
@given(_CODE, st.sampled_from(ENGINES))
def test_a_text_inside_code_is_never_touched(code: str, engine: str) -> None:
    fenced = converted(f"Text\n\n`````\n{code}\n`````\n", engine)
    spanned = converted(f"Text ```` x{code}x ````\n", engine)
    assert fenced.problems == spanned.problems == ()
    assert fenced.plain == "\n".join(["Text", *([" ".join(code.split())] if code.strip() else [])])
    assert spanned.plain == f"Text {' '.join(f'x{code}x'.split())}"


@settings(max_examples=50, deadline=None)
@given(_TEXTS)
def test_every_problem_has_a_place_inside_the_text(text: str) -> None:
    last = len(re.split(r"\r\n|\n|\r", text)) + 4
    for problem in converted(text, first_line=5).problems:
        assert isinstance(problem, Problem)
        assert problem.path == "water.md"
        assert problem.line == 0 or 5 <= problem.line <= last


# -- shortcuts give what the long way gives

_SOURCES = st.lists(
    st.sampled_from([
        "water", "Two words", "a", " ", " ", "\n", "\n\n", "  \n", "*", "**", "*so*", "**so.**", "_", "__", "~~",
        "-   ", "1.  ", "> ", "    ", "# ", "## Two\n", "---\n", "===\n", "|", "| a | b |\n|---|---|\n| c | d |\n",
        ":   ", "&", "&amp;", "&copy;", "&#45;", "&#13;", "\\", "\\*", "{", "}", "{.b}", "{: #i }", "'", '"', "...",
        "--", ".", ",", ")", "é", "и", "中", "\ue8f0\ue8f4\ue8f3", "\ue8f1\ue8f4\ue8f3", "\u00a0", "\u2028", "\x0c",
        "0", "!", "[", "](", "`", ":", ">",
    ]),
    max_size=24,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(_SOURCES, st.sampled_from(ENGINES))
def test_text_without_raw_html_needs_no_browser_to_understand_it(source: str, engine: str) -> None:
    made = engine_for(MarkdownSettings(engine)).render(source)
    plain = tokenise_plain(made)
    assert plain is None or plain == tokenise(balanced(made)[0])


_SHORT, _LONG = take_shortcuts(markdown_with(())), markdown_with(())


@settings(max_examples=300, deadline=None)
@given(_SOURCES | _TEXTS)
def test_shortcuts_through_python_markdown_lead_to_the_same(source: str) -> None:
    assert _SHORT.reset().convert(source) == _LONG.reset().convert(source)


@settings(max_examples=300, deadline=None)
@given(_SOURCES, st.sampled_from(["", " ", "x", "(", "7"]), st.sampled_from(["en", "fr", "he", "ja", "th"]))
def test_quotation_marks_are_the_same_with_and_without_a_look_at_each(text: str, before: str, language: str) -> None:
    assert curl(text, before, language) == curl_mark_by_mark(text, before, language)


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("ab .,\"'*_wWé-!(~"), min_size=1, max_size=12).filter(str.strip),
    st.text(st.sampled_from("ab./:#?@%=-*_~wé;,!"), min_size=1, max_size=12),
    st.sampled_from(ENGINES),
)
def test_a_plain_link_is_read_like_one_with_signs_around_its_address(words: str, address: str, engine: str) -> None:
    short = converted(f"See [{words}]({address}) there.\n", engine)
    long = converted(f"See [{words}](<{address}>) there.\n", engine)
    assert short.body == long.body
    assert [reference.target for reference in short.references] == [reference.target for reference in long.references]
    assert codes(short) == codes(long)


_ADDRESSES = ("https", "http", "data", "file", ":", "/", "//", "a", ".b", "@", "#", "?", "%41", " ", "\\", ":0", "é")


@given(st.lists(st.sampled_from(_ADDRESSES)))
def test_an_address_harmless_at_first_sight_is_harmless(pieces: list[str]) -> None:
    address = "".join(pieces)
    assert not is_harmless(address) or (not runs_code(address) and not dead_end(address))


_NO_HTML = ('<script sr">a</script>', "- <div \n- b", '> <p>a <a h/">e</a></p>', '<p class="x" b"="">a</p>')


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", _NO_HTML)
def test_a_tag_with_signs_in_the_names_of_its_attributes_is_read(text: str, engine: str) -> None:
    """Nothing an author writes ends in an exception, however little it is HTML."""
    assert "<script>" not in html(converted(text, engine).body)


def test_a_text_of_600_words_takes_milliseconds() -> None:
    """Generous, for machines that are busy: about 1 ms on two cores of 2026."""
    import time

    paragraph = 'The *water* that we "drink" is **not** safe, and [nobody](other.md) knew -- said a word about it. ' * 3
    text = "\n\n".join([f"## Heading {number}\n\n{paragraph}" for number in range(11)])
    converted(text)
    started = time.process_time()
    for _ in range(5):
        converted(text)
    assert (time.process_time() - started) / 5 < 0.05
