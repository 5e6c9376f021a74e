"""Link reference definitions, `[label]: address "title"`."""

import re

from msgspec import Struct

from generator.markup.complaints import Complaints
from generator.markup.lines import Run
from generator.markup.urls import decoded
from generator.source.places import Place

_DEFINITION = re.compile(
    r"\[(?!\^)((?:[^\[\]\\]|\\.){1,999})\]:[ \t]*+(?:<([^<>]*)>|(\S+))"
    r"(?:[ \t]++(?:\"((?:[^\"\\]|\\.)*+)\"|'((?:[^'\\]|\\.)*+)'|\(((?:[^()\\]|\\.)*+)\)))?[ \t]*+"
)


class Definition(Struct, frozen=True):
    """Where a label leads: the decoded address, its place, its title or ''."""

    target: str
    place: Place
    title: str


def label_key(label: str) -> str:
    """What two spellings of a label have in common (CommonMark 0.31 §4.7)."""
    return " ".join(label.casefold().split())


def take_definitions(run: Run, found: dict[str, Definition], complaints: Complaints) -> None:
    """Move the definitions of a run to `found`; the first of two with one label counts."""
    contents = run.contents()
    kept: list[int] = []
    for index, content in enumerate(contents):
        match = _DEFINITION.fullmatch(content) if content.startswith("[") else None
        if match is None:
            kept.append(index)
            continue
        line, start = run.lines[index], run.starts[index]
        group = 2 if match[2] is not None else 3
        definition = Definition(
            decoded(match[group]),
            line.place(start + match.start(group)),
            decoded(match[4] or match[5] or match[6] or ""),
        )
        key = label_key(match[1])
        if key in found and found[key].target != definition.target:
            message = f"the link label [{match[1]}] is defined twice"
            hint = f"The one in line {found[key].place[0]} counts. Give one of them another name."
            complaints.warning("CL230", message, line.place(start), hint)
        found.setdefault(key, definition)
    run.keep(kept)
