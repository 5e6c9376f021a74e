"""The engine `commonmark` and the whole of Clarion with it, held against the official examples of CommonMark 0.31.2."""

from collections import Counter

import pytest

from generator.config import MarkdownSettings
from generator.markup import convert
from generator.markup.engines.commonmark import engine
from tests.judge import programs
from tests.judge.commonmark import SPECIFICATION, Example, as_read, html_of, read_differences, read_examples
from tests.judge.programs import Programs

COUNT = 652


@pytest.fixture(scope="module")
def examples(tools: Programs) -> tuple[Example, ...]:
    """All examples of the specification."""
    if not tools.modules:
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    found = tuple(read_examples((programs.MODULES / SPECIFICATION).read_text(encoding="utf-8")))
    assert len(found) == COUNT
    return found


def converted(example: Example) -> tuple[list[str], frozenset[str]]:
    """What a reader sees of an example in an article, and the codes of the errors its author is told."""
    result = convert(
        example.text,
        path="example.md",
        first_line=1,
        slug="example",
        language="en",
        markdown=MarkdownSettings("commonmark", (), True),
        declarations={},
        take_title=False,
    )
    errors = frozenset(problem.code for problem in result.problems if problem.severity == "error")
    return as_read(html_of(result.body.parts, result.references)), errors


def test_the_engine_passes_every_example(examples: tuple[Example, ...]) -> None:
    """With tables, strikes, definition lists and attributes of headings on, and not one exception."""
    render = engine(()).render
    failing = [example for example in examples if as_read(render(example.text)) != as_read(example.html)]
    assert failing == []


def test_clarion_differs_from_the_examples_just_where_the_list_says(
    examples: tuple[Example, ...], tell: list[str]
) -> None:
    listed = {number: difference for difference in read_differences() for number in difference.examples}
    wrong: list[str] = []
    for example in examples:
        wanted = as_read(example.html, shifted=True)
        found, errors = converted(example)
        agrees = found == wanted and not errors
        difference = listed.get(example.number)
        head = f"{example.number} ({example.section})"
        if difference is None and not agrees:
            why = f"{'  '.join(sorted(errors))}\n  wanted {wanted}\n  found  {found}"
            wrong.append(f"{head} differs and is not listed: {why}")
        elif difference is not None and agrees:
            wrong.append(f"{head} passes: take it off the list")
        elif difference is not None and errors != {difference.told} - {""}:
            wrong.append(f"{head} is told {sorted(errors)}, listed is “{difference.told}”")
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
    meant = sum(difference.on_purpose for difference in listed.values())
    tell.append(
        f"CommonMark: of {COUNT} examples the engine passes {COUNT}, Clarion {COUNT - len(listed)}; "
        f"{meant} differ on purpose, {len(listed) - meant} do not yet pass"
    )


def test_no_example_is_listed_twice_or_without_a_reason() -> None:
    differences = read_differences()
    counts = Counter(number for difference in differences for number in difference.examples)
    assert [number for number, count in counts.items() if count > 1 or not 1 <= number <= COUNT] == []
    assert [found.examples for found in differences if not found.reason.endswith(".") or not found.examples] == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ('<h2 id="a">a</h2><h3 id="b">b</h3>', "<h1>a</h1>\n<h2>b</h2>"),
        (
            '<pre class="code" tabindex="0"><code><span class="k">if</span> \n</code></pre>',
            "<pre><code>if \n</code></pre>",
        ),
        ("<p>“a” – b…</p>", "<p>&quot;a&quot; -- b...</p>\n"),
        ('<p><a href="ä b">a</a></p>', '<p><a href="%C3%A4%20b">a</a></p>'),
        ("<ul><li>a</li></ul>", "<ul>\n<li>a</li>\n</ul>\n<!-- b -->\n"),
    ],
)
def test_what_clarion_adds_is_left_out_of_the_comparison(ours: str, theirs: str) -> None:
    assert as_read(ours) == as_read(theirs, shifted=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>", "<p>b</p>"),
        ("<p>a b</p>", "<p>ab</p>"),
        ("<p><em>a</em> b</p>", "<p><em>a</em>b</p>"),
        ("<pre>a  b</pre>", "<pre>a b</pre>"),
        ('<p class="a">a</p>', "<p>a</p>"),
        ("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul>"),
        ("<h2>a</h2>", "<h3>a</h3>"),
        ('<a href="a">a</a>', '<a href="b">a</a>'),
    ],
)
def test_what_a_reader_would_notice_is_a_difference(one: str, other: str) -> None:
    assert as_read(one) != as_read(other)
