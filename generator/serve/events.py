"""What a preview server tells while it runs."""

from collections.abc import Callable

from msgspec import Struct

from generator.model.problem import Problem
from generator.model.report import Report


class Listening(Struct, frozen=True):
    """The server answers at `url`; `watched` files are watched (None: none are), by looking again if `polling`."""

    url: str
    watched: int | None = None
    polling: bool = False


class Built(Struct, frozen=True):
    """A build has ended and the pages of `browsers` were told to reload; `first`: the site can be seen from now on."""

    report: Report
    browsers: int
    first: bool


class Crashed(Struct, frozen=True):
    """The build process failed by a mistake of ours; the next change starts it anew."""

    sentence: str


class Noted(Struct, frozen=True):
    """Something the author should know, which stops nothing."""

    problem: Problem


Event = Listening | Built | Crashed | Noted
Tell = Callable[[Event], None]
