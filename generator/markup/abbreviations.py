"""Abbreviations: `*[WHO]: World Health Organization` explains the short form wherever it stands."""

import re
from collections.abc import Mapping

from generator.markup.lines import Run
from generator.markup.tokens import End, Start, Text, Token
from generator.markup.urls import decoded

_DEFINITION = re.compile(r"\*\[([^\[\]]{1,100})\]:[ \t]*(\S.*)")
_UNTOUCHED = frozenset({"abbr", "code", "kbd", "samp", "pre", "script", "style", "textarea", "math", "svg"})


def take_abbreviations(run: Run, found: dict[str, str]) -> None:
    """Move the definitions of a run to `found`: the long form by the short one."""
    if not any(line.text.startswith("*[", start) for line, start in zip(run.lines, run.starts, strict=True)):
        return
    kept: list[int] = []
    for index, content in enumerate(run.contents()):
        match = _DEFINITION.fullmatch(content)
        if match is None:
            kept.append(index)
        else:
            found.setdefault(match[1].strip(), decoded(match[2]).strip())
    run.keep(kept)


def with_abbreviations(tokens: list[Token], found: Mapping[str, str]) -> list[Token]:
    """The tokens, with each short form that stands as a word of its own in an `<abbr>`."""
    if not found:
        return tokens
    alternatives = "|".join(re.escape(short) for short in sorted(found, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")
    kept: list[Token] = []
    untouched = 0
    for token in tokens:
        if (type(token) is Start or type(token) is End) and token.name in _UNTOUCHED:
            untouched += 1 if type(token) is Start else -1
        if type(token) is not Text or token.exact or untouched:
            kept.append(token)
            continue
        position = 0
        for match in pattern.finditer(token.text):
            before = [Text(token.text[position : match.start()])] if match.start() > position else []
            kept += (*before, Start("abbr", {"title": found[match[0]]}), Text(match[0]), End("abbr"))
            position = match.end()
        if position < len(token.text):
            kept.append(Text(token.text[position:]) if position else token)
    return kept
