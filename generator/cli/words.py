"""Numbers, spans and instants as an author reads them."""

from datetime import datetime
from zoneinfo import ZoneInfo

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_TEN_MILLISECONDS = 0.01
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def count(number: int, noun: str) -> str:
    """`1 article`, `2 articles`, `no articles`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def span(seconds: float) -> str:
    """How long something took: `0.04 s`, `7.3 s`, `2 min 5 s`."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // _MINUTE} min {int(seconds) % _MINUTE} s"


def fine_span(seconds: float) -> str:
    """How long one of many things took: `0.4 ms`, `12 ms`, `1.2 s`."""
    if seconds >= 1:
        return span(seconds)
    return f"{seconds * 1000:.0f} ms" if seconds >= _TEN_MILLISECONDS else f"{seconds * 1000:.1f} ms"


def until(seconds: int) -> str:
    """How far an instant lies ahead, in its greatest fitting unit: `in 6 days`, `in 2 hours`, `now`."""
    for size, noun in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= size:
            return f"in {count(round(seconds / size), noun)}"
    return "in less than a minute" if seconds > 0 else "now"


def moment(instant: int, zone: ZoneInfo) -> str:
    """An instant (UTC seconds) in a zone: `3 December 2026, 09:00 (Europe/Berlin)`."""
    local = datetime.fromtimestamp(instant, zone)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} ({zone.key})"


def stamp(instant: int | None, zone: ZoneInfo) -> str | None:
    """An instant (UTC seconds) as RFC 3339 with the zone's offset; None stays None."""
    return None if instant is None else datetime.fromtimestamp(instant, zone).isoformat()
