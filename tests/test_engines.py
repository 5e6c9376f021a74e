"""Two engines, one Markdown: what the guide tells reads alike with both, and where they differ the guide says so."""

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.config import MarkdownSettings, load_text
from generator.markup import Converted, convert
from generator.theme import Theme, load_theme
from tests.conftest import SETTINGS, folded
from tests.judge.commonmark import as_read, html_of

ROOT = Path(__file__).parent.parent
ENGINES = ("python-markdown", "commonmark")

_EXAMPLE = re.compile(r"^(`{3,})markdown[^\n]*\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_FRONT_MATTER = re.compile(r"\A(?:---\n.*?^---$|\+\+\+\n.*?^\+\+\+$|\{\n.*?^\}$)\n", re.MULTILINE | re.DOTALL)


@cache
def theme() -> Theme:
    config, _problems = load_text(SETTINGS)
    assert config is not None
    found, problems = load_theme(ROOT / "tests", config)
    assert problems == ()
    return found


def converted(text: str, engine: str, extensions: tuple[str, ...] = ()) -> Converted:
    """A text as an article of the default theme."""
    result = convert(
        text,
        path="content/posts/river.md",
        first_line=1,
        slug="river",
        language="en",
        markdown=MarkdownSettings(engine, extensions),
        declarations=theme().declarations,
        take_title=False,
    )
    return folded(result)


def read(text: str, engine: str) -> str:
    """What a reader sees of a text, as HTML in which only unseen white space is normalised."""
    result = converted(text, engine)
    return "".join(as_read(html_of(result.body.parts, result.references)))


def everything(text: str, engine: str) -> tuple[object, ...]:
    """All that a conversion gives, the body as a reader sees it."""
    result = converted(text, engine)
    rest = (result.headings, result.ids, result.references, result.directives, result.summary, result.plain)
    return (read(text, engine), *rest, result.problems)


def examples() -> list[str]:
    """The Markdown examples of the guide without their front matter."""
    found = _EXAMPLE.findall((ROOT / "docs" / "writing.md").read_text(encoding="utf-8"))
    return [_FRONT_MATTER.sub("", text) for _fence, text in found]


# -- what reads alike

_OF_ONE_ENGINE = re.compile(r"^\{: ", re.MULTILINE)


def test_attributes_of_a_paragraph_are_told_where_readers_would_see_them() -> None:
    (text,) = [text for text in examples() if _OF_ONE_ENGINE.search(text)]
    assert converted(text, "python-markdown").problems == ()
    assert [(found.severity, found.code) for found in converted(text, "commonmark").problems] == [("warning", "CL236")]


@pytest.mark.parametrize("text", [text for text in examples() if not _OF_ONE_ENGINE.search(text)])
def test_an_example_of_the_guide_reads_alike_with_both_engines(text: str) -> None:
    assert everything(text, "commonmark") == everything(text, "python-markdown")


_WORDS = st.sampled_from((
    "river", "dry,", "WHO", '"we', 'wait"', "don't", "dry -- then", "...", "*never*", "_never_", "**loud**", "__loud__",
    "~~gone~~", "`x = 1`", "`a *b*`", "(*x*)", '"_y_"', "~~*z*~~", "*a **b** c*", "[letter](b.md)", "[*x*](c.md)",
    "![bank](p.jpg)", "[report][]", "[the *report*][report]", "[^1]", "<mail@rivers.example>", "https://a.example/x_y",
    "H<sub>2</sub>O", "1 < 2 & 3", "&copy;", "5 * 6", "\\*no\\*", "snake_case", "#water", "@ann", "C++",
    "in 1986.", "50 %", "[b]", "$5", "\\:cite[x]", "a|b",
    "{name}", "{a, b}", ":)", "a~b", "~5", "[_x_](d.md)", "**so:**[b](e.md)", "_so_`y`",
))  # fmt: skip
_LINE = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join)
# Two lists with nothing between them would be one.
_APART = "\n\nThen.\n\n"
_CELL = _LINE.map(lambda text: text.replace("|", "/"))
_PARAGRAPH = st.lists(_LINE, min_size=1, max_size=3).flatmap(
    lambda lines: st.sampled_from(("\n", "\\\n", "  \n")).map(lambda end: end.join(lines))
)


def _indented(text: str, first: str, rest: str) -> str:
    return first + text.replace("\n", f"\n{rest}")


def _list(marker: str) -> st.SearchStrategy[str]:
    inner = st.lists(_LINE.map(lambda text: f"- {text}"), max_size=2).map("\n".join)
    item = st.tuples(_LINE, inner).map(lambda pair: "\n".join(filter(None, pair)))
    return st.lists(item.map(lambda text: _indented(text, marker, "    ")), min_size=1, max_size=3).map("\n".join)


_SIMPLE = st.one_of(
    _PARAGRAPH,
    _LINE.map(lambda text: f"## {text}"),
    _LINE.map(lambda text: f"{text}\n---"),
    _LINE.map(lambda text: f"```\n{text}\n\n  {text}\n```"),
    st.just("* * *"),
    _list("- "),
    _list("1. "),
    st.lists(_LINE.map(lambda text: f"- [x] {text}"), min_size=1, max_size=2).map("\n".join),
    st.tuples(_CELL, _CELL).map(lambda cells: f"| a | b |\n| --- | ---: |\n| {cells[0]} | {cells[1]} |"),
    st.tuples(_LINE, _LINE).map(lambda pair: f"{pair[0]}\n:   {pair[1]}"),
    _LINE.map(lambda text: f":::comment[Why]\n{text}\n:::"),
)
_QUOTED = st.lists(_SIMPLE.filter(lambda text: not text.startswith(":")), min_size=1, max_size=2).map(
    lambda blocks: _indented(_APART.join(blocks), "> ", "> ")
)
_BLOCKS = st.lists(_SIMPLE | _QUOTED | _QUOTED.map(lambda text: f"> [!TIP] Look\n{text}"), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(_BLOCKS)
def test_whatever_is_written_as_the_guide_says_reads_alike_with_both_engines(blocks: list[str]) -> None:
    text = _APART.join(blocks) + "\n\n[^1]: A *note*.\n\n[report]: r.md 'Title'\n\n*[WHO]: World Health Organization\n"
    assert everything(text, "commonmark") == everything(text, "python-markdown")


_SPACED_OUT = "<ul><li><p>a</p><blockquote><p>b</p></blockquote></li><li><p>c</p></li></ul>"

# -- what only one does: each row is told in the guide, below “Two engines”


@pytest.mark.parametrize(
    ("text", "python_markdown", "commonmark"),
    [
        ("Dry.\n{: .lead}", '<p class="lead">Dry.</p>', "<p>Dry. {: .lead}</p>"),
        ("*dry*{: .lead}", '<p><em class="lead">dry</em></p>', "<p><em>dry</em>{: .lead}</p>"),
        ("<div markdown>\n*dry*\n</div>", "<div><p><em>dry</em></p></div>", "<div>*dry*</div>"),
        ("<div>\n\n*dry*\n\n</div>", "<div>*dry*</div>", "<div><p><em>dry</em></p></div>"),
        ("**so:**then", "<p><strong>so:</strong>then</p>", "<p>**so:**then</p>"),
        (
            "One\nTwo\n:   both",
            "<dl><dt>One</dt><dt>Two</dt><dd>both</dd></dl>",
            "<dl><dt>One Two</dt><dd>both</dd></dl>",
        ),
        ("- a\n  > b\n- c", _SPACED_OUT, _SPACED_OUT.replace("<p>a</p>", "a").replace("<p>c</p>", "c")),
        (
            "- a\n- b\n\n- c",
            "<ul><li>a</li><li><p>b</p></li><li><p>c</p></li></ul>",
            "<ul><li><p>a</p></li><li><p>b</p></li><li><p>c</p></li></ul>",
        ),
    ],
)
def test_where_the_engines_differ_they_do_as_the_guide_says(text: str, python_markdown: str, commonmark: str) -> None:
    assert (read(text, "python-markdown"), read(text, "commonmark")) == (python_markdown, commonmark)


def test_an_extension_is_a_problem_for_the_engine_that_has_none() -> None:
    text = "!!! note\n    Dry.\n"
    assert converted(text, "python-markdown", ("admonition",)).problems == ()
    (problem,) = converted(text, "commonmark", ("admonition",)).problems
    assert (problem.severity, problem.code, problem.path) == ("error", "CL229", "site.toml")
    assert problem.hint == 'Use engine = "python-markdown".'


@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_can_be_used_again_and_again_without_a_memory(engine: str) -> None:
    """Definitions, footnotes and ids of one text are none of the next."""
    text = "# A\n\n[a][b] and c[^1]\n\n[b]: b.md\n\n[^1]: Note.\n"
    first = everything(text, engine)
    converted("# A\n\n[b]: other.md\n\n[^1]: Other.\n", engine)
    assert everything(text, engine) == first
