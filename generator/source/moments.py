"""Days and instants as authors write them: ISO 8601, where a time without zone is the site's."""

import re
from datetime import date, datetime, time, timedelta, tzinfo

from generator.model.document import Moment

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_PARTIAL = re.compile(r"\d{4}(?:-(\d{2})(?:-(\d{2}))?)?\Z")
_LENGTH_OF_A_DAY = len("2026-05-01")
_FIRST_YEAR, _LAST_YEAR = 1000, 9998


class DateError(ValueError):
    """A text that names no day or instant; `hint` says how to write it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def read_day(text: str) -> date:
    """A day, `2026-05-01`.

    Raises: DateError.
    """
    moment = _read(text)
    if isinstance(moment, datetime):
        raise DateError(f"{text} is more than a day", f"Write {moment:%Y-%m-%d}.")
    return moment


def read_moment(text: str, zone: tzinfo) -> Moment:
    """A day, or a day and a time (`2026-05-01T10:00`, with or without offset); the day is that in `zone`.

    Raises: DateError.
    """
    moment = _read(text)
    if not isinstance(moment, datetime):
        return Moment(moment)
    local = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    return Moment(local.date(), int(local.timestamp()))


def read_partial(text: str) -> str:
    """A day as exactly as it is known: `2026-05-01`, `2026-05` or `2026`, unchanged.

    Raises: DateError.
    """
    match = _PARTIAL.match(text)
    if match is None:
        raise DateError(f"“{text}” is not a date", "Write 2026-05-01, 2026-05 or 2026.")
    try:
        date.fromisoformat(f"{text[:4]}-{match[1] or '01'}-{match[2] or '01'}")
    except ValueError:
        raise DateError(f"there is no such date: {text}", "Write 2026-05-01, 2026-05 or 2026.") from None
    return text


def first_second(moment: Moment, zone: tzinfo) -> int:
    """The UTC second at which a moment begins: its own, or the start of its day in `zone`."""
    if moment.instant is not None:
        return moment.instant
    return int(datetime.combine(moment.day, time(), zone).timestamp())


def end_second(moment: Moment, zone: tzinfo) -> int:
    """The UTC second from which a moment is over: its own, or the start of the next day in `zone`."""
    if moment.instant is not None:
        return moment.instant
    return int(datetime.combine(moment.day + timedelta(days=1), time(), zone).timestamp())


def _read(text: str) -> date | datetime:
    match = _DAY.match(text)
    if match is not None:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        try:
            found = date(year, month, day)
        except ValueError:
            raise DateError(f"there is no such date: {text}", "A date is written year-month-day: 2026-05-01.") from None
        if len(text) != _LENGTH_OF_A_DAY or not text.isascii():
            raise DateError(f"“{text}” is not a date in ISO 8601", f"Write {year:04}-{month:02}-{day:02}.")
    else:
        found = _read_with_time(text)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise DateError(f"the year {found.year} cannot be meant", "A date is written year-month-day: 2026-05-01.")
    return found


def _read_with_time(text: str) -> date | datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = f"“{text}” is not a date"
        if re.match(r"\d{4}-\d{2}-\d{2}[T ]", text):
            message = f"there is no such date or time: {text}"
        raise DateError(message, "Write 2026-05-01 or 2026-05-01T10:00, with Z or +02:00 for another zone.") from None
    has_time = "T" in text or " " in text or ":" in text
    return found if has_time else found.date()
