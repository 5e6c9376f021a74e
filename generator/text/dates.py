"""Dates and times: for readers in their language, for feeds and machines in their formats."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from generator.model.document import MOVES, Card, Moment
from generator.text.languages import babel_locale

if TYPE_CHECKING:
    from babel import Locale

_DATES = (Moment, date, str)


@lru_cache(maxsize=4096)
def show_day(day: date, language: str) -> str:
    """A day in the long form of a language (`9 мая 2017 г.`); `2017-05-09` where CLDR knows none."""
    locale = _locale(language)
    if locale is None:
        return day.isoformat()
    from babel.dates import format_date

    return str(format_date(day, "long", locale=locale))


@lru_cache(maxsize=4096)
def show_moment(moment: Moment, language: str, zone: str = "UTC", *, alone: bool = False) -> str:
    """A moment as day, time to the minute and name of `zone` (IANA); the day alone when no time was given.

    With `alone` the time is told without the day, which stands before it.
    """
    if moment.instant is None:
        return show_day(moment.day, language)
    then = datetime.fromtimestamp(moment.instant, UTC).astimezone(ZoneInfo(zone))
    locale = _locale(language)
    if locale is None:
        return f"{then:%H:%M %Z}" if alone else f"{then:%Y-%m-%d %H:%M %Z}"
    from babel.dates import format_time, get_datetime_format, get_timezone_gmt, get_timezone_name

    pattern = str(get_datetime_format("long", locale=locale)).replace("'", "")
    time = format_time(then, "short", locale=locale)
    shown = time if alone else pattern.replace("{1}", show_day(then.date(), language)).replace("{0}", time)
    name = get_timezone_name(then, width="short", locale=locale)
    # Few languages have names for the zones of others. A bare offset tells readers little: told is what it is from.
    return f"{shown} {get_timezone_gmt(then, width='long', locale=locale) if name[:1] in '+-' else name}"


@lru_cache(maxsize=4096)
def show_partial(partial: str, language: str) -> str:
    """A date as exact as it is known: `2017-05` as `май 2017 г.`, `2017` as `2017`, `2017-05-09` as a day.

    Anything else is returned as it is.
    """
    try:
        pieces = [int(piece) for piece in partial.split("-")]
        day = date(*[*pieces, 1, 1][:3])
    except (ValueError, TypeError):
        return partial
    locale = _locale(language)
    if locale is None or len(pieces) > 3:
        return partial
    if len(pieces) == 3:
        return show_day(day, language)
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMM" if len(pieces) == 2 else "y", day, locale=locale))


def show_date(value: Moment | date | str, language: str, zone: str = "UTC", precision: str = "day") -> str:
    """Any date of the model for readers: a time is shown only of a Moment that has one, at precision `minute`.

    Raises: TypeError for anything else; Babel would show None as the day of the build, in the zone of the machine.
    """
    if not isinstance(value, _DATES):
        raise TypeError(f"{value!r} is no date")
    if isinstance(value, str):
        return show_partial(value, language)
    if isinstance(value, Moment):
        return show_moment(value, language, zone) if precision == "minute" else show_day(value.day, language)
    return show_day(value, language)


def iso(value: Moment | date | str, precision: str = "day") -> str:
    """Any date of the model for `<time datetime>` (HTML, section 4.5.14): as exact as it is known and may be told."""
    if isinstance(value, Moment):
        tells_time = precision == "minute" and value.instant is not None
        return rfc3339(value, precision) if tells_time else value.day.isoformat()
    if isinstance(value, str):
        return value
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no date")
    return value.isoformat()


def rfc3339(moment: Moment, precision: str = "day") -> str:
    """A stamp for Atom, JSON Feed and JSON-LD (RFC 3339), in UTC.

    A moment without a time, and every moment at precision `day`, is told as `T00:00:00Z` of its day, so that a stamp
    does not give away when somebody was awake.
    """
    if precision != "minute" or moment.instant is None:
        return f"{moment.day.isoformat()}T00:00:00Z"
    then = datetime.fromtimestamp(moment.instant - moment.instant % 60, UTC)
    return then.isoformat().replace("+00:00", "Z")


def last_changed(card: Card, precision: str = "day") -> str:
    """When readers should last look again, in RFC 3339: publication, update, correction or retraction; '' for none."""
    told = last_told(card, precision)
    return max(told, rfc3339(card.updated, precision)) if card.updated else told


def last_told(card: Card, precision: str = "day") -> str:
    """The last day on which a text said something else than before: publication, correction or retraction."""
    changes = [Moment(change.date) for change in card.history if change.type in MOVES]
    return max((rfc3339(moment, precision) for moment in (card.date, *changes) if moment), default="")


def _locale(language: str) -> "Locale | None":
    """English without a region is that of most of the world: a date begins with its day, and hours count to 24."""
    return babel_locale("en-GB" if language.lower() == "en" else language)
