"""Timelines: lists whose items begin with a date."""

import re
from collections.abc import Sequence

from generator.markup.complaints import Complaints
from generator.markup.tokens import VOID, Begin, End, Finish, Mark, Start, Text, Token, end_of_call
from generator.model.body import Call
from generator.source.moments import DateError, read_partial
from generator.source.places import Place

TIMELINE = "timeline"
TIMELINE_DATE = "timeline-date"
_LISTS = frozenset({"ul", "ol"})
_DATE = re.compile(r"\s*(\d{4}(?:-\d{1,2}){0,2})\s*:(?=\s|\Z)\s*")
_IN_BOLD = re.compile(r"\s*(\d{4}(?:-\d{1,2}){0,2})\s*:?\s*\Z")
_MAY_HOLD_A_DATE = frozenset({"p", "strong"})


def with_timelines(tokens: list[Token], complaints: Complaints) -> list[Token]:
    """The tokens with the list of each timeline in order, and the dates that begin its items as calls `timeline-date`.

    A date is a day, a month or a year (ISO 8601) with a colon behind it; what begins otherwise stays as it is written.
    """
    kept: list[Token] = []
    done = 0
    for index, token in enumerate(tokens):
        if type(token) is Begin and index >= done and token.call.name == TIMELINE:
            end = end_of_call(tokens, index)
            kept += tokens[done : index + 1]
            kept += _dated(tokens[index + 1 : end], (token.call.line, token.call.column), complaints)
            done = end
    return [*kept, *tokens[done:]]


def _dated(inside: Sequence[Token], place: Place, complaints: Complaints) -> list[Token]:
    kept: list[Token] = []
    opened: list[str] = []
    begins = found = bold = False
    for token in inside:
        if type(token) is Start and token.name not in VOID:
            outermost = not _lists(opened)
            bold = False
            opened.append(token.name)
            if token.name in _LISTS and outermost:
                found = True
                kept.append(Start("ol", token.attributes))
                continue
            begins = begins if token.name in _MAY_HOLD_A_DATE else token.name == "li" and len(_lists(opened)) == 1
        elif type(token) is End:
            if opened:
                opened.pop()
            begins = False
            if token.name in _LISTS and not _lists(opened):
                kept.append(End("ol"))
                continue
        elif type(token) is Text and begins and not token.text.isspace():
            begins = False
            bold = opened[-1] == "strong"
            kept += _with_date(token, _IN_BOLD if bold else _DATE, place, complaints)
            bold = bold and type(kept[-1]) is Finish
            continue
        elif type(token) is Text and bold:
            # The colon behind a date in bold has said what it had to.
            bold = False
            kept.append(Text(f" {token.text.lstrip().removeprefix(':').lstrip()}"))
            continue
        elif type(token) is not Text:
            begins = begins and type(token) is Mark and token.kind == "open"
        kept.append(token)
    if not found:
        hint = "Write a list whose items begin with a date, such as `- 2026-05-01: The river fell.`"
        complaints.warning("CL554", "this timeline holds no list", place, hint)
    return kept


def _lists(opened: Sequence[str]) -> list[str]:
    return [name for name in opened if name in _LISTS]


def _with_date(token: Text, form: re.Pattern[str], place: Place, complaints: Complaints) -> list[Token]:
    match = form.match(token.text)
    if match is None:
        return [token]
    try:
        date = read_partial(match[1])
    except DateError as wrong:
        complaints.warning("CL554", f"in this timeline, {wrong}", place, wrong.hint)
        return [token]
    rest = token.text[match.end() :]
    return [Begin(Call(TIMELINE_DATE, {"date": date}), f"{date}: "), Finish(), *([Text(f" {rest}")] if rest else [])]
