"""Directives: their grammar, their declarations, and what is said of each mistake."""

from typing import Any

import pytest

from generator.config import MarkdownSettings
from generator.markup import Converted, convert
from generator.markup.calls import MADE_BY_MARKDOWN
from generator.model.body import Body, Call, Html
from generator.model.directive import AttributeRule, AttributeType, Declaration
from tests.conftest import folded

ENGINES = ("python-markdown", "commonmark")
DECLARATIONS = {
    "action": Declaration(
        "action", "none", ("act-{id}",), {"id": AttributeRule(required=True), "closes": AttributeRule("date")}
    ),
    "appeal": Declaration(
        "appeal", "blocks", (), {"from": AttributeRule(), "words": AttributeRule("enum", values=("theirs", "ours"))}
    ),
    "cite": Declaration("cite", "inline", (), {"page": AttributeRule("int")}),
    "comment": Declaration("comment", "blocks"),
    "gallery": Declaration("gallery", "blocks", ("gallery-{name}", "top"), {"name": AttributeRule()}),
}


def converted(text: str, engine: str = "python-markdown", **options: Any) -> Converted:
    """A text converted with the declarations above."""
    call = {"path": "a.md", "first_line": 1, "slug": "a", "language": "en", "take_title": False, **options}
    return folded(convert(text, markdown=MarkdownSettings(engine), **{"declarations": DECLARATIONS, **call}))


def said(text: str, **options: Any) -> list[str]:
    """The problems of a text as lines with their hints, the same for both engines."""
    first, second = (
        [
            f"{found.line}:{found.column} {found.code} {found.message} | {found.hint}"
            for found in converted(text, engine, **options).problems
        ]
        for engine in ENGINES
    )
    assert first == second
    return first


def calls(body: Body) -> list[Call]:
    """All calls, outer ones first."""
    found: list[Call] = []
    waiting = list(body.parts)
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Call):
            found.append(part)
            waiting = [*part.inner, *waiting]
    return found


# -- what they become


@pytest.mark.parametrize("engine", ENGINES)
def test_a_directive_in_a_line_is_a_call_inside_the_paragraph(engine: str) -> None:
    result = converted("See :cite[a *b*]{page=4} there.\n", engine)
    call = Call("cite", {"page": 4}, (Html("a <em>b</em>"),), "a b", 1, 5)
    assert result.body.parts == (Html("<p>See "), call, Html(" there.</p>"))
    assert result.directives == ("cite",)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_directive_on_a_line_of_its_own_stands_between_paragraphs(engine: str) -> None:
    result = converted("One\n::action{id=petition}\nTwo\n", engine, first_line=5)
    assert calls(result.body) == [Call("action", {"id": "petition"}, (), "", 6, 1)]
    assert [part.text.strip() for part in result.body.parts if isinstance(part, Html)] == ["<p>One</p>", "<p>Two</p>"]
    assert result.ids == ("act-petition",)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_directive_around_paragraphs_has_them_inside(engine: str) -> None:
    result = converted(':::appeal[Dear *all*]{from="The council" words=ours}\nOne.\n\nTwo.\n:::\n', engine)
    (call,) = calls(result.body)
    assert (call.name, call.text, call.attributes) == ("appeal", "Dear all", {"from": "The council", "words": "ours"})
    assert "".join(part.text for part in call.inner if isinstance(part, Html)).split() == ["<p>One.</p>", "<p>Two.</p>"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("outer", "inner"), [("::::", ":::"), (":::", "::::"), (":::", ":::")])
def test_directives_nest_by_fences_of_other_or_equal_length(outer: str, inner: str, engine: str) -> None:
    result = converted(f"{outer}appeal\nOne.\n\n{inner}comment\nTwo.\n{inner}\n\nThree.\n{outer}\n", engine)
    appeal, comment = calls(result.body)
    assert (appeal.name, comment.name, comment.inner) == ("appeal", "comment", (Html("<p>Two.</p>"),))
    assert result.problems == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_directives_stand_in_lists_and_quotations(engine: str) -> None:
    result = converted("- a\n\n  :::comment\n  b\n  :::\n\n> :::comment\n> c\n> :::\n", engine)
    assert [call.name for call in calls(result.body)] == ["comment", "quotation", "comment"]
    assert result.problems == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_lists_headings_and_quotations_stand_in_directives(engine: str) -> None:
    result = converted(":::comment\n- a\n- b\n:::\n\n:::comment\n> c\n:::\n\n:::comment\n## D\n:::\n", engine)
    assert [call.name for call in calls(result.body)] == ["comment", "comment", "quotation", "comment"]
    assert result.problems == ()
    assert [heading.text for heading in result.headings] == ["D"]


@pytest.mark.parametrize(
    "text",
    [
        "`:cite[x]`",
        "```\n:::comment\n:cite[x]\n```",
        "    :::comment",
        "<code>:cite[x]</code>",
        "\\:cite[x]",
        "\\:::comment",
        "at 10:30[x] and a:cite[x] and ::cite[x] in a line",
        ":smile: :cite (x)",
        "<!-- :nope[x] -->",
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_code_escapes_comments_and_other_colons_are_no_directives(text: str, engine: str) -> None:
    result = converted(f"{text}\n", engine)
    assert calls(result.body) == []
    assert result.problems == ()
    assert "\\:" not in result.plain


def test_one_directive_in_a_paragraph_of_its_own_needs_no_paragraph() -> None:
    assert converted(":action{id=a}\n").body.parts == (Call("action", {"id": "a"}, (), "", 1, 1),)


def test_ids_are_those_the_declaration_names_and_values_fill() -> None:
    assert converted("::gallery{name=one}\n").ids == ("gallery-one", "top")
    assert converted("::gallery\n").ids == ("top",)


def test_an_id_that_two_directives_define_is_an_error() -> None:
    (line,) = said("::action{id=a}\n\n::action{id=a}\n")
    assert line.startswith("3:1 CL227 the id “act-a” is given twice")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("from=one", "one"),
        ('from="two words"', "two words"),
        ("from='two words'", "two words"),
        (r'from="a \"b\" \\c"', r'a "b" \c'),
        ('from="a } b"', "a } b"),
        (' from="x" ', "x"),
        ("from=Ω-1", "Ω-1"),
    ],
)
def test_values_are_bare_or_in_either_quotation_mark(written: str, read: str) -> None:
    (call,) = calls(converted(f":::appeal{{{written}}}\na\n:::\n").body)
    assert call.attributes == {"from": read}


# -- what is said of mistakes


def test_an_unknown_directive_comes_with_the_nearest_one() -> None:
    assert said("a :cit[x] b\n\n::Action{id=x}\n\n:::commment\nx\n:::\n") == [
        "1:3 CL205 there is no directive “cit” | Did you mean “cite”?",
        "3:1 CL205 there is no directive “Action” | Did you mean “action”?",
        "5:1 CL205 there is no directive “commment” | Did you mean “comment”?",
    ]


def test_an_unknown_directive_far_from_all_says_how_to_write_it_as_text() -> None:
    (line,) = said(":zzzzzzz[x]\n")
    assert line.startswith("1:1 CL205 there is no directive “zzzzzzz” | Put a backslash before :")


@pytest.mark.parametrize("name", MADE_BY_MARKDOWN)
def test_what_markdown_makes_of_its_own_signs_is_no_directive_of_authors(name: str) -> None:
    declarations = {**DECLARATIONS, **{each: Declaration(each, "blocks") for each in MADE_BY_MARKDOWN}}
    (line,) = said(f":::{name}\nkept\n:::\n", declarations=declarations)
    assert line.startswith(f"1:1 CL205 there is no directive “{name}” | Markdown makes it of its own signs")
    (line,) = said(":zzzzzzz[x]\n", declarations=declarations)
    assert line.endswith("Known: action, appeal, cite, comment, gallery.")
    assert "Did you mean" not in said(":tabel[x]\n", declarations=declarations)[0]
    (call,) = calls(converted("> a\n", declarations=declarations).body)
    assert call.name == "quotation"


def test_the_text_of_an_unknown_directive_is_kept() -> None:
    assert converted(":::nope\nkept\n:::\n").plain == "kept"


def test_an_unclosed_directive_is_told_where_it_opens() -> None:
    assert said("a\n\n:::appeal\nb\n") == [
        "3:1 CL206 “appeal” is never closed | Close it with ::: on a line of its own."
    ]


def test_an_inner_directive_that_is_not_closed_is_told() -> None:
    assert said("::::appeal\n:::comment\nb\n::::\n") == [
        "2:1 CL206 “comment” is never closed | Close it with ::: on a line of its own."
    ]


def test_colons_that_close_nothing_are_told() -> None:
    assert said("a\n:::\n") == ["2:1 CL207 these colons close nothing | Delete the line."]
    assert said("::::appeal\nb\n:::\n::::\n") == [
        "3:1 CL207 these colons close nothing | “appeal” of line 1 is closed by ::::, not by :::."
    ]


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("- a\n  :::comment\n  b\n:::\n", "2:3", "“comment” begins in a list and is not closed there"),
        ("> :::comment\n> b\n\n:::\n", "1:3", "“comment” begins in a quotation and is not closed there"),
        (":::comment\n- a\n  :::\n- b\n:::\n", "3:3", "“comment” of line 1 ends inside a list that begins later"),
        (":::comment\n> a\n> :::\n\n:::\n", "3:3", "“comment” of line 1 ends inside a quotation that begins later"),
    ],
)
def test_a_directive_that_crosses_a_list_or_a_quotation_is_told(text: str, place: str, what: str) -> None:
    assert said(text)[0].startswith(f"{place} CL208 {what}")


def test_a_directive_that_crosses_cells_or_emphasis_is_told() -> None:
    assert [line.split(" | ")[0] for line in said("| a | b |\n|---|---|\n| :cite[x | y] |\n")] == [
        "3:3 CL208 “cite” begins in one piece of the text and ends in another"
    ]
    assert [line.split(" | ")[0] for line in said("*a :cite[x* y]\n")] == [
        "1:4 CL208 “cite” begins in one piece of the text and ends in another"
    ]


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("::: comment\na\n:::\n", "1:1", "a space stands between the colons and the name"),
        ("a :cite [x]\n", "1:8", "a space stands behind the name of a directive"),
        (":::comment trailing\na\n:::\n", "1:12", "something stands behind the directive"),
        ("::action{id=x} trailing\n", "1:16", "something stands behind the directive"),
        (":::comment {id=x}\na\n:::\n", "1:12", "a space stands before a bracket"),
        ("::action{id=x\n", "1:9", "the closing } is missing"),
        ("::action[x\n", "1:9", "the closing ] is missing"),
        (':::appeal{from="x}\na\n:::\n', "1:16", "a quotation mark is never closed"),
        (":::appeal{from=“x”}\na\n:::\n", "1:16", "a value is written in straight quotes, not in “"),
        (":::appeal{from= }\na\n:::\n", "1:16", "a value is missing after ="),
        (":::appeal{%}\na\n:::\n", "1:11", "“%” cannot stand here"),
    ],
)
def test_what_is_almost_a_directive_is_an_error_with_its_place(text: str, place: str, what: str) -> None:
    assert said(text)[0].startswith(f"{place} CL209 {what}")


def test_an_unknown_attribute_comes_with_the_nearest_one() -> None:
    assert said(":::appeal{form=x}\na\n:::\n") == ["1:11 CL210 “appeal” has no attribute “form” | Did you mean “from”?"]
    assert said(":::comment{by=x}\na\n:::\n") == ["1:12 CL210 “comment” has no attribute “by” | It takes none."]


def test_an_attribute_given_twice_is_an_error() -> None:
    assert said(":::appeal{from=a from=b}\nc\n:::\n") == ["1:18 CL210 “from” is given twice | Keep one of them."]


def test_a_missing_attribute_is_told_where_the_directive_stands() -> None:
    assert said("\n  ::action\n") == ["2:3 CL211 “action” needs the attribute “id” | Add {id=…}."]


_RIGHT_AND_WRONG: list[tuple[AttributeType, dict[str, Any], list[str]]] = [
    ("str", {"x": "x"}, []),
    ("int", {"12": 12, "-3": -3}, ["1.5", "1e3", "x", "१", "9" * 30]),
    ("number", {"1.5": 1.5, "2": 2}, ["1,5", "nan", "inf"]),
    ("bool", {"true": True, "false": False}, ["yes", "1"]),
    ("date", {"2026-05-01": "2026-05-01", "2026-05-01T10:00": "2026-05-01T10:00"}, ["2026-13-01", "1.5.2026", "May"]),
    ("url", {"https://a.org/x": "https://a.org/x"}, ["javascript:x", "a.org", "/x/"]),
    ("email", {"a@b.org": "a@b.org"}, ["a", "a@b"]),
    ("phone", {"+442071838750": "+442071838750"}, ["123", "call me"]),
    ("language", {"ru": "ru", "pt-BR": "pt-BR"}, ["russian", "zz-zz"]),
    ("source", {"hrc": "hrc"}, []),
    ("file", {"a/b.jpg": "a/b.jpg"}, ["https://a.org/b.jpg", "//a.org/b.jpg"]),
    ("enum", {"one": "one"}, ["three"]),
]


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [(kind, written, read) for kind, right, _ in _RIGHT_AND_WRONG for written, read in right.items()],
)
def test_a_value_of_its_type_is_read(kind: AttributeType, written: str, read: Any) -> None:
    values = ("one", "two") if kind == "enum" else ()
    declarations = {"x": Declaration("x", attributes={"a": AttributeRule(kind, values=values)})}
    (call,) = calls(converted(f'::x{{a="{written}"}}\n', declarations=declarations).body)
    assert call.attributes == {"a": read}


@pytest.mark.parametrize(
    ("kind", "written"), [(kind, written) for kind, _, wrong in _RIGHT_AND_WRONG for written in wrong]
)
def test_a_value_of_another_type_is_an_error_at_the_value(kind: AttributeType, written: str) -> None:
    declarations = {"x": Declaration("x", attributes={"a": AttributeRule(kind, values=("one", "two"))})}
    (line,) = said(f'::x{{a="{written}"}}\n', declarations=declarations)
    assert line.startswith("1:7 CL212 “a” ")


def test_a_lone_name_is_true_for_a_bool_and_no_value_for_anything_else() -> None:
    declarations = {"x": Declaration("x", attributes={"a": AttributeRule("bool"), "b": AttributeRule()})}
    result = converted("::x{a b}\n", declarations=declarations)
    assert [call.attributes for call in calls(result.body)] == [{"a": True}]
    assert [(found.code, found.column) for found in result.problems] == [("CL212", 7)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("::action[text]{id=x}\n", "“action” takes no text"),
        (":::action{id=x}\na\n:::\n", "“action” does not enclose paragraphs"),
        (":::cite\na\n:::\n", "“cite” does not enclose paragraphs"),
        ("a :appeal[x]\n", "“appeal” encloses paragraphs and cannot stand in a line"),
    ],
)
def test_another_form_than_the_declared_one_is_an_error(text: str, what: str) -> None:
    assert f"CL213 {what}" in said(text)[0]


def test_a_directive_inside_raw_html_is_told() -> None:
    result = converted("<div>\n:::comment\na\n:::\n</div>\n")
    assert [(found.code, found.line, found.column) for found in result.problems] == [("CL234", 2, 1)]


def test_a_directive_can_stand_between_tags_of_an_element_that_holds_markdown() -> None:
    result = converted('<div markdown="1">\n\n:::comment\na\n:::\n\n</div>\n')
    assert [call.name for call in calls(result.body)] == ["comment"]
    assert result.problems == ()


@pytest.mark.parametrize("language", ["de", "pt-BR"])
def test_the_language_of_a_quotation_is_its_last_line(language: str) -> None:
    (call,) = calls(converted(f'> "a"\n> -- B\n> {{language={language}}}\n').body)
    assert (call.attributes["attribution"], call.attributes["language"]) == ("B", language)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("behind", ["{language=ru}", "{ language='ru' }"])
def test_the_language_behind_a_name_is_no_part_of_the_name(behind: str, engine: str) -> None:
    (call,) = calls(converted(f"> a\n> — B {behind}\n", engine).body)
    assert (call.attributes["attribution"], call.attributes["language"]) == ("B", "ru")


def test_a_language_that_is_none_or_stands_elsewhere_is_an_error() -> None:
    assert said("> a\n> {language=russian}\n") == [
        "2:13 CL218 “russian” is not a language | Write a tag such as en, ru or pt-BR."
    ]
    assert [line.split(" | ")[0] for line in said("> [!NOTE]\n> a\n> {language=ru}\n")] == [
        "3:13 CL218 a language stands where no quotation ends"
    ]
