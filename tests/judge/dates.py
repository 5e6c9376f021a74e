"""Dates as feeds, sitemaps and structured data may write them, checked to the weekday."""

import re
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RFC_822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})")
REDUCED = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def read_rfc_3339(text: str) -> datetime | None:
    """The instant, or None where the text is no date-time of RFC 3339 (section 5.6, upper case)."""
    if not RFC_3339.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def read_rfc_822(text: str) -> datetime | None:
    """The instant, or None where the text is no date of RFC 822 with a four-digit year and the right weekday."""
    if not RFC_822.fullmatch(text):
        return None
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    return instant if format_datetime(instant)[:25] == text[:25] else None


def is_iso_8601(text: str) -> bool:
    """Whether the text is a day, a date-time with its offset, or a month or year alone (ISO 8601)."""
    if read_rfc_3339(text):
        return True
    if not REDUCED.fullmatch(text):
        return False
    try:
        datetime.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True
