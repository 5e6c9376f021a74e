"""The readers of YAML, TOML, JSON, CSV and plain bytes: values, places, refusals."""

import json
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model.document import Moment
from generator.model.problem import Problem
from generator.source.addresses import is_email, is_fediverse, refusal
from generator.source.check import alias_problem, pattern_problem
from generator.source.csv import read_csv
from generator.source.decode import decode
from generator.source.json import read_json
from generator.source.moments import DateError, end_second, first_second, read_day, read_moment, read_partial
from generator.source.places import MAXIMUM_DEPTH, Reading
from generator.source.plain_yaml import read_plain_yaml
from generator.source.suggest import nearest
from generator.source.toml import read_toml
from generator.source.yaml import read_yaml

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])]
QUARTERS = st.sampled_from(
    [
        "a: 1",
        "- x",
        "[",
        "]",
        "{",
        "}",
        "\n",
        "  ",
        "\t",
        '"',
        "'",
        "&x",
        "*x",
        "!!t",
        ":",
        "=",
        "#",
        "“",
        "\\u",
        "\x85",
        ",",
    ]
)


def told(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{problem.line}:{problem.column} {problem.code} {problem.message}" for problem in problems]


def told_by(reading: Reading) -> list[str]:
    return told(reading.problems)


# Bytes.


def test_crlf_and_lone_returns_become_line_feeds() -> None:
    assert decode(b"a\r\nb\rc\n", "f") == ("a\nb\nc\n", ())


def test_a_byte_order_mark_is_taken_off_and_noted() -> None:
    text, problems = decode("\ufefftitle".encode(), "f")
    assert (text, told(problems)) == ("title", ["1:1 CL101 the file begins with a byte order mark"])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_refused_by_name(encoding: str) -> None:
    text, problems = decode("---\ntitle: Water\n---\n".encode(encoding), "f")
    name = "UTF-32" if encoding == "utf-32" else "UTF-16"
    assert (text, told(problems)) == (None, [f"1:1 CL102 the file is {name}, not UTF-8"])


@pytest.mark.parametrize(
    ("content", "place"),
    [(b"caf\xe9", "1:4"), (b"a\r\n\xd0\x96 \xff", "2:3"), (b"\xef\xbb\xbfa\xff", "1:2"), (b"ab\xc3", "1:3")],
)
def test_a_byte_that_is_not_utf_8_is_told_by_line_and_character(content: bytes, place: str) -> None:
    text, problems = decode(content, "f")
    byte = 0xE9 if b"caf" in content else content[-1]
    assert (text, told(problems)) == (None, [f"{place} CL103 byte 0x{byte:02X} is not UTF-8"])


def test_the_hint_for_a_foreign_byte_shows_the_letter_it_was() -> None:
    assert "“é”" in decode(b"caf\xe9", "f")[1][0].hint


def test_control_characters_are_told_once_with_their_number() -> None:
    text, problems = decode(b"a\nb\0c\x0b", "f")
    assert (text, told(problems)) == ("a\nb\0c\x0b", ["2:2 CL104 a NUL character (and 1 more like it)"])


# YAML.


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("written", "value"),
    [
        *(
            (word, word)
            for word in ("no", "yes", "on", "off", "No", "12:30", "1_000", "0123", "2024-01-01", "1.2.3", ".inf")
        ),
        *((word, None) for word in ("", "~", "null")),
        ("true", True),
        ("False", False),
        ("12", 12),
        ("-7", -7),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ('"12"', "12"),
        ("'true'", "true"),
    ],
)
def test_yaml_is_read_by_the_core_schema_of_1_2(written: str, value: Any, loader: Any) -> None:
    reading = read_yaml(f"key: {written}\n", loader=loader)
    assert (reading.value, told_by(reading)) == ({"key": value}, [])
    assert type(reading.value["key"]) is type(value)


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: A: B", ["1:9 CL107 a second colon in one line"]),
        ("title:x\ndate: 2026-01-01", ["1:7 CL107 no space after the colon"]),
        ("title: “A”", ["1:8 CL107 curly quotes are not quotes in YAML"]),
        ("title: “A: B”", ["1:8 CL107 curly quotes are not quotes in YAML"]),
        ("“title”: A", ["1:1 CL107 curly quotes are not quotes in YAML"]),
        ("tags: [“a, b”]", ["1:8 CL107 curly quotes are not quotes in YAML"]),
        ("a: 1\na: 2", ["2:1 CL108 “a” is written twice, on lines 1 and 2"]),
        ("s: { b: 1, b: 2 }", ["1:12 CL108 “s.b” is written twice, in columns 6 and 12 of line 1"]),
        ("s:\n  - b: 1\n    b: 2", ["3:5 CL108 “s[1].b” is written twice, on lines 2 and 3"]),
        ("a: !!python/object:os.system x", ["1:4 CL109 the tag !!python/object:os.system is not allowed"]),
        ("a: !mine x", ["1:4 CL109 the tag !mine is not allowed"]),
        (
            "a: &x 1\nb: *x",
            ["1:4 CL109 the anchor &x is not allowed", "2:4 CL109 the alias *x is not allowed"],
        ),
        ("a:\n\t- b", ["2:1 CL107 a tab"]),
        ("\ta: b", ["1:1 CL107 a tab"]),
        ('a: "x', ["1:4 CL107 this quotation mark is never closed"]),
        ('a: "x" y', ["1:8 CL107 something follows the closing quote"]),
        ("a: 'it's'", ["1:8 CL107 something follows the closing quote"]),
        ('a: "\\d"', ["1:4 CL107 a backslash in double quotes begins an escape"]),
        ("a: [", ["1:4 CL107 the bracket that opens here is not closed with ]"]),
        ("a: [1, {b: [2], c", ["1:8 CL107 the bracket that opens here is not closed with }"]),
        ("a: [1, , 2]", ["1:8 CL107 a value is missing here"]),
        ("a: [1, 'x #y', \nb: 3", ["1:4 CL107 the bracket that opens here is not closed with ]"]),
        ("a: [1, 2\nb: 3", ["1:4 CL107 the bracket that opens here is not closed with ]"]),
        ("a: @x", ["1:4 CL107 a value cannot begin with @"]),
        ("a: 1\n  b: 2", ["2:4 CL107 this line is indented deeper than the key above it allows"]),
        ("a:\n  - b\n c: 1", ["3:2 CL107 this line is not indented as the lines above it"]),
        ("text\nb: 2", ["2:2 CL107 what stands above this line is not `key: value`"]),
        ("? [a]\n: b", ["1:3 CL107 a key must be a word"]),
        ("a: 99999999999999999999", ["1:4 CL110 this number is too large"]),
        ("a: 1\n---\nb: 2", ["2:1 CL107 a second YAML document begins here"]),
        ("a: x\u2028b", ["1:5 CL107 an invisible character (U+2028)"]),
        ("a: Save the #river", ["1:13 CL120 “#river” and what follows is taken for a comment and left out"]),
    ],
)
def test_a_slip_in_yaml_is_told_in_the_authors_words(text: str, expected: list[str], loader: Any) -> None:
    assert told_by(read_yaml(text, loader=loader)) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("title: A: B", 'Quote the value: title: "A: B"'),
        ('title: A: "B"', "Quote the value: title: 'A: \"B\"'"),
        ("title: “A: B”", 'Use straight ones: title: "A: B"'),
        ("title:x", "Write `title: x`."),
    ],
)
def test_the_hint_shows_the_line_as_it_should_be(text: str, hint: str) -> None:
    assert read_yaml(f"{text}\ndate: 1").problems[0].hint == hint


@pytest.mark.parametrize("title", ["“Silence” is no answer", "‘Tis the season", "“A” and “B”", "Save # a comment"])
def test_a_curly_quote_that_belongs_to_the_words_stays(title: str) -> None:
    reading = read_yaml(f"title: {title}")
    assert (reading.value["title"], told_by(reading)) == (title.partition(" #")[0], [])


@pytest.mark.parametrize("loader", LOADERS)
def test_a_bomb_of_aliases_is_refused_without_being_built(loader: Any) -> None:
    rows = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    reading = read_yaml("\n".join(rows), loader=loader)
    assert {problem.code for problem in reading.problems} == {"CL109"}


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_yaml_is_refused_with_its_place(opening: str, loader: Any) -> None:
    reading = read_yaml("a:\n " + opening * 5000, loader=loader)
    assert [problem.code for problem in reading.problems] == ["CL110"]
    assert (reading.problems[0].line, reading.value) == (2, None)


def test_places_in_yaml_count_characters_and_lines_of_the_file() -> None:
    reading = read_yaml("título: é😀\nж: [a, {b: 1}]\n", first_line=5)
    assert reading.places.keys == {("título",): (5, 1), ("ж",): (6, 1), ("ж", 1, "b"): (6, 9)}
    assert reading.places.values == {
        (): (5, 1),
        ("título",): (5, 9),
        ("ж",): (6, 4),
        ("ж", 0): (6, 5),
        ("ж", 1): (6, 8),
        ("ж", 1, "b"): (6, 12),
    }


# TOML.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x =", ["1:4 CL107 a value is missing here"]),
        ("x = \ny = 1", ["1:5 CL107 a value is missing here"]),
        ("x = # nothing\n", ["1:5 CL107 a value is missing here"]),
        ("x = [\n", ["1:5 CL107 the bracket that opens here is not closed"]),
        ("x = [[1], [2]\n", ["1:5 CL107 the bracket that opens here is not closed"]),
        ("x = [1, [2\n", ["1:9 CL107 the bracket that opens here is not closed"]),
        ("x = { y = 1,", ["1:5 CL107 the bracket that opens here is not closed"]),
        ("x = { y = 1, y = 2 }", ["1:14 CL108 “x.y” is written twice, in columns 7 and 14 of line 1"]),
        ("a = 1\na = 2", ["2:1 CL108 “a” is written twice, on lines 1 and 2"]),
        ("[x]\n[y]\n[x]", ["3:2 CL108 “x” is written twice, on lines 1 and 3"]),
        ("t = “x”", ["1:5 CL107 curly quotes are not quotes in TOML"]),
        ("d = 2024-13-45", ["1:5 CL107 there is no such date: 2024-13-45"]),
        ("x = 1\nd = 2024-02-30", ["2:5 CL107 there is no such date: 2024-02-30"]),
        ("a = hello", ["1:5 CL107 text must be quoted"]),
        ("a: b", ["1:2 CL107 a colon in place of ="]),
        ('a = "x', ["1:5 CL107 this text is never closed"]),
        ("a = [1,\n2", ["1:5 CL107 the bracket that opens here is not closed"]),
        ("x = " + "[" * 5000, [f"1:{5 + MAXIMUM_DEPTH} CL110 more than {MAXIMUM_DEPTH} levels of nesting"]),
        ("a" + ".a" * 5000 + " = 1", [f"1:{1 + 2 * MAXIMUM_DEPTH} CL110 more than {MAXIMUM_DEPTH} levels of nesting"]),
        ("a = inf", ["1:5 CL110 this number is too large"]),
        ("a = 1\nb = 99999999999999999999", ["2:5 CL110 this number is too large"]),
    ],
)
def test_a_slip_in_toml_is_told_with_its_place(text: str, expected: list[str]) -> None:
    reading = read_toml(text)
    assert (told_by(reading), reading.readable) == (expected, False)


def test_places_in_toml_are_found_in_tables_arrays_and_inline_tables() -> None:
    text = """\
title = "a" # b
site.url = 'c'
"quoted key" = 1
[[menu]]
x = [1, { y = 2 }]
[[menu]]
[menu.sub]
z = \"\"\"
text = 1
\"\"\"
"""
    reading = read_toml(text, first_line=10)
    assert reading.places.keys == {
        ("title",): (10, 1),
        ("site",): (11, 1),
        ("site", "url"): (11, 6),
        ("quoted key",): (12, 1),
        ("menu",): (13, 3),
        ("menu", 0): (13, 3),
        ("menu", 0, "x"): (14, 1),
        ("menu", 0, "x", 1, "y"): (14, 11),
        ("menu", 1): (15, 3),
        ("menu", 1, "sub"): (16, 7),
        ("menu", 1, "sub", "z"): (17, 1),
    }
    assert reading.places.values[("menu", 0, "x", 1, "y")] == (14, 15)


def test_dates_of_toml_become_text() -> None:
    value = read_toml("a = 2026-05-01\nb = 2026-05-01T10:00:00Z\nc = 07:30:00").value
    assert value == {"a": "2026-05-01", "b": "2026-05-01T10:00:00+00:00", "c": "07:30:00"}


# JSON.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1,\n "a": 2}', ["2:2 CL108 “a” is written twice, on lines 1 and 2"]),
        ('{"a": 1, "a": 2}', ["1:10 CL108 “a” is written twice, in columns 2 and 10 of line 1"]),
        ('{"a": NaN}', ["1:7 CL107 NaN is not a number"]),
        ('{"a": -Infinity}', ["1:7 CL107 -Infinity is not a number"]),
        ('{"a": [1,]}', ["1:10 CL107 a value is missing here"]),
        ('{"a": 1,}', ["1:9 CL107 a value is missing here"]),
        ("{“a”: 1}", ["1:2 CL107 curly quotes are not quotes in JSON"]),
        ("{a: 1}", ["1:2 CL107 text must be in double quotes"]),
        ('{"a": "x\n"}', ["1:7 CL107 this text is never closed, or holds what must be escaped"]),
        ('{"a": "\\ud800"}', ["1:7 CL107 half of a character (a lone surrogate)"]),
        ('{"a": 1} x', ["1:10 CL107 something follows the end of the JSON"]),
        ('{"a" 1}', ["1:6 CL107 a colon is missing here"]),
        ('{"a": 1 "b": 2}', ["1:9 CL107 a comma or } is missing here"]),
        ('{"a": 1', ["1:8 CL107 the JSON ends too early"]),
        ("[" * 5000, [f"1:{MAXIMUM_DEPTH + 2} CL110 more than {MAXIMUM_DEPTH} levels of nesting"]),
        ("9" * 5000, ["1:1 CL110 this number is too large"]),
    ],
)
def test_a_slip_in_json_is_told_with_its_place(text: str, expected: list[str]) -> None:
    assert told_by(read_json(text)) == expected


def test_places_in_json() -> None:
    reading = read_json('{\n "é": [1, {"b": null}]\n}', first_line=3)
    assert reading.value == {"é": [1, {"b": None}]}
    assert reading.places.keys == {("é",): (4, 2), ("é", 1, "b"): (4, 12)}
    assert reading.places.values[("é", 1, "b")] == (4, 17)


# CSV.


def test_the_first_row_of_csv_names_the_columns() -> None:
    assert read_csv('name,note\nAnn,"a, b"\n\nBen,\n').value == [
        {"name": "Ann", "note": "a, b"},
        {"name": "Ben", "note": ""},
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1\n", ["2:1 CL107 1 cells where the first row names 2 columns"]),
        ("a;b\n1;2\n", ["1:1 CL107 the columns are separated by semicolons"]),
        ("a,a\n1,2\n", ["1:1 CL107 two columns are named “a”"]),
        ("a,\n1,2\n", ["1:1 CL107 a column without a name"]),
        ('a\n"x\n', ["2:1 CL107 this is not CSV: unexpected end of data"]),
    ],
)
def test_a_slip_in_csv_is_told_with_its_line(text: str, expected: list[str]) -> None:
    assert told_by(read_csv(text)) == expected


# Dates.

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_time_without_zone_is_the_sites() -> None:
    assert read_moment("2026-07-01T00:30", BERLIN) == Moment(date(2026, 7, 1), 1782858600)


def test_a_time_with_an_offset_gives_the_day_in_the_sites_zone() -> None:
    assert read_moment("2026-06-30T23:30:00Z", BERLIN) == Moment(date(2026, 7, 1), 1782862200)


def test_a_day_begins_and_ends_in_the_sites_zone() -> None:
    moment = read_moment("2026-03-29", BERLIN)
    assert end_second(moment, BERLIN) - first_second(moment, BERLIN) == 23 * 3600


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("2024-13-45", "there is no such date: 2024-13-45", "A date is written year-month-day: 2026-05-01."),
        ("2024-1-1", "“2024-1-1” is not a date in ISO 8601", "Write 2024-01-01."),
        ("0024-01-01", "the year 24 cannot be meant", "A date is written year-month-day: 2026-05-01."),
        ("1 May 2026", "“1 May 2026” is not a date", None),
        ("05/04/2026", "“05/04/2026” is not a date", None),
        ("2026-05-01T25:00", "there is no such date or time: 2026-05-01T25:00", None),
        ("", "“” is not a date", None),
    ],
)
def test_what_is_no_date_is_refused_with_the_right_form(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(DateError) as caught:
        read_moment(text, UTC)
    assert (str(caught.value), hint or caught.value.hint) == (message, caught.value.hint)


def test_a_source_may_know_only_the_month() -> None:
    assert [read_partial(text) for text in ("2017", "2017-05", "2017-05-09")] == ["2017", "2017-05", "2017-05-09"]
    for wrong in ("2017-13", "2017-02-30", "May 2017", "2017-5"):
        with pytest.raises(DateError):
            read_partial(wrong)


def test_a_day_has_no_time() -> None:
    with pytest.raises(DateError, match="more than a day"):
        read_day("2026-05-01T10:00")


# Addresses.


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        " https://a.example",
        "https://a.example/\nx",
        "java\nscript:alert(1)",
        "https://good.example@evil.example/",
        "https://",
        "https:///x",
        "https://[::1",
        "https://a.example:99999/",
        "https://a.example\\@evil.example",
        "//a.example",
        "a.example",
        "",
        "mailto:a@b.example?subject=x%0d%0aBcc: c@d.example",
        "mailto:nobody",
    ],
)
def test_an_address_that_could_hurt_a_reader_is_refused(text: str) -> None:
    assert refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example/b?c=d#e",
        "http://xn--e1afmkfd.example",
        "https://пример.example/ж",
        "mailto:a@b.example?subject=x",
    ],
)
def test_plain_addresses_pass(text: str) -> None:
    assert refusal(text) == ""


def test_mail_is_no_web_address() -> None:
    assert refusal("mailto:a@b.example", mail=False)


def test_email_addresses_and_handles() -> None:
    assert [is_email(text) for text in ("a@b.example", "ж.x+y@пример.example")] == [True, True]
    assert not any(
        is_email(text) for text in ("a@b", "a b@c.example", "a@b.example\nBcc: x", "a@@b.example", "<a@b.example>", "")
    )
    assert is_fediverse("@ann@social.example")
    assert not is_fediverse("@ann")


@pytest.mark.parametrize(
    "alias", ["old/", "//evil.example/", "/a/../b", "/a/%2e%2e/b", "/a\\b", "/a\x07", "/a?b", "/a//b", "/%00"]
)
def test_an_alias_that_leads_out_is_refused(alias: str) -> None:
    assert alias_problem(alias)


def test_a_pattern_of_addresses_needs_a_slug_and_known_tokens() -> None:
    assert pattern_problem("/{year}/{slug}/") == ""
    assert [
        bool(pattern_problem(text))
        for text in ("/{year}/", "{slug}/", "/{slug}", "/{Slug}/", "/../{slug}/", "/a b/{slug}/")
    ] == [True] * 6


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("text", "line", "column", "quoted"),
    [
        ("a: 1\ntags: [#water, b]\n", 2, 8, "#water"),
        ("tags: [a, #b]\nc: 1\n", 1, 11, "#b"),
        ("tags: { a: #b }\nc: 1\n", 1, 12, "#b"),
        ("tags: [a,\n  #two words,\n  c\n", 2, 3, "#two words"),
    ],
)
def test_a_hashtag_that_hides_the_end_of_a_list_is_told(
    text: str, line: int, column: int, quoted: str, loader: Any
) -> None:
    reading = read_yaml(text, loader=loader)
    message = f"“{quoted.split()[0]}” and what follows is taken for a comment, so the bracket before it is never closed"
    assert [(each.line, each.column, each.code, each.message, each.hint) for each in reading.problems] == [
        (line, column, "CL107", message, f'Quote it: "{quoted}".')
    ]


def test_a_comment_within_a_list_is_no_slip() -> None:
    assert told_by(read_yaml("tags: [a, # first\n  b]\n")) == []


CUT_OFF = {
    read_toml: [
        (
            '# c\na = 1\n"b c" = \'x\'\nd.e = 2026-05-01\n[t]\nf = [1, [2.5, "é\\n"], { g = true, h = [] }]\n'
            "[[m.n]]\ni = \"\"\"\nx\"y\n\"\"\"\nj = '''\nz'''\n[[m.n]]\nk = 07:30:00\nl = { 'm' = {} }\n"
        )
    ],
    read_yaml: [
        (
            '# c\na: 1\n"b c": \'x\'\nd:\n  - e: [1, {f: "g\\n"}, ~]\n    h: >-\n      folded\n      text\n  - |\n'
            "    kept\n? k\n: l\nm: {n: [], 'o': #p\n  q}\nr: s\n"
        )
    ],
    read_json: ['{"a": 1, "b\\u00e9": [true, null, -1.5e3, {"c": "d\\n", "e": {}}],\n "f": []}'],
}
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def toml_of(value: Any) -> str:
    """A value as TOML on one line; what TOML has no null for is false."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml_of(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_of, value)) + "]"
    return json.dumps(value or False)


def cut_off_everywhere(reader: Any, text: str) -> None:
    for end in range(len(text) + 1):
        for problem in reader(text[:end], "f").problems:
            assert (problem.line, problem.column) >= (1, 1)
            assert problem.message
            assert problem.hint


@pytest.mark.parametrize(("reader", "texts"), CUT_OFF.items())
def test_what_is_cut_off_anywhere_never_makes_a_reader_raise(reader: Any, texts: list[str]) -> None:
    for text in texts:
        assert told_by(reader(text)) == []
        cut_off_everywhere(reader, text)


@settings(deadline=None, max_examples=40)
@given(PLAIN)
def test_any_value_cut_off_anywhere_never_makes_a_reader_raise(value: Any) -> None:
    cut_off_everywhere(read_json, json.dumps(value))
    cut_off_everywhere(read_yaml, yaml.safe_dump({"a": value}, allow_unicode=True))
    cut_off_everywhere(read_toml, f"a = {toml_of(value)}\n[b]\nc = {toml_of(value)}\n")


def test_the_nearest_name_is_found_whatever_its_case_and_hyphens() -> None:
    names = ("content_note", "title", "tags")
    assert [nearest(name, names) for name in ("Content-Note", "titel", "xyz", "t" * 10_000)] == [
        "content_note",
        "title",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("x.png", ["b.md", "a.png", "river.png"], ""),
        ("other.html", ["terms.html", "article.html"], ""),
        ("rivr.png", ["river.md", "river.png", "liver.png"], "river.png"),
        ("river.jpeg", ["lake.jpeg", "river.jpg"], "river.jpg"),
        ("river.txt", ["bank.txt", "river.md"], "river.md"),
        ("bank.txt", ["bench.txt", "lake.md"], ""),
        ("pages/abuot.md", ["pages/about.md", "pages/above.md", "posts/river.md"], "pages/about.md"),
        ("posts/about.md", ["pages/about.md", "posts/abode.md"], "pages/about.md"),
        ("pages/x.md", ["pages/about.md", "pages/river.md"], ""),
        ("about", ["about.md", "above.md"], "about.md"),
        ("x", ["id", "tags", "url"], ""),
        ("q", ["z"], ""),
        ("ur", ["tags", "url"], "url"),
        ("di", ["id", "date"], "id"),
        ("tr", ["true", "url"], ""),
        ("titel", ["title", "tile"], "title"),
        ("nwes", ["news", "posts"], "news"),
        ("lisence", ["licence", "language"], "licence"),
        ("Europe/Berln", ["Europe/Berlin", "Europe/Dublin"], "Europe/Berlin"),
    ],
)
def test_a_name_is_suggested_where_it_may_be_meant(name: str, known: list[str], expected: str) -> None:
    assert [nearest(name, known), nearest(name, reversed(known)), nearest(name, set(known))] == [expected] * 3


# Whatever is given.


@pytest.mark.parametrize("reader", [read_yaml, read_toml, read_json, read_csv])
@settings(deadline=None)
@given(text=st.one_of(st.text(), st.lists(QUARTERS).map("".join)))
def test_no_text_makes_a_reader_raise(reader: Any, text: str) -> None:
    text = text.replace("\r", "\n")
    reading = reader(text, "f")
    lines = text.count("\n") + 1
    for problem in reading.problems:
        assert 1 <= problem.line <= lines + 1
        assert problem.column >= 1


# Plain YAML.

NAMES = st.sampled_from(["title", "tags", "sources", "content_note", "a-b", "null", "x1", "part"])
SCALARS = st.sampled_from(
    [
        *("plain words", "2026-01-01", "10:30", "https://a.example/b?c=d", "12", "-3", "1.5", "1e400", "true", "~"),
        *('"in quotes: yes"', "'single, too'", '""', "don't", "/old/", "письмо", "[]", "[one, two]", '[ 1 , "b, c" ]'),
        *("{ name: a b, part: 2 }", "[{ a: [x] }, y,]", "a: b", "a:", "- a", "“c”", "a #b", "&a", "[a: b]", '"a\\n"'),
        *("[a", "{a: 1, a: 2}", "{a:b}", "a\u00a0b", "99999999999999999999999999", "x  ", "|", ">-", "@x", "#x"),
    ]
)


@st.composite
def lines_of_yaml(draw: st.DrawFn, indent: int = 0) -> list[str]:
    """Lines at one indentation and deeper, mostly well-formed, as people write front matter."""
    before = " " * indent
    made: list[str] = []
    is_list = indent > 0 and draw(st.booleans())
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=draw(st.integers(0, 9)) > 0))
    for name in names:
        head = f"{before}-" if is_list else f"{before}{name}:"
        shape = draw(st.integers(0, 9))
        if shape < 6 or indent > 4:
            made.append(f"{head} {draw(SCALARS)}")
        elif shape == 6 and not is_list:
            words = draw(st.lists(st.sampled_from(["words", "more: of them", "- x", ""]), min_size=1, max_size=3))
            made += [
                f"{head} {draw(st.sampled_from(['>-', '>', '|', '|-']))}",
                *(f"{before}  {word}" for word in words),
            ]
        else:
            inner = draw(lines_of_yaml(indent + 2))
            made += [head + inner[0][indent + 1 :], *inner[1:]] if is_list else [head, *inner]
        made += [""] * (draw(st.integers(0, 9)) == 0)
    return made


@settings(deadline=None)
@given(lines_of_yaml(), st.sampled_from(["", "\n"]), st.integers(1, 3))
def test_the_quick_reader_finds_what_the_full_readers_find(lines: list[str], end: str, first_line: int) -> None:
    text = "\n".join(lines) + end
    plain = read_plain_yaml(text, first_line)
    if plain is None:
        return
    for loader in LOADERS:
        full = read_yaml(text, "f", first_line, loader)
        assert (repr(full.value), told_by(full)) == (repr(plain.value), [])
        assert list(full.places.keys.items()) == list(plain.keys.items())
        assert list(full.places.values.items()) == list(plain.values.items())


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(QUARTERS).map("".join), lines_of_yaml().map("\n".join)))
def test_with_and_without_the_quick_reader_the_same_is_found(text: str) -> None:
    quick, full = read_yaml(text, "f", 2), read_yaml(text, "f", 2, LOADERS[-1])
    assert (repr(quick.value), quick) == (repr(full.value), full)


@pytest.mark.parametrize(
    "text",
    [
        'title: "On the river: a letter"\ndate: 2026-01-01\ntags: [water, rivers]\n',
        "tags:\n- water\n- rivers\n\ntitle: Вода\n",
        "sources:\n  - id: a\n    archived:\n      - { url: 'https://a.example/', date: 2026-01-01 }\n  - id: b\n",
        "summary: >-\n  Two lines\n  are one.\nletter: |\n  Dear A,\n  yours B\n",
        "image:\n  file: a.jpg\n  alt:\nseries: { name: Rivers, part: 2 }\n",
    ],
)
def test_what_most_front_matter_is_takes_no_parser(text: str) -> None:
    assert read_plain_yaml(text, 1) is not None


# Bytes of any kind.


@settings(deadline=None)
@given(st.binary())
def test_no_bytes_make_decoding_raise(content: bytes) -> None:
    text, problems = decode(content, "f")
    assert (text is not None) or problems
