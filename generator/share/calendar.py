"""Deadlines and events as a file for calendars: iCalendar (RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from generator.model.document import Moment
from generator.share.encode import normal

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_WIDTH = 75
"""Octets of a line without its end (RFC 5545, section 3.1)."""


class CalendarEntry(Struct, frozen=True, gc=False):
    """One deadline or event. `begins` and `ends` are written as `span` gives them; `ends` may be ''.

    `stamp` is when it was last changed (RFC 3339, UTC), `sequence` a number that grows with each change, `status` one
    of CONFIRMED, TENTATIVE and CANCELLED. A `busy` one takes its time up. `url` is an absolute address.
    """

    uid: str
    stamp: str
    sequence: int
    status: str
    begins: str
    ends: str
    title: str
    text: str
    location: str
    url: str
    busy: bool


def span(starts: Moment, ends: Moment | None, end: int | None) -> tuple[str, str]:
    """From when until when, as DTSTART and DTEND with their values; '' for no end.

    Both are UTC times, or both days where the beginning is one: then DTEND is the day after (section 3.6.1). `end` is
    the UTC second at which the last day is over.
    """
    if starts.instant is None:
        last = max(starts.day, ends.day) if ends else starts.day
        return _day("DTSTART", starts), _day("DTEND", Moment(last + timedelta(days=1)))
    if ends is None or end is None or end <= starts.instant:
        return point(starts.instant), ""
    return point(starts.instant), f"DTEND:{_utc(end)}"


def point(instant: int) -> str:
    """A UTC second as DTSTART."""
    return f"DTSTART:{_utc(instant)}"


def calendar(title: str, entries: Iterable[CalendarEntry]) -> bytes:
    """A calendar with its title (RFC 7986, and as older programs read it), lines ending in CRLF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Clarion//Clarion//EN", "CALSCALE:GREGORIAN"]
    if title:
        lines += [f"NAME:{_text(title)}", f"X-WR-CALNAME:{_text(title)}"]
    for entry in entries:
        lines += _lines(entry)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _lines(entry: CalendarEntry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"DTSTAMP:{_utc(int(datetime.fromisoformat(entry.stamp).timestamp()))}"
    yield entry.begins
    if entry.ends:
        yield entry.ends
    yield f"SUMMARY:{_text(entry.title)}"
    if entry.text:
        yield f"DESCRIPTION:{_text(entry.text)}"
    if entry.location:
        yield f"LOCATION:{_text(entry.location)}"
    yield f"URL:{entry.url}"
    yield f"STATUS:{entry.status}"
    yield f"SEQUENCE:{entry.sequence}"
    if not entry.busy:
        yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _day(name: str, moment: Moment) -> str:
    return f"{name};VALUE=DATE:{moment.day:%Y%m%d}"


def _utc(instant: int) -> str:
    return f"{datetime.fromtimestamp(instant, UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A value of type TEXT (section 3.3.11): no character of it ends the line, so it can bring no property along."""
    return normal(value).strip().translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """A line in pieces of at most 75 octets, each but the first after a space; no character is cut."""
    octets = line.encode()
    pieces = []
    start, room = 0, _WIDTH
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, _WIDTH - 1
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces)
