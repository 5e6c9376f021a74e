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
from generator.markup.marks import RESERVED
from generator.markup.tokens import VOID
from generator.model.body import Body, Call, Html, Part, Reference, Slot
from generator.model.directive import AttributeRule, Declaration
from generator.model.problem import Problem

ENGINES = ("python-markdown", "commonmark")
GOLDEN = Path(__file__).parent / "golden" / "markup"
DECLARATIONS = {
    "action": Declaration("action", "none", ("act-{id}",), {"id": AttributeRule(required=True)}),
    "cite": Declaration("cite", "inline", (), {"page": AttributeRule("int")}),
    "note": Declaration("note", "blocks", (), {"kind": AttributeRule("enum", values=("soft", "hard"))}),
    "pull-quote": Declaration("pull-quote", "inline"),
}


def converted(text: str, engine: str = "python-markdown", **options: Any) -> Converted:
    """A text converted as a post about water would be."""
    markdown = MarkdownSettings(engine, options.pop("extensions", ()), options.pop("unsafe_html", True))
    call = {"path": "water.md", "first_line": 1, "slug": "water", "language": "en", "take_title": False, **options}
    return convert(text, markdown=markdown, declarations=DECLARATIONS, **call)


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
    r"|⟨/?(?:note|action|callout|quotation|footnotes)\b[^⟩]*⟩)[ \n]*"
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
