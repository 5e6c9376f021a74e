"""Link reference definitions, `[label]: address "title"`."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from generator.markup.complaints import Complaints
from generator.markup.lines import Run
from generator.markup.urls import decoded
from generator.source.places import Place

# CommonMark 0.31 §4.7: address and title may each stand in a line of their own.
_DEFINITION = re.compile(
    r"\[(?!\^)((?:[^\[\]\\]|\\.){1,999})\]:[ \t]*+(?:\n[ \t]*+)?+(?:<((?:[^<>\n\\]|\\[^\n])*+)>|(?!<)(\S++))"
    r"(?:(?:[ \t]++(?:\n[ \t]*+)?+|\n[ \t]*+)"
    r"(?:\"((?:[^\"\\]|\\.)*+)\"|'((?:[^'\\]|\\.)*+)'|\(((?:[^()\\]|\\.)*+)\))[ \t]*+(?=\n|\Z))?"
    r"[ \t]*+(?=\n|\Z)",
    re.DOTALL,
)


class Definition(Struct, frozen=True):
    """Where a label leads: the decoded address, its place, its title or ''."""

    target: str
    place: Place
    title: str


def label_key(label: str) -> str:
    """What two spellings of a label have in common (CommonMark 0.31 §4.7)."""
    return " ".join(label.casefold().split())


def holds_definitions_only(contents: Sequence[str]) -> bool:
    """Whether nothing is left of these lines without their definitions."""
    return sum(last - first for first, last, _match, _offset in _definitions(contents)) == len(contents)


def take_definitions(run: Run, found: dict[str, Definition], complaints: Complaints) -> None:
    """Move the definitions of a run to `found`; the first of two with one label counts.

    Those of a heading that is underlined stand before its first line; in a paragraph they may stand behind text too.
    """
    taken: set[int] = set()
    for first, last, match, offset in _definitions(run.contents()):
        if run.level and first > len(taken):
            break
        taken.update(range(first, last))
        group = 2 if match[2] is not None else 3
        line_start = match.string.rfind("\n", 0, match.start(group)) + 1
        index = first + match.string.count("\n", offset, line_start)
        definition = Definition(
            decoded(match[group]),
            run.lines[index].place(run.starts[index] + match.start(group) - line_start),
            decoded(match[4] or match[5] or match[6] or ""),
        )
        key = label_key(match[1])
        if key in found and found[key].target != definition.target:
            message = f"the link label [{' '.join(match[1].split())}] is defined twice"
            hint = f"The one in line {found[key].place[0]} counts. Give one of them another name."
            complaints.warning("CL230", message, run.lines[first].place(run.starts[first]), hint)
        found.setdefault(key, definition)
    if taken:
        run.keep([index for index in range(len(run.lines)) if index not in taken])


def _definitions(contents: Sequence[str]) -> Iterator[tuple[int, int, re.Match[str], int]]:
    """Each definition: the index of its first line and of the one behind it, its match, where that begins in the text.

    One behind other text has to stand in one line.
    """
    text = "\n".join(contents)
    offset = index = behind_text = 0
    while index < len(contents):
        line_end = offset + len(contents[index])
        match = None
        if contents[index].startswith("["):
            match = _DEFINITION.match(text, offset, line_end if behind_text else len(text))
        if match is None or not match[1].strip():
            behind_text = 1
            index, offset = index + 1, line_end + 1
            continue
        last = index + 1 + text.count("\n", offset, match.end())
        yield index, last, match, offset
        index, offset = last, match.end() + 1
