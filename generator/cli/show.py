"""Problems as lines of text, the same for every verb."""

import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import click

from generator.cli.words import count
from generator.model.problem import SEVERITIES, Problem, in_order

SHOWN_IN_FULL = 10
_PLACES_OF_A_GROUP = 12
_EXCERPT_WIDTH = 100
_EXCERPT_BYTES = 2_000_000
_OPENLY = "CL569"
"""Points at a line that says what is redacted elsewhere."""
_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
# Controls could drive the terminal; bidirectional embeddings, overrides and isolates could reorder the line
# (Unicode TR 36); a lone surrogate cannot be printed.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

Styled = Callable[..., str]
Excerpt = Callable[[Problem], tuple[str, str] | None]


def visible(text: str) -> str:
    """The text on one line, with an escape (`\\x1b`, `\\u202e`) for each character that could act on a terminal."""
    one_line = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    return _UNSEEN.sub(lambda found: _escape(ord(found[0])), one_line)


def _escape(number: int) -> str:
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def is_coloured(stream: TextIO) -> bool:
    """Whether a stream takes colours: a terminal, unless NO_COLOR is set (https://no-color.org/)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def plain(text: str, **_how: object) -> str:
    """The text without any style."""
    return text


def say_problems(problems: Sequence[Problem], root: Path) -> None:
    """All problems, sorted, on stderr; on a terminal with colours and the line each one stands in."""
    style: Styled = click.style if is_coloured(sys.stderr) else plain
    excerpt: Excerpt = (
        (lambda problem: source_excerpt(root, problem)) if sys.stderr.isatty() else (lambda _problem: None)
    )
    for line in problem_lines(problems, style, excerpt):
        click.echo(line, err=True, color=True)


def problem_lines(problems: Sequence[Problem], style: Styled, excerpt: Excerpt) -> Iterator[str]:
    """`path:line:col: severity CODE message` and `  hint` for ten problems, then the others grouped by code."""
    ordered = in_order(list(problems))
    for problem in ordered[:SHOWN_IN_FULL]:
        yield _head(problem, style)
        shown = excerpt(problem)
        if shown is not None:
            yield f"    {shown[0]}"
            yield f"    {style(shown[1], fg=_COLOURS[problem.severity])}"
        if problem.hint:
            yield f"  {visible(problem.hint)}"
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in ordered[SHOWN_IN_FULL:]:
        groups.setdefault((problem.severity, problem.code), []).append(problem)
    for group in groups.values():
        yield from _group(group, style)


def _head(problem: Problem, style: Styled) -> str:
    place = f"{style(visible(problem.place), bold=True)}: " if problem.path else ""
    severity = style(f"{problem.severity} {problem.code}", fg=_COLOURS[problem.severity], bold=True)
    return f"{place}{severity} {visible(problem.message)}"


def _group(group: list[Problem], style: Styled) -> Iterator[str]:
    first = group[0]
    if len(group) == 1:
        yield _head(first, style)
        if first.hint:
            yield f"  {visible(first.hint)}"
        return
    severity = style(f"{first.severity} {first.code}", fg=_COLOURS[first.severity], bold=True)
    yield f"{len(group)} more of {severity}, such as: {visible(first.message)}"
    if first.hint:
        yield f"  {visible(first.hint)}"
    for problem in group[:_PLACES_OF_A_GROUP]:
        yield f"  {visible(problem.place or problem.message)}"
    if len(group) > _PLACES_OF_A_GROUP:
        yield f"  and {len(group) - _PLACES_OF_A_GROUP} more places (--format json names all)"


def counted(problems: Sequence[Problem]) -> str:
    """`2 errors, 1 note`, or `` when there is nothing to tell."""
    numbers = {severity: sum(problem.severity == severity for problem in problems) for severity in SEVERITIES}
    return ", ".join(count(number, severity) for severity, number in numbers.items() if number)


def source_excerpt(root: Path, problem: Problem) -> tuple[str, str] | None:
    """The line a problem stands in and a caret under its column; None when the line cannot be shown.

    No line of a file with redactions is: somebody may look over a shoulder, and terminals are recorded.
    """
    if not problem.line or problem.code == _OPENLY:
        return None
    from generator.markup.redaction import may_redact

    file = root / problem.path
    try:
        if not file.resolve().is_relative_to(root) or file.stat().st_size > _EXCERPT_BYTES:
            return None
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return None
    lines = re.split(r"\r\n|\n|\r", text)
    if problem.line > len(lines) or may_redact(text):
        return None
    line = lines[problem.line - 1]
    before = min(max(problem.column - 1, 0), len(line))
    start = max(0, before - _EXCERPT_WIDTH * 2 // 3)
    shown = visible(line[start : start + _EXCERPT_WIDTH])
    if not shown.strip():
        return None
    return shown, " " * _columns(visible(line[start:before])) + "^"


def _columns(text: str) -> int:
    """How many columns a terminal gives to a text (UAX 11: wide and full-width characters take two)."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def padded(text: str, columns: int) -> str:
    """The text, safe to print, filled with spaces to a number of terminal columns."""
    shown = visible(text)
    return shown + " " * max(0, columns - _columns(shown))
